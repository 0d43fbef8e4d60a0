"""Row 15: a backup while others write, restored elsewhere, into both kinds of database."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from archive.backup import backup
from archive.fetched import Hop
from archive.restoring import restore
from archive.store import Store
from archive.warc import WarcFolder
from tests.faults.ground import Ground
from tests.faults.snapshot import beside, rows
from tests.faults.stories import text
from tests.faults.tally import Tally
from tests.store.desk import Clock, Desk

LOGS = ("changes", "captures", "claims", "decisions", "audit", "events")  # only ever added to


def run(ground: Ground, on: str, tally: Tally) -> None:
    folder = ground.fresh("captures")
    with ground.desk(ground.database(on)) as desk, WarcFolder(folder, desk.clock, rotate=20_000) as captures:  # type: ignore[arg-type]
        for n in range(ground.size(8, 60)):
            _collect(desk, captures, n)
        with _writing(desk, captures):
            for turn in range(ground.size(2, 8)):
                target = ("sqlite", "postgresql")[turn % 2]
                with tally.guarded(f"{on} to {target}, while writing"):
                    _there_and_back(ground, desk, folder, target, tally, f"{on} to {target}, while writing")
        for target in ("sqlite", "postgresql"):
            with tally.guarded(f"{on} to {target}, at rest"):
                _there_and_back(ground, desk, folder, target, tally, f"{on} to {target}, at rest", whole=True)


def _collect(desk: Desk, captures: WarcFolder, n: int) -> None:
    """An article with a real capture, or a later revision of one."""
    chance = random.Random(n)
    name, words = f"{('ar', 'en')[n % 2]}/{n % 20}", text(chance, ("ar", "en")[n % 2])
    at, body = desk.clock.at + timedelta(minutes=n), f"<html><p>{words} {n}</p></html>".encode()
    hop = Hop(desk.url(name), at, (), 200, "OK", (("Content-Type", "text/html; charset=utf-8"),), body, body)
    desk.save(name, f"{words} {n}", to=f"ar/{n % 20 - 1}" if n % 2 else None, capture=captures.write(hop))


@contextmanager
def _writing(desk: Desk, captures: WarcFolder) -> Iterator[None]:
    """Another thread collects meanwhile, with a store of its own."""
    done = threading.Event()

    def write() -> None:
        own = Store.open(desk.database, Clock())
        writer, n = Desk(own, Clock(), desk.database), 1000
        while not done.is_set():
            _collect(writer, captures, n)
            n += 1
        own.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _there_and_back(
    ground: Ground, desk: Desk, folder: Path, target: str, tally: Tally, told: str, whole: bool = False
) -> None:
    place = ground.fresh("restored")
    made = backup(desk.store, folder, place / "no-outlets", place / "archive.backup", Clock())  # type: ignore[arg-type]
    url, began = ground.blank(target), time.monotonic()
    restore(place / "archive.backup", url, place / "captures", place / "outlets", Clock())  # type: ignore[arg-type]
    if whole:
        tally.note(f"{told}: {sum(made.rows.values())} rows restored in {time.monotonic() - began:.1f} s")
    with beside(desk.database) as one, beside(url) as other:
        before, after = rows(one), rows(other)
    kept = [name for name in before if name not in ("archive", "leases", "counter", "marks")] if whole else LOGS
    for name in kept:
        last = max((row[0] for row in after[name]), default=0) if not whole else None
        expected = [row for row in before[name] if last is None or row[0] <= last]
        tally.case(after[name] == expected, f"{told}: {name} differ")
    store = Store.open(url, Clock())
    try:
        tally.case(store.change() == made.change and len(after["changes"]) == made.change, f"{told}: change number")
        stories = store.stories(store.story_ids())
        tally.case(all(v.content.digest == v.revision.digest for s in stories for v in s.versions), f"{told}: digests")
        with WarcFolder(place / "captures", Clock()) as restored:  # type: ignore[arg-type]
            tally.case(not list(restored.verify(store.captures())), f"{told}: damaged captures")
        tally.case(not store.articles_without_capture(), f"{told}: articles without a capture")
    finally:
        store.close()
