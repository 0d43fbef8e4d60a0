"""The search engine as everybody but the engines sees it: request, results, errors, protocol.

Errors:
    EngineError            the engine cannot answer; `detail` is one line for a keeper
      EngineUnavailable    it is down or out of reach: try again later
      IndexOutdated        made by another version of the analysis: `warraq index rebuild`
      EngineBusy           another process writes to it
      DocumentsRefused     some documents cannot be indexed; all others were
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from archive.model import Change, StoryId
from indexer.document import IndexDocument
from indexer.tree import MatchKind, Note, Query

Versions = Literal["both", "ar", "en", "stale"]
Sort = Literal["relevance", "newest", "oldest", "changed"]


class EngineError(Exception):
    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class EngineUnavailable(EngineError): ...


class IndexOutdated(EngineError): ...


class EngineBusy(EngineError): ...


@dataclass(frozen=True, slots=True)
class Refused:
    """A story whose document the engine cannot take, and why. It is not found until it is written anew."""

    story: StoryId
    reason: str


class DocumentsRefused(EngineError):
    """Raised after everything else was written and the change number noted."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        first = refused[0]
        more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        super().__init__(f"story {first.story} cannot be indexed: {first.reason}{more}")
        self.refused = tuple(refused)


@dataclass(frozen=True, slots=True)
class Request:
    """A query with its filters and the window of results wanted. Filters are keys; dates are days of the outlet.
    passages False: hits may come with whole unmarked titles, no passages and no reasons."""

    query: Query
    versions: Versions | None = None
    section: str | None = None
    place: str | None = None
    author: str | None = None
    outlet: str | None = None
    start: date | None = None
    end: date | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    facets: bool = True
    passages: bool = True

    @property
    def keys(self) -> dict[str, str]:
        """The filters by a key that are set, by the field they are of."""
        fields = ("versions", "section", "place", "author", "outlet")
        return {name: value for name in fields if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `match` says how it matched, None that it did not. Pieces put together give the text."""

    text: str
    match: MatchKind | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a story matched: the kind and the words in the text that matched so, as they stand there."""

    kind: MatchKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideHit:
    """One version in a result."""

    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]
    url: str
    authors: tuple[str, ...]
    published: str | None  # ISO instant in UTC


@dataclass(frozen=True, slots=True)
class Hit:
    story: StoryId
    score: float
    day: date | None
    outlet: str
    section: str | None
    stale: bool
    sides: dict[str, SideHit]  # by language tag: "ar", "en"
    why: tuple[Reason, ...]

    @property
    def spelt(self) -> tuple[str, ...]:
        """The words that stand in it as they were asked for, as it writes them."""
        return tuple(word for reason in self.why if reason.kind in ("exact", "spelling") for word in reason.words)


@dataclass(frozen=True, slots=True)
class Year:
    """One bar of the chart: stories of a year by versions."""

    year: int
    both: int
    ar: int
    en: int


@dataclass(frozen=True, slots=True)
class Results:
    """total is exact. facets: by field ("versions", "section", "place", "author", "outlet"), most frequent first; the
    facet of a filtered field counts without that filter. complete False: a part of the engine did not answer."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    years: tuple[Year, ...] = ()
    complete: bool = True
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What an index is: `documents` without tombstones; `analysis` the version it was made with; `forms` that of the
    table of forms, empty when it was made without one; `archive` the id of the archive that it is of, empty when it
    was made without one."""

    name: str
    documents: int
    change: Change
    analysis: str
    forms: str = ""
    archive: str = ""


class Rebuild(Protocol):
    """An index that is being made aside. Nothing of it is seen until `swap`; leaving without swap drops it."""

    def add(self, documents: Iterable[IndexDocument]) -> None: ...
    def count(self) -> int: ...
    def swap(self, change: Change) -> None:
        """Raises EngineBusy when others wrote what is newer meanwhile, or made the index anew: theirs stays in use."""
        ...

    def __enter__(self) -> Rebuild: ...
    def __exit__(self, *exc: object) -> None: ...


class SearchEngine(Protocol):
    def search(self, request: Request) -> Results: ...
    def scan(self, request: Request) -> Iterator[StoryId]:
        """Every story found, without a cap, in order of id; one snapshot."""
        ...

    def apply(self, documents: Sequence[IndexDocument], change: Change) -> None:
        """Write documents (by story id, replacing) and note that the index stands at `change`. Idempotent; a document
        older than the one that is there is left out. Durable when it returns.

        Raises:
            DocumentsRefused: some cannot be indexed; the others are, and the number is noted.
        """
        ...

    def versions_of(self) -> Iterator[tuple[StoryId, Change, str]]:
        """(story, change, digest) of every document that is no tombstone, for `verify`."""
        ...

    def rebuild(self, forms: str = "", archive: str = "") -> Rebuild:
        """forms: the version of the forms table that the documents are analysed with. archive: the id of the archive
        that they are of."""
        ...

    def status(self) -> Status: ...
    def forms(self) -> str:
        """`status().forms`, for a fraction of the time."""
        ...

    def close(self) -> None: ...
