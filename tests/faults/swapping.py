"""Row 20: rebuilds and their swap while readers and writers go on, and killed at every step."""

from __future__ import annotations

import random
import threading

from indexer.engine import EngineError
from indexer.sync import rebuild, sync
from tests.faults.ground import Ground, Place
from tests.faults.killed import killed
from tests.faults.killed_indexer import killed_at_answer
from tests.faults.stories import ALL, alter, fill, out_of_step, wanted
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
    done, sizes = threading.Event(), [len(wanted(desk.store))]
    answers: list[str | int] = []

    def change(*_: object) -> None:
        alter(desk, chance, stories)
        sizes.append(len(wanted(desk.store)))

    def read() -> None:
        with ground.engine(place) as engine:
            while not done.is_set():
                try:
                    found = engine.search(ALL)
                    whole = found.complete and len(found.hits) == min(ALL.limit, found.total)
                    answers.append(found.total if whole else f"{found.total} found, {len(found.hits)} shown")
                    answers.append(len(list(engine.scan(ALL))))
                except EngineError as error:
                    answers.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    chance = random.Random(20)
    try:
        with ground.engine(place) as engine:
            for turn in range(ground.size(3, 12)):
                rebuild(desk.store, engine, batch=BATCH, progress=change)
                for _ in range(3):
                    change()
                sync(desk.store, engine)
                wrong = out_of_step(desk.store, engine)
                tally.case(not wrong, f"{place.kind}: after rebuild {turn} with writers: {wrong}")
    finally:
        done.set()
        for reader in readers:
            reader.join()
    least, most = min(sizes) - BATCH, max(sizes) + BATCH  # the stories of one batch may be ahead of the others
    for answer in answers:
        right = isinstance(answer, int) and least <= answer <= most
        tally.case(right, f"{place.kind}: a search while it was swapped: {answer} of {least} to {most}")


def _killed(ground: Ground, desk: Desk, place: Place, tally: Tally) -> None:
    """At every step the index still answers as before; the next rebuild goes through and leaves nothing behind."""
    chance = random.Random(7)
    for n in (0, *range(1, 1_000, ground.size(4, 1))):
        with ground.engine(place) as engine:
            before = sorted(engine.scan(ALL))
        alter(desk, chance, 12)
        if not _killed_at(ground, desk, place, n):
            return
        told = f"{place.kind}: rebuild killed at step {n}"
        with ground.engine(place) as engine, tally.guarded(told):
            found, total = sorted(engine.scan(ALL)), engine.search(ALL).total
            right = found in (before, sorted(wanted(desk.store))) and total == len(found)
            tally.case(right, f"{told}: {total} found and {len(found)} listed, {len(before)} before")
            sync(desk.store, engine)
            wrong = out_of_step(desk.store, engine)
            tally.case(not wrong, f"{told}: {wrong}")
            if n % ground.size(3, 2) == 0:
                rebuild(desk.store, engine)
                tally.case(not (wrong := out_of_step(desk.store, engine)), f"{told}, then rebuilt: {wrong}")


def _killed_at(ground: Ground, desk: Desk, place: Place, n: int) -> bool:
    """Whether a rebuild came to its n-th step; the step 0 is the server's answer to the swap."""
    if place.kind == "tantivy":
        return n == 0 or killed(rebuilds, desk.database, place, BATCH, n)
    through = place.through(ground.proxy.url)
    if n == 0:
        return killed_at_answer(ground, 1, rebuilds, desk.database, through, BATCH, 0, path="_aliases")
    return killed_at_answer(ground, n, rebuilds, desk.database, through, BATCH, 0)
