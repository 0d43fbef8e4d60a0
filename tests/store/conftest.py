"""Real SQLite files with a desk before each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.store import Store
from tests.store.desk import Clock, Desk


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive's file as it is made; copying it is quicker than making it."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{file}", Clock()).close()
    return file


@pytest.fixture
def new_desk(tmp_path: Path, empty: Path) -> Iterator[Callable[[], Desk]]:
    """Any number of empty archives."""
    desks: list[Desk] = []

    def make() -> Desk:
        file = Path(shutil.copy(empty, tmp_path / f"archive-{len(desks)}.db"))
        clock = Clock()
        url = f"sqlite:///{file}"
        desks.append(Desk(Store.open(url, clock), clock, url))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()
