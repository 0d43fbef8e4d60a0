"""The indexes of an Elasticsearch: their names, what made them, the mark, writing.

    <prefix>-stories                     the alias that everybody searches and writes
    <prefix>-stories-v1-<UTC time>       an index; a second one while a rebuild goes on
    <prefix>-stories-v1-<UTC time>-aside the alias under which a rebuild writes it

Everything is written through an alias that must be there: a bulk request to a name that is gone would otherwise make
an index of its own. The mark is written after the documents it speaks of, so that one killed in between repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from archive.model import Change, StoryId
from indexer.document import IndexDocument
from indexer.engine import EngineBusy, EngineError, EngineUnavailable, IndexOutdated, Refused
from indexer.engines.elasticsearch_connection import BUSY, reason
from indexer.engines.elasticsearch_document import MARK, Column, mark, to_source, tombstone
from indexer.engines.elasticsearch_query import LIVE
from indexer.streams import PREFIX_TERMS

VERSION = "v1"
MAPPING = Path(__file__).parents[2] / "mappings" / f"story.{VERSION}.json"
_REQUEST = 10_000_000  # bytes of one bulk request
_COUNTED = 5_000  # forms counted of each text when there are too many: the sums of the first 500 are then exact
_RETRIES, _PAUSE, _LONGEST_PAUSE = 6, 0.25, 10.0  # of documents that a busy server did not take; seconds


class Current(NamedTuple):
    """The index in use."""

    name: str
    made_with: str
    forms: str


class Index:
    """What is behind the alias."""

    def __init__(self, client: Elasticsearch, prefix: str, analysis: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self.alias = f"{prefix}-stories"
        self.analysis = analysis
        self._now = now

    def current(self) -> Current | None:
        """The index in use, whatever it was made with; None when there is none yet."""
        try:
            found = self.client.indices.get_mapping(index=self.alias).body
        except NotFoundError:
            return None
        if len(found) != 1 or self.alias in found:
            what = "an index of its own" if self.alias in found else f"{len(found)} indexes"
            raise EngineError(
                f"{self.alias} is {what} instead of an alias of one: delete it or run `warraq index rebuild`"
            )
        ((name, content),) = found.items()
        meta = content["mappings"].get("_meta", {})
        return Current(name, str(meta.get("analysis", "nothing known")), str(meta.get("forms", "")))

    def usable(self, current: Current) -> Current:
        """Raises IndexOutdated when it was made by another version of the analysis."""
        if current.made_with != self.analysis:
            raise IndexOutdated(
                f"the index {current.name} was made by {current.made_with}, this is {self.analysis}: "
                "run `warraq index rebuild`"
            )
        return current

    def ready(self) -> None:
        """Makes the first index where there is none."""
        current = self.current()
        if current is None:
            self.create(self.alias)
        else:
            self.usable(current)

    def create(self, alias: str | None = None, forms: str = "") -> str:
        """A new, empty index under this alias, or else under the one of a rebuild."""
        name = f"{self.alias}-{VERSION}-{self._now().astimezone(UTC):%Y%m%d%H%M%S%f}"
        made = json.loads(MAPPING.read_text(encoding="utf-8"))
        made["mappings"]["_meta"] |= {"analysis": self.analysis, "forms": forms}
        if not alias:
            made["settings"]["index"]["refresh_interval"] = "-1"
        try:
            self.client.indices.create(index=name, aliases={alias or aside(name): {}}, **made)
        except ApiError as error:
            if error.error != "resource_already_exists_exception":  # a first answer that was lost
                raise
        return name

    def write(self, documents: Iterable[IndexDocument], alias: str) -> list[Refused]:
        """Never replaces a newer document. Returns those that the server cannot take; in their place stands a
        tombstone with the reason, so that an older state of the story is not found either."""
        refused: list[tuple[Change, Refused]] = []
        changes: dict[str, Change] = {}

        def actions() -> Iterator[dict[str, Any]]:
            for document in documents:
                changes[str(document.story)] = document.change
                yield _action(alias, document.story, document.change, to_source(document))

        for key, why in self._bulk(actions(), alias):
            refused.append((changes[key], Refused(StoryId(int(key)), why)))
        stubs = [_action(alias, r.story, change, tombstone(r.story, change, r.reason)) for change, r in refused]
        for key, why in self._bulk(stubs, alias):
            raise EngineError(f"story {key} cannot be written to {alias}: {why}")
        return [each for _, each in refused]

    def stand_at(self, change: Change, alias: str) -> None:
        """Notes the change number, unless a later one is there, and makes all that was written so far seen."""
        action = _action(alias, MARK, change, mark(change))
        for _, why in self._bulk([action], alias):
            raise EngineError(f"the change number cannot be written to {alias}: {why}")
        self.client.indices.refresh(index=alias)

    def change(self) -> Change:
        """The number noted last, of what searches see: a writer that was killed before its refresh is repeated."""
        try:
            return Change(int(self.client.get(index=self.alias, id=MARK, realtime=False)["_source"]["change"]))
        except NotFoundError:
            return Change(0)

    def count(self, alias: str) -> int:
        """Stories to be found."""
        return int(self.client.count(index=alias, query=LIVE)["count"])

    def forms(self, prefix: str, columns: Sequence[Column]) -> list[str] | None:
        """The most frequent words with this beginning, PREFIX_TERMS of them; None when there are no more."""
        found: set[str] = set()
        for column in columns:
            listed = self.client.terms_enum(index=self.alias, field=column.forms, string=prefix, size=PREFIX_TERMS + 1)
            found.update(listed["terms"])
            if len(found) > PREFIX_TERMS:
                return self._most_frequent(prefix, columns)
        return None

    def leftovers(self) -> list[str]:
        """Indexes of rebuilds that were not finished."""
        found = self.client.indices.get_alias(index=f"{self.alias}-{VERSION}-*", expand_wildcards="all").body
        return sorted(name for name, content in found.items() if self.alias not in content["aliases"])

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            self.client.options(ignore_status=404).indices.delete(index=name)

    def use(self, name: str) -> None:
        """Makes it the one behind the alias and deletes the others, in one step."""
        there = self.client.indices.get_alias(index=f"{self.alias}-v*", expand_wildcards="all").body
        if name not in there:
            raise EngineBusy(f"another process rebuilds {self.alias}: the old index stays in use")
        moves: list[dict[str, Any]] = [{"remove_index": {"index": other}} for other in there if other != name]
        moves.append({"add": {"index": name, "alias": self.alias, "is_write_index": True}})
        moves.append({"remove": {"index": name, "alias": aside(name), "must_exist": False}})
        try:
            self.client.indices.update_aliases(actions=moves)
        except NotFoundError:  # the answer to a first attempt was lost, or somebody deleted an old index by hand
            if (current := self.current()) is None or current.name != name:
                raise

    def _bulk(self, actions: Iterable[dict[str, Any]], alias: str) -> Iterator[tuple[str, str]]:
        """Writes and yields (id, reason) of what the server cannot take. What is older than what is there is left out;
        what a busy server did not take is sent again."""
        results = streaming_bulk(
            self.client,
            actions,
            max_chunk_bytes=_REQUEST,
            raise_on_error=False,
            raise_on_exception=False,
            yield_ok=False,
            max_retries=_RETRIES,
            initial_backoff=_PAUSE,
            max_backoff=_LONGEST_PAUSE,
            retry_on_status=BUSY,
            require_alias=True,
        )
        for _, item in results:
            info = item["index"]
            match info["status"]:
                case 409:
                    continue
                case 400 | 413:
                    yield str(info["_id"]), reason(info["error"])
                case 404:
                    raise EngineBusy(f"{alias} is gone: another process rebuilds it, or it was deleted")
                case _ if "exception" in info:
                    raise info["exception"]
                case status:
                    raise EngineUnavailable(f"writing to {alias} failed ({status}): {reason(info['error'])}")

    def _most_frequent(self, prefix: str, columns: Sequence[Column]) -> list[str]:
        counts: dict[str, int] = {}
        terms = {"size": _COUNTED, "include": f"{_literal(prefix)}.*", "order": [{"_count": "desc"}, {"_key": "asc"}]}
        answer = self.client.search(
            index=self.alias,
            size=0,
            query={"bool": {"should": [{"prefix": {column.forms: prefix}} for column in columns], "filter": [LIVE]}},
            aggs={str(n): {"terms": {"field": column.forms, **terms}} for n, column in enumerate(columns)},
        )
        for counted in answer["aggregations"].values():
            for bucket in counted["buckets"]:
                counts[bucket["key"]] = counts.get(bucket["key"], 0) + bucket["doc_count"]
        return sorted(counts, key=lambda word: (-counts[word], word))[:PREFIX_TERMS]


def aside(name: str) -> str:
    return f"{name}-aside"


def _action(alias: str, key: object, change: Change, source: dict[str, Any]) -> dict[str, Any]:
    """external_gte: a document of the same change replaces, of an older one does not."""
    return {"_index": alias, "_id": str(key), "version": change, "version_type": "external_gte", "_source": source}


def _literal(text: str) -> str:
    """For Lucene's regular expressions."""
    return "".join(f"\\{c}" if not c.isalnum() else c for c in text)
