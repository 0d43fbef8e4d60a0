"""Row 19: writers that come too late, and deletes that race a rebuild."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from archive.model import Access
from indexer.document import IndexDocument, build
from indexer.engine import EngineError, SearchEngine
from indexer.sync import rebuild, sync
from tests.faults.ground import Ground
from tests.faults.stories import alter, fill, out_of_step
from tests.faults.tally import Tally
from tests.store.desk import Desk

BATCH = 5
SECONDS = 60.0  # of a lease


def run(ground: Ground, on: str, tally: Tally) -> None:
    for seed in range(ground.size(1, 5)):
        place = ground.place(on)
        with ground.desk() as desk, ground.engine(place) as engine, ground.engine(place) as another:
            fill(desk, stories := 12, seed)
            sync(desk.store, engine)
            chance = random.Random(seed)
            _late_batches(desk, engine, chance, stories, seed, tally, on)
            _racing_rebuild(desk, engine, chance, stories, seed, tally, on)
            _stalled_writer(desk, engine, chance, stories, seed, tally, on)
            for step in ("count", "swap"):
                _stalled_rebuild(desk, engine, another, step)
                sync(desk.store, engine)
                wrong = out_of_step(desk.store, engine)
                tally.case(not wrong, f"{on}: rebuild stalled in {step} {seed}: {wrong}")


def _documents(desk: Desk) -> list[IndexDocument]:
    return [build(story) for story in desk.store.stories(desk.store.story_ids())]


def _late_batches(
    desk: Desk, engine: SearchEngine, chance: random.Random, stories: int, seed: int, tally: Tally, on: str
) -> None:
    """A process read the store, slept, and writes what it read after newer states and removals were written."""
    for turn in range(4):
        late, at = _documents(desk), desk.store.change()
        for _ in range(5):
            alter(desk, chance, stories, seed)
        sync(desk.store, engine)
        chance.shuffle(late)
        for some in (late[::2], late[1::2], late):
            engine.apply(some, at)
        wrong = out_of_step(desk.store, engine)
        tally.case(not wrong, f"{on}: late batch {seed}.{turn}: {wrong}")


def _racing_rebuild(
    desk: Desk, engine: SearchEngine, chance: random.Random, stories: int, seed: int, tally: Tally, on: str
) -> None:
    """The archive changes, stories are merged and purged, between any two batches of a rebuild."""
    for turn in range(3):
        rebuild(desk.store, engine, batch=BATCH, progress=lambda done, of: alter(desk, chance, stories, seed))
        sync(desk.store, engine)
        wrong = out_of_step(desk.store, engine)
        tally.case(not wrong, f"{on}: changes during a rebuild {seed}.{turn}: {wrong}")


def _stalled_writer(
    desk: Desk, engine: SearchEngine, chance: random.Random, stories: int, seed: int, tally: Tally, on: str
) -> None:
    """A process stalls with a batch in hand; its lease runs out, another one takes over and makes the index anew; then
    the first one wakes up. What it had in hand must not be found; while it is not writing yet, it must be told."""
    for where, owner in (("stories", desk.store), ("apply", engine)):
        for _ in range(3):
            alter(desk, chance, stories, seed)
        said = _stalled(desk, engine, owner, where)
        tally.case(said or where == "apply", f"{on}: writer stalled in {where} {seed}: not told")
        sync(desk.store, engine)
        wrong = out_of_step(desk.store, engine)
        tally.case(not wrong, f"{on}: writer stalled in {where} {seed}: {wrong}")


def _stalled(desk: Desk, engine: SearchEngine, owner: object, where: str) -> str:
    """What `sync` says whose process slept after it read the stories, or before it writes them."""
    usual, slept = getattr(owner, where), list[str]()

    def stall(*given: object) -> object:
        late = usual(*given) if where == "stories" else None
        if not slept:
            slept.append(where)
            _taken_over(desk, engine)
        return late if where == "stories" else usual(*given)

    setattr(owner, where, stall)
    try:
        with desk.store.lease("indexer", "stalled", SECONDS) as mine:
            sync(desk.store, engine, renew=mine.renew)
    except EngineError as error:
        return str(error)
    finally:
        delattr(owner, where)
    return ""


def _taken_over(desk: Desk, engine: SearchEngine) -> None:
    """A third of the articles is purged, and another process makes the index anew."""
    desk.clock.at += timedelta(seconds=2 * SECONDS)
    for article in desk.store.articles()[::3]:
        if article.access is not Access.PURGED:
            desk.access(article.id, Access.PURGED)
    with desk.store.lease("indexer", "another", SECONDS) as theirs:
        rebuild(desk.store, engine, renew=theirs.renew)


def _stalled_rebuild(desk: Desk, engine: Any, another: SearchEngine, step: str) -> None:
    """A process that makes the index anew sleeps at this step until its lease has run out; it wakes up between two
    batches of the one that took over. Either may be told so."""
    usual = engine.rebuild

    def stalling(*given: Any) -> Any:
        aside = usual(*given)
        setattr(aside, step, partial(_between_batches, desk, another, getattr(aside, step)))
        return aside

    engine.rebuild = stalling
    try:
        with desk.store.lease("indexer", "stalled", SECONDS) as mine, suppress(EngineError):
            rebuild(desk.store, engine, batch=BATCH, renew=mine.renew)
    finally:
        del engine.rebuild


def _between_batches(desk: Desk, another: SearchEngine, wake: Callable[..., Any], *given: Any) -> Any:
    """What the call gives or raises, made after the first batch of a sync."""
    outcomes: list[tuple[Any, EngineError | None]] = []
    chance = random.Random(19)
    desk.clock.at += timedelta(seconds=2 * SECONDS)
    for _ in range(8):
        alter(desk, chance, 12)

    def awake(done: int, of: int) -> None:
        if not outcomes:
            try:
                outcomes.append((wake(*given), None))
            except EngineError as error:
                outcomes.append((None, error))

    with desk.store.lease("indexer", "another", SECONDS) as theirs, suppress(EngineError):
        sync(desk.store, another, batch=2, renew=theirs.renew, progress=awake)
    result, raised = outcomes[0]
    if raised:
        raise raised
    return result
