"""What the rows stand on: scratch folders, empty databases and indexes, and the servers, started when first needed."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from elasticsearch import Elasticsearch

from archive.store import Store
from indexer.engine import SearchEngine
from tests.faults.proxy import Proxy
from tests.servers import shared
from tests.servers.postgresql import PostgreSQL
from tests.store.databases import Cluster, Databases, Files
from tests.store.desk import Clock, Desk

DATABASES = ("sqlite", "postgresql")
ENGINES = ("tantivy", "elasticsearch")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an index is, so that any process can open it."""

    kind: str
    address: str  # a folder, or a server's address
    prefix: str = ""
    timeout: float = 30.0

    def open(self) -> SearchEngine:
        if self.kind == "tantivy":
            from indexer.engines.tantivy import TantivyEngine

            return TantivyEngine(Path(self.address))
        from indexer.engines.elasticsearch import ElasticsearchEngine

        return ElasticsearchEngine(self.address, prefix=self.prefix, timeout=self.timeout)

    def through(self, address: str, timeout: float = 30.0) -> Place:
        """The same index by another address, as of a proxy."""
        return replace(self, address=address, timeout=timeout)


class Ground:
    """quick: the sizes of the tests; else those of `make faults`. servers: a folder that several processes name to
    share a server. Close it to stop the servers it started."""

    def __init__(self, folder: Path, quick: bool, servers: Path) -> None:
        self.folder, self.quick, self._servers = folder, quick, servers
        self._open = ExitStack()
        self._prefixes: list[str] = []
        self.kept: dict[str, object] = {}  # what rows make once

    @classmethod
    @contextmanager
    def scratch(cls, quick: bool, servers: Path | None = None) -> Iterator[Self]:
        with tempfile.TemporaryDirectory(prefix="warraq-faults-") as folder:
            ground = cls(Path(folder), quick, servers or Path(folder) / "servers")
            try:
                yield ground
            finally:
                ground.close()

    def close(self) -> None:
        self.sweep()
        self._open.close()

    def size(self, quick: int, full: int) -> int:
        return quick if self.quick else full

    def fresh(self, name: str) -> Path:
        """A new, empty folder."""
        path = self.folder / f"{name}-{uuid.uuid4().hex[:8]}"
        path.mkdir(parents=True)
        return path

    @cached_property
    def elasticsearch(self) -> str:
        """A server's address.

        Raises:
            ServerMissing: this machine has none.
        """
        return self._open.enter_context(shared.elasticsearch(self._servers))

    @cached_property
    def proxy(self) -> Proxy:
        """Before that server."""
        proxy = Proxy(self.elasticsearch)
        self._open.callback(proxy.close)
        return proxy

    def place(self, kind: str) -> Place:
        """A place for an index that is empty yet."""
        if kind == "tantivy":
            return Place(kind, str(self.fresh("index") / "index"))
        self._prefixes.append(f"faults-{uuid.uuid4().hex[:8]}")
        return Place(kind, self.elasticsearch, self._prefixes[-1])

    def sweep(self) -> None:
        """Deletes the indexes made on the server so far."""
        while self._prefixes:
            with Elasticsearch(self.elasticsearch) as client:
                if names := list(client.indices.get(index=f"{self._prefixes.pop()}-*", expand_wildcards="all")):
                    client.indices.delete(index=names)

    @contextmanager
    def engine(self, place: Place) -> Iterator[SearchEngine]:
        engine = place.open()
        try:
            yield engine
        finally:
            engine.close()

    @cached_property
    def _databases(self) -> dict[str, Databases]:
        return {"sqlite": Files(self.fresh("stores"))}

    def database(self, kind: str = "sqlite") -> str:
        """The address of an empty archive with its tables.

        Raises:
            ServerMissing: this machine has no server for it.
        """
        return self._kind(kind).ready()

    def blank(self, kind: str) -> str:
        """The address of a database without tables. Raises as `database`."""
        return self._kind(kind).blank()

    def _kind(self, kind: str) -> Databases:
        if kind not in self._databases:
            server = self._open.enter_context(PostgreSQL())
            self._databases[kind] = cluster = Cluster(server)
            self._open.callback(cluster.close)
        return self._databases[kind]

    @contextmanager
    def desk(self, url: str | None = None) -> Iterator[Desk]:
        """A store with a desk before it; a new SQLite archive when no address is given."""
        url = url or self.database()
        clock = Clock()
        store = Store.open(url, clock)
        try:
            yield Desk(store, clock, url)
        finally:
            store.close()
