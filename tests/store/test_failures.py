"""Disk full, read-only, locked, damaged: one clear line, and nothing half-written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from archive.model import Change
from archive.store import Store, StoreError
from archive.store.connection import engine
from tests.servers.postgresql import PostgreSQL
from tests.store.databases import ONLY_POSTGRESQL, ONLY_SQLITE, execute, file_of
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
        ("postgresql+psycopg2://me:secret@127.0.0.1/x", "neither with sqlite"),
        ("mysql:/me:secret@127.0.0.1/x", "no database can be reached"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/x", "is it running"),
        ("postgresql://me:secret@nowhere.invalid/x", "is it running"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as error:
        Store.open(url, Clock())
    assert "secret" not in one_line(error)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (":{password}@", ":guess@", "refuses this user"),
        ("warraq:", "stranger:", "refuses this user"),
        ("/{name}", "/nothing_there", "createdb"),
    ],
)
def test_what_a_server_refuses(server: PostgreSQL, right: str, wrong: str, says: str) -> None:
    url = server.address("postgres")
    told = {"password": make_url(url).password, "name": "postgres"}
    with pytest.raises(StoreError, match=says) as error:
        Store.open(url.replace(right.format(**told), wrong), Clock())
    assert str(told["password"]) not in one_line(error) and "guess" not in str(error.value)


@ONLY_POSTGRESQL
class TestServer:
    def test_another_writer_that_does_not_end(self, desk: Desk) -> None:
        desk.save("ar/1")
        impatient = Store.open(desk.database, desk.clock, wait=0.1)
        with desk.store._database.write() as tx:
            assert tx.now
            with pytest.raises(StoreError, match="another process has been writing") as error:
                impatient.add_capture(desk.capture("ar/2"))
            assert impatient.counts().stories == 1  # reading goes on
        one_line(error)
        impatient.add_capture(desk.capture("ar/2"))
        impatient.close()

    def test_a_full_disk(self, desk: Desk) -> None:
        """In the server's own words, from a trigger: nothing of the transaction is there."""
        desk.save("ar/1")
        words = 'could not extend file "base/1/2": No space left on device'
        raising = f"BEGIN RAISE EXCEPTION USING ERRCODE = ''53100'', MESSAGE = ''{words}''; END"
        execute(desk.database, f"CREATE FUNCTION filled_up() RETURNS trigger LANGUAGE plpgsql AS '{raising}'")
        execute(desk.database, "CREATE TRIGGER filled_up BEFORE INSERT ON changes EXECUTE FUNCTION filled_up()")
        change = desk.store.change()
        with pytest.raises(StoreError, match="disk is full; make room") as error:
            desk.save("ar/2")
        one_line(error)
        assert (desk.store.change(), desk.store.find(desk.url("ar/2"))) == (change, None)
        execute(desk.database, "DROP TRIGGER filled_up ON changes")
        assert desk.save("ar/2").outcome == "new"

    def test_a_server_that_cuts_connections_off_is_used_again(self, desk: Desk) -> None:
        desk.save("ar/1")
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
        here = "AND datname = current_database()"
        execute(desk.database, f"{cut} {here}")
        assert desk.save("ar/2").outcome == "new"
        with pytest.raises(StoreError, match="went away") as error, desk.store._database.write() as tx:
            execute(desk.database, f"{cut} {here}")
            tx.db.execute(text("SELECT 1"))
        one_line(error)
        assert desk.save("ar/3").outcome == "new"

    def test_a_nul_in_an_address_is_refused_in_one_line(self, desk: Desk) -> None:
        with pytest.raises(StoreError, match="NUL") as error:
            desk.store.add_problem("daily", "a\x00b", "no answer", desk.clock.at)
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


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://warraq:hid@den@db/warraq", "%40"),
        ("postgresql+psycopg://warraq:hid@den/word@db/warraq", "%40"),
        ("postgresql+psycopg://warraq:top:hid@den@db:5432/warraq", "%40"),
        ("mysql://warraq:hid/den@db/warraq", "no database"),
        ("nonsense://warraq:hid/den#x@db/warraq", "no database"),
        ("postgresql+psycopg://warraq:hidden@db:54x/warraq", "port is no number"),
        ("postgresql+psycopg2://db/warraq?user=warraq&password=hid/den", "no database"),
        ("warraq:hid/den@db", "no database"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(url: str, told: str) -> None:
    """Also a password with the signs that part an address; in one line that says what to do."""
    with pytest.raises(StoreError) as error:
        Store.open(url, Clock())
    assert told in one_line(error) and "hid" not in str(error.value) and "den" not in str(error.value)


def test_a_password_among_the_options_is_not_shown() -> None:
    made = engine("postgresql+psycopg://db/warraq?password=hidden&connect_timeout=1", 1.0)
    assert "hidden" not in made.url.render_as_string(hide_password=True) and made.url.password == "hidden"
