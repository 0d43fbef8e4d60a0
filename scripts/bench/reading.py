"""One reader while a writer works, against the same reader while the writer is halted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count, cycle
from multiprocessing import get_context
from statistics import median

from archive.model import Change
from indexer.engine import Request, SearchEngine
from scripts.bench.corpus import Corpus

_WINDOW, _WINDOWS = 1.0, 6  # seconds; of each kind
_PATIENCE = 120.0  # seconds until the first batch, with everything that a process has to load
_BATCH = 20  # stories a commit: what a collector that is busy brings


def while_writing(corpus: Corpus, opened: Callable[[], SearchEngine], requests: Sequence[Request]) -> float:
    """Searches a second while writing by those at rest, in turns; the writer's process is stopped in between.

    opened: makes the engine, in each of the two processes.

    Raises:
        RuntimeError: nothing was written meanwhile, so nothing was measured.
    """
    writer = get_context("spawn").Process(target=_write, args=(corpus, opened), daemon=True)
    engine, asked = opened(), cycle(requests)
    at_rest = engine.status().change
    writer.start()
    assert writer.pid
    speeds: dict[int, list[float]] = {signal.SIGSTOP: [], signal.SIGCONT: []}
    try:
        _until_written(engine, at_rest, writer.is_alive)
        for _ in range(_WINDOWS):
            before = engine.status().change
            for state, found in speeds.items():
                os.kill(writer.pid, state)
                found.append(_speed(engine, asked))
            _until_written(engine, before, writer.is_alive)
    finally:
        writer.kill()
        writer.join()
        engine.close()
    idle, busy = (median(found) for found in speeds.values())
    return busy / idle


def _until_written(engine: SearchEngine, change: Change, alive: Callable[[], bool]) -> None:
    """Returns when the index stands beyond this change; at once when the writer has worked since."""
    deadline = time.monotonic() + _PATIENCE
    while engine.status().change <= change:
        if not alive() or time.monotonic() > deadline:
            raise RuntimeError("the process that writes beside the reader has written nothing: see its error above")
        time.sleep(0.05)


def _speed(engine: SearchEngine, asked: cycle[Request]) -> float:
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < _WINDOW:
        engine.search(next(asked))
        done += 1
    return done / (time.perf_counter() - begun)


def _write(corpus: Corpus, opened: Callable[[], SearchEngine]) -> None:
    """Writes stories that are there again and again, under ever later changes."""
    engine = opened()
    change = count(engine.status().change + 1)
    for batch in cycle(list(corpus.batches(1000))):
        for start in range(0, len(batch), _BATCH):
            some = [replace(document, change=Change(next(change))) for document in batch[start : start + _BATCH]]
            engine.apply(some, some[-1].change)
