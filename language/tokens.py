"""The one tokenizer, and what each word is searched by: its folded spelling and its stem.

A token is the longest run that is one of these, tried in this order:

1. Arabic letters with the vowel signs, tatweel and controls among them;
2. letters of any other script, with digits, combining marks and controls among them, and apostrophes between two
   letters (Assad's, Sana'a, F16, 1980s);
3. a number: thousands grouped by threes with , ٬ ، and one decimal point . ٫ (1,250.5); a date like 2.5.2014 is three.

So Arabic next to Latin letters or digits (الـBBC, ب15, 2020م) is two tokens, and everything else separates. `PATTERN`
uses only what `java.util.regex` reads alike (`&&`, `\\p{L}`, bounded lookbehind), for the `pattern` tokenizer of a
search server. Which rules analyse a word follows from its own script, not from the text's language.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from language import arabic, english

Script = Literal["ar", "en"]

_ARABIC = rf"[{arabic.LETTERS}][{arabic.LETTERS}{arabic.MARKS}]*"
_OTHER_LETTER = rf"[\p{{L}}&&[^{arabic.LETTERS}{arabic.MARKS}{english.APOSTROPHES}]]"
_OTHER = rf"[\p{{L}}\p{{M}}\p{{Nd}}&&[^{arabic.LETTERS}{english.APOSTROPHES}]]*"
_GLUE = rf"(?:[{arabic.CONTROLS}]+|[{english.APOSTROPHES}](?={_OTHER_LETTER}))"
_WHOLE = r"\p{Nd}{1,3}(?:[,٬،]\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+"
_DECIMALS = r"(?:(?<![.٫]\p{Nd}{1,3})[.٫]\p{Nd}+(?![.٫]?\p{Nd}))?"

PATTERN = (
    rf"{_ARABIC}(?:[{arabic.CONTROLS}]+[{arabic.LETTERS}{arabic.MARKS}]+)*"
    rf"|\p{{Nd}}*{_OTHER_LETTER}{_OTHER}(?:{_GLUE}(?:{_OTHER_LETTER}|[\p{{M}}\p{{Nd}}]){_OTHER})*"
    rf"|(?:{_WHOLE}){_DECIMALS}"
)
_TOKEN = regex.compile(f"(?V1){PATTERN}")
_ARABIC_START = regex.compile(rf"[{arabic.LETTERS}]")
_NUMBER = regex.compile(r"[\p{Nd}.,٫٬،]+")
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


@lru_cache(maxsize=1 << 17)
def form(word: str) -> Form:
    """The analysis of one token's text. `folded` is never empty."""
    if _ARABIC_START.match(word):
        folded = arabic.fold(word).replace(" ", "")
        return Form(folded, arabic.light_stem(folded), "ar")
    if _NUMBER.fullmatch(word):
        number = unicodedata.normalize("NFKC", word).translate(_GROUPING).translate(arabic.DIGITS)
        return Form(number, number, None)
    folded = english.fold(word.translate(arabic.DIGITS)) or word
    return Form(folded, english.stem(folded), "en")


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
