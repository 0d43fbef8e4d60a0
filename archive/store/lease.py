"""Leases: a name that one process holds for a while. Time is the one clock that all who may want it have: that of the
machine where the file is, or of the database's server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from archive.store.database import Database, Tx
from archive.store.part import Part
from archive.store.schema import leases


@dataclass(slots=True)
class Lease:
    """True while it was ours at the last look. Two leases of one holder (two threads) exclude each other too.

    `other`: who had it at the last look, where it was not ours, as `break_lease` takes it: the holder and a token.
    """

    _database: Database = field(repr=False)
    name: str
    holder: str
    seconds: float
    held: bool = False
    other: str = ""

    def __post_init__(self) -> None:
        self.holder = f"{self.holder} {secrets.token_hex(4)}"

    def __bool__(self) -> bool:
        return self.held

    def acquire(self) -> bool:
        """Take it when it is free, run out, or ours already."""
        with self._database.write() as tx:
            row, now = tx.db.execute(select(leases).where(leases.c.name == self.name)).first(), self._now(tx)
            free = row is None or row.holder == self.holder or row.until <= now
            if free:
                until = now + timedelta(seconds=self.seconds)
                tx.db.execute(delete(leases).where(leases.c.name == self.name))
                tx.db.execute(insert(leases).values(name=self.name, holder=self.holder, until=until))
            self.held, self.other = free, "" if free or row is None else row.holder
            return free

    def renew(self) -> bool:
        """Hold it `seconds` from now on; False when somebody else has taken it meanwhile."""
        with self._database.write() as tx:
            mine = (leases.c.name == self.name) & (leases.c.holder == self.holder)
            longer = update(leases).where(mine).values(until=self._now(tx) + timedelta(seconds=self.seconds))
            self.held = tx.db.execute(longer).rowcount == 1
            row = tx.db.execute(select(leases).where(leases.c.name == self.name)).first()
            self.other = "" if row is None or self.held else row.holder
            return self.held

    def _now(self, tx: Tx) -> datetime:
        if self._database.sqlite:
            return tx.now
        now: datetime = tx.db.execute(select(func.clock_timestamp())).scalar_one()
        return now

    def release(self) -> None:
        with self._database.write() as tx:
            mine = (leases.c.name == self.name) & (leases.c.holder == self.holder)
            tx.db.execute(delete(leases).where(mine))
            self.held = False


class Leases(Part):
    def break_lease(self, name: str, holder: str) -> None:
        """Take a lease away from `holder` (as told by `Lease.other`), who is known to be no more."""
        with self._database.write() as tx:
            theirs = (leases.c.name == name) & (leases.c.holder == holder)
            tx.db.execute(delete(leases).where(theirs))

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
