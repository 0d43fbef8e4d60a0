"""The change log: in the same transaction, in commit order, whatever fails and whoever else writes."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, event

from archive.model import Access, Change, Verdict
from archive.store import Store, StoreError
from tests.store.databases import Databases, rows
from tests.store.desk import EDITOR, KEEPER, START, Clock, Desk, write_pairs

WRITES = ("INSERT", "UPDATE", "DELETE")


ACTIONS: dict[str, Callable[[Desk], object]] = {
    "a new version that merges two stories": lambda desk: desk.save("en/1", "changed", to="ar/1"),
    "a revision": lambda desk: desk.save("ar/1", "نص آخر"),
    "a new article": lambda desk: desk.save("tr/1", to="en/1", aliases=("https://daily.example/?p=3",)),
    "a decision": lambda desk: desk.store.decide(
        found(desk, "ar/1"), found(desk, "en/1"), Verdict.SAME, EDITOR, "", START
    ),
    "withholding": lambda desk: desk.store.set_access(found(desk, "ar/1"), Access.WITHHELD, "why", KEEPER, START),
    "purging": lambda desk: desk.store.set_access(found(desk, "ar/1"), Access.PURGED, "why", KEEPER, START),
    "a broken link": lambda desk: desk.store.break_claim(desk.url("ar/9"), "answered 404", START),
}


def found(desk: Desk, name: str) -> Any:
    return desk.store.find(desk.url(name))


def prepare(desk: Desk) -> None:
    desk.save("ar/1")
    desk.save("en/1", to="ar/9")
    desk.wait()


@pytest.mark.parametrize("name", ACTIONS)
def test_a_failure_at_any_write_leaves_the_state_before(desk: Desk, name: str) -> None:
    """The n-th write fails, for every n: nothing of the transaction is there, and the log has no line of it."""
    prepare(desk)
    before = rows(desk.database)
    engine = desk.store._database.engine
    fail_at = count = 0

    def write() -> None:
        nonlocal count
        count += 1
        if count == fail_at:
            raise OSError("database or disk is full")

    def statement(conn: Any, cursor: Any, text: str, parameters: Any, context: Any, executemany: bool) -> None:
        if text.startswith(WRITES):
            write()

    def commit(conn: Connection) -> None:
        if conn.get_execution_options().get("immediate"):
            write()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    for fail_at in range(1, 200):
        count = 0
        try:
            ACTIONS[name](desk)
        except (StoreError, OSError):
            assert rows(desk.database) == before, f"write {fail_at}"
        else:
            break
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", commit)
    after = rows(desk.database)
    assert fail_at > 2
    assert len(after["changes"]) > len(before["changes"])
    assert after["counter"] == [(1, max(line[0] for line in after["changes"]))]


def test_the_log_can_be_read_in_pages_of_any_size(desk: Desk) -> None:
    for number in range(7):
        desk.save(f"ar/{number}")
    whole = desk.store.changes(Change(0), 100)
    paged, after = [], Change(0)
    while page := desk.store.changes(after, 2):
        paged += page
        after = page[-1][0]
    assert paged == whole
    assert [change for change, _ in whole] == list(range(1, 8))


def test_a_story_carries_its_newest_change(desk: Desk) -> None:
    desk.save("ar/1")
    desk.save("ar/2")
    saved = desk.save("en/1", to="ar/1")
    story = desk.store.story(saved.story)
    assert story is not None and story.change == desk.store.change() == 3


def test_threads_write_side_by_side_without_loss(desk: Desk) -> None:
    """Readers meanwhile never see a number without all that it stands for."""

    def write(worker: int) -> None:
        for number in range(6):
            desk.save(f"ar/{worker}-{number}", text=f"{worker} {number}")

    def watch(_: int) -> bool:
        for _ in range(15):
            newest = desk.store.change()
            lines = desk.store.changes(Change(0), 10_000)
            assert [change for change, _ in lines] == list(range(1, len(lines) + 1))
            assert len(lines) >= newest
            assert len(desk.store.stories([story for _, story in lines])) == len(lines)
        return True

    with ThreadPoolExecutor(6) as pool:
        watching = [pool.submit(watch, 0) for _ in range(2)]
        list(pool.map(write, range(4)))
        assert all(one.result() for one in watching)
    assert desk.store.change() == 24
    assert desk.store.counts().stories == 24


def test_two_processes_get_numbers_in_commit_order(databases: Databases) -> None:
    """Both open an empty database at once, and write; what is read at any moment is a beginning of the later log."""
    url = databases.blank()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_pairs, args=(url, worker)) for worker in range(2)]
    for worker in workers:
        worker.start()
    store = Store.open(url, Clock(), wait=60)
    seen: list[list[tuple[int, int]]] = []
    while any(worker.is_alive() for worker in workers):
        seen.append(list(store.changes(Change(0), 10_000)))
        time.sleep(0.05)
    for worker in workers:
        worker.join()
    whole = list(store.changes(Change(0), 10_000))
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [number for number, _ in whole] == list(range(1, 17))
    assert all(part == whole[: len(part)] for part in seen)
    assert (store.counts().both, store.counts().stories) == (8, 8)
    store.close()
