"""Paragraphs put side by side, on the test half of the pairs' tasks."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from types import ModuleType

from archive.pairing.align import ALGORITHM, align
from scripts.bench.figures import Figure

SEEDS = range(3)


def measured(folder: Path) -> Iterator[Figure]:
    """folder: of the tasks."""
    tasks = _tasks(folder)
    scores = [_aligned(tasks, seed) for seed in SEEDS]
    for place, name in enumerate(("precision", "recall", "f1", "exact")):
        value = mean(score[place] for score in scores)
        yield Figure(f"alignment.{ALGORITHM}.{name}", value)


def _aligned(tasks: ModuleType, seed: int) -> tuple[float, float, float, float]:
    cases = list(tasks.alignment("test", seed))
    answers = [{(i, j) for row in align(c.english, c.arabic) for i in row.left for j in row.right} for c in cases]
    found: tuple[float, float, float, float] = tasks.align_score(cases, answers)
    return found


def _tasks(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("pair_tasks", folder / "tasks.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "tasks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
