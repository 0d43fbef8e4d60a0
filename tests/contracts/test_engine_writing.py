"""How an index changes: what is written replaces, what is older never does, a rebuild is seen all at once."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from typing import Any

import pytest

from archive.model import Change
from indexer.document import IndexDocument, digest, tombstone
from indexer.engine import EngineBusy, EngineError, IndexOutdated, Request, SearchEngine
from indexer.tree import Everything, Query, Word
from tests.contracts.conftest import Open
from tests.contracts.corpus import corpus, drawn, side, story

ALL = Request(Query("", Everything()), limit=100)


def content(engine: SearchEngine) -> dict[int, tuple[int, str]]:
    return {number: (change, found) for number, change, found in engine.versions_of()}


def expected(documents: list[IndexDocument]) -> dict[int, tuple[int, str]]:
    return {d.story: (d.change, digest(d)) for d in documents if not d.tombstone}


def word(text: str) -> Request:
    return Request(Query("", Word(text, None)))


def test_a_new_index_is_empty_and_answers(opened: Open) -> None:
    engine = opened()
    results = engine.search(ALL)
    assert (results.total, results.hits, results.years) == (0, (), ())
    assert list(engine.scan(ALL)) == [] == list(engine.versions_of())
    assert engine.status().documents == 0


def test_applying_twice_is_applying_once(opened: Open) -> None:
    engine = opened()
    for _ in range(2):
        engine.apply(corpus(), Change(200))
        assert content(engine) == expected(corpus())
        assert engine.search(ALL).total == engine.status().documents == len(expected(corpus()))


def test_a_story_is_replaced_whole(opened: Open) -> None:
    engine = opened()
    engine.apply([story(1, side("en", "Wheat"), change=1), story(2, side("en", "Barley"), change=2)], Change(2))
    engine.apply([story(1, side("en", "Maize"), change=3)], Change(3))
    assert [engine.search(word(text)).total for text in ("wheat", "maize", "barley")] == [0, 1, 1]


def test_an_older_document_never_replaces_a_newer_one(opened: Open) -> None:
    """Also not one that was taken away meanwhile, and not within one batch, in any order."""
    new, old = story(1, side("en", "Maize"), change=5), story(1, side("en", "Wheat"), change=3)
    for first, second in (([new], [old]), ([new, old], []), ([old, new], []), ([old], [new, old])):
        engine = opened()
        engine.apply([tombstone(new.story, Change(1))], Change(1))
        engine.apply(first, Change(5))
        engine.apply(second, Change(5))
        assert engine.search(word("maize")).total == 1 and engine.search(word("wheat")).total == 0
        engine.close()
    engine = opened()
    engine.apply([tombstone(new.story, Change(9))], Change(9))
    engine.apply([new], Change(9))
    assert engine.search(ALL).total == 0


def test_a_tombstone_is_never_found_nor_counted(opened: Open) -> None:
    engine = opened()
    engine.apply(corpus(), Change(200))
    engine.apply([tombstone(d.story, Change(300)) for d in corpus()], Change(300))
    assert engine.search(ALL).total == engine.status().documents == 0
    assert list(engine.scan(ALL)) == [] == list(engine.versions_of())
    assert not any(engine.search(ALL).facets.values())


def test_the_change_number_is_kept_and_never_goes_back(opened: Open) -> None:
    engine = opened()
    engine.apply([], Change(7))
    engine.apply(corpus()[:1], Change(4))
    engine.close()
    assert opened().status().change == 7


def test_any_order_and_batching_gives_the_same_index(opened: Open) -> None:
    """Documents of 12 stories in several states, shuffled and cut at random, with repeats: the newest state stays."""
    chance = random.Random(5)
    states = [replace(d, story=d.story % 12 + 1, change=Change(n)) for n, d in enumerate(drawn(40), 1)]
    newest = {state.story: state for state in states}
    engine = opened()
    shuffled = chance.sample(states, len(states)) + chance.sample(states, 10)
    while shuffled:
        cut = chance.randint(1, 9)
        engine.apply(shuffled[:cut], Change(40))
        shuffled = shuffled[cut:]
    assert content(engine) == expected(list(newest.values()))


def test_another_open_engine_sees_what_was_written(opened: Open) -> None:
    reader, writer = opened(), opened()
    assert reader.search(ALL).total == 0
    for number in (1, 2, 3):
        writer.apply([story(number, side("en", "Maize"))], Change(number))
        assert (reader.search(ALL).total, reader.status().change) == (number, number)


def test_a_scan_reads_one_state(opened: Open) -> None:
    engine = opened()
    engine.apply([story(n, side("en", "Maize")) for n in range(1, 9)], Change(8))
    going = engine.scan(ALL)
    first = next(going)
    engine.apply([tombstone(story(n).story, Change(20)) for n in range(1, 9)], Change(20))
    assert [first, *going] == list(range(1, 9))


def test_a_rebuild_is_seen_when_it_is_swapped(opened: Open) -> None:
    engine, reader = opened(), opened()
    engine.apply([story(1, side("en", "Wheat")), story(2, side("en", "Wheat"))], Change(2))
    with engine.rebuild() as aside:
        aside.add([story(1, side("en", "Maize"), change=3)])
        aside.add([story(4, side("en", "Maize")), tombstone(story(2).story, Change(5))])
        aside.add([story(1, side("en", "Barley"), change=6)])
        assert aside.count() == 2
        assert reader.search(word("wheat")).total == 2 and reader.search(word("barley")).total == 0
        aside.swap(Change(6))
        assert reader.search(word("wheat")).total == 0 and reader.search(word("barley")).total == 1
    assert set(content(engine)) == {1, 4} and engine.status().change == 6 == reader.status().change
    engine.apply([story(9, side("en", "Maize"))], Change(9))
    assert reader.search(word("maize")).total == 2


def test_a_rebuild_that_was_left_changes_nothing(opened: Open) -> None:
    engine = opened()
    engine.apply(corpus(), Change(200))
    with pytest.raises(RuntimeError), engine.rebuild() as aside:
        aside.add([story(1, side("en", "Maize"))])
        raise RuntimeError
    with engine.rebuild() as aside:
        aside.add([story(1, side("en", "Maize"))])
    assert content(engine) == expected(corpus())


def test_a_rebuild_is_not_used_when_another_process_wrote_what_is_newer(opened: Open) -> None:
    """Nor when another one was swapped in meanwhile. An index that stood beyond it from the beginning is replaced."""
    engine, other = opened(), opened()
    engine.apply([story(1, side("en", "Wheat"))], Change(5))
    with pytest.raises(EngineBusy, match="another process"), engine.rebuild() as aside:
        aside.add([story(1, side("en", "Wheat"))])
        other.apply([story(1, side("en", "Maize"), change=9)], Change(9))
        aside.swap(Change(8))
    assert other.search(word("maize")).total == 1 and other.status().change == 9
    _rebuild(engine, 3, 4)
    assert engine.status().change == 4 and engine.search(word("maize")).total == 3


def test_an_index_keeps_the_id_of_its_archive(opened: Open) -> None:
    engine = opened()
    assert engine.status().archive == ""
    with engine.rebuild("", "an id") as aside:
        aside.swap(Change(1))
    engine.apply(corpus(), Change(200))
    assert (engine.status().archive, engine.status().forms, opened().status().archive) == ("an id", "", "an id")


def test_readers_go_on_while_rebuilds_are_swapped(opened: Open) -> None:
    """Every answer is one whole state: 20 or 30 stories, never something between, never an error."""
    engine = opened()
    sizes = (20, 30)
    _rebuild(engine, 20, 1)
    totals: set[int] = set()
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        own = opened()
        while not done.is_set():
            try:
                results = own.search(ALL)
                totals.update((results.total, len(results.hits), len(list(own.scan(ALL)))))
            except EngineError as error:
                failures.append(error)
        own.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(2, 8):
        _rebuild(engine, sizes[turn % 2], turn)
    done.set()
    for reader in readers:
        reader.join()
    assert not failures and totals <= set(sizes)


def test_an_index_of_another_analysis_must_be_rebuilt(opened: Open) -> None:
    """It says so to whoever searches or writes, tells its state, and a rebuild mends it."""
    old: Any = opened(analysis="another")
    old.apply(corpus(), Change(200))
    old.close()
    engine = opened()
    for ask in (lambda: engine.search(ALL), lambda: list(engine.scan(ALL)), lambda: engine.apply([], Change(1))):
        with pytest.raises(IndexOutdated, match="warraq index rebuild"):
            ask()
    assert engine.status().analysis == "another" and engine.status().change == 200
    _rebuild(engine, 3, 201)
    assert engine.search(ALL).total == 3 and engine.status().analysis != "another"


def _rebuild(engine: SearchEngine, size: int, change: int) -> None:
    with engine.rebuild() as aside:
        aside.add(story(n, side("en", "Maize")) for n in range(1, size + 1))
        aside.swap(Change(change))
