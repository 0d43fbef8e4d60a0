"""Which schema a database has, and bringing it to this program's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from archive.store.database import Database
from archive.store.values import StoreError

SCHEMA = "0008"  # that this program reads and writes: the newest of migrations/versions
_RESTORING = "restoring "  # stands before the schema while a database is being filled from a backup


def schema_of(db: Connection) -> str | None:
    """The schema that a database says it has; None: it says nothing."""
    if "alembic_version" not in inspect(db).get_table_names():
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def marked(schema: str) -> str:
    """What a database says while it is being filled."""
    return _RESTORING + schema


def unmarked(schema: str | None) -> str | None:
    """The schema of a database that is being filled; None: it is not."""
    return schema.removeprefix(_RESTORING) if schema and schema.startswith(_RESTORING) else None


def set_schema(db: Connection, schema: str) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})


def change(db: Connection, target: str) -> None:
    """To the schema `target` ("base": empty), within the connection's transaction."""
    from archive.store import scripts

    scripts.to(db, schema_of(db), target)


def ensure(database: Database) -> None:
    """Create an empty database's tables; refuse any schema but this program's.

    Raises:
        StoreError: it is older, newer, or somebody else's.
    """
    with database.explained(), database.engine.connect() as db, db.begin():
        schema = own_schema(database, db)
    if schema is None:
        _to_newest(database)
    elif schema != SCHEMA:
        older = f"schema {schema} is older than this program's {SCHEMA}"
        raise StoreError(f"{database.name}: {older}; run `warraq migrate`")


def own_schema(database: Database, db: Connection) -> str | None:
    """The schema of a database that this program may change; None: it is empty."""
    schema = schema_of(db)
    if schema is None and set(inspect(db).get_table_names()) - {"alembic_version"}:
        raise StoreError(f"{database.name}: its tables are not this archive's; name another database")
    if schema in (None, SCHEMA):
        return schema
    if unmarked(schema):
        again = "run `warraq restore` with the same file again, or begin with an empty database"
        raise StoreError(f"{database.name}: a backup was being restored into it and did not get done; {again}")
    from archive.store import scripts

    if schema not in scripts.history():
        newer = f"schema {schema} is newer than this program's {SCHEMA}"
        raise StoreError(f"{database.name}: {newer}; install the newer program")
    return schema


def _to_newest(database: Database) -> None:
    """Under a lock; somebody else may have done it in the meantime."""
    with database.alone() as db:
        if not database.sqlite and db.execute(text("SHOW server_encoding")).scalar() != "UTF8":
            raise StoreError(f"{database.name}: it must be a database in UTF-8: createdb -E UTF8 -T template0 …")
        if schema_of(db) != SCHEMA:
            change(db, SCHEMA)


def migrate(database: Database, folder: Path | None) -> tuple[str, ...]:
    """To this program's schema. `folder` gets a copy of an SQLite database first. Returns lines to be shown."""
    with database.explained(), database.engine.connect() as db, db.begin():
        schema = own_schema(database, db)
    if schema == SCHEMA:
        return (f"{database.name}: schema {schema} is the newest; nothing to do",)
    lines = [f"{database.name}: from schema {schema or 'none'} to {SCHEMA}"]
    if folder is not None and schema is not None:
        lines.append(_copy(database, folder, schema))
    _to_newest(database)
    return (*lines, "done")


def _copy(database: Database, folder: Path, schema: str) -> str:
    if not database.sqlite:
        return "no copy was made: use pg_dump for that"
    names = (folder / f"schema-{schema}-{number}.db" for number in count(1))
    target = next(name for name in names if not name.exists())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        source = str(database.engine.url.database)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target}: the copy cannot be written ({error}); nothing was changed") from error
    return f"copied to {target}"
