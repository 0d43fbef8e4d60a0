"""A desk before each test, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from archive.store import Store
from tests import needs
from tests.servers.postgresql import PostgreSQL
from tests.servers.processes import ServerMissing
from tests.store.databases import Cluster, Databases, Files
from tests.store.desk import Clock, Desk


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    try:
        running = PostgreSQL(durable=False)
    except ServerMissing as missing:
        needs.lacking(str(missing))
    with running:
        yield running


@pytest.fixture(scope="session")
def postgresql(server: PostgreSQL) -> Iterator[Cluster]:
    cluster = Cluster(server)
    yield cluster
    cluster.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Both kinds, one after the other; ONLY_SQLITE and ONLY_POSTGRESQL choose."""
    kind: Databases = request.getfixturevalue(request.param)
    yield kind
    kind.drop()


@pytest.fixture
def new_desk(databases: Databases) -> Iterator[Callable[[], Desk]]:
    """Any number of empty archives."""
    desks: list[Desk] = []

    def make() -> Desk:
        clock, url = Clock(), databases.ready()
        desks.append(Desk(Store.open(url, clock), clock, url))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()
