"""Indexes filled in processes of their own, so that each one's memory is its own."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from archive.model import Change
from indexer.engines.tantivy import TantivyEngine
from scripts.bench.bare_tantivy import BareTantivy, add, prepared
from scripts.bench.corpus import Corpus
from scripts.bench.fts5 import Fts5

_REBUILD_HEAP, _APPLY_HEAP = 200_000_000, 50_000_000  # what the engine takes


@dataclass(frozen=True, slots=True)
class Built:
    """seconds: of writing alone, the documents being read meanwhile; peak: MB of the process at most."""

    seconds: float
    peak: float


def alone(work: Callable[..., float], *given: object) -> Built:
    """`work` in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, given).result()


def _measured(work: Callable[..., float], given: tuple[object, ...]) -> Built:
    return Built(work(*given), peak())


def peak(process: int | str = "self") -> float:
    """MB that a process had in memory at most. Linux's own note where there is one: the other figure is this process's
    alone, and starts with the memory of the process that started it."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def rebuilt(corpus: Corpus, folder: Path, most: int | None = None) -> float:
    """Through the protocol, all into a new index."""
    seconds = 0.0
    with TantivyEngine(folder).rebuild() as aside:
        for batch in corpus.batches(most):
            begun = time.perf_counter()
            aside.add(batch)
            seconds += time.perf_counter() - begun
        begun = time.perf_counter()
        aside.count()
        aside.swap(Change(corpus.stories))
    return seconds + time.perf_counter() - begun


def rebuilt_bare(corpus: Corpus, folder: Path, most: int | None = None) -> float:
    """The same batches, threads and memory, handed to tantivy."""
    bare, seconds = BareTantivy(folder), 0.0
    writer = bare.writer(0, _REBUILD_HEAP)
    for batch in corpus.batches(most):
        ready = [prepared(document) for document in batch]
        begun = time.perf_counter()
        add(writer, ready, bare.schema)
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    writer.commit()
    writer.wait_merging_threads()
    return seconds + time.perf_counter() - begun


def applied(corpus: Corpus, folder: Path, most: int | None = None) -> float:
    """Through the protocol, one commit a batch, as `warraq index sync` does."""
    engine, seconds = TantivyEngine(folder), 0.0
    for batch in corpus.batches(most):
        begun = time.perf_counter()
        engine.apply(batch, Change(batch[-1].change))
        seconds += time.perf_counter() - begun
    return seconds


def applied_bare(corpus: Corpus, folder: Path, most: int | None = None) -> float:
    bare, seconds = BareTantivy(folder), 0.0
    for batch in corpus.batches(most):
        ready = [prepared(document) for document in batch]
        begun = time.perf_counter()
        writer = bare.writer(1, _APPLY_HEAP)
        add(writer, ready, bare.schema)
        writer.commit()
        writer.wait_merging_threads()
        seconds += time.perf_counter() - begun
    return seconds


def filled_fts5(corpus: Corpus, path: Path, most: int | None = None) -> float:
    table, seconds = Fts5(path), 0.0
    for batch in corpus.batches(most):
        begun = time.perf_counter()
        table.add(batch)
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    table.finish()
    table.close()
    return seconds + time.perf_counter() - begun


def ratios(corpus: Corpus, folder: Path, stories: int, rounds: int) -> dict[str, float]:
    """Seconds through the protocol by seconds of the bare add, in turns, the median of the rounds' ratios."""
    pairs = {"rebuild": (rebuilt, rebuilt_bare), "apply": (applied, applied_bare)}
    found: dict[str, list[float]] = {name: [] for name in pairs}
    for turn in range(rounds):
        for name, (ours, theirs) in pairs.items():
            times = [work(corpus, folder / f"{name}-{turn}-{work.__name__}", stories) for work in (ours, theirs)]
            found[name].append(times[0] / times[1])
    return {name: median(values) for name, values in found.items()}
