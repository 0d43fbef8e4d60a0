"""All rows of all tables, read past the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, select
from sqlalchemy.pool import NullPool

from archive.store.schema import metadata

Rows = dict[str, list[tuple[Any, ...]]]


def rows(engine: Engine, tables: MetaData = metadata) -> Rows:
    """By table, in one order."""
    with engine.connect() as db:
        return {
            name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
            for name, table in tables.tables.items()
        }


def everything(engine: Engine) -> Rows:
    """As `rows`, of the tables that there are, whatever the schema; with the one that names the schema."""
    tables = MetaData()
    tables.reflect(engine)
    return rows(engine, tables)


@contextmanager
def beside(url: str) -> Iterator[Engine]:
    """A way to a database of its own, keeping nothing open between two looks."""
    engine = create_engine(url, poolclass=NullPool)
    yield engine
    engine.dispose()
