"""Calls compared fairly: warmed up, taken in turns, medians."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one column over all queries of an area; medians: of each query."""

    p50: float
    p95: float
    medians: tuple[float, ...]

    def ratio(self, other: Times) -> float:
        """How many times longer than `other`: the median over the queries."""
        return median(ours / theirs for ours, theirs in zip(self.medians, other.medians, strict=True))


def in_turns(rows: Sequence[Sequence[Call]], rounds: int) -> list[Times]:
    """rows: of each query, one call a column. Each query is asked once to warm up, then `rounds` times A B C, A B C …,
    so that whatever else the machine does falls on all columns alike."""
    samples: list[list[list[float]]] = [[] for _ in rows[0]]
    for row in rows:
        taken: list[list[float]] = [[] for _ in row]
        for turn in range(rounds + 1):
            for column, call in enumerate(row):
                milliseconds = clocked(call) * 1000
                if turn:
                    taken[column].append(milliseconds)
        for column, times in enumerate(taken):
            samples[column].append(times)
    return [_times(column) for column in samples]


def clocked(call: Call) -> float:
    """Seconds. What garbage others left is not collected in between."""
    gc.disable()
    try:
        begun = time.perf_counter()
        call()
        return time.perf_counter() - begun
    finally:
        gc.enable()


def _times(queries: list[list[float]]) -> Times:
    every = [sample for samples in queries for sample in samples]
    return Times(median(every), quantiles(every, n=20)[-1], tuple(median(samples) for samples in queries))
