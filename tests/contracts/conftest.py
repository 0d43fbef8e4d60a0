"""Engines under test: a new one joins by an entry of `ENGINES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.model import Change
from indexer.engine import SearchEngine
from indexer.engines.tantivy import TantivyEngine
from tests.contracts.corpus import corpus

Open = Callable[..., SearchEngine]


def _tantivy(folder: Path) -> Open:
    return lambda **settings: TantivyEngine(folder / "index", **settings)


ENGINES = {"tantivy": _tantivy}


@pytest.fixture(scope="module", params=list(ENGINES))
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """An engine with the corpus, for tests that only read."""
    engine = ENGINES[request.param](tmp_path_factory.mktemp("filled"))()
    documents = corpus()
    engine.apply(documents[:10], Change(10))
    engine.apply(documents[10:], Change(200))
    yield engine
    engine.close()


@pytest.fixture(params=list(ENGINES))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same, at first empty, index again and again, as different processes would."""
    return ENGINES[request.param](tmp_path)
