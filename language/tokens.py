"""The one tokenizer, and what each word is searched by: its folded spelling and its stem.

A token is the longest run that is one of these, tried in this order:

1. Arabic letters with the vowel signs, tatweel and controls among them;
2. letters of any other script, with digits, combining marks and controls among them, and apostrophes between two
   letters (Assad's, Sana'a, F16, 1980s);
3. a number: thousands grouped by threes with , ٬ ، and one decimal point . ٫ (1,250.5); a date like 2.5.2014 is three.

So Arabic next to Latin letters or digits (الـBBC, ب15, 2020م) is two tokens, and everything else separates.
`PATTERN` uses only what `java.util.regex` reads alike (`&&`, `\\p{L}`, bounded lookbehind, possessive repeats), for the
`pattern` tokenizer of a search server. Which rules analyse a word follows from its own script, not from the text's
language.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from language import arabic, english

Script = Literal["ar", "en"]

# The commonest letters come first in each class: it is read from the left.
_ARABIC = rf"[\u0621-\u063a\u0641-\u064a{arabic.LETTERS}]"
_ARABIC_MORE = rf"[\u0621-\u063a\u0641-\u064a{arabic.LETTERS}{arabic.MARKS}{arabic.COMBINING}]"
_OTHER = rf"[A-Za-z[\p{{L}}&&[^{arabic.LETTERS}{arabic.MARKS}{english.APOSTROPHES}]]]"
_OTHER_MORE = rf"[A-Za-z0-9[\p{{L}}\p{{M}}\p{{Nd}}&&[^{arabic.LETTERS}{arabic.MARKS}{english.APOSTROPHES}]]]"
_GLUE = rf"(?:[{arabic.CONTROLS}]+|[{english.APOSTROPHES}](?={_OTHER}))"
_WHOLE = r"\p{Nd}{1,3}(?:[,٬،]\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+"
_DECIMALS = r"(?:(?<![.٫]\p{Nd}{1,3})[.٫]\p{Nd}+(?![.٫]?\p{Nd}))?"

PATTERN = (
    rf"{_ARABIC}{_ARABIC_MORE}*+(?:[{arabic.CONTROLS}]+{_ARABIC_MORE}+)*+"
    rf"|\p{{Nd}}*{_OTHER}{_OTHER_MORE}*+(?:{_GLUE}{_OTHER_MORE}++)*+"
    rf"|(?:{_WHOLE}){_DECIMALS}"
)
_TOKEN = regex.compile(f"(?V1){PATTERN}")
_ARABIC_START = regex.compile(rf"[{arabic.LETTERS}]")
_NUMBER = regex.compile(r"[\p{Nd}.,٫٬،]+")
_SIGNS = regex.compile(rf"[{arabic.MARKS}{arabic.COMBINING}{arabic.CONTROLS}]")
_GROUPING = str.maketrans({",": None, "٬": None, "،": None, "٫": "."})


class Token(NamedTuple):
    """A word as it stands in the text: `text` is text[start:end], counted in code points."""

    text: str
    start: int
    end: int


class Form(NamedTuple):
    """What one spelling is searched by. `script` is None for a number."""

    folded: str
    stem: str
    script: Script | None


class Term(NamedTuple):
    """A token analysed; offsets are code points of the text as it was given."""

    folded: str
    stem: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of `text` in order; see the module's rules. Offsets point into `text` itself."""
    return [Token(m.group(), *m.span()) for m in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """The texts of the tokens alone: half the time of `tokens`."""
    found: list[str] = _TOKEN.findall(text)
    return found


@lru_cache(maxsize=1 << 17)
def form(word: str) -> Form:
    """The analysis of one token's text. `folded` is never empty."""
    if _ARABIC_START.match(word):
        folded = arabic.fold(word).replace(" ", "")
        return Form(folded, arabic.light_stem(folded), "ar")
    if _NUMBER.fullmatch(word):
        number = unicodedata.normalize("NFKC", word).translate(_GROUPING).translate(arabic.DIGITS)
        return Form(number, number, None)
    folded = english.fold(word.translate(arabic.DIGITS)).replace(" ", "") or word
    return Form(folded, english.stem(folded), "en")


@lru_cache(maxsize=1 << 15)
def plain(word: str) -> str:
    """One token's text up to case, vowel signs, accents and controls: أدلب and ادلب, 15 and ١٥ stay apart."""
    if _ARABIC_START.match(word):
        letters = unicodedata.normalize("NFKC", word)
    else:
        letters = unicodedata.normalize("NFKD", word.lower())
    bare: str = _SIGNS.sub("", letters)
    return "".join(c for c in bare if not unicodedata.combining(c))


def analyse(text: str, side: str | None = None) -> list[Term]:
    """The terms of `text`, one a token, in order.

    side: the text's language tag. Arabic and Latin words are analysed by their own rules on either side; words of a
    text in a third language ("tr") keep their folded spelling as stem.
    """
    found = [(form(m.group()), m.span()) for m in _TOKEN.finditer(text)]
    if side in (None, "ar", "en"):
        return [Term(f.folded, f.stem, start, end) for f, (start, end) in found]
    return [Term(f.folded, f.folded, start, end) for f, (start, end) in found]


def folded(text: str) -> str:
    """The folded words of `text` with one space between them: for comparing labels, anchors and lines."""
    return " ".join(form(m.group()).folded for m in _TOKEN.finditer(text))
