"""The one tokenizer, and what each word is searched by: its folded spelling and its stem.

A token is the longest run that is one of these, tried in this order:

1. Arabic letters with the vowel signs, tatweel and controls among them;
2. letters of any other script, with digits, combining marks and controls among them, and apostrophes between two
   letters (Assad's, Sana'a, F16, 1980s);
3. a number: thousands grouped by threes with , ٬ ، and one decimal point . ٫ (1,250.5); a date like 2.5.2014 is three.

So Arabic next to Latin letters or digits (الـBBC, ب15, 2020م) is two tokens, and everything else separates.
No token reaches across white space, so that a text is cut into its runs without space first: what a run is made of is
remembered, and most runs were met before.

`PATTERN` uses only what `java.util.regex` reads alike (`&&`, `\\p{L}`, bounded lookbehind, possessive repeats), for the
`pattern` tokenizer of a search server. Which rules analyse a word follows from its own script, not from the text's
language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
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
# Most runs are one word with punctuation around it: a quicker way to the same token.
_WORD = re.compile(r"[(\[\"«“]*([A-Za-z]+|[\u0621-\u063a\u0641-\u064a]+)[.,:;!?)\]\"»”،؛؟]*")
_RUNS, _SHORT = 1 << 15, 40  # runs that are remembered; characters of the longest of them
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


class Run(NamedTuple):
    """The tokens of a run without white space: one item each, and the terms joined by spaces."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    folded: str
    stem: str


def tokens(text: str) -> list[Token]:
    """The tokens of `text` in order; see the module's rules. Offsets point into `text` itself."""
    return [Token._make((text[start:end], start, end)) for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Where the tokens begin and end: half the time of `tokens`."""
    runs = text.split()
    places = zip(_starts(text, runs), map(_RUN.__getitem__, runs), strict=True)
    return [(at + start, at + end) for at, run in places for start, end in run.spans]


def _starts(text: str, runs: list[str]) -> Iterable[int]:
    lengths = list(map(len, runs))
    if sum(lengths) + len(runs) - 1 == len(text):  # one space between any two and none around
        return accumulate(lengths[:-1], lambda at, length: at + length + 1, initial=0)
    found: list[int] = []
    at = 0
    for run, length in zip(runs, lengths, strict=True):
        found.append(text.index(run, at))
        at = found[-1] + length
    return found


def words(text: str) -> list[str]:
    """The texts of the tokens alone: a fraction of the time of `tokens`."""
    return [word for run in text.split() for word in _RUN[run].words]


def terms(text: str) -> tuple[str, str]:
    """The folded spellings of the tokens joined by spaces, and their stems: a fraction of the time of `analyse`."""
    return _terms(_known(text))


def words_and_terms(text: str) -> tuple[list[str], tuple[str, str]]:
    """What `words` and `terms` give, in one pass."""
    found = _known(text)
    return [word for run in found for word in run.words], _terms(found)


def _known(text: str) -> list[Run]:
    return [known for run in text.split() if (known := _RUN[run]).words]


def _terms(runs: list[Run]) -> tuple[str, str]:
    return " ".join([run.folded for run in runs]), " ".join([run.stem for run in runs])


@lru_cache(maxsize=1 << 16)
def form(word: str) -> Form:
    """The analysis of one token's text. `folded` is never empty."""
    folded, script = _folded(word)
    stem = arabic.light_stem(folded) if script == "ar" else english.stem(folded) if script else folded
    return Form(folded, stem, script)


def _folded(word: str) -> tuple[str, Script | None]:
    if word.isascii() and word.isalpha():
        return word.lower(), "en"
    if _ARABIC_START.match(word):
        return arabic.fold(word).replace(" ", ""), "ar"
    if _NUMBER.fullmatch(word):
        return unicodedata.normalize("NFKC", word).translate(_GROUPING).translate(arabic.DIGITS), None
    return english.fold(word.translate(arabic.DIGITS)).replace(" ", "") or word, "en"


def folded_words(text: str) -> list[tuple[str, Script | None]]:
    """The folded words of `text` with the script of each. Neither stems nor remembers them, so that long lists that
    are read once are read quickly."""
    return [_folded(match.group()) for match in _TOKEN.finditer(text)]


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
    spelt, stems = terms(text)
    each = zip(spelt.split(" "), (stems if side in (None, "ar", "en") else spelt).split(" "), spans(text), strict=False)
    return [Term._make((folded, stem, start, end)) for folded, stem, (start, end) in each]


def folded(text: str) -> str:
    """The folded words of `text` with one space between them: for comparing labels, anchors and lines."""
    return terms(text)[0]


def _cut(run: str) -> Run:
    simple = _WORD.fullmatch(run)
    found = (simple.span(1),) if simple else tuple(match.span() for match in _TOKEN.finditer(run))
    each = tuple(run[start:end] for start, end in found)
    forms = [form(word) for word in each]
    return Run(each, found, " ".join([f.folded for f in forms]), " ".join([f.stem for f in forms]))


class _Runs(dict[str, Run]):
    """Runs by their text, cut when they are first asked for. Emptied when full: what is common is soon there again."""

    def __missing__(self, run: str) -> Run:
        cut = _cut(run)
        if len(run) <= _SHORT:
            if len(self) >= _RUNS:
                self.clear()
            self[run] = cut
        return cut


_RUN = _Runs()
