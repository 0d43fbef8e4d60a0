"""Leases: a name that one process holds for a while. Time is the clock's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from archive.store.database import Database
from archive.store.part import Part
from archive.store.schema import leases


@dataclass(slots=True)
class Lease:
    """True while it was ours at the last look. Two leases of one holder (two threads) exclude each other too."""

    _database: Database = field(repr=False)
    name: str
    holder: str
    seconds: float
    held: bool = False

    def __post_init__(self) -> None:
        self.holder = f"{self.holder} {secrets.token_hex(4)}"

    def __bool__(self) -> bool:
        return self.held

    def acquire(self) -> bool:
        """Take it when it is free, run out, or ours already."""
        with self._database.write() as tx:
            row = tx.db.execute(select(leases).where(leases.c.name == self.name)).first()
            free = row is None or row.holder == self.holder or row.until <= tx.now
            if free:
                until = tx.now + timedelta(seconds=self.seconds)
                tx.db.execute(delete(leases).where(leases.c.name == self.name))
                tx.db.execute(insert(leases).values(name=self.name, holder=self.holder, until=until))
            self.held = free
            return free

    def renew(self) -> bool:
        """Hold it `seconds` from now on; False when somebody else has taken it meanwhile."""
        with self._database.write() as tx:
            mine = (leases.c.name == self.name) & (leases.c.holder == self.holder)
            longer = update(leases).where(mine).values(until=tx.now + timedelta(seconds=self.seconds))
            self.held = tx.db.execute(longer).rowcount == 1
            return self.held

    def release(self) -> None:
        with self._database.write() as tx:
            mine = (leases.c.name == self.name) & (leases.c.holder == self.holder)
            tx.db.execute(delete(leases).where(mine))
            self.held = False


class Leases(Part):
    @contextmanager
    def lease(self, name: str, holder: str, seconds: float) -> Iterator[Lease]:
        """`with store.lease(...) as mine: if mine: ...`; it is given back at the end, when it was had."""
        lease = Lease(self._database, name, holder, seconds)
        lease.acquire()
        try:
            yield lease
        finally:
            if lease:
                lease.release()
