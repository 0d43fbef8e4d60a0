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
from indexer.engines.elasticsearch_document import BODIES, HEADLINES, TITLES, to_source
from indexer.engines.elasticsearch_query import Compiler, filters, restricted
from indexer.engines.elasticsearch_results import searches
from indexer.query import parse
from scripts.bench.building import peak
from scripts.bench.corpus import Corpus
from scripts.bench.figures import Figure, at_least, at_most, plain
from scripts.bench.queries import sides_of
from scripts.bench.reading import while_writing
from scripts.bench.timing import clocked, in_turns
from tests.servers import elasticsearch
from tests.servers.processes import ServerMissing

_SEARCH, _INDEXING, _READER = 1.15, 1.15, 0.8  # the goals
_ROUNDS = 7
_INDEXED = 3_000  # stories of which each batch is added in turns


def measured(corpus: Corpus, folder: Path, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    """folder: not used; the server has one of its own."""
    del folder
    with elasticsearch.Node() as node:
        engine, client = ElasticsearchEngine(node.url, prefix="bench"), Elasticsearch(node.url, request_timeout=120)
        yield from _building(corpus, engine, client, ElasticsearchEngine(node.url, prefix="bare", timeout=120))
        client.indices.forcemerge(index="bench-stories", max_num_segments=1)
        yield from _searching(engine, client, areas)
        stored = client.indices.stats(index="bench-stories", metric="store")["_all"]["primaries"]["store"]
        yield plain("elasticsearch.size", stored["size_in_bytes"] / 1e6, "MB")
        (running,) = client.nodes.info(metric="process")["nodes"].values()
        yield plain("elasticsearch.memory", peak(running["process"]["id"]), "MB")
        opened = partial(ElasticsearchEngine, node.url, prefix="bench")
        yield at_least("elasticsearch.reader-while-writing", while_writing(corpus, opened, areas["page"]), _READER)
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
    yield at_most("elasticsearch.rebuild.by-bare", _rebuilding(corpus, client, bare), _INDEXING)


def _rebuilding(corpus: Corpus, client: Elasticsearch, bare: ElasticsearchEngine) -> float:
    """The first stories into a new index, made seen at the end and put in use, by seconds of the bare client's bulk
    requests into such an index; batches in turns, so that what the server does besides falls on both."""
    again, ours, theirs = "bare-again", 0.0, 0.0
    (made,) = client.indices.get(index="bare-stories").body.values()
    client.indices.create(index=again, mappings=made["mappings"], settings=_like(made["settings"]["index"]))
    with bare.rebuild() as aside:
        for batch in corpus.batches(_INDEXED):
            ready = [_action(document) | {"_index": again} for document in batch]
            ours += clocked(partial(aside.add, batch))
            theirs += clocked(partial(bulk, client, ready))
        ours += clocked(aside.count) + clocked(partial(aside.swap, Change(corpus.stories)))
        theirs += clocked(partial(client.indices.refresh, index=again))
    client.indices.delete(index=again)
    return ours / theirs


def _like(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of an index for another one that is being filled."""
    own = ("uuid", "creation_date", "provided_name", "version", "routing")
    return {name: value for name, value in settings.items() if name not in own} | {"refresh_interval": "-1"}


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
    body = searches(request, restricted(tree, filters(request).values()), {}, True, 27.0)[0] | {"_source": HEADLINES}
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
