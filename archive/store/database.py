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

from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, select, update
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from archive.model import Change, StoryId
from archive.store.schema import changes, counter
from archive.store.values import Clock, StoreError

# What a database's own words mean, and what to do.
_MEANINGS = (
    ("database is locked", "another process has been writing for too long; try again when it is done"),
    ("disk is full", "the disk is full; make room and run the command again"),
    ("No space left", "the disk is full; make room and run the command again"),
    ("readonly database", "the database is read-only; give this user the right to write to the file and its folder"),
    ("unable to open", "the database cannot be opened; does its folder exist, and may this user write there?"),
    ("malformed", "the database is damaged; restore it from a backup"),
    ("not a database", "this file is no database; is the address right?"),
    ("disk I/O error", "the disk does not answer; look at the disk, then run the command again"),
)


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
        self.engine = _engine(url, wait)
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
    def explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(f"{self.name}: {_meaning(error)}; nothing was written") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{self.name}: text with half a surrogate pair; nothing was written") from error

    def change(self, db: Connection) -> Change:
        return Change(db.execute(select(counter.c.change)).scalar_one())

    def scrub(self) -> None:
        """Take deleted text out of SQLite's write-ahead log too; the pages themselves are overwritten on deletion."""
        if self.sqlite:
            with self.explained(), self.engine.connect() as db:
                db.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


def _meaning(error: SQLAlchemyError) -> str:
    text = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
    known = next((meaning for words, meaning in _MEANINGS if words in text), None)
    return known or text.splitlines()[0]


def _engine(url: str, wait: float) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            return create_engine(address)
        if address.database in (None, "", ":memory:"):
            raise StoreError(f"{url}: the store needs a file, as in sqlite:///var/warraq.db")
        engine = create_engine(address, connect_args={"timeout": wait})
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(f"{url}: no database can be reached by this address ({error})") from error
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
