"""Disk full, read-only, locked, damaged: one clear line, and nothing half-written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.model import Change
from archive.store import Store, StoreError
from tests.store.databases import ONLY_SQLITE, file_of
from tests.store.desk import Clock, Desk


def one_line(error: pytest.ExceptionInfo[StoreError]) -> str:
    said = str(error.value)
    assert "\n" not in said and "sqlalche.me" not in said and "SELECT" not in said
    return said


@ONLY_SQLITE
def test_another_writer_that_does_not_end(desk: Desk) -> None:
    desk.save("ar/1")
    impatient = Store.open(desk.database, desk.clock, wait=0.1)
    other = sqlite3.connect(file_of(desk.database))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process has been writing") as error:
        impatient.add_capture(desk.capture("ar/2"))
    one_line(error)
    assert impatient.counts().stories == 1  # reading goes on
    other.rollback()
    other.close()
    impatient.add_capture(desk.capture("ar/2"))
    impatient.close()


@ONLY_SQLITE
def test_a_full_disk(desk: Desk) -> None:
    desk.save("ar/1")
    engine = desk.store._database.engine
    engine.dispose()
    with engine.connect() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    change = desk.store.change()
    with pytest.raises(StoreError, match="disk is full; make room") as error:
        desk.save("ar/2", "نص طويل " * 20_000)
    one_line(error)
    assert (desk.store.change(), desk.store.find(desk.url("ar/2"))) == (change, None)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert desk.save("ar/2", "نص طويل " * 20_000).outcome == "new"


@ONLY_SQLITE
def test_a_read_only_database_can_be_read(desk: Desk) -> None:
    saved = desk.save("ar/1")
    file = file_of(desk.database)
    store = Store.open(f"sqlite:///file:{file}?mode=ro&uri=true", desk.clock)
    assert store.story(saved.story) is not None
    with pytest.raises(StoreError, match="read-only") as error:
        store.add_capture(desk.capture("ar/2"))
    one_line(error)
    store.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/at/all/warraq.db", "does its folder exist"),
        ("sqlite://", "needs a file"),
        ("nonsense", "no database can be reached"),
        ("oracle+nothing://x/y", "no database can be reached"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as error:
        Store.open(url, Clock())
    one_line(error)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ملاحظات " * 2000, encoding="utf-8")
    with pytest.raises(StoreError, match="no database") as error:
        Store.open(f"sqlite:///{tmp_path / 'notes.txt'}", Clock())
    one_line(error)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8").startswith("ملاحظات")


@ONLY_SQLITE
def test_a_damaged_file(desk: Desk) -> None:
    for number in range(20):
        desk.save(f"ar/{number}", "نص " * 500)
    desk.store.close()
    file = file_of(desk.database)
    whole = file.read_bytes()
    file.write_bytes(whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2))
    with pytest.raises(StoreError, match=r"damaged|no database") as error:
        desk.reopen().changes(Change(0))
    one_line(error)
