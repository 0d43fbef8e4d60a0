"""One language asked for in itself: what was typed against all that analysis makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from indexer.tree import Side
from language.morphology import Readings
from scripts.bench.figures import Figure
from scripts.eval.analyzers import ANALYZERS
from scripts.eval.archive import Archive, Scores
from scripts.eval.data import Asked, Data
from scripts.eval.goals import figure
from scripts.eval.metrics import Quality, quality, rank
from scripts.eval.under_test import UnderTest

SETS: tuple[tuple[Side, str], ...] = (
    ("ar", "full"), ("ar", "kw3"), ("ar", "natmis"), ("en", "full"), ("en", "kw3"),
)  # fmt: skip
HALVES = ("all", "even", "odd")


def measured(under_test: UnderTest, data: Data, folder: Path, dictionary: Readings | None) -> Iterator[Figure]:
    for side in ("ar", "en"):
        sets = [kind for lang, kind in SETS if lang == side]
        for name in ANALYZERS:
            with under_test.bare(name, side) as ask:
                for kind in sets:
                    found = _quality(ask, data.asked(kind, side))
                    yield from _figures(f"bare-{under_test.name}.{name}.{side}-{kind}", found, goals=False)
        engine = under_test.fresh()
        archive = Archive(engine, folder / f"{under_test.name}-{side}", data.paragraphs, (side,), dictionary)
        for kind in sets:
            yield from _halves(f"{under_test.name}.{side}-{kind}", archive.scores, data, data.asked(kind, side))
        engine.close()


def _halves(name: str, ask: Callable[[str], Scores], data: Data, queries: Sequence[Asked]) -> Iterator[Figure]:
    topics = {paragraph.id: paragraph.topic for paragraph in data.paragraphs}
    ranks = [rank(ask(query.text), query.doc) for query in queries]
    yield from _figures(name, quality(ranks), goals=True)
    for odd, half in enumerate(HALVES[1:]):
        some = [place for query, place in zip(queries, ranks, strict=True) if topics[query.doc] % 2 == odd]
        yield from _figures(f"{name}.{half}", quality(some), goals=False)


def _quality(ask: Callable[[str], Scores], queries: Sequence[Asked]) -> Quality:
    return quality([rank(ask(query.text), query.doc) for query in queries])


def _figures(name: str, found: Quality, goals: bool) -> Iterator[Figure]:
    yield figure(f"{name}.mrr10", found.mrr10, goals)
    yield figure(f"{name}.recall10", found.recall10, goals)
