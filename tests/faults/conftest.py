from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.ground import Ground


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """At the quick sizes; Elasticsearch is shared by all tests and processes of a run."""
    workers = tmp_path_factory.getbasetemp()
    servers = (workers.parent if workers.name.startswith("popen-") else workers) / "servers"
    with Ground.scratch(quick=True, servers=servers) as ground:
        yield ground
