"""What goes into the store and comes out of it, beside archive.model: frozen values and the one error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from archive.fetched import Validators
from archive.model import (
    Access,
    Actor,
    ArticleId,
    Capture,
    Change,
    Claim,
    ClaimId,
    DecisionId,
    Lang,
    Role,
    StoryId,
    VersionLink,
)


class StoreError(Exception):
    """One line: what, where, what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Author:
    """A key as it is made of bylines, merged or not: how these are written, in how many stories."""

    key: str
    names: tuple[str, ...]  # the most frequent first
    stories: int


@dataclass(frozen=True, slots=True)
class AuthorMerge:
    """A decision that holds: `key` is the person whose key is `target`."""

    key: str
    target: str
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class WordSwitch:
    """Folded words of both languages that do not stand for each other, as somebody decided."""

    ar: str
    en: str
    actor: Actor
    at: datetime


class Clock(Protocol):
    def now(self) -> datetime: ...


class Findable(Protocol):
    """An address that discovery found."""

    @property
    def url(self) -> str: ...
    @property
    def lang(self) -> str | None: ...
    @property
    def modified(self) -> datetime | None: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def versions(self) -> tuple[VersionLink, ...]: ...


Outcome = Literal["new", "revised", "unchanged", "reread"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did. `missing`: claims of this article whose target is not in the archive yet (nor known broken)."""

    article: ArticleId
    outcome: Outcome
    revision: int
    story: StoryId
    missing: tuple[Claim, ...] = ()


class EventKind(StrEnum):
    INTO = "into"  # the article left for the story `other`, which now holds this address
    FROM = "from"  # this story took the article in; it was the story `other`
    OUT = "out"  # this story lost the article, which is now in `other`
    OWN = "own"  # the article got this address back; it was in `other`


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a story's address, with the claim or the decision that did it."""

    story: StoryId
    kind: EventKind
    article: ArticleId
    other: StoryId
    at: datetime
    claim: ClaimId | None = None
    decision: DecisionId | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """An address to be fetched. The validators are the last good response's."""

    url: str
    outlet: str
    lang: Lang | None
    modified: datetime | None
    tries: int
    validators: Validators | None = None
    published: datetime | None = None  # as the article says, or discovery while there is none


@dataclass(frozen=True, slots=True)
class Checks:
    """A run of looks at a page with one outcome."""

    outcome: str
    first: datetime
    last: datetime
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An article's line in a list."""

    id: ArticleId
    outlet: str
    lang: Lang
    url: str
    story: StoryId
    access: Access
    published: datetime | None
    removed: datetime | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A capture that an extractor has not read yet; `url` is what was asked for."""

    article: ArticleId
    outlet: str
    url: str
    capture: Capture


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong while collecting; equal ones are counted."""

    outlet: str
    where: str
    what: str
    first: datetime
    last: datetime
    count: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at: datetime
    actor: Actor
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Stories and captures, for exactly what a reader may find: withheld and purged versions do not count."""

    stories: int
    both: int  # readable in Arabic and English
    ar: int  # Arabic without English
    en: int  # English without Arabic
    other: int  # neither
    captures: int
    years: tuple[tuple[int, int], ...]  # (year of the story's day, stories), ascending
    undated: int
    change: Change


@dataclass(frozen=True, slots=True)
class Migration:
    """From which schema to which; None: an empty database."""

    before: str | None
    after: str | None


SYSTEM = Actor("archive", Role.SYSTEM)
