"""Figures in Arabic and English text, by value: ١٢٬٥٠٠ and 12,500 are one, as are 46 ألف دولار and $46,000, ٣٫٥٪ and
3.5 percent. Numbers in words are read as well and marked so: خمسة وعشرين, twenty-five.

Not figures: what only counts roughly (مئات, thousands of), one, واحد and ordinals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from language.arabic import DIGITS, LETTERS, MARKS
from language.numerals import Numeral, Reading, numeral, spelling

# Not the digits inside a word or an address: COVID19, H1N1, F16. A hyphen before them is no minus sign.
_FIGURE = r"(?<![A-Za-z0-9_])\d{1,18}(?:[.,٫٬،]\d{1,18})*(?![A-Za-z0-9_])"
_TOKEN = re.compile(rf"({_FIGURE})|[A-Za-z]+|[{LETTERS}][{LETTERS}{MARKS}]*")
_PERCENT = re.compile(r"\s{0,2}(?:[%٪]|percent\b|per cent\b|في المئة|في المائة|بالمئة|بالمائة)")
_SEPARATOR = re.compile(r"[.,٫٬،]")
_CLITICS = tuple(re.compile(rf"(و)?([بلكف])?{article}(.+)") for article in ("()", "(ال)"))
_GAP = re.compile(r"[ \u00a0-]?|\s(an?\s)?|\s?(?P<link>and|و\u0640?)\s?(?:an?\s)?")  # between two words of one number
_A = re.compile(r"(?<![A-Za-z])[Aa]\s$")


class Figure(NamedTuple):
    """`value` counts scale words (46 thousand: 46000); offsets, in code points of the text, take them in.

    spelled: in words alone, without a digit.
    """

    value: Decimal
    percent: bool
    start: int
    end: int
    spelled: bool = False


class _Atom(NamedTuple):
    """A number in digits, or one number word, where it stands; linked: a و is written to it."""

    numeral: Numeral
    percent: bool
    start: int
    end: int
    linked: bool = False


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of `text` in order. A date or clock time in figures is several (2.5.2014: 2, 5, 2014)."""
    plain = text.translate(DIGITS)
    atoms = [a for m in _TOKEN.finditer(plain) if m[1] or _word(m[0]) for a in _atoms(plain, m)]
    found = []
    while atoms:
        value, size = _longest(plain, atoms)
        if value is not None:
            first, last = atoms[0], atoms[size - 1]
            spelled = all(atom.numeral.kind != "digits" for atom in atoms[:size])
            found.append(Figure(value, last.percent, first.start, last.end, spelled))
        del atoms[:size]
    return tuple(found)


def _longest(plain: str, atoms: list[_Atom]) -> tuple[Decimal | None, int]:
    """The number that the first atoms make, and how many of them they are."""
    reading = Reading()
    if not reading.take(atoms[0].numeral, linked=False):
        return None, 1
    closed = None  # up to the last scale word
    for size, (before, atom) in enumerate(pairwise(atoms), start=1):
        if before.numeral.kind in ("scale", "dual"):
            closed = reading.value, size
        gap = _GAP.fullmatch(plain, before.end, atom.start)
        if gap is None:
            break
        if not reading.take(atom.numeral, atom.linked or gap["link"] is not None):
            own = closed and atom.numeral.kind == "scale"  # 5 آلاف و3 ملايين: the 3 belongs to what follows
            return closed if closed and own else (reading.value, size)
    else:
        size = len(atoms)
    return reading.value, size


def _atoms(plain: str, match: re.Match[str]) -> list[_Atom]:
    if match[1]:
        return _digits(plain, match)
    found = _word(match[0])
    if found is None:
        return []
    number, linked = found
    start = match.start() + linked  # the و is not the number's
    if number.kind in ("hundred", "scale") and not number.arabic and _A.search(plain, max(0, start - 3), start):
        number = number._replace(alone=True)
    return [_Atom(number, _PERCENT.match(plain, match.end()) is not None, start, match.end(), linked)]


@lru_cache(maxsize=1 << 14)
def _word(word: str) -> tuple[Numeral, bool] | None:
    """The numeral of a word, and whether a و is written to it. بالمئة, الاثنين (Monday) and لست (I am not) are none."""
    whole = spelling(word)
    if (number := numeral(whole)) and not word.startswith("وأ"):  # واحد is one, وأحد is and one
        return number, False
    for clitics in _CLITICS:
        parts = clitics.fullmatch(whole)
        number = numeral(parts[4]) if parts else None
        if parts and number and number.arabic:
            rough = parts[3] and (number.kind in ("hundred", "scale", "dual", "half") or number.value <= 2)
            return None if rough or (parts[2] and parts[4] == "ست") else (number, parts[1] is not None)
    return None


def _digits(plain: str, match: re.Match[str]) -> list[_Atom]:
    """One number, or the parts of a row that is none (an address, a date, a list)."""
    percent = _PERCENT.match(plain, match.end()) is not None
    digits, signs = _SEPARATOR.split(match[0]), _SEPARATOR.findall(match[0])
    value = _value(digits, signs)
    if value is not None:
        return [_Atom(_number(value), percent, match.start(), match.end())]
    parts = []
    at = match.start()
    for part in digits:
        parts.append(_Atom(_number(Decimal(part)), percent, at, at + len(part)))
        at += len(part) + 1
    return parts


def _number(value: Decimal) -> Numeral:
    return Numeral(value, "digits", arabic=False, alone=True)


def _value(digits: list[str], signs: list[str]) -> Decimal | None:
    """The number that groups of digits with these signs between them are; None when they are none.

    Commas before groups of three are thousands; a full stop, ٫ or a last comma are a decimal point.
    """
    whole, rest = digits[0], list(zip(signs, digits[1:], strict=True))
    while rest and rest[0][0] in ",٬،" and len(rest[0][1]) == 3 and len(digits[0]) <= 3:
        whole += rest.pop(0)[1]
    if not rest:
        return Decimal(whole)
    if len(rest) == 1 and rest[0][0] != "٬":
        return Decimal(f"{whole}.{rest[0][1]}").normalize()
    return None
