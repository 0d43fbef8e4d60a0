"""The indexes of an Elasticsearch: their names, what made them, the mark, writing.

    <prefix>-stories                     the alias that everybody searches and writes
    <prefix>-stories-v1-<UTC time>       an index; a second one while a rebuild goes on
    <prefix>-stories-v1-<UTC time>-aside the alias under which a rebuild writes it

Everything is written through an alias that must be there: a bulk request to a name that is gone would otherwise make
an index of its own. The mark is written after the documents it speaks of, so that one killed in between repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_IN_PART = "a part of the index did not answer: try again"
_RETRIES, _PAUSE, _LONGEST_PAUSE = 6, 0.25, 10.0  # of documents that a busy server did not take; seconds


class Current(NamedTuple):
    """The index in use."""

    name: str
    made_with: str
    forms: str
    archive: str


class Index:
    """What is behind the alias."""

    def __init__(self, client: Elasticsearch, prefix: str, analysis: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self._reader = client.options(retry_on_timeout=False)  # a reader waits: a slow server is not asked again
        self.alias = f"{prefix}-stories"
        self.analysis = analysis
        self._now = now

    def current(self) -> Current | None:
        """The index in use, whatever it was made with; None when there is none yet."""
        if not (found := self._behind()):
            return None
        if len(found) != 1:
            raise EngineError(
                f"{self.alias} is an alias of {len(found)} indexes instead of one: run `warraq index rebuild`"
            )
        ((name, content),) = found.items()
        meta = content["mappings"].get("_meta", {})
        made_with, forms, archive = (str(meta.get(each, "")) for each in ("analysis", "forms", "archive"))
        return Current(name, made_with or "nothing known", forms, archive)

    def standing(self) -> tuple[list[str], Change]:
        """The names of what is in use, and the change number that it stands at, 0 where that is not one index."""
        found = sorted(self._behind())
        return found, self.change() if len(found) == 1 else Change(0)

    def _behind(self) -> dict[str, Any]:
        """Names and mappings of what is behind the alias."""
        try:
            found: dict[str, Any] = self._reader.indices.get_mapping(index=self.alias).body
        except NotFoundError:
            return {}
        if self.alias in found:
            raise EngineError(
                f"{self.alias} is an index of its own instead of an alias: delete that index, or set another prefix"
            )
        return found

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

    def create(self, alias: str | None = None, forms: str = "", archive: str = "") -> str:
        """A new, empty index under this alias, or else under the one of a rebuild."""
        name = f"{self.alias}-{VERSION}-{self._now().astimezone(UTC):%Y%m%d%H%M%S%f}"
        made = json.loads(MAPPING.read_text(encoding="utf-8"))
        made["mappings"]["_meta"] |= {"analysis": self.analysis, "forms": forms, "archive": archive}
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
            return Change(int(self._reader.get(index=self.alias, id=MARK, realtime=False)["_source"]["change"]))
        except NotFoundError:
            return Change(0)

    def count(self, alias: str) -> int:
        """Stories to be found."""
        return int(self._reader.count(index=alias, query=LIVE)["count"])

    def forms(self, prefix: str, columns: Sequence[Column]) -> list[str] | None:
        """The most frequent words with this beginning, PREFIX_TERMS of them; None when there are no more."""
        found: set[str] = set()
        for column in columns:
            listed = self._reader.terms_enum(index=self.alias, field=column.forms, string=prefix, size=PREFIX_TERMS + 1)
            if not listed["complete"]:
                raise EngineUnavailable(_IN_PART)
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
        what a busy server did not take is sent again, what is too large for one request (a proxy before the server may
        take less than the server) in smaller ones. A request that is refused whole says nothing of its documents."""
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
        too_large: list[dict[str, Any]] = []  # of one request, which was refused whole
        for _, item in results:
            info = item["index"]
            if too_large and info.get("exception") is not too_large[0]["exception"]:
                yield from self._in_halves(too_large, alias)
                too_large = []
            match info["status"]:
                case 409:
                    continue
                case 413 if "exception" in info:
                    too_large.append(info)
                case 400 if "exception" not in info:
                    yield str(info["_id"]), reason(info["error"])
                case 404:
                    raise EngineBusy(f"{alias} is gone: another process rebuilds it, or it was deleted")
                case _ if "exception" in info:
                    raise info["exception"]
                case status:
                    raise EngineUnavailable(f"writing to {alias} failed ({status}): {reason(info['error'])}")
        yield from self._in_halves(too_large, alias)

    def _in_halves(self, refused: Sequence[Mapping[str, Any]], alias: str) -> Iterator[tuple[str, str]]:
        """What was too large for one request, in smaller ones; a document that is too large by itself is yielded."""
        if len(refused) == 1:
            yield str(refused[0]["_id"]), f"a request with it alone is too large: {reason(refused[0]['error'])}"
        elif refused:
            actions = [_action(alias, each["_id"], each["version"], each["data"]) for each in refused]
            half = len(actions) // 2
            for some in (actions[:half], actions[half:]):
                yield from self._bulk(some, alias)

    def _most_frequent(self, prefix: str, columns: Sequence[Column]) -> list[str] | None:
        """None when the server listed words of former states of stories too, and there are no more without them."""
        counts: dict[str, int] = {}
        terms = {"size": _COUNTED, "include": f"{_literal(prefix)}.*", "order": [{"_count": "desc"}, {"_key": "asc"}]}
        answer = self._reader.search(
            index=self.alias,
            size=0,
            allow_partial_search_results=False,
            query={"bool": {"should": [{"prefix": {column.forms: prefix}} for column in columns], "filter": [LIVE]}},
            aggs={str(n): {"terms": {"field": column.forms, **terms}} for n, column in enumerate(columns)},
        )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise EngineUnavailable(_IN_PART)
        for counted in answer["aggregations"].values():
            for bucket in counted["buckets"]:
                counts[bucket["key"]] = counts.get(bucket["key"], 0) + bucket["doc_count"]
        chosen = sorted(counts, key=lambda word: (-counts[word], word))[:PREFIX_TERMS]
        return chosen if len(counts) > PREFIX_TERMS else None


def aside(name: str) -> str:
    return f"{name}-aside"


def _action(alias: str, key: object, change: Change, source: dict[str, Any]) -> dict[str, Any]:
    """external_gte: a document of the same change replaces, of an older one does not."""
    return {"_index": alias, "_id": str(key), "version": change, "version_type": "external_gte", "_source": source}


def _literal(text: str) -> str:
    """For Lucene's regular expressions."""
    return "".join(f"\\{c}" if not c.isalnum() else c for c in text)
