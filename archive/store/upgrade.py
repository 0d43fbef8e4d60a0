"""Bringing a database to a schema: Alembic's scripts, run from code in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from archive.store.database import Database
from archive.store.values import StoreError

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def newest() -> str:
    """The schema that this code reads and writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def schema_of(db: Connection) -> str | None:
    return MigrationContext.configure(db).get_current_revision()


def to(db: Connection, target: str) -> None:
    """Up or down to the schema `target`, within the connection's transaction."""
    config = _config()
    config.attributes["connection"] = db
    there, here = _position(target), _position(schema_of(db))
    (command.upgrade if there >= here else command.downgrade)(config, target)


def _position(schema: str | None) -> int:
    """How many steps a schema is from the empty database."""
    if schema in (None, "base"):
        return 0
    scripts = ScriptDirectory.from_config(_config())
    return sum(1 for _ in scripts.iterate_revisions(schema, "base"))


def known(schema: str) -> bool:
    return any(script.revision == schema for script in ScriptDirectory.from_config(_config()).walk_revisions())


def ensure(database: Database) -> None:
    """Create an empty database's tables; refuse any schema but the newest.

    Raises:
        StoreError: it is older, newer, or somebody else's.
    """
    with database.explained(), database.engine.connect() as db, db.begin():
        schema = _own_schema(database, db)
    if schema is None:
        _change(database, newest())
    elif schema != newest():
        older = f"schema {schema} is older than this program's {newest()}"
        raise StoreError(f"{database.name}: {older}; run `warraq migrate`")


def _own_schema(database: Database, db: Connection) -> str | None:
    """The schema of a database that this program may change; None: it is empty."""
    schema = schema_of(db)
    if schema is None and inspect(db).get_table_names():
        raise StoreError(f"{database.name}: its tables are not this archive's; name another database")
    if schema is not None and not known(schema):
        raise StoreError(
            f"{database.name}: schema {schema} is newer than this program's {newest()}; install the newer program"
        )
    return schema


def _change(database: Database, target: str) -> None:
    """Under the write lock; somebody else may have done it in the meantime."""
    with database.explained(), database.engine.execution_options(immediate=True).connect() as db, db.begin():
        if schema_of(db) != target:
            to(db, target)


def migrate(database: Database, folder: Path | None) -> tuple[str, ...]:
    """To the newest schema. `folder` gets a copy of an SQLite database first. Returns lines to be shown."""
    with database.explained(), database.engine.connect() as db, db.begin():
        schema = _own_schema(database, db)
    if schema == newest():
        return (f"{database.name}: schema {schema} is the newest; nothing to do",)
    lines = [f"{database.name}: from schema {schema or 'none'} to {newest()}"]
    if folder is not None and schema is not None:
        lines.append(_copy(database, folder, schema))
    _change(database, newest())
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
