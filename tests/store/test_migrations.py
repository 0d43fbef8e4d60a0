"""Schemas: made new, brought up to date, refused when they are somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from archive.address import identity
from archive.model import Access, Verdict
from archive.store import Store, StoreError, scripts, upgrade
from archive.store.schema import metadata
from tests.servers.postgresql import PostgreSQL
from tests.store.databases import ONLY_SQLITE, Databases, execute, execute_alone, rows
from tests.store.desk import EDITOR, KEEPER, START, Clock, Desk

LATER = {
    "frontier",
    "leases",
    "problems",
    "author_merges",
    "word_switches",
    "archive",
}  # tables that later schemas brought


def fill(desk: Desk) -> None:
    one, two = desk.save("ar/1"), desk.save("en/1", to="ar/1")
    desk.save("ar/1", "نص آخر")
    desk.store.break_claim(desk.url("ar/9"), "answered 404", START)
    desk.store.decide(one.article, two.article, Verdict.APART, EDITOR, "", START)
    desk.store.set_access(one.article, Access.WITHHELD, "", KEEPER, START)
    desk.store.close()


def move(desk: Desk, target: str) -> None:
    with desk.store._database.engine.execution_options(immediate=True).connect() as db, db.begin():
        upgrade.change(db, target)


def test_the_migrations_make_the_tables_of_the_code(desk: Desk) -> None:
    with desk.store._database.read() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_programs_schema_is_the_newest_there_is() -> None:
    assert scripts.history()[-1] == upgrade.SCHEMA


def test_down_and_up_again_keeps_every_row_of_what_stays(desk: Desk) -> None:
    fill(desk)
    before = rows(desk.database)
    move(desk, "0001")
    down = rows(desk.database)
    assert set(before) - set(down) == LATER
    move(desk, upgrade.SCHEMA)
    after = rows(desk.database)
    for name in before.keys() - {"archive"}:  # whose id is made anew
        assert after[name] == before[name], name
    move(desk, "base")
    assert set(rows(desk.database)) <= {"sqlite_sequence"}


def test_ids_are_not_used_again_after_a_migration(desk: Desk) -> None:
    fill(desk)
    newest = max(line[0] for line in rows(desk.database)["articles"])
    move(desk, "0001")
    move(desk, upgrade.SCHEMA)
    assert desk.save("tr/5").article == newest + 1


@ONLY_SQLITE
def test_an_older_schema_is_refused_then_migrated_with_a_copy(desk: Desk, tmp_path: Path) -> None:
    fill(desk)
    move(desk, "0001")
    with pytest.raises(StoreError, match="run `warraq migrate`"):
        desk.reopen()
    backups = tmp_path / "backups"
    announced = Store.migrate(desk.database, backups)
    assert f"from schema 0001 to {upgrade.SCHEMA}" in announced[0]
    (copy,) = backups.iterdir()
    assert str(copy) in announced[1]
    assert rows(f"sqlite:///{copy}")["articles"] == rows(desk.database)["articles"]
    assert Store.migrate(desk.database, backups)[0].endswith("nothing to do")
    assert desk.reopen().counts().captures == 3


def test_a_newer_schema_is_refused(desk: Desk) -> None:
    desk.store.close()
    execute(desk.database, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (desk.reopen, lambda: Store.migrate(desk.database, None)):
        with pytest.raises(StoreError, match="newer than this program"):
            attempt()


def test_somebody_elses_database_is_left_alone(databases: Databases) -> None:
    url = databases.blank()
    execute(url, "CREATE TABLE orders (id INTEGER)")
    for attempt in (lambda: Store.open(url, Clock()), lambda: Store.migrate(url, None)):
        with pytest.raises(StoreError, match="not this archive's"):
            attempt()
    assert set(rows(url)) == {"orders"}


def test_a_migration_that_fails_midway_leaves_the_old_schema(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk)
    move(desk, "0001")
    before = rows(desk.database)
    change: Callable[..., None] = upgrade.change

    def dies(db: Any, target: str) -> None:
        change(db, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(upgrade, "change", dies)
    with pytest.raises(KeyboardInterrupt):
        Store.migrate(desk.database, None)
    assert rows(desk.database) == before


def test_keys_of_older_schemas_that_no_index_takes_are_shortened(desk: Desk) -> None:
    """SQLite took them; PostgreSQL never did. The article is found again by its whole address."""
    long = desk.url("ar/" + "خبر" * 500)
    saved, short = desk.save("ar/1"), desk.save("ar/2")
    key = identity(long)
    desk.close()
    move(desk, "0002")
    if desk.database.startswith("sqlite"):
        execute(desk.database, f"UPDATE addresses SET key = '{key}' WHERE article = {saved.article}")
    move(desk, upgrade.SCHEMA)
    store = desk.reopen()
    assert store.find(long) == (saved.article if desk.database.startswith("sqlite") else None)
    assert store.find(desk.url("ar/2")) == short.article


def test_a_database_in_another_encoding_is_refused(server: PostgreSQL) -> None:
    execute_alone(server.address("postgres"), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="UTF-8: createdb"):
        Store.open(server.address("latin"), Clock())
