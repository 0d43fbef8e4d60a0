"""What themes print above the first sentence: title, kicker, caption twice, font-size letters, date, byline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from archive.extraction import bylines, captions
from archive.extraction.markup import Line
from archive.extraction.text import key
from archive.model import BlockKind
from language import arabic, dates

_DEEPEST = 24  # lines: furniture is looked for no further down
_LONGEST_KICKER = 80  # characters
_LONGEST_CAPTION = 400
_LONGEST_DATE = 40
_FONT_SIZE = re.compile(r"(?:a+|ع+|ا+)$")  # of a key
_ALT_TEXT = re.compile(r"\s*\b(?:camera icon|tag icon|no image)\b[\s:]*", re.IGNORECASE)
_DATE_WORD = re.compile(r"[\d/.:,،+-]*\d[\d/.:,،+-]*(?:am|pm|st|nd|rd|th|ص|م)?$", re.IGNORECASE)
_WORDS_IN_DATES = frozenset(
    arabic.fold(word).lower()
    for word in (
        *(part for month in dates.MONTHS for part in month.split()),
        *["am", "pm", "a.m.", "p.m.", "at", "of", "on", "utc", "gmt", "updated", "published", "last"],
        *["من", "في", "ص", "م", "صباحا", "مساء", "الساعة", "تاريخ", "النشر", "آخر", "تحديث", "نشر", "تم", "بتاريخ"],
        *["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        *["الإثنين", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد", "يوم"],
    )
)


@dataclass(slots=True)
class Header:
    """What the lines above the body said."""

    kicker: str | None = None
    captions: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    issue: int | None = None
    printed: list[str] = field(default_factory=list)  # days and times of day that stood alone
    day: date | None = None  # of the printed issue

    def add(self, other: Header) -> None:
        """Fills what is missing from another header."""
        self.kicker = self.kicker or other.kicker
        self.authors = self.authors or other.authors
        self.dateline = self.dateline or other.dateline
        self.issue = self.issue if self.issue is not None else other.issue
        self.printed = [*other.printed, *self.printed]
        self.day = self.day or other.day


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before: title, names of the outlet, kicker, captions, the pictures' own texts, stated authors."""

    title: str
    names: tuple[str, ...]
    kicker: str | None = None
    captions: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def take_off(lines: Sequence[Line], known: Known) -> tuple[Header, list[Line]]:
    """What the header says, and the lines from the first one on that is none of its forms."""
    stripper = _Stripper(lines, known)
    return stripper.found, stripper.rest()


def read_above(lines: Sequence[Line], known: Known) -> Header:
    """What the lines between title and body say. None of them is the body's, so unknown ones are passed over."""
    stripper = _Stripper(lines, known)
    for at in range(len(stripper.keys)):
        stripper.is_furniture(at)
    return stripper.found


class _Stripper:
    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        self._lines = list(lines)
        self.keys = [key(line.text) for line in lines[:_DEEPEST]]
        self._known = known
        self._title = key(known.title)
        self._authors = frozenset(map(key, known.authors))
        self._alts = frozenset(k for alt in known.alts if (k := key(alt)))
        self.found = Header(kicker=known.kicker, captions=list(known.captions))

    def rest(self) -> list[Line]:
        at = 0
        while at < len(self.keys) and self.is_furniture(at):
            at += 1
        rest = self._lines[at:]
        return [replace(rest[0], joined=False), *rest[1:]] if rest else []

    def is_furniture(self, at: int) -> bool:
        text, this = self._lines[at].text, self.keys[at]
        bare = _ALT_TEXT.sub("", text)
        if bare != text:
            self._lines[at] = replace(self._lines[at], text=bare)
            text, this = bare, key(bare)
            self.keys[at] = this
        return (
            not this
            or self._is_title(this)
            or _FONT_SIZE.match(this) is not None
            or self._is_instant(text)
            or self._is_byline(at)
            or self._is_kicker(at)
            or self._is_caption(at)
        )

    def _is_title(self, this: str) -> bool:
        """The title once more, or its beginning where a theme cut it."""
        return this == self._title or (len(this) >= 20 and self._title.startswith(this))

    def _is_kicker(self, at: int) -> bool:
        """A short line right above the title, or the kicker that is known already."""
        line, this = self._lines[at], self.keys[at]
        if self.found.kicker is not None:
            return this == key(self.found.kicker)
        above_title = at + 1 < len(self.keys) and self.keys[at + 1] == self._title
        if above_title and not line.links and len(line.text) <= _LONGEST_KICKER and line.kind is not BlockKind.CAPTION:
            self.found.kicker = line.text
            return True
        return False

    def _is_instant(self, text: str) -> bool:
        """Only a day, only a time, or both; also one that cannot be."""
        words = arabic.fold(text).lower().replace("|", " ").split()
        numbers = [word for word in words if _DATE_WORD.match(word)]
        named = {word.strip(".,،:") for word in words if word not in numbers}
        if len(text) > _LONGEST_DATE or not numbers or not named <= _WORDS_IN_DATES:
            return False
        if not any(mark in word for word in numbers for mark in ":/-.") and dates.parse_day(text) is None:
            return False  # "2011": a subheading, perhaps
        self.found.printed.append(text)
        return True

    def _is_byline(self, at: int) -> bool:
        line = self._lines[at]
        if line.kind is BlockKind.CAPTION:
            return False
        said = bylines.parse(line.text, self._known.names)
        if said is None and self.keys[at] in self._authors:
            said = bylines.Byline((line.text,))
        if said is None:
            return False
        found = self.found
        found.authors += tuple(name for name in said.authors if name not in found.authors)
        found.dateline = found.dateline or said.dateline
        found.issue = found.issue if found.issue is not None else said.issue
        found.day = found.day or said.day
        return True

    def _is_caption(self, at: int) -> bool:
        line, this = self._lines[at], self.keys[at]
        if line.kind not in (BlockKind.CAPTION, BlockKind.PARAGRAPH, BlockKind.SUBHEADING):
            return False
        if (
            line.kind is BlockKind.CAPTION
            or this in self._alts
            or captions.is_dated(line.text)
            or captions.is_sourced(line.text)
            or self._is_doubled(at)
        ):
            self.found.captions.append(line.text)
            return True
        return False

    def _is_doubled(self, at: int) -> bool:
        """Printed twice, at most with the heading between, or a caption that was read above."""
        this = self.keys[at]
        if len(self._lines[at].text) > _LONGEST_CAPTION:
            return False
        heading = (self._title, key(self.found.kicker or ""))
        below = next((other for other in self.keys[at + 1 : at + 4] if other not in heading), None)
        return this == below or any(this == key(other) for other in self.found.captions)
