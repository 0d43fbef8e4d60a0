"""The store: the truth about what was captured, read, linked and decided. The only SQL.

Everything that changes what a reader could find writes the change log in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Self

from archive.address import identity
from archive.clock import SystemClock
from archive.publishers import owner
from archive.publishers.declaration import Outlet
from archive.store import upgrade
from archive.store.access import Accesses
from archive.store.articles import Articles
from archive.store.audit import Audit
from archive.store.authors import Authors
from archive.store.captures import Captures
from archive.store.changes import Changes
from archive.store.checks import Looks
from archive.store.database import Database
from archive.store.dump import Dumps
from archive.store.frontier import Frontier
from archive.store.holdings import Holdings
from archive.store.lease import Lease, Leases
from archive.store.links import Links
from archive.store.problems import Problems
from archive.store.reading import Reading
from archive.store.revisions import Revisions
from archive.store.types import bounded
from archive.store.values import (
    AuditEntry,
    Author,
    AuthorMerge,
    Checks,
    Clock,
    Counts,
    Event,
    EventKind,
    Listed,
    Pending,
    Problem,
    Saved,
    StoreError,
    Unread,
    WordSwitch,
)
from archive.store.words import Words

__all__ = [
    "AuditEntry",
    "Author",
    "AuthorMerge",
    "Checks",
    "Counts",
    "Event",
    "EventKind",
    "Lease",
    "Listed",
    "Pending",
    "Problem",
    "Saved",
    "Store",
    "StoreError",
    "Unread",
    "WordSwitch",
]


class Store(
    Captures,
    Articles,
    Revisions,
    Looks,
    Links,
    Accesses,
    Authors,
    Words,
    Reading,
    Holdings,
    Changes,
    Frontier,
    Problems,
    Audit,
    Leases,
    Dumps,
):
    """One archive's database. May be used from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, clock: Clock, outlets: Mapping[str, Outlet] | None = None, wait: float = 10.0) -> Self:
        """Open a database by its SQLAlchemy address; an empty one gets its tables.

        `outlets` give the zones in which days are counted and their own rules of page identity; without one an outlet
        is in UTC. `wait`: seconds to wait for another writer.

        Raises:
            StoreError: it cannot be opened, or its schema is not this program's.
        """
        database = _database(url, clock, outlets or {}, wait)
        try:
            upgrade.ensure(database)
        except StoreError:
            database.engine.dispose()
            raise
        return cls(database)

    @staticmethod
    def migrate(url: str, backup: Path | None) -> tuple[str, ...]:
        """Bring a database to this program's schema; an SQLite file is copied into the folder `backup` first. Returns
        the lines to be shown.

        Raises:
            StoreError: it is newer than this program, or the copy cannot be written.
        """
        database = _database(url, SystemClock(), {}, 10.0)
        try:
            return upgrade.migrate(database, backup)
        finally:
            database.engine.dispose()

    def close(self) -> None:
        self._database.engine.dispose()


def _database(url: str, clock: Clock, outlets: Mapping[str, Outlet], wait: float) -> Database:
    def key(address: str) -> str:
        return bounded(identity(address, owner(outlets, address)))

    def zone(outlet: str) -> tzinfo:
        return outlets[outlet].tz if outlet in outlets else UTC

    return Database(url, clock, key, zone, wait)
