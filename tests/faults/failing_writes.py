"""Row 14: the database or its disk fails at the n-th statement, for every n."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url, text

from archive.fetched import Hop
from archive.model import Access, Verdict
from archive.store import Lease, StoreError
from archive.warc import CaptureError, WarcFolder
from tests.faults.ground import Ground
from tests.faults.snapshot import beside, rows
from tests.faults.tally import Tally
from tests.store.desk import EDITOR, KEEPER, START, Clock, Desk

Fault = Callable[[Any], None]  # given the cursor, before the statement


def _raising(error: Exception) -> Fault:
    def fail(cursor: Any) -> None:
        raise error

    return fail


SQLITE: dict[str, Fault] = {
    "ENOSPC": _raising(sqlite3.OperationalError("database or disk is full")),
    "EIO": _raising(sqlite3.OperationalError("disk I/O error")),
    "read-only": _raising(sqlite3.OperationalError("attempt to write a readonly database")),
    "busy": _raising(sqlite3.OperationalError("database is locked")),
}
POSTGRESQL: dict[str, Fault] = {
    "ENOSPC": _raising(psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')),
    "EIO": _raising(psycopg.errors.IoError("could not write block 7: Input/output error")),
    "read-only": _raising(psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction")),
    "deadlock": _raising(psycopg.errors.DeadlockDetected("deadlock detected")),
}


def _article(desk: Desk, name: str) -> Any:
    return desk.store.find(desk.url(name))


ACTIONS: dict[str, Callable[[Desk], object]] = {
    "a new article": lambda desk: desk.save("tr/1", to="en/1", aliases=("https://daily.example/?p=3",)),
    "a revision": lambda desk: desk.save("ar/1", "نصٌّ آخر"),
    "a version that merges stories": lambda desk: desk.save("en/1", "changed", to="ar/1"),
    "a decision": lambda desk: desk.store.decide(
        _article(desk, "ar/1"), _article(desk, "en/1"), Verdict.SAME, EDITOR, "", START
    ),
    "withholding": lambda desk: desk.store.set_access(_article(desk, "ar/1"), Access.WITHHELD, "", KEEPER, START),
    "a broken link": lambda desk: desk.store.break_claim(desk.url("ar/9"), "answered 404", START),
    "a capture": lambda desk: desk.store.add_capture(desk.capture("ar/7")),
    "a look": lambda desk: desk.store.check(desk.url("ar/1"), desk.clock.at, "unchanged", None),
    "a fetch noted": lambda desk: desk.store.failed(desk.url("ar/8"), "answered 500"),
    "a lease": lambda desk: Lease(desk.store._database, "indexer", "a test", 60).acquire(),
}


def run(ground: Ground, on: str, tally: Tally) -> None:
    faults = SQLITE if on == "sqlite" else POSTGRESQL
    for name, action in list(ACTIONS.items())[:: ground.size(3, 1)]:
        with ground.desk(ground.database(on)) as desk, ground.desk(ground.database(on)) as control:
            for one in (desk, control):
                _fill(one)
            action(control)
            chosen = list(faults.items())[:: ground.size(4, 1)]
            _every_statement(desk, f"{on}, {name}", action, dict(chosen), _shape(control), tally)
    if on == "sqlite":
        _full_disk(ground, tally)
        _full_disk_of_captures(ground, tally)
    else:
        _cut_connections(ground, tally)


def _fill(desk: Desk) -> None:
    desk.save("ar/1")
    desk.save("en/1", to="ar/9")
    desk.store.enqueue("daily", [_Found(desk.url("ar/8"))])
    desk.wait()


class _Found:
    lang, modified, published, versions = "ar", None, None, ()

    def __init__(self, url: str) -> None:
        self.url = url


def _shape(desk: Desk) -> dict[str, object]:
    """How many rows each table has, and the change log: equal for equal actions, whose capture ids are random."""
    with beside(desk.database) as engine:
        found = rows(engine)
    return {name: len(lines) for name, lines in found.items()} | {"log": [line[:3] for line in found["changes"]]}


def _every_statement(
    desk: Desk, told: str, action: Callable[[Desk], object], faults: dict[str, Fault], wanted: object, tally: Tally
) -> None:
    """Fail at the first statement, the second … until the action gets through without reaching the fault."""
    with beside(desk.database) as look:
        before = rows(look)
        for n in count(1):
            for name, fault in faults.items():
                with failing(desk.store._database.engine, n, fault) as reached:
                    said = _attempt(desk, action)
                if not reached():
                    tally.case(said is None and _shape(desk) == wanted, f"{told}: not as without a fault ({said})")
                    return
                tally.case(_honest(said, desk) and rows(look) == before, f"{told}: {name} at statement {n}: {said}")


def _honest(said: str | None, desk: Desk) -> bool:
    """A failure that says so in one line, without what must not be said."""
    return said is not None and "\n" not in said and (make_url(desk.database).password or "\n") not in said


def _attempt(desk: Desk, action: Callable[[Desk], object]) -> str | None:
    """None: it says that it is done; else what it says."""
    try:
        action(desk)
    except StoreError as error:
        return str(error)
    return None


@contextmanager
def failing(engine: Engine, n: int, fault: Fault) -> Iterator[Callable[[], bool]]:
    """The n-th statement or commit fails; gives a function that tells whether it came to that."""
    seen = 0

    def execute(cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        hit(cursor)

    def hit(cursor: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == n:
            fault(cursor)

    def commit(connection: Any) -> None:
        hit(connection.cursor())
        usual(connection)

    usual = engine.dialect.do_commit
    event.listen(engine, "do_execute", execute)
    engine.dialect.do_commit = commit  # type: ignore[method-assign, assignment]
    try:
        yield lambda: seen >= n
    finally:
        engine.dialect.do_commit = usual  # type: ignore[method-assign]
        event.remove(engine, "do_execute", execute)


def _cut_connections(ground: Ground, tally: Tally) -> None:
    """The server ends our session before the n-th statement, in earnest."""
    url = ground.database("postgresql")
    other = create_engine(url)

    def cut(cursor: Any) -> None:
        with other.connect() as db:
            db.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": cursor.connection.info.backend_pid})

    with ground.desk(url) as desk, ground.desk(ground.database("postgresql")) as control:
        for one in (desk, control):
            _fill(one)
        action = ACTIONS["a version that merges stories"]
        action(control)
        _every_statement(desk, "session ended", action, {"cut": cut}, _shape(control), tally)
    other.dispose()


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes: writing fails in earnest, in the middle of a page."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _full_disk(ground: Ground, tally: Tally) -> None:
    """Room for 0, 1, 2 … more pages in the write-ahead log, until all of a long article fits."""
    with ground.desk() as desk, ExitStack() as stack:
        _fill(desk)
        look = stack.enter_context(beside(desk.database))
        before, file = rows(look), Path(desk.database.removeprefix("sqlite:///"))
        for n in range(1000):
            log = file.with_name(file.name + "-wal")
            room = (log.stat().st_size if log.exists() else 0) + n * 4096 + 7
            with small_disk(room):
                said = _attempt(desk, lambda desk: desk.save("ar/2", "خبرٌ طويل عن الرقّة " * 3000))
            if said is None:
                whole = desk.store.story(desk.save("ar/2", "خبرٌ طويل عن الرقّة " * 3000).story)
                tally.case(n > 2 and whole is not None, "a full disk that was never full")
                return
            tally.case("\n" not in said and rows(look) == before, f"full after {n} pages: {said}")
        tally.case(False, "the disk never had room")


def _full_disk_of_captures(ground: Ground, tally: Tally) -> None:
    """A capture's file may not grow beyond its k-th byte: said, and what was written before stays whole."""
    folder = WarcFolder(ground.fresh("captures"), Clock())  # type: ignore[arg-type]
    body = "<html>نص الصفحة</html>".encode() * 20

    def hop(n: int) -> Hop:
        at = START + timedelta(minutes=n)
        return Hop(f"https://daily.example/{n}", at, (), 200, "OK", (("Content-Type", "text/html"),), body, body)

    step = ground.size(100, 7)
    with folder:
        kept = [folder.write(hop(0))]
        for n in range(1, 5000 // step):
            with small_disk(kept[-1].offset + kept[-1].length + n * step):
                try:
                    kept.append(folder.write(hop(n)))
                except CaptureError as error:
                    good = "\n" not in str(error)
                    whole = all(folder.body(capture) == body for capture in kept[-2:])
                    tally.case(good and whole, f"captures, full after {n * step} bytes: {error}")
                    kept.append(folder.write(hop(n)))  # in a new file, once there is room
                    continue
            tally.case(folder.body(kept[-1]) == body, f"captures: written within {n * step} bytes, yet not readable")
        tally.case(not list(folder.verify(kept)), "damaged captures after the disk was full")
