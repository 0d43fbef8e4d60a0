"""The two kinds of database an archive can be in: new ones of either kind, empty or with an archive's tables."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import create_engine, inspect, text

from archive.store import Store
from tests.servers.postgresql import PostgreSQL
from tests.store.desk import Clock

ONLY_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


class Databases(Protocol):
    """`blank` and `ready` give the address of a database of its own: without tables, with an archive's."""

    def blank(self) -> str: ...
    def ready(self) -> str: ...
    def drop(self) -> None: ...


class Files:
    """SQLite. Copying a ready-made file is quicker than making its tables."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()
        self._template = folder / "template.db"
        Store.open(f"sqlite:///{self._template}", Clock()).close()

    def blank(self) -> str:
        """In a folder of its own, so that all its files can be looked at."""
        number = next(self._numbers)
        (self._folder / str(number)).mkdir()
        return f"sqlite:///{self._folder / str(number) / 'archive.db'}"

    def ready(self) -> str:
        url = self.blank()
        shutil.copy(self._template, file_of(url))
        return url

    def drop(self) -> None:
        for folder in self._folder.iterdir():
            if folder.is_dir():
                shutil.rmtree(folder)


class Cluster:
    """PostgreSQL: one server, clones of one template."""

    def __init__(self, server: PostgreSQL) -> None:
        self._server, self._numbers = server, count()
        self._made: list[str] = []
        self._engine = create_engine(server.address("postgres"), isolation_level="AUTOCOMMIT")
        self._template = self._create("template0")
        Store.open(server.address(self._template), Clock()).close()
        self._made.clear()

    def blank(self) -> str:
        return self._server.address(self._create("template0"))

    def ready(self) -> str:
        return self._server.address(self._create(self._template))

    def drop(self) -> None:
        with self._engine.connect() as db:
            while self._made:
                db.execute(text(f"DROP DATABASE {self._made.pop()} WITH (FORCE)"))

    def close(self) -> None:
        self._engine.dispose()

    def _create(self, template: str) -> str:
        name = f"archive_{next(self._numbers)}"
        with self._engine.connect() as db:
            db.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        self._made.append(name)
        return name


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def rows(url: str) -> dict[str, list[Any]]:
    """All rows of all tables, read past the store, in the order of their first columns."""
    engine = create_engine(url)
    with engine.connect() as db:
        names = set(inspect(db).get_table_names()) - {"alembic_version"}
        found = {name: sorted(map(tuple, db.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in names}
    engine.dispose()
    return found


def execute_alone(url: str, statement: str) -> None:
    """One statement of those that run in no transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(statement))
    engine.dispose()


def execute(url: str, statement: str) -> None:
    """One statement, past the store."""
    engine = create_engine(url)
    with engine.begin() as db:
        db.execute(text(statement))
    engine.dispose()
