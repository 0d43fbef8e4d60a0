"""Figures in Arabic and English text, by value: ١٢٬٥٠٠ and 12,500 are one, as are ٣٫٥٪, 3,5% and 3.5 percent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from language.arabic import DIGITS

# Not the digits inside a word or an address: COVID19, H1N1, F16. A hyphen before them is no minus sign.
_FIGURE = re.compile(r"(?<![A-Za-z0-9_])\d{1,18}(?:[.,٫٬،]\d{1,18})*(?![A-Za-z0-9_])")
_PERCENT = re.compile(r"\s{0,2}(?:[%٪]|percent\b|per cent\b|في المئة|في المائة|بالمئة|بالمائة)")
_SEPARATOR = re.compile(r"[.,٫٬،]")


class Figure(NamedTuple):
    """`value` as written, without scale words; offsets are code points of the text."""

    value: Decimal
    percent: bool
    start: int
    end: int


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of `text` in order. A date or clock time in figures is several (2.5.2014: 2, 5, 2014)."""
    plain = text.translate(DIGITS)
    return tuple(figure for match in _FIGURE.finditer(plain) for figure in _read(plain, match))


def _read(plain: str, match: re.Match[str]) -> list[Figure]:
    """One figure, or the parts of a row that is no number (an address, a date, a list)."""
    percent = _PERCENT.match(plain, match.end()) is not None
    digits, signs = _SEPARATOR.split(match[0]), _SEPARATOR.findall(match[0])
    value = _value(digits, signs)
    if value is not None:
        return [Figure(value, percent, match.start(), match.end())]
    parts = []
    at = match.start()
    for part in digits:
        parts.append(Figure(Decimal(part), percent, at, at + len(part)))
        at += len(part) + 1
    return parts


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
