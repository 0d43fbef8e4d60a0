"""Row 34: pages while the engine, the database or the disk is down, or the engine is slow."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import make_url

from archive.backup import backup
from archive.model import Access
from archive.restoring import restore
from archive.store import Store
from indexer.engine import EngineError, SearchEngine
from indexer.sync import rebuild, sync
from tests.faults.failing_writes import small_disk
from tests.faults.ground import Ground
from tests.faults.proxy import Trouble, every
from tests.faults.rooms import room
from tests.faults.tally import Tally
from tests.store.databases import execute_alone
from tests.store.desk import KEEPER
from tests.web.newsroom import Newsroom
from web import create_app

LANGS = ("en", "ar")
SLOW = 1.0  # seconds an answer may take


@dataclass(frozen=True, slots=True)
class Pages:
    """An archive's pages, and how the trouble is told of."""

    client: FlaskClient
    here: Newsroom
    told: str
    tally: Tally

    def searching_is_refused(self) -> None:
        for lang in LANGS:
            answer = self.client.get(f"/{lang}/search?q=water")
            self._honest(answer, lang, f"/{lang}/search")
        answer = self.client.get("/api/search?q=water")
        right = answer.status_code == 503 and answer.headers.get("Retry-After") and "error" in json.loads(answer.data)
        self.tally.case(right, f"{self.told}: /api/search answered {answer.status_code}")

    def beginnings_are_refused(self) -> None:
        """Their words are asked for first."""
        for lang in LANGS:
            self._honest(self.client.get(f"/{lang}/search?q=wat*"), lang, f"/{lang}/search of a beginning")

    def reading_goes_on(self) -> None:
        story = self.here.stories["library"]
        for address in (f"/en/story/{story}", f"/ar/story/{story}", f"/api/stories/{story}"):
            answer = self.client.get(address)
            self.tally.case(answer.status_code == 200, f"{self.told}: {address} answered {answer.status_code}")

    def reading_is_refused(self) -> None:
        for lang in LANGS:
            answer = self.client.get(f"/{lang}/story/{self.here.stories['library']}")
            self._honest(answer, lang, f"/{lang}/story")

    def home_stays_honest(self) -> None:
        """The first page is there, or says what is down."""
        for lang in LANGS:
            answer = self.client.get(f"/{lang}/")
            if answer.status_code != 200:
                self._honest(answer, lang, f"/{lang}/")
            else:
                self.tally.case(True, "")

    def all_is_well(self) -> float:
        """Seconds until searching and reading work again."""
        began = time.monotonic()
        while time.monotonic() - began < 60:
            if self.client.get("/en/search?q=water").status_code == 200:
                self.reading_goes_on()
                return time.monotonic() - began
            time.sleep(0.05)
        self.tally.case(False, f"{self.told}: not back after a minute")
        return 60.0

    def _honest(self, answer: Any, lang: str, where: str) -> None:
        text = answer.get_data(as_text=True)
        right = (
            answer.status_code == 503
            and int(answer.headers.get("Retry-After", 0)) > 0
            and f'lang="{lang}"' in text
            and "Traceback" not in text
        )
        self.tally.case(right, f"{self.told}: {where} answered {answer.status_code}")


def run(ground: Ground, on: str, tally: Tally) -> None:
    for told, outage in OUTAGES[on].items():
        with room(ground) as here, tally.guarded(f"{on}, {told}"):
            seconds = outage(ground, here, f"{on}, {told}", tally)
            tally.note(f"{on}, {told}: back after {seconds:.2f} s")


def _pages(here: Newsroom, told: str, tally: Tally, **services: Any) -> Pages:
    return Pages(create_app(here.services(**services)).test_client(), here, told, tally)


@contextmanager
def _behind_proxy(ground: Ground, here: Newsroom) -> Iterator[SearchEngine]:
    place = ground.place("elasticsearch")
    with ground.engine(place) as engine:
        sync(here.store, engine)
    with ground.engine(place.through(ground.proxy.url, SLOW)) as engine:
        yield engine


def _engine_troubled(trouble: Trouble, most: float) -> Callable[[Ground, Newsroom, str, Tally], float]:
    """Every request to the server meets it. `most`: seconds that a page may take to say so."""

    def outage(ground: Ground, here: Newsroom, told: str, tally: Tally) -> float:
        with _behind_proxy(ground, here) as engine:
            pages = _pages(here, told, tally, engine=engine, behind=lambda: _behind(here, engine))
            with ground.proxy.planned(every(trouble)):
                for ask, answers in (
                    (pages.searching_is_refused, 3),
                    (pages.beginnings_are_refused, 2),
                    (pages.home_stays_honest, 2),
                ):
                    began = time.monotonic()
                    ask()
                    each = (time.monotonic() - began) / answers
                    tally.case(each < most, f"{told}: {each:.1f} s until a page says so ({ask.__name__})")
                pages.reading_goes_on()
            return pages.all_is_well()

    return outage


def _behind(here: Newsroom, engine: SearchEngine) -> int:
    """As the program asks it."""
    return max(0, here.store.change() - engine.status().change)


def _index_gone(ground: Ground, here: Newsroom, told: str, tally: Tally) -> float:
    """The index's files are damaged; making it anew mends it."""
    pages = _pages(here, told, tally)
    for generation in (here.folder / "index").glob("g-*"):
        (generation / "meta.json").write_text("{", encoding="utf-8")
    pages.searching_is_refused()
    pages.reading_goes_on()
    pages.home_stays_honest()
    began = time.monotonic()
    rebuild(here.store, here.engine)
    return pages.all_is_well() + time.monotonic() - began


def _disk_full(ground: Ground, here: Newsroom, told: str, tally: Tally) -> float:
    """Nothing can be written: searching and reading go on, the index says that it is behind, and catches up."""
    pages = _pages(here, told, tally)
    market = here.articles["market-1"]
    here.store.set_access(market, Access.WITHHELD, "", KEEPER, here.clock.now())
    with small_disk(100):
        try:
            sync(here.store, here.engine)
            tally.case(False, f"{told}: the index was written on a full disk")
        except EngineError as error:
            tally.case("\n" not in str(error), f"{told}: {error}")
        pages.reading_goes_on()
        answer = pages.client.get("/en/search?q=water")
        tally.case(answer.status_code == 200 and "behind" in answer.get_data(as_text=True), f"{told}: not said")
    began = time.monotonic()
    sync(here.store, here.engine)
    tally.case(here.engine.status().change == here.store.change(), f"{told}: not caught up")
    return pages.all_is_well() + time.monotonic() - began


def _file_damaged(ground: Ground, here: Newsroom, told: str, tally: Tally) -> float:
    """The database's file holds something else; the right one comes back."""
    pages = _pages(here, told, tally)
    here.store.close()
    file, kept = here.folder / "archive.db", here.folder / "kept.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    shutil.copy(file, kept)
    file.write_bytes(b"not a database " * 1000)
    pages.reading_is_refused()
    here.store.close()
    kept.replace(file)
    return pages.all_is_well()


def _database_down(ground: Ground, here: Newsroom, told: str, tally: Tally) -> float:
    """The database server ends all sessions and takes no new ones for a while."""
    url, place = ground.blank("postgresql"), ground.fresh("moved")
    backup(here.store, here.folder / "captures", place / "none", place / "file", here.clock)
    restore(place / "file", url, place / "captures", place / "outlets", here.clock)
    server, name = make_url(url).set(database="postgres").render_as_string(hide_password=False), make_url(url).database
    store = Store.open(url, here.clock, here.services().outlets)
    pages = _pages(here, told, tally, store=store, behind=lambda: 0)
    pages.reading_goes_on()
    execute_alone(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    execute_alone(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    pages.reading_is_refused()
    execute_alone(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    seconds = pages.all_is_well()
    store.close()
    return seconds


OUTAGES: dict[str, dict[str, Callable[[Ground, Newsroom, str, Tally], float]]] = {
    "tantivy": {"index damaged": _index_gone, "disk full": _disk_full},
    "elasticsearch": {
        "down": _engine_troubled(Trouble(cut="before"), 10),
        "503": _engine_troubled(Trouble(status=503), 10),
        "slow": _engine_troubled(Trouble(delay=1.5 * SLOW), 3 * SLOW),
    },
    "sqlite": {"file damaged": _file_damaged},
    "postgresql": {"down": _database_down},
}
