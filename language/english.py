"""English words (and all that is written in Latin letters): folded spelling and the Porter2 stem."""

from __future__ import annotations

import re
import unicodedata

from snowballstemmer.english_stemmer import EnglishStemmer

from language.arabic import COMBINING, CONTROLS, members

# What may stand inside a word for an apostrophe, an ayn or a hamza: Assad's, Sana'a, Ma‘arrat, Qurʾan.
APOSTROPHES = "'\u2018\u2019\u201b`\u00b4\uff07\u02b9-\u02bf\u02c0\u02c1\u02c8\u02ee"

_POSSESSIVE = re.compile(rf"(?<=\w)[{APOSTROPHES}]s(?!\w)")
_DROPPED = re.compile(rf"[{APOSTROPHES}]")
# Controls go, the signs of COMBINING that no combining class tells, and what decompositions leave: the dot of ŀ, and
# the sign that the Thai and the Lao am begin with, with which no word can begin.
# Letters that have no decomposition become what Lucene's asciifolding makes of them.
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(members(CONTROLS + COMBINING + "\u00b7\u0e4d\u0ecd")),
    **{ord(letter): plain for letter, plain in {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h",
        "ŋ": "n", "ŧ": "t", "ĸ": "q", "ə": "a", "ƒ": "f",
    }.items()},
}  # fmt: skip
_ACUTE = "\u00b4"  # an apostrophe here, but its decomposition is a space with an accent
_LONGEST = 60  # a longer "word" is none: it keeps its spelling as its stem


def fold(text: str) -> str:
    """`text` in lower case without diacritics, possessive 's, apostrophes and controls; any length."""
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text.replace(_ACUTE, "'"))
        text = "".join(c for c in letters if not unicodedata.combining(c)).lower().translate(_PLAIN)
    return _DROPPED.sub("", _POSSESSIVE.sub("", text.lower()))


def stem(folded: str) -> str:
    """The Porter2 (Snowball "english") stem of one folded word.

    With one rule of later Snowball versions: of "added", "egged" and "offing" the double letter stays, since it is that
    of "add", "egg" and "off".
    """
    if len(folded) > _LONGEST:
        return folded
    # A stemmer holds the word it works on, so each call has its own: several threads may stem.
    found: str = EnglishStemmer().stemWord(folded)
    if len(found) == 2 and found[0] in "aeo" and folded.startswith(found + found[1]):
        return folded[:3]
    return found
