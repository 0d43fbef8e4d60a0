"""Connections and transactions: one writer at a time, consistent reads, every failure one line.

Every write transaction first locks the counter's row: on SQLite `BEGIN IMMEDIATE` does it, on PostgreSQL
`SELECT … FOR UPDATE`. Whoever has the lock sees all that was committed before, so change numbers are in commit order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from archive.model import Change, StoryId
from archive.store import connection
from archive.store.schema import changes, counter
from archive.store.values import Clock, StoreError


@dataclass(slots=True)
class Tx:
    """A write transaction. Stories touched in it get their lines in the change log when it commits."""

    db: Connection
    now: datetime
    key: Callable[[str], str]
    zone: Callable[[str], tzinfo]
    touched: dict[StoryId, str] = field(default_factory=dict)  # story -> kind of the first change

    def touch(self, story: StoryId, kind: str) -> None:
        self.touched.setdefault(story, kind)

    def log(self) -> None:
        """Number the touched stories: one change each, so that a reader of the log can stop after any line."""
        for story in sorted(self.touched):
            raised = update(counter).values(change=counter.c.change + 1).returning(counter.c.change)
            change = self.db.execute(raised).scalar_one()
            line = {"change": change, "story": story, "kind": self.touched[story], "at": self.now}
            self.db.execute(insert(changes).values(line))


class Database:
    """An engine with its two kinds of transactions.

    `key` makes an address's identity, `zone` gives an outlet's; `wait`: seconds a writer waits for another one.
    """

    def __init__(
        self, url: str, clock: Clock, key: Callable[[str], str], zone: Callable[[str], tzinfo], wait: float
    ) -> None:
        self.clock, self.key, self.zone = clock, key, zone
        self.engine = connection.engine(url, wait)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self.name = self.engine.url.render_as_string(hide_password=True)
        self._reader = self.engine if self.sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = self.engine.execution_options(immediate=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.explained(), self._reader.connect() as db, db.begin():
            yield db

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """All of it or nothing, with the change log's lines."""
        with self.explained(), self._writer.connect() as db, db.begin():
            db.execute(select(counter.c.change).with_for_update())
            tx = Tx(db, self.clock.now(), self.key, self.zone)
            yield tx
            tx.log()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction with which no other one of this kind runs, also where there are no tables to lock yet."""
        with self.explained(), self._writer.connect() as db, db.begin():
            if not self.sqlite:
                db.execute(text("SELECT pg_advisory_xact_lock(hashtext('warraq'))"))
            yield db

    @contextmanager
    def explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(f"{self.name}: {connection.meaning(error)}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{self.name}: text with half a surrogate pair; nothing was written") from error

    def change(self, db: Connection) -> Change:
        return Change(db.execute(select(counter.c.change)).scalar_one())

    def scrub(self) -> None:
        """Take deleted text out of SQLite's write-ahead log too; the pages themselves are overwritten on deletion.

        Raises:
            StoreError: somebody held on to the log for longer than `wait`.
        """
        if not self.sqlite:
            return
        with self.explained(), self.engine.connect() as db:
            driver: Any = db.connection.driver_connection
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            log = f"another process reads on, so {self.engine.url.database}-wal still has the text"
            raise StoreError(f"{self.name}: the text is deleted, but {log}; purge it again when that process is done")
