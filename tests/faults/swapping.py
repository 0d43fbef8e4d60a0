"""Row 20: rebuilds and their swap while readers and writers go on, and killed at every step."""

from __future__ import annotations

import random
import threading
from itertools import count

from indexer.engine import EngineError
from indexer.sync import rebuild, sync
from tests.faults.ground import Ground, Place
from tests.faults.killed import killed
from tests.faults.killed_indexer import killed_at_answer
from tests.faults.stories import ALL, alter, fill, out_of_step
from tests.faults.tally import Tally
from tests.faults.victims import rebuilds
from tests.store.desk import Desk

BATCH = 6


def run(ground: Ground, on: str, tally: Tally) -> None:
    with ground.desk() as desk:
        fill(desk, stories := ground.size(12, 40))
        place = ground.place(on)
        with ground.engine(place) as engine:
            sync(desk.store, engine)
        _under_load(ground, desk, place, stories, tally)
        _killed(ground, desk, place, tally)


def _under_load(ground: Ground, desk: Desk, place: Place, stories: int, tally: Tally) -> None:
    """Two readers search all the time, the archive changes, and the index is made anew again and again."""
    done, least = threading.Event(), len(desk.store.articles()) // 4
    answers: list[str] = []

    def read() -> None:
        with ground.engine(place) as engine:
            while not done.is_set():
                try:
                    found = engine.search(ALL)
                    whole = found.complete and found.total >= least and len(found.hits) == min(ALL.limit, found.total)
                    answers.append("" if whole else f"{found.total} found, {len(found.hits)} shown")
                    listed = len(list(engine.scan(ALL)))
                    answers.append("" if listed >= least else f"{listed} listed")
                except EngineError as error:
                    answers.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    chance = random.Random(20)
    try:
        with ground.engine(place) as engine:
            for turn in range(ground.size(3, 12)):
                rebuild(desk.store, engine, batch=BATCH, progress=lambda done, of: alter(desk, chance, stories))
                for _ in range(3):
                    alter(desk, chance, stories)
                sync(desk.store, engine)
                wrong = out_of_step(desk.store, engine)
                tally.case(not wrong, f"{place.kind}: after rebuild {turn} with writers: {wrong}")
    finally:
        done.set()
        for reader in readers:
            reader.join()
    for answer in answers:
        tally.case(not answer, f"{place.kind}: a search while it was swapped: {answer}")


def _killed(ground: Ground, desk: Desk, place: Place, tally: Tally) -> None:
    """At every step the index still answers as before; the next rebuild goes through and leaves nothing behind."""
    chance = random.Random(7)
    for n in count(1, ground.size(4, 1)):
        alter(desk, chance, 12)
        if place.kind == "tantivy":
            died = killed(rebuilds, desk.database, place, BATCH, n)
        else:
            died = killed_at_answer(ground, n, rebuilds, desk.database, place.through(ground.proxy.url), BATCH, 0)
        if not died:
            return
        told = f"{place.kind}: rebuild killed at step {n}"
        with ground.engine(place) as engine, tally.guarded(told):
            sync(desk.store, engine)
            wrong = out_of_step(desk.store, engine)
            tally.case(not wrong, f"{told}: {wrong}")
            if n % ground.size(3, 2) == 0:
                rebuild(desk.store, engine)
                tally.case(not (wrong := out_of_step(desk.store, engine)), f"{told}, then rebuilt: {wrong}")
