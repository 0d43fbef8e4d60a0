"""All rows out of one database and into another, of either kind.

A row is a dictionary of plain values: text, numbers, true and false, None; dates as ISO text; instants, as the tables
have them, in microseconds since 1970. Leases are left out: they are no part of what is kept. So is the archive's id:
what was restored goes on by itself, beside the archive that the backup was made of or in the place of a later state of
it, so that an index made before is not of it, whatever change it stands at.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from sqlalchemy import Connection, Date, MetaData, Table, Text, collate, func, inspect, select, text, update
from sqlalchemy import types as sql

from archive.model import Change
from archive.store import upgrade
from archive.store.database import Database
from archive.store.part import Part, batches
from archive.store.schema import archive, captures
from archive.store.values import Clock, StoreError

Plain = dict[str, str | int | float | bool | None]

_APART = ("alembic_version", "archive", "leases")


@dataclass(frozen=True, slots=True)
class Dump:
    """One consistent view of a whole database."""

    schema: str
    change: Change
    _db: Connection = field(repr=False)
    _tables: Mapping[str, Table] = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """By name, whatever others refer to first."""
        return tuple(self._tables)

    def rows(self, name: str) -> Iterator[Plain]:
        """In the order of their keys, which is the same on every database."""
        table = self._tables[name]
        order = (collate(c, "C") if _collates(self._db, c.type) else c for c in table.primary_key)
        found = self._db.execution_options(yield_per=1000).execute(select(table).order_by(*order))
        for row in found.mappings():
            yield {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}

    def last_ids(self) -> dict[str, int]:
        """The last id that each table gave out, where it gave out any."""
        given = {name: _last_id(self._db, name) for name in self.tables if "id" in self._tables[name].c}
        return {name: last for name, last in given.items() if last}

    def warcs(self) -> dict[str, int]:
        """The files that captures are in, by name, and where the last capture in each ends."""
        end = func.max(captures.c.position + captures.c.length)
        found = self._db.execute(select(captures.c.warc, end).group_by(captures.c.warc))
        return dict(sorted((warc, last) for warc, last in found))


class Dumps(Part):
    @contextmanager
    def dump(self) -> Iterator[Dump]:
        """All rows as they are at this moment, while others go on writing."""
        with self._database.read() as db:
            yield Dump(upgrade.schema_of(db) or "", self._database.change(db), db, _tables(db))


class Loading:
    """Filling an empty database with the rows of a dump. From `begin` until `fill` is done, nothing else opens it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, clock: Clock) -> Self:
        """Raises StoreError: this is not the address of a database."""
        return cls(Database(url, clock, key=str, zone=_no_zone, wait=10.0))

    def close(self) -> None:
        self._database.engine.dispose()

    def begin(self) -> None:
        """Mark the database as being filled; one that was marked before, and never filled, may be begun again.

        Raises:
            StoreError: there is something in it already, or it is not this archive's.
        """
        with self._database.alone() as db:
            schema = upgrade.schema_of(db)
            if upgrade.unmarked(schema) is None:
                schema = upgrade.own_schema(self._database, db)
                if schema is None:
                    upgrade.change(db, upgrade.SCHEMA)
                self._refuse_filled(db)
                upgrade.set_schema(db, upgrade.marked(schema or upgrade.SCHEMA))

    def fill(self, schema: str, rows: Mapping[str, Iterable[Plain]], last_ids: Mapping[str, int]) -> None:
        """Insert the rows of a dump made at `schema`, bring them to this program's, and take the mark away: all of it
        in one transaction.

        Raises:
            StoreError: there is something in it already, or the rows are not those of that schema.
        """
        with self._database.alone() as db:
            here = upgrade.unmarked(upgrade.schema_of(db))
            if here is None:
                raise StoreError(f"{self._database.name}: nobody began to restore into it; nothing was written")
            upgrade.set_schema(db, here)
            self._refuse_filled(db)
            upgrade.change(db, schema)
            tables = _tables(db)
            if set(tables) != set(rows):
                raise StoreError(f"{self._database.name}: the backup has other tables than schema {schema}")
            for name, table in tables.items():
                _insert(db, table, rows[name])
            for name, last in last_ids.items():
                _go_on_after(db, name, last)
            upgrade.change(db, upgrade.SCHEMA)
            db.execute(update(archive).values(id=uuid.uuid4().hex))

    def _refuse_filled(self, db: Connection) -> None:
        for name, table in _tables(db).items():
            there = table.c.change > 0 if name == "counter" else text("true")
            if db.execute(select(func.count()).select_from(table).where(there)).scalar_one():
                says = "there is an archive in it already; a backup is restored into an empty one"
                raise StoreError(f"{self._database.name}: {says}; nothing was changed")


def known(schema: str) -> bool:
    """Whether this program can read rows of that schema."""
    from archive.store import scripts

    return schema in scripts.history()


def _no_zone(outlet: str) -> Any:
    raise AssertionError(f"rows are taken as they are, {outlet} included")


def _tables(db: Connection) -> dict[str, Table]:
    """The tables as they are in the database, whatever others refer to first."""
    found = MetaData()
    found.reflect(db)
    return {table.name: table for table in found.sorted_tables if table.name not in _APART}


def _collates(db: Connection, kind: sql.TypeEngine[Any]) -> bool:
    return db.dialect.name != "sqlite" and isinstance(kind, sql.String | Text)


def _insert(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    db.execute(table.delete())
    dates = [column.name for column in table.c if isinstance(column.type, Date)]
    for batch in batches(rows):
        values: list[dict[str, Any]] = [dict(row) for row in batch]
        for row in values:
            row |= {name: date.fromisoformat(row[name]) for name in dates if row[name]}
        db.execute(table.insert(), values)


def _sequence(db: Connection, table: str) -> str | None:
    """PostgreSQL's sequence behind a table's ids."""
    found: str | None = db.execute(select(func.pg_get_serial_sequence(table, "id"))).scalar()
    return found


def _last_id(db: Connection, table: str) -> int:
    if db.dialect.name == "sqlite":
        if "sqlite_sequence" not in inspect(db).get_table_names(sqlite_include_internal=True):
            return 0
        given = db.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}).scalar()
        return given or 0
    sequence = _sequence(db, table)
    if sequence is None:
        return 0
    last, called = db.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return int(last) if called else 0


def _go_on_after(db: Connection, table: str, last: int) -> None:
    """The next id of the table is a new one."""
    if db.dialect.name == "sqlite":
        values = {"name": table, "last": last}
        db.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
    elif sequence := _sequence(db, table):
        db.execute(select(func.setval(sequence, last, True)))
