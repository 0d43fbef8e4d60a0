"""English words (and all that is written in Latin letters): folded spelling and the Porter2 stem."""

from __future__ import annotations

import re
import unicodedata

from snowballstemmer.english_stemmer import EnglishStemmer

from language.arabic import CONTROLS

# What may stand inside a word for an apostrophe, an ayn or a hamza: Assad's, Sana'a, Ma‘arrat, Qurʾan.
APOSTROPHES = "'\u2018\u2019\u201b`\u00b4\uff07\u02b9-\u02bf\u02c0\u02c1\u02c8\u02ee"

_POSSESSIVE = re.compile(rf"(?<=\w)[{APOSTROPHES}]s(?!\w)")
_DROPPED = re.compile(rf"[{APOSTROPHES}{CONTROLS}]")
# Letters that have no decomposition, as Lucene's asciifolding writes them.
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_LONGEST = 60  # a longer "word" is none: it keeps its spelling as its stem


def fold(text: str) -> str:
    """`text` in lower case without diacritics, possessive 's, apostrophes and controls; any length."""
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in letters if not unicodedata.combining(c)).lower().translate(_PLAIN)
    return _DROPPED.sub("", _POSSESSIVE.sub("", text.lower()))


def stem(folded: str) -> str:
    """The Porter2 (Snowball "english") stem of one folded word."""
    if len(folded) > _LONGEST:
        return folded
    # A stemmer holds the word it works on, so each call has its own: several threads may stem.
    found: str = EnglishStemmer().stemWord(folded)
    return found
