"""The figures of Elasticsearch beside its bare client, on a server of the run's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from archive.model import Change
from indexer.document import IndexDocument
from indexer.engine import Request
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.engines.elasticsearch_document import BODIES, TITLES, to_source
from indexer.engines.elasticsearch_query import Compiler, filters, restricted
from indexer.engines.elasticsearch_results import searches
from indexer.query import parse
from scripts.bench.corpus import Corpus
from scripts.bench.figures import Figure, at_most, plain
from scripts.bench.queries import sides_of
from scripts.bench.timing import clocked, in_turns
from tests.servers import elasticsearch
from tests.servers.processes import ServerMissing

_SEARCH, _INDEXING = 1.15, 1.15  # the goals
_ROUNDS = 7
_INDEXED = 3_000  # stories of which each batch is added in turns
_SHOWN = ["story", "day", "outlet", "section", "sides.url", "sides.published"]  # what a list of results needs


def measured(corpus: Corpus, folder: Path, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    """folder: not used; the server has one of its own."""
    del folder
    with elasticsearch.Node() as node:
        engine, client = ElasticsearchEngine(node.url, prefix="bench"), Elasticsearch(node.url, request_timeout=120)
        yield from _building(corpus, engine, client, ElasticsearchEngine(node.url, prefix="bare", timeout=120))
        client.indices.forcemerge(index="bench-stories", max_num_segments=1)
        yield from _searching(engine, client, areas)
        (stats,) = client.nodes.stats(metric=["jvm", "indices"])["nodes"].values()
        yield plain("elasticsearch.size", stats["indices"]["store"]["size_in_bytes"] / 1e6, "MB")
        yield plain("elasticsearch.heap", stats["jvm"]["mem"]["heap_committed_in_bytes"] / 2**20, "MB")
        engine.close()


def _building(
    corpus: Corpus, engine: ElasticsearchEngine, client: Elasticsearch, bare: ElasticsearchEngine
) -> Iterator[Figure]:
    """The first stories batch by batch in turns, the rest through the protocol alone."""
    bare.apply([], Change(0))  # an empty index with the same mapping
    ratios, seconds = [], 0.0
    for batch in islice(corpus.batches(), _INDEXED // 500):
        ready = [_action(document) for document in batch]
        ours = clocked(partial(engine.apply, batch, batch[-1].change))
        ratios.append(ours / clocked(partial(bulk, client, ready, refresh=True)))
        seconds += ours
    for batch in islice(corpus.batches(), _INDEXED // 500, None):
        seconds += clocked(partial(engine.apply, batch, batch[-1].change))
    yield plain("elasticsearch.stories-a-second", corpus.stories / seconds, "")
    yield at_most("elasticsearch.apply.by-bare", median(ratios), _INDEXING)


def _action(document: IndexDocument) -> dict[str, Any]:
    return {
        "_index": "bare-stories",
        "_id": str(document.story),
        "version": document.change,
        "version_type": "external_gte",
        "_source": to_source(document),
    }


def _searching(engine: ElasticsearchEngine, client: Elasticsearch, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    engine.search(Request(parse("")))
    for area, requests in areas.items():
        ours, theirs = in_turns([_pair(engine, client, request) for request in requests], _ROUNDS)
        for column, times in (("elasticsearch", ours), ("bare-elasticsearch", theirs)):
            yield plain(f"{column}.{area}.p50", times.p50, "ms")
            yield plain(f"{column}.{area}.p95", times.p95, "ms")
        yield at_most(f"elasticsearch.{area}.by-bare", ours.ratio(theirs), _SEARCH)


def _pair(engine: ElasticsearchEngine, client: Elasticsearch, request: Request) -> list[Callable[[], object]]:
    """The bare call: the same body without what only the archive reads, and with the server's own highlighter."""
    tree = Compiler(engine._index.forms).query(request.query.tree)
    body = searches(request, restricted(tree, filters(request).values()), {}, True, 27.0)[0] | {"_source": _SHOWN}
    if request.passages:
        sides = sides_of(request.query.tree)
        fields = [column.folded for column in chain(TITLES, BODIES) if column.side in sides]
        options = {"number_of_fragments": 1, "fragment_size": 250}
        body["highlight"] = {"fields": dict.fromkeys(fields, options)}
    lines = [{"index": "bench-stories"}, body]
    found = client.msearch(searches=lines)["responses"][0]["hits"]["total"]["value"]
    if found != engine.search(request).total:
        raise AssertionError(f"{request.query.tree}: {found} stories found by the bare client")
    return [partial(engine.search, request), partial(client.msearch, searches=lines)]


def installed() -> bool:
    """Whether a server can be started here: the benchmark downloads none."""
    try:
        return bool(elasticsearch.installed() and elasticsearch.java())
    except ServerMissing:
        return False
