"""Row 18: the process that writes the index is killed with SIGKILL at every step, and another one goes on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from indexer.sync import sync
from tests.faults.ground import Ground, Place
from tests.faults.killed import PATIENCE, killed, started
from tests.faults.proxy import Trouble, nth
from tests.faults.stories import fill, out_of_step
from tests.faults.tally import Tally
from tests.faults.victims import syncs
from tests.store.desk import Desk

BATCH = 6


def run(ground: Ground, on: str, tally: Tally) -> None:
    with ground.desk() as desk:
        fill(desk, ground.size(8, 24))
        for n in count(1, ground.size(3, 1)):
            place = ground.place(on)
            die = _at_step if on == "tantivy" else _at_answer
            if not die(ground, desk, place, n):
                _judged(ground, desk, place, "left alone", tally)
                return
            _judged(ground, desk, place, f"{on}: killed at step {n}", tally)


def _judged(ground: Ground, desk: Desk, place: Place, told: str, tally: Tally) -> None:
    """Replaying brings the index in step, and replaying again changes nothing."""
    with ground.engine(place) as engine, tally.guarded(told):
        sync(desk.store, engine, batch=BATCH)
        wrong = out_of_step(desk.store, engine)
        sync(desk.store, engine, batch=BATCH)
        tally.case(not (wrong or out_of_step(desk.store, engine)), f"{told}: {wrong}")


def _at_step(ground: Ground, desk: Desk, place: Place, n: int) -> bool:
    return killed(syncs, desk.database, place, BATCH, n)


def _at_answer(ground: Ground, desk: Desk, place: Place, n: int) -> bool:
    """Killed when the server has answered its n-th request, before the answer is there."""
    return killed_at_answer(ground, n, syncs, desk.database, place.through(ground.proxy.url), BATCH, 0)


def killed_at_answer(ground: Ground, n: int, victim: Callable[..., object], *given: object, path: str = "") -> bool:
    """Whether it came to that. path: only answers to requests whose path holds it are counted."""
    process = None

    def kill() -> None:
        assert process is not None
        process.kill()
        process.join(PATIENCE)

    with ground.proxy.planned(nth(n, Trouble(then=kill, cut="after"), path)):
        process = started(victim, *given)
        process.join(PATIENCE)
        return ground.proxy.seen >= n
