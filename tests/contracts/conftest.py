"""Engines under test: a new one joins by an entry of `ENGINES`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from archive.model import Change
from indexer.engine import SearchEngine
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.engines.tantivy import TantivyEngine
from tests.contracts.corpus import corpus
from tests.servers.shared import elasticsearch_address

__all__ = ["elasticsearch_address"]

Open = Callable[..., SearchEngine]


@contextmanager
def _tantivy(request: pytest.FixtureRequest, folder: Path) -> Iterator[Open]:
    yield lambda **settings: TantivyEngine(folder / "index", **settings)


@contextmanager
def _elasticsearch(request: pytest.FixtureRequest, folder: Path) -> Iterator[Open]:
    """Tests share a server; each has index names of its own."""
    address = request.getfixturevalue("elasticsearch_address")
    prefix = f"test-{hashlib.sha1(str(folder).encode()).hexdigest()[:12]}"
    yield lambda **settings: ElasticsearchEngine(address, prefix=prefix, **settings)
    with Elasticsearch(address) as client:
        if names := list(client.indices.get(index=f"{prefix}-*", expand_wildcards="all")):
            client.indices.delete(index=names)


ENGINES = {"tantivy": _tantivy, "elasticsearch": _elasticsearch}
PARAMS = [pytest.param(name, marks=pytest.mark.timeout(300)) for name in ENGINES]  # the first one waits for the server


@pytest.fixture(scope="module", params=PARAMS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """An engine with the corpus, for tests that only read."""
    with ENGINES[request.param](request, tmp_path_factory.mktemp("filled")) as opened:
        engine = opened()
        documents = corpus()
        engine.apply(documents[:10], Change(10))
        engine.apply(documents[10:], Change(200))
        yield engine
        engine.close()


@pytest.fixture(params=PARAMS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same, at first empty, index again and again, as different processes would."""
    with ENGINES[request.param](request, tmp_path) as opening:
        yield opening
