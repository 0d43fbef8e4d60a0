"""The archive's values. All are frozen; all instants are aware and in UTC.

An *article* is one language's text at one address; a *story* is the group of articles that are versions of each other.
A *capture* is a response as it came; an *extraction* is what one extractor read in one capture; a *revision* is a state
of the article that differs from the one before; a *check* is one look at the page.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)  # the id of the story's oldest member
CaptureId = NewType("CaptureId", str)  # the UUID of the WARC record
ClaimId = NewType("ClaimId", int)
DecisionId = NewType("DecisionId", int)
Change = NewType("Change", int)  # the store's change number
Lang = NewType("Lang", str)  # a BCP 47 tag: "ar", "en", "tr", ...

AR, EN = Lang("ar"), Lang("en")


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    QUOTE = "quote"
    ITEM = "item"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article's body; its text has no markup, no line break and no control character."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class VersionLink:
    """What a page says of another language's version. `target` is raw, as the page has it, made absolute."""

    target: str
    evidence: str  # "hreflang" | "rest" | "in-text link"
    lang: Lang | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What an extractor read in a capture."""

    url: str  # canonical address
    lang: Lang
    title: str
    blocks: tuple[Block, ...]
    published: datetime | None = None
    updated: datetime | None = None  # the publisher's claim
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None  # a key of the outlet's declaration, or the publisher's own word
    tags: tuple[str, ...] = ()
    image: str | None = None  # address of the lead image
    issue: int | None = None
    dateline: str | None = None
    aliases: tuple[str, ...] = ()  # other addresses the page names as its own
    links: tuple[VersionLink, ...] = ()
    warnings: tuple[str, ...] = ()  # what looked odd: "language declared ar, detected en", ...

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what a reader reads: kicker, title and blocks. Two equal digests are one revision."""
        content = [self.kicker, self.title, *([b.kind.value, b.text] for b in self.blocks)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class Access(StrEnum):
    """Whether a capture or a revision may be shown."""

    KEPT = "kept"
    WITHHELD = "withheld"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Capture:
    """A response on disk. `warc` is relative to the captures folder; offset and length are bytes in that file."""

    id: CaptureId
    url: str  # as it was asked for
    at: datetime
    status: int
    media_type: str
    payload_sha256: str  # of the payload as stored (still content-encoded)
    body_sha256: str  # of the decoded body
    warc: str
    offset: int
    length: int
    revisit_of: CaptureId | None = None  # a 304: the capture that still holds
    location: str | None = None  # a redirect's target, absolute
    etag: str | None = None
    last_modified: str | None = None
    access: Access = Access.KEPT


class Role(StrEnum):
    READER = "reader"
    EDITOR = "editor"
    KEEPER = "keeper"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decided something."""

    name: str
    role: Role


COLLECTOR = Actor("collector", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Claim:
    """Append-only: an article's page (or a maker) says that `target` is another version of it."""

    id: ClaimId
    article: ArticleId
    target: str  # raw
    target_article: ArticleId | None  # None while the target is not in the archive
    evidence: str
    maker: str  # "page", "rest", or an algorithm and its version
    certain: bool
    score: float
    at: datetime
    broken: str | None = None  # why the target could not be had, when that is known


class Verdict(StrEnum):
    SAME = "same"  # these two are versions of one story
    APART = "apart"  # these two are not


@dataclass(frozen=True, slots=True)
class Decision:
    """Append-only: what a person said of two articles. The newest decision on a pair holds."""

    id: DecisionId
    a: ArticleId
    b: ArticleId
    verdict: Verdict
    actor: Actor
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two members of a story and why they are together."""

    a: ArticleId
    b: ArticleId
    evidence: str  # of the strongest claim, or "editor"
    certain: bool
    score: float
    claims: tuple[Claim, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A numbered state of an article; `content` is None when withheld or purged.

    The number is its name for good, given in the order in which the archive got to know it, not in that of time.
    """

    number: int
    first_seen: datetime
    digest: str
    capture: CaptureId
    content: Article | None
    access: Access = Access.KEPT


@dataclass(frozen=True, slots=True)
class Version:
    """One language's side of a story, as it stands now."""

    article: ArticleId
    outlet: str
    url: str
    aliases: tuple[str, ...]
    lang: Lang
    revision: Revision  # the newest
    revisions: tuple[Revision, ...]  # in the order in which they were last seen, without content
    captures: tuple[Capture, ...]  # of the article's pages, oldest first
    checks: int  # looks at the page
    last_check: datetime | None
    first_seen: datetime
    removed: datetime | None = None  # since when the publisher no longer serves it

    @property
    def content(self) -> Article:
        """The newest revision's content.

        Raises:
            LookupError: it is withheld or purged.
        """
        if self.revision.content is None:
            raise LookupError(f"article {self.article}, revision {self.revision.number} is {self.revision.access}")
        return self.revision.content

    @property
    def changed(self) -> datetime | None:
        """When the newest revision was first seen, where there was another text before."""
        return self.revision.first_seen if self.revision.first_seen > self.first_seen else None

    @property
    def readable(self) -> bool:
        return self.revision.content is not None


@dataclass(frozen=True, slots=True)
class Story:
    """The versions of one story, at most one a language, oldest member first."""

    id: StoryId
    change: Change
    versions: tuple[Version, ...]
    links: tuple[Link, ...] = ()
    day: date | None = None  # of the earliest publication, in the outlet's zone
    spare: tuple[ArticleId, ...] = ()  # claimed as versions too, but their language was taken: stories of their own
    open_claims: tuple[Claim, ...] = field(default=())  # no article yet, or broken

    def clash(self, other: Story) -> Lang | None:
        """A language in which both stories have a version: as long as they do, they cannot become one."""
        if self.id == other.id:
            return None
        return next((version.lang for version in self.versions if other.version(version.lang)), None)

    def version(self, lang: Lang) -> Version | None:
        return next((v for v in self.versions if v.lang == lang), None)

    @property
    def stale(self) -> Lang | None:
        """The language whose version was changed after the other side was first seen."""
        pair = [v for v in self.versions if v.lang in (AR, EN)]
        if len(pair) < 2:
            return None
        _, second = sorted(pair, key=lambda v: v.revision.first_seen)
        return second.lang if second.changed else None
