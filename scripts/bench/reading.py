"""One reader while a writer works, against the same reader while the writer is halted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from archive.model import Change
from indexer.engine import Request, SearchEngine
from indexer.engines.tantivy import TantivyEngine
from scripts.bench.corpus import Corpus

_WINDOW, _WINDOWS = 1.0, 6  # seconds; of each kind
_BATCH = 20  # stories a commit: what a collector that is busy brings


def while_writing(corpus: Corpus, folder: Path, requests: Sequence[Request]) -> float:
    """Searches a second while writing by those at rest, in turns; the writer's process is stopped in between."""
    writer = get_context("spawn").Process(target=_write, args=(corpus, folder), daemon=True)
    writer.start()
    assert writer.pid
    engine, asked = TantivyEngine(folder), cycle(requests)
    speeds: dict[int, list[float]] = {signal.SIGSTOP: [], signal.SIGCONT: []}
    try:
        time.sleep(3 * _WINDOW)  # until it has begun
        for _ in range(_WINDOWS):
            for state, found in speeds.items():
                os.kill(writer.pid, state)
                found.append(_speed(engine, asked))
    finally:
        writer.kill()
        writer.join()
    idle, busy = (median(found) for found in speeds.values())
    return busy / idle


def _speed(engine: SearchEngine, asked: cycle[Request]) -> float:
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < _WINDOW:
        engine.search(next(asked))
        done += 1
    return done / (time.perf_counter() - begun)


def _write(corpus: Corpus, folder: Path) -> None:
    """Writes stories that are there again and again, under ever later changes."""
    engine = TantivyEngine(folder)
    change = count(engine.status().change + 1)
    for batch in cycle(list(corpus.batches(1000))):
        for start in range(0, len(batch), _BATCH):
            some = [replace(document, change=Change(next(change))) for document in batch[start : start + _BATCH]]
            engine.apply(some, some[-1].change)
