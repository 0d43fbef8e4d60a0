"""Captions: which line is one, and which of several say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from archive.extraction.markup import Line
from archive.extraction.text import key
from archive.model import BlockKind

_LONGEST = 400  # characters
# "text - January 23, 2024 (source)", "text – ١٨ كانون الأول ٢٠٢٠ (…)", "text — 29 من تشرين الثاني 2023 (…)"
_DATED = re.compile(
    r"\s[-–—]+\s*(?:[^\W\d_]+\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,2}(?:\s+من)?\s+[^\W\d_]+(?:[\s/]+[^\W\d_]+){0,2}"
    r",?\s+\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})\s*\([^()]{2,120}\)\s*$"
)
_SOURCED = re.compile(r"\s[-–—]+\s*\([^()]{2,120}\)\s*$")


def is_dated(text: str) -> bool:
    """It ends with a dash, a day and a source in brackets, as only captions do."""
    return len(text) <= _LONGEST and _DATED.search(text) is not None


def is_sourced(text: str) -> bool:
    """It ends with a dash and a source in brackets: a caption if it stands above the first sentence."""
    return len(text) <= _LONGEST and _SOURCED.search(text) is not None


def marked(lines: Iterable[Line]) -> list[Line]:
    """The lines, those that are captions by their form being called so."""
    return [
        replace(line, kind=BlockKind.CAPTION) if line.kind is BlockKind.PARAGRAPH and is_dated(line.text) else line
        for line in lines
    ]


def once(lines: Iterable[Line]) -> list[Line]:
    """The lines with each caption once, in its first place; of two that begin alike the fuller one stays.

    A caption is printed once with and once without its day and source at times.
    """
    out: list[Line] = []
    places: dict[int, str] = {}  # place in `out` -> key, of captions
    for line in lines:
        if line.kind is not BlockKind.CAPTION:
            out.append(line)
            continue
        this = key(line.text)
        place = next((at for at, that in places.items() if _same(this, that)), None)
        if place is None:
            places[len(out)] = this
            out.append(line)
        elif len(this) > len(places[place]):
            places[place] = this
            out[place] = replace(line, joined=out[place].joined)
    return out


def _same(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    return shorter == longer or (len(shorter) >= 20 and longer.startswith(shorter))
