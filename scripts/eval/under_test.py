"""The engines that are measured, each with the same engine bare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from elasticsearch import Elasticsearch

from indexer.engine import SearchEngine
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.engines.tantivy import TantivyEngine
from scripts.eval import analyzers
from scripts.eval.data import Data
from tests.servers import elasticsearch
from tests.servers.processes import ServerMissing


@dataclass(frozen=True, slots=True)
class UnderTest:
    """name: as in the names of figures. fresh: opens an empty engine; each is another one."""

    name: str
    fresh: Callable[[], SearchEngine]
    bare: analyzers.Bare


@contextmanager
def tantivy(data: Data, folder: Path) -> Iterator[UnderTest]:
    number = count()
    yield UnderTest(
        "tantivy", lambda: TantivyEngine(folder / f"index-{next(number)}"), analyzers.tantivy(data.paragraphs, folder)
    )


@contextmanager
def elasticsearch_node(data: Data, folder: Path) -> Iterator[UnderTest]:
    """A server of the run's own. folder: not used."""
    del folder
    number = count()
    with elasticsearch.Node() as node, Elasticsearch(node.url, request_timeout=60) as client:
        yield UnderTest(
            "elasticsearch",
            lambda: ElasticsearchEngine(node.url, prefix=f"eval-{next(number)}"),
            analyzers.elasticsearch(data.paragraphs, client),
        )


ENGINES: dict[str, Callable[[Data, Path], AbstractContextManager[UnderTest]]] = {
    "tantivy": tantivy,
    "elasticsearch": elasticsearch_node,
}


def installed() -> list[str]:
    """The engines that this machine has."""
    try:
        elasticsearch.installed()
        elasticsearch.java()
    except ServerMissing:
        return ["tantivy"]
    return list(ENGINES)
