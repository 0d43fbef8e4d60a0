"""An archive into one file and out of it again, from either database to either, whatever comes in between."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import restoring
from archive.backup import BackupError, Manifest, backup
from archive.clock import SystemClock
from archive.fetched import Hop
from archive.model import Access, ArticleId, Change, Verdict
from archive.purging import purge
from archive.restoring import restore
from archive.store import Store, StoreError, upgrade
from archive.warc import WarcFolder
from tests.store.databases import Cluster, Databases, Files, execute, rows
from tests.store.desk import EDITOR, KEEPER, START, Clock, Desk

CLOCK = SystemClock()
SAHL = 'key = "sahl"\n'


@dataclass
class House:
    """An archive's home: a database, captures on disk, declarations."""

    folder: Path
    desk: Desk

    def __post_init__(self) -> None:
        self.captures, self.outlets = self.folder / "captures", self.folder / "outlets"

    def fetch(self, writer: WarcFolder, name: str, text: str, **more: Any) -> ArticleId:
        """A page captured on the disk, and what was read in it."""
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        page = text.encode()
        hop = Hop(self.desk.url(name), self.desk.clock.at, (), 200, "OK", headers, page, page)
        return self.desk.save(name, text, capture=writer.write(hop), **more).article

    def fill(self) -> None:
        """Something in every table."""
        store, desk = self.desk.store, self.desk
        with WarcFolder(self.captures, CLOCK) as writer:
            arabic = self.fetch(writer, "ar/1", "أُطلِقَت النّارُ ١٢٣\nسطر ثانٍ")
            english = self.fetch(writer, "en/1", "Shots were fired", to="ar/1")
            desk.wait()
            self.fetch(writer, "ar/1", "نصّ معدّل")
            self.fetch(writer, "tr/1", "Türkçe", to="ar/1", authors=("Selma", "سلمى"))
            gone = self.fetch(writer, "ar/2", "سرّ")
        for verdict, why in ((Verdict.APART, "ليستا نسختين"), (Verdict.SAME, "")):
            store.decide(arabic, english, verdict, EDITOR, why, START)
        store.add_claim(arabic, desk.url("en/9"), "figures", "infer 1", False, 0.1 + 0.2, START)
        store.break_claim(desk.url("en/9"), "answered 404", START)
        store.enqueue("daily", [Found(desk.url("ar/3"))])
        for page in ("feed", "map"):
            store.add_problem("daily", page, "no answer", START)
        store.merge_author("Selma", "سلمى", EDITOR, START)
        store.switch_words("ماء", "paper", False, EDITOR, START)
        store.clear_problems("map")  # the newest id is taken, and of no row
        self.purge(gone)
        self.outlets.mkdir()
        (self.outlets / "sahl.toml").write_text(SAHL, encoding="utf-8")

    def purge(self, article: ArticleId) -> None:
        with suppress(StoreError):  # told while a backup reads an SQLite file: its log still has the text
            self.desk.store.set_access(article, Access.PURGED, "حكم محكمة", KEEPER, START)
        with WarcFolder(self.captures, CLOCK) as writer:
            purge(self.desk.store, writer, article, "حكم محكمة")

    def back_up(self, target: Path) -> Manifest:
        return backup(self.desk.store, self.captures, self.outlets, target, CLOCK)

    def restore(self, source: Path, url: str) -> Manifest:
        return restore(source, url, self.captures, self.outlets, CLOCK)


@dataclass(frozen=True)
class Found:
    url: str
    lang: str | None = "ar"
    modified: None = None
    published: None = None
    versions: tuple[()] = ()


@pytest.fixture
def house(desk: Desk, tmp_path: Path) -> House:
    return House(tmp_path / "house", desk)


def known(store: Store) -> list[object]:
    """All that the store tells of an archive."""
    stories = store.stories(store.story_ids(), keeper=True)
    told: list[object] = [stories, store.captures(), store.articles(), store.changes(Change(0)), store.counts()]
    told += [store.audit(), store.broken_claims(), store.problems(), store.pending("daily"), store.change()]
    for listed in store.articles():
        told += [store.what_happened(listed.story), store.checks(listed.id)]
        told += [store.revision(listed.id, number, keeper=True) for number in range(1, 4)]
    return told


def tables(file: Path) -> dict[str, Any]:
    with ZipFile(file) as opened:
        members = json.loads(opened.read("manifest.json"))["members"]
    return {name: told for name, told in members.items() if name.startswith("tables/")}


@pytest.mark.parametrize("way", [("sqlite", "postgresql", "sqlite"), ("postgresql", "sqlite", "postgresql")])
def test_there_and_back_every_digest_is_equal(
    way: tuple[str, ...], sqlite: Files, postgresql: Cluster, tmp_path: Path
) -> None:
    kinds: dict[str, Databases] = {"sqlite": sqlite, "postgresql": postgresql}
    url = kinds[way[0]].ready()
    house = House(tmp_path / "0", Desk(Store.open(url, Clock()), Clock(), url))
    house.fill()
    first, files = known(house.desk.store), [tmp_path / "0.zip"]
    house.back_up(files[0])
    for number, kind in enumerate(way[1:], start=1):
        house.desk.close()
        url = kinds[kind].blank()
        house.folder = tmp_path / str(number)
        house.restore(files[-1], url)
        house.desk = Desk(Store.open(url, Clock()), Clock(), url)
        assert known(house.desk.store) == first
        with WarcFolder(house.captures, CLOCK) as captures:
            assert list(captures.verify(house.desk.store.captures())) == []
        assert (house.outlets / "sahl.toml").read_text(encoding="utf-8") == SAHL
        files.append(tmp_path / f"{number}.zip")
        house.back_up(files[-1])
    assert tables(files[0]) == tables(files[1]) == tables(files[2])
    assert all(told["bytes"] for told in tables(files[0]).values()), "a table that the test does not fill"
    house.desk.close()
    for kind_ in kinds.values():
        kind_.drop()


def test_ids_and_changes_go_on_where_they_were(house: House, databases: Databases) -> None:
    house.fill()
    house.back_up(house.folder / "b.zip")
    url = databases.blank()
    house.restore(house.folder / "b.zip", url)
    restored = Desk(Store.open(url, house.desk.clock), house.desk.clock, url)
    for desk in (house.desk, restored):
        desk.store.add_problem("daily", "page", "no answer", START)
        desk.save("ar/77", capture=house.desk.capture("ar/77"))
    for table in ("problems", "articles", "revisions", "changes"):
        numbers = [[row[0] for row in sorted(rows(desk.database)[table])] for desk in (house.desk, restored)]
        assert numbers[0] == numbers[1], table
    assert restored.store.archive() != house.desk.store.archive(), "from here on they are two archives"
    restored.close()


def test_a_backup_is_for_its_owner_and_holds_nothing_derived_or_secret(house: House) -> None:
    house.fill()
    for name in ("index/segment", "analysis/forms", "secret", "warraq.toml"):
        (house.folder / name).parent.mkdir(exist_ok=True)
        (house.folder / name).write_text("x", encoding="ascii")
    file = house.folder / "b.zip"
    manifest = house.back_up(file)
    assert file.stat().st_mode & 0o777 == 0o600
    with ZipFile(file) as opened:
        kinds = {name.partition("/")[0] for name in opened.namelist()}
    assert kinds == {"tables", "captures", "outlets", "manifest.json"}
    assert manifest.rows["articles"] == 4 and manifest.missing == ()
    assert manifest.change == house.desk.store.change()
    assert sorted(path.name for path in house.folder.glob("b.zip*")) == ["b.zip"]


def test_a_backup_made_while_others_write_is_one_moment(house: House, databases: Databases) -> None:
    """Every capture that its rows tell of is whole in it, and the stories are those of its change number."""
    house.fill()
    done = threading.Event()

    def write() -> None:
        with WarcFolder(house.captures, CLOCK) as writer:
            for number in range(1000):
                if done.is_set():
                    return
                house.fetch(writer, f"ar/during-{number}", f"متن {number}", to=f"en/during-{number}")

    collector = threading.Thread(target=write)
    collector.start()
    try:
        for number in range(3):
            file, url = house.folder / f"{number}.zip", databases.blank()
            manifest = house.back_up(file)
            other = House(house.folder / f"restored-{number}", house.desk)
            other.restore(file, url)
            store = Store.open(url, CLOCK)
            assert store.change() == manifest.change == len(store.changes(Change(0), 10_000))
            assert store.counts().captures == manifest.rows["captures"]
            with WarcFolder(other.captures, CLOCK) as captures:
                assert list(captures.verify(store.captures())) == []
            store.close()
    finally:
        done.set()
        collector.join()


def test_a_purge_in_between_begins_the_backup_anew(house: House, databases: Databases) -> None:
    house.fill()
    told: list[str] = []

    def cut_in(what: str, number: int, total: int) -> None:
        told.append(what)
        if told == ["tables"]:
            house.purge(house.desk.store.articles()[0].id)

    file = house.folder / "b.zip"
    manifest = backup(house.desk.store, house.captures, house.outlets, file, CLOCK, cut_in)
    assert manifest.missing == ()
    url = databases.blank()
    other = House(house.folder / "other", house.desk)
    other.restore(file, url)
    store = Store.open(url, CLOCK)
    assert known(store) == known(house.desk.store)
    store.close()


def test_an_archive_with_a_lost_file_is_backed_up_and_says_so(house: House) -> None:
    house.fill()
    (lost,) = house.captures.iterdir()
    lost.unlink()
    assert house.back_up(house.folder / "b.zip").missing == (lost.name,)
    lost.write_bytes(b"too short")
    assert house.back_up(house.folder / "c.zip").missing == (lost.name,)


def test_what_is_there_is_not_overwritten(house: House, databases: Databases) -> None:
    house.fill()
    file = house.folder / "b.zip"
    house.back_up(file)
    whole = file.read_bytes()
    with pytest.raises(BackupError, match="there is such a file already"):
        house.back_up(file)
    assert file.read_bytes() == whole
    before = known(house.desk.store)
    with pytest.raises(StoreError, match="an archive in it already"):
        house.restore(file, house.desk.database)
    assert known(house.desk.store) == before
    (house.outlets / "sahl.toml").write_text("mine", encoding="ascii")
    url = databases.blank()
    with pytest.raises(BackupError, match=r"sahl.toml: another file"):
        house.restore(file, url)
    Store.open(url, CLOCK).close()
    assert (house.outlets / "sahl.toml").read_text(encoding="ascii") == "mine"


def test_a_full_disk_leaves_no_half_backup(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill()
    real, left = os.fsync, iter([True])

    def full(number: int) -> None:
        if next(left, False):
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupError, match="No space left on device"):
        house.back_up(house.folder / "b.zip")
    assert not list(house.folder.glob("b.zip*"))
    house.back_up(house.folder / "b.zip")


def test_an_older_schemas_backup_is_restored_and_brought_up(house: House, databases: Databases) -> None:
    house.fill()
    first = known(house.desk.store)
    with house.desk.store._database.engine.execution_options(immediate=True).connect() as db, db.begin():
        upgrade.change(db, "0002")
    file, url = house.folder / "b.zip", databases.blank()
    assert house.back_up(file).schema == "0002"
    house.restore(file, url)
    store = Store.open(url, CLOCK)
    assert known(store) == first
    store.close()


def test_a_later_programs_backup_is_refused(house: House, databases: Databases) -> None:
    house.fill()
    execute(house.desk.database, "UPDATE alembic_version SET version_num = '0999'")
    file, url = house.folder / "b.zip", databases.blank()
    house.back_up(file)
    with pytest.raises(BackupError, match="made by a later program"):
        house.restore(file, url)
    assert rows(url) == {}


@pytest.fixture(scope="module")
def small(sqlite: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A backup and the rows that are in it."""
    folder = tmp_path_factory.mktemp("small")
    url = f"sqlite:///{folder / 'a.db'}"
    house = House(folder, Desk(Store.open(url, Clock()), Clock(), url))
    house.fill()
    house.back_up(folder / "b.zip")
    house.desk.close()
    yield folder / "b.zip", {name: found for name, found in rows(url).items() if name != "archive"}  # made anew


def outcome(source: Path, folder: Path) -> str:
    """Restores; "whole", or "refused" with one line, an empty database and no file."""
    url = f"sqlite:///{folder / 'new.db'}"
    try:
        restore(source, url, folder / "captures", folder / "outlets", CLOCK)
    except BackupError as error:
        assert "\n" not in str(error)
        assert not list(folder.glob("*")) or rows(url) == {}
        return "refused"
    return "whole"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_backup_is_refused_in_one_line_and_nothing_is_restored(
    small: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any byte changed, any end cut off: refused, or (in a byte that means nothing, such as a date) restored whole."""
    file, content = small
    raw = bytearray(file.read_bytes())
    folder = tmp_path_factory.mktemp("damaged")
    if data.draw(st.booleans()):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    else:
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    (folder.with_suffix(".zip")).write_bytes(raw)
    if outcome(folder.with_suffix(".zip"), folder) == "whole":
        restored = rows(f"sqlite:///{folder / 'new.db'}")
        assert restored.pop("archive") and restored == content


@pytest.mark.parametrize("name", ["captures/../../evil", "outlets/x.py", "/etc/evil", "captures//evil", "other/x"])
def test_a_member_that_would_go_elsewhere_is_refused(
    small: tuple[Path, dict[str, Any]], tmp_path: Path, name: str
) -> None:
    file, _ = small
    manifest: dict[str, Any]
    with ZipFile(file) as old, ZipFile(tmp_path / "evil.zip", "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for member in manifest["members"]:
            new.writestr(member, old.read(member))
        new.writestr(name, "x")
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        manifest["members"][name] = {"bytes": 1, "sha256": digest}
        new.writestr("manifest.json", json.dumps(manifest))
    (tmp_path / "home").mkdir()
    with pytest.raises(BackupError, match="has the name"):
        restore(tmp_path / "evil.zip", "sqlite:////nowhere", tmp_path / "home", tmp_path / "home", CLOCK)
    assert not list((tmp_path / "home").iterdir())


def die_at(step: str, source: Path, url: str, home: Path) -> None:
    """In a process of its own: restores, and kills itself after a file, or after a table's rows."""

    def die(what: str, number: int, total: int) -> None:
        if f"{what} {number}" == step:
            os.kill(os.getpid(), signal.SIGKILL)

    lines = restoring._lines

    def dying(file: ZipFile, table: str) -> Iterator[Any]:
        yield from lines(file, table)
        die(table, 0, 0)

    restoring._lines = dying
    restore(source, url, home / "captures", home / "outlets", CLOCK, die)


@pytest.mark.parametrize("step", ["files 1", "files 2", "articles 0", "changes 0"])
def test_a_restore_that_was_killed_says_so_and_can_be_done_again(
    step: str, small: tuple[Path, dict[str, Any]], databases: Databases, tmp_path: Path
) -> None:
    file, content = small
    url = databases.blank()
    process = multiprocessing.get_context("fork").Process(target=die_at, args=(step, file, url, tmp_path))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    attempts: tuple[Callable[[], object], ...] = (lambda: Store.open(url, CLOCK), lambda: Store.migrate(url, None))
    for attempt in attempts:
        with pytest.raises(StoreError, match="did not get done; run `warraq restore`"):
            attempt()
    restore(file, url, tmp_path / "captures", tmp_path / "outlets", CLOCK)
    store = Store.open(url, CLOCK)
    assert store.counts().captures == len(content["captures"])
    store.close()
