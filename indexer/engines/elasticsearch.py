"""The engine for many readers or many machines: an Elasticsearch 9, alone or a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from elasticsearch import ApiError

from archive.model import Change, StoryId
from indexer.document import IndexDocument, digest
from indexer.engine import DocumentsRefused, EngineBusy, EngineError, EngineUnavailable, Hit, Request, Results, Status
from indexer.engines.elasticsearch_connection import Connection
from indexer.engines.elasticsearch_document import from_source
from indexer.engines.elasticsearch_index import Current, Index, aside
from indexer.engines.elasticsearch_query import LIVE, Built, Compiler, filters, restricted
from indexer.engines.elasticsearch_results import Search, complete, counted, preference, searches
from indexer.hits import shown
from indexer.passages import wanted
from indexer.streams import ANALYSIS
from indexer.tree import scored

LAYOUT = 2  # raised when fields change: an index of another layout is outdated
_PAGE = 5_000  # stories of one step of a scan
_KEPT = "10m"  # how long a scan's snapshot waits for its next step
_ATTEMPTS, _PAUSE = 5, 0.1  # when the index is swapped away while it is read; seconds
_GONE = (404, 503)  # states in which an index is that is being deleted
_SAMPLE = 211  # stories compared before a rebuilt index is used, at most

_Answer = TypeVar("_Answer")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ElasticsearchEngine:
    """See `SearchEngine`. Usable from several threads and processes; one of them at a time may write.

    address, api_key, user, password, ca, timeout: see `Connection`. prefix: of the names of its indexes, so that
    several archives can share a server.
    """

    def __init__(
        self,
        address: str,
        *,
        api_key: str | None = None,
        user: str | None = None,
        password: str | None = None,
        ca: str | None = None,
        prefix: str = "warraq",
        timeout: float = 30.0,
        analysis: str = f"{ANALYSIS}+elasticsearch-{LAYOUT}",
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._connection = Connection(address, api_key, user, password, ca, timeout)
        self._client = self._connection.client()
        self._reader = self._client.options(retry_on_timeout=False)  # a reader waits: a slow server is not asked again
        self._index = Index(self._client, prefix, analysis, now)
        self._made_with: dict[str, Current] = {}

    def search(self, request: Request) -> Results:
        with self._connection.reported("the search failed"):
            return self._whole(lambda: self._searched(request)) or Results(0, ())

    def scan(self, request: Request) -> Iterator[StoryId]:
        with self._connection.reported("the search failed"):
            query = self._whole(lambda: self._compiled(request))
            for hit in self._all(query) if query else ():
                yield StoryId(hit["sort"][0])

    def apply(self, documents: Sequence[IndexDocument], change: Change) -> None:
        newest = {document.story: document for document in sorted(documents, key=lambda document: document.change)}
        with self._connection.reported("the index cannot be written"):
            self._index.ready()
            refused = self._index.write(newest.values(), self._index.alias)
            self._index.stand_at(change, self._index.alias)
        if refused:
            raise DocumentsRefused(refused)

    def versions_of(self) -> Iterator[tuple[StoryId, Change, str]]:
        with self._connection.reported("the index cannot be read"):
            if self._usable():
                for hit in self._all(LIVE, ("change", "digest")):
                    (change,), (content,) = hit["fields"]["change"], hit["fields"]["digest"]
                    yield StoryId(hit["sort"][0]), Change(change), content

    def rebuild(self, forms: str = "", archive: str = "") -> ElasticsearchRebuild:
        return ElasticsearchRebuild(self._index, self._connection, forms, archive)

    def status(self) -> Status:
        with self._connection.reported("the index cannot be read"):
            return self._whole(self._status) or Status(self._index.alias, 0, Change(0), self._index.analysis)

    def forms(self) -> str:
        with self._connection.reported("the index cannot be read"):
            current = self._index.current()
            return current.forms if current else ""

    def close(self) -> None:
        self._client.close()

    def _status(self) -> Status | None:
        if (current := self._index.current()) is None:
            return None
        documents, change = self._index.count(self._index.alias), self._index.change()
        return Status(current.name, documents, change, current.made_with, current.forms, current.archive)

    def _usable(self) -> bool:
        """Whether there is an index yet, and made by this version of the analysis."""
        current = self._index.current()
        return current is not None and bool(self._index.usable(current))

    def _compiled(self, request: Request) -> Built | None:
        if not self._usable():
            return None
        compiled = Compiler(lambda *_: None).query(request.query.tree)  # all words of a beginning: a list has no cap
        return restricted(compiled, filters(request).values())

    def _searched(self, request: Request) -> Results:
        compiler = Compiler(self._index.forms)
        tree, seconds = compiler.query(request.query.tree), self._connection.timeout * 0.9
        asked = searches(request, tree, filters(request), scored(request.query.tree), seconds)
        answers = self._answers(asked, preference(request))
        facets, years = counted(answers)
        words = wanted(request.query.tree) if request.passages else None
        return Results(
            total=int(answers[0]["hits"]["total"]["value"]),
            hits=tuple(_hit(hit, words) for hit in answers[0]["hits"]["hits"]),
            facets=facets,
            years=years,
            complete=complete(answers),
            notes=tuple(compiler.notes),
        )

    def _answers(self, asked: list[Search], copies: str) -> list[Mapping[str, Any]]:
        head = {"index": self._index.alias, "preference": copies}
        response = self._reader.msearch(searches=[line for search in asked for line in (head, search)])
        answers: list[Mapping[str, Any]] = response["responses"]
        for answer in answers:
            if "error" in answer:
                raise ApiError(
                    str(answer["error"].get("type")), replace(response.meta, status=answer["status"]), answer
                )
        hits = answers[0]["hits"]["hits"]
        self._check(hits[0]["_index"] if hits else None)
        return answers

    def _check(self, name: str | None) -> None:
        """That the index was made by this version of the analysis. An index's name is never used twice."""
        if name is None or name not in self._made_with:
            current = self._index.current()
            if current is None:
                return
            self._made_with = {current.name: current}
            name = current.name
        self._index.usable(self._made_with[name])

    def _all(self, query: Built, fields: Sequence[str] = ()) -> Iterator[Mapping[str, Any]]:
        """All that is found by rising id, of one state of the index."""
        for attempt in range(1, _ATTEMPTS + 1):
            yielded = False
            try:
                for hit in self._snapshot(query, fields):
                    yielded = True
                    yield hit
            except ApiError as error:
                if error.status_code not in _GONE or attempt == _ATTEMPTS:
                    raise
                if yielded:
                    raise EngineUnavailable("the index was taken away while it was read: run it again") from error
                time.sleep(_PAUSE * attempt)
            else:
                return

    def _snapshot(self, query: Built, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        point = self._reader.open_point_in_time(index=self._index.alias, keep_alive=_KEPT)["id"]
        after: dict[str, Any] = {}
        try:
            while True:
                answer = self._reader.search(
                    pit={"id": point, "keep_alive": _KEPT},
                    query=query,
                    size=_PAGE,
                    sort=[{"story": "asc"}],
                    source=False,
                    docvalue_fields=[{"field": field} for field in fields],
                    track_total_hits=False,
                    allow_partial_search_results=False,
                    **after,
                )
                hits = answer["hits"]["hits"]
                if answer["timed_out"] or answer["_shards"]["failed"]:
                    raise EngineUnavailable("a part of the index did not answer: run it again")
                yield from hits
                if len(hits) < _PAGE:
                    return
                point, after = answer["pit_id"], {"search_after": hits[-1]["sort"]}
        finally:
            self._reader.options(ignore_status=404).close_point_in_time(id=point)

    def _whole(self, ask: Callable[[], _Answer]) -> _Answer | None:
        """Asked again when the index was swapped away meanwhile; None when there is none yet."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return ask()
            except ApiError as error:
                if error.status_code not in _GONE or attempt == _ATTEMPTS:
                    raise
                if self._index.current() is None:
                    return None
                time.sleep(_PAUSE * attempt)
        return None


class ElasticsearchRebuild:
    """See `Rebuild`. Indexes of rebuilds that were not finished are deleted when it is entered."""

    def __init__(self, index: Index, connection: Connection, forms: str, archive: str) -> None:
        self._index = index
        self._connection = connection
        self._forms = forms
        self._archive = archive
        self._name = ""
        self._swapped = False
        self._sample: dict[int, tuple[StoryId, str | None]] = {}

    def __enter__(self) -> ElasticsearchRebuild:
        with self._connection.reported("the index cannot be rebuilt"):
            self._before = self._index.standing()
            self._index.drop(self._index.leftovers())
            self._name = self._index.create(forms=self._forms, archive=self._archive)
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._swapped:
            with self._connection.reported("the unfinished index cannot be deleted"):
                self._index.drop([self._name])

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """A story added again replaces what was added before."""
        with self._connection.reported("the index cannot be rebuilt"):
            refused = self._index.write(self._sampled(documents), aside(self._name))
        if refused:
            for each in refused:
                self._sample[each.story % _SAMPLE] = (each.story, None)
            raise DocumentsRefused(refused)

    def count(self) -> int:
        with self._connection.reported("the index cannot be rebuilt"):
            self._index.client.indices.refresh(index=aside(self._name))
            return self._index.count(aside(self._name))

    def swap(self, change: Change) -> None:
        with self._connection.reported("the index cannot be rebuilt"):
            self._index.client.indices.put_settings(index=self._name, settings={"index.refresh_interval": "1s"})
            self._index.stand_at(change, aside(self._name))
            self._compare()
            self._refuse_older(change)
            self._index.use(self._name)
            self._swapped = True

    def _refuse_older(self, change: Change) -> None:
        """An index that stood beyond this change from the beginning (of a store that was restored) is replaced."""
        names, stands = self._index.standing()
        if names != self._before[0] or (stands > change and stands != self._before[1]):
            raise EngineBusy(f"another process wrote {self._index.alias} meanwhile: what it wrote stays in use")

    def _sampled(self, documents: Iterable[IndexDocument]) -> Iterator[IndexDocument]:
        for document in documents:
            self._sample[document.story % _SAMPLE] = (document.story, None if document.tombstone else digest(document))
            yield document

    def _compare(self) -> None:
        """That a sample of the stories is there as it was sent last."""
        keys = [str(story) for story, _ in self._sample.values()]
        if not keys:
            return
        there = self._index.client.mget(index=aside(self._name), ids=keys, source_includes=["digest"])["docs"]
        found = {each["_id"]: each.get("_source", {}).get("digest") for each in there}
        for story, expected in self._sample.values():
            if found.get(str(story)) != expected:
                raise EngineError(f"story {story} is not in the new index as it was sent: the old index stays in use")


def _hit(hit: Mapping[str, Any], words: Any) -> Hit:
    stored, streams = from_source(hit["_source"])
    return shown(stored, float(hit["_score"] or 0.0), streams, words)
