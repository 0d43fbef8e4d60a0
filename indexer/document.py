"""Story -> index document: all that a result needs, for exactly the revisions indexed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.model import Change, StoryId


@dataclass(frozen=True, slots=True)
class IndexedSide:
    """One version's text: paragraphs[0] is the title."""

    lang: str
    url: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    published: str | None


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A story as the engines get it. A tombstone (merged, withheld, purged) has no sides and is never found."""

    story: StoryId
    change: Change
    sides: tuple[IndexedSide, ...]
    versions: str = ""  # "both" | "ar" | "en" | "other"
    stale: bool = False
    day: date | None = None
    section: str | None = None
    outlet: str = ""
    places: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # keys
    tags: tuple[str, ...] = ()
    issue: int | None = None

    @property
    def tombstone(self) -> bool:
        return not self.sides
