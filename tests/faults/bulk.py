"""Row 17: a busy, slow or cut server while an index is written, and a document that it cannot take."""

from __future__ import annotations

import json
import time
from dataclasses import replace

from archive.model import Change
from indexer.document import IndexDocument, build
from indexer.engine import DocumentsRefused, EngineError, SearchEngine
from indexer.engines.elasticsearch_document import to_source
from indexer.sync import sync
from tests.faults.ground import Ground, Place
from tests.faults.proxy import Trouble, every, nth
from tests.faults.stories import fill, out_of_step
from tests.faults.tally import Tally
from tests.store.desk import Desk

TIMEOUT = 0.6
TROUBLES = {
    "400": Trouble(status=400),
    "413": Trouble(status=413),
    "429": Trouble(status=429),
    "503": Trouble(status=503),
    "cut before": Trouble(cut="before"),
    "cut after": Trouble(cut="after"),
    "time-out": Trouble(delay=TIMEOUT * 1.5),
    "time-out after": Trouble(then=lambda: time.sleep(TIMEOUT * 1.5)),
    "truncated": Trouble(truncate=True),
}
BATCH = 7


def run(ground: Ground, on: str, tally: Tally) -> None:
    with ground.desk() as desk:
        fill(desk, ground.size(10, 30))
        for name, trouble in TROUBLES.items():
            _at_every_request(ground, desk, name, trouble, tally)
        if not ground.quick:
            _every_bulk(ground, desk, tally)
        _small_requests(ground, desk, tally)
        _rejected_items(ground, desk, tally)
        _poison(ground, desk, tally)


def _synced(desk: Desk, place: Place) -> str:
    """What sync says: "" when it is done."""
    engine = place.open()
    try:
        sync(desk.store, engine, batch=BATCH)
    except EngineError as error:
        return str(error)
    finally:
        engine.close()
    return ""


def _judged(ground: Ground, desk: Desk, place: Place, said: str, told: str, tally: Tally) -> None:
    """Either it said so in one line, and running it again completes the index, or the index is in step."""
    if said:
        again = _synced(desk, place)
        tally.case("\n" not in said and not again, f"{told}: {said}; again: {again}")
    with ground.engine(place) as engine, tally.guarded(told):
        tally.case(not (wrong := out_of_step(desk.store, engine)), f"{told}: {wrong}")


def _at_every_request(ground: Ground, desk: Desk, name: str, trouble: Trouble, tally: Tally) -> None:
    """The first request meets it, the second …, until a run ends before it."""
    n = 1
    while n < 100:
        place = ground.place("elasticsearch")
        with ground.proxy.planned(nth(n, trouble)):
            said = _synced(desk, place.through(ground.proxy.url, TIMEOUT))
            reached = ground.proxy.seen >= n
        if not reached:
            return
        _judged(ground, desk, place, said, f"{name} at request {n}", tally)
        n += ground.size(9, 2)


def _every_bulk(ground: Ground, desk: Desk, tally: Tally) -> None:
    """Trouble that does not pass is said in one line, and nothing is marked that was not written."""
    for name in ("503", "cut before", "truncated"):
        place = ground.place("elasticsearch")
        with ground.proxy.planned(every(TROUBLES[name], "_bulk")):
            said = _synced(desk, place.through(ground.proxy.url, TIMEOUT))
        tally.case(said, f"{name} at every bulk: said nothing")
        _judged(ground, desk, place, said, f"{name} at every bulk", tally)


def _small_requests(ground: Ground, desk: Desk, tally: Tally) -> None:
    """A proxy that takes less in one request than we send: all goes in, in smaller ones. What is too large by itself is
    named; where nothing is let through, it is said and no story is taken out."""
    documents = [build(story) for story in desk.store.stories(desk.store.story_ids())]
    live = {one.story for one in documents if not one.tombstone}
    newest = Change(desk.store.change() + 1)
    longer = replace(documents[0].sides[0], paragraphs=("قمح " * 2_000,))
    later = [replace(one, change=newest) for one in (replace(documents[0], sides=(longer,)), *documents[1:])]
    *_, most, one_alone = sorted(len(json.dumps(to_source(one), ensure_ascii=False).encode()) for one in later)
    for largest, lost in ((one_alone + 300, 0), (most + 300, 1), (0, None)):
        place, told = ground.place("elasticsearch"), f"requests of {largest} bytes"
        small = place.through(ground.proxy.url)
        with ground.engine(place) as engine, ground.engine(small) as behind, tally.guarded(told):
            sync(desk.store, engine)
            with ground.proxy.planned(every(Trouble(largest=largest), "_bulk")):
                refused = _refused(behind, later, newest)
            gone = len(live) - len(list(engine.versions_of()))
            right = isinstance(refused, str) if lost is None else len(refused) == lost
            tally.case(right and gone == (lost or 0), f"{told}: {refused}, {gone} taken out")


def _refused(engine: SearchEngine, documents: list[IndexDocument], change: Change) -> list[int] | str:
    """The stories that were, or what is said when nothing could be written."""
    try:
        engine.apply(documents, change)
    except DocumentsRefused as error:
        return [each.story for each in error.refused]
    except EngineError as error:
        return str(error)
    return []


def _rejected_items(ground: Ground, desk: Desk, tally: Tally) -> None:
    """A bulk answer in which single documents were rejected by a busy server: they are sent again."""

    def rejected(answer: dict[str, object]) -> None:
        items = answer["items"]
        assert isinstance(items, list)
        for item in items[::3]:
            item["index"] |= {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "queue"}}
        answer["errors"] = True

    for n in range(1, ground.size(2, 4)):
        place = ground.place("elasticsearch")
        with ground.proxy.planned(nth(n, Trouble(change=rejected), "_bulk")):
            said = _synced(desk, place.through(ground.proxy.url))
        _judged(ground, desk, place, said, f"documents rejected in bulk {n}", tally)


def _poison(ground: Ground, desk: Desk, tally: Tally) -> None:
    """A document that the server cannot take is named with its reason; all others are there."""
    documents = [build(story) for story in desk.store.stories(desk.store.story_ids())]
    for at in (0, len(documents) // 2, len(documents) - 1)[: ground.size(1, 3)]:
        place, newest = ground.place("elasticsearch"), Change(desk.store.change())
        poisoned = [replace(one, section="ق" * 30_000) if n == at else one for n, one in enumerate(documents)]
        if poisoned[at].tombstone:
            continue
        with ground.engine(place) as engine:
            said, named = "", [-1]
            try:
                engine.apply(poisoned, newest)
            except DocumentsRefused as refused:
                said, named = str(refused), [one.story for one in refused.refused]
            there = {story for story, _, _ in engine.versions_of()}
            rest = {one.story for one in documents if not one.tombstone} - {documents[at].story}
            tally.case(named == [documents[at].story] and "immense" in said, f"poison {at} not named: {said}")
            tally.case(there == rest, f"poison {at}: {len(rest - there)} others lost, {len(there - rest)} too many")
            tally.case(engine.status().change == newest, f"poison {at}: the index does not go on")
            engine.apply(documents, newest)
            tally.case(not (wrong := out_of_step(desk.store, engine)), f"poison {at} mended: {wrong}")
