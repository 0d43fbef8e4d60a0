"""The figures of the embedded engine, beside bare tantivy and FTS5."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from indexer.engine import Request
from indexer.engines.tantivy import TantivyEngine
from scripts.bench.bare_tantivy import BareTantivy
from scripts.bench.building import alone, filled_fts5, ratios, rebuilt, rebuilt_bare
from scripts.bench.corpus import Corpus
from scripts.bench.figures import Figure, at_least, at_most, plain
from scripts.bench.fts5 import Fts5, translated
from scripts.bench.queries import sides_of
from scripts.bench.reading import while_writing
from scripts.bench.timing import Times, in_turns

_SEARCH, _SLACK, _BOTH, _FTS5, _INDEXING, _READER = 1.5, 0.3, 0.8, 20.0, 1.15, 0.8  # the goals
_PAGES = ("page", "common-page")  # facets and passages
_AGAINST_FTS5 = ("common", "facets", "common-page")
_ROUNDS, _FTS5_ROUNDS = 9, 3
_INDEXED, _INDEXING_ROUNDS = 2_000, 3  # stories of one round of indexing
COLUMNS = ("tantivy", "bare-tantivy", "fts5")


def measured(corpus: Corpus, folder: Path, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    yield from _building(corpus, folder)
    yield from _searching(folder, areas)
    yield from _memory(folder, areas)
    writing = while_writing(corpus, partial(TantivyEngine, folder / "tantivy"), areas["page"])
    yield at_least("tantivy.reader-while-writing", writing, _READER)


def _building(corpus: Corpus, folder: Path) -> Iterator[Figure]:
    yield plain("analysis.words-a-second", corpus.words / corpus.analysis, "")
    yield plain("analysis.stories-a-second", corpus.stories / corpus.analysis, "")
    works: tuple[Callable[..., float], ...] = (rebuilt, rebuilt_bare, filled_fts5)
    for name, work in zip(COLUMNS, works, strict=True):
        built = alone(work, corpus, folder / name)
        yield plain(f"{name}.stories-a-second", corpus.stories / built.seconds, "")
        yield plain(f"{name}.indexing-memory", built.peak, "MB")
        yield plain(f"{name}.size", _size(folder / name), "MB")
    for name, ratio in ratios(corpus, folder, min(_INDEXED, corpus.stories), _INDEXING_ROUNDS).items():
        yield at_most(f"tantivy.{name}.by-bare", ratio, _INDEXING)


def _searching(folder: Path, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    engine, bare, table = TantivyEngine(folder / "tantivy"), BareTantivy(folder / "bare-tantivy"), Fts5(folder / "fts5")
    for area, requests in areas.items():
        ours, theirs = in_turns([_pair(engine, bare, request) for request in requests], _ROUNDS)
        (others,) = in_turns([[_row(table, request)] for request in requests], _FTS5_ROUNDS)
        for column, times in zip(COLUMNS, (ours, theirs, others), strict=True):
            yield plain(f"{column}.{area}.p50", times.p50, "ms")
            yield plain(f"{column}.{area}.p95", times.p95, "ms")
        yield _by_bare(area, ours, theirs)
        by_fts5 = others.ratio(ours)
        name = f"fts5.{area}.by-tantivy"
        yield at_least(name, by_fts5, _FTS5) if area in _AGAINST_FTS5 else plain(name, by_fts5, "x")
    table.close()


def _pair(engine: TantivyEngine, bare: BareTantivy, request: Request) -> list[Callable[[], object]]:
    query, sides = bare.compiled(request), sides_of(request.query.tree)
    ours, theirs = engine.search(request).total, bare.search(query, request, sides).total
    if ours != theirs:
        raise AssertionError(f"{request.query.tree}: {ours} stories found by the engine, {theirs} by tantivy itself")
    return [partial(engine.search, request), partial(bare.search, query, request, sides)]


def _row(table: Fts5, request: Request) -> Callable[[], object]:
    return partial(table.search, translated(request), request, sides_of(request.query.tree))


def _by_bare(area: str, ours: Times, theirs: Times) -> Figure:
    """The goals: 1.5 times or .3 ms more for a search, .8 where tantivy does all of a page itself."""
    name, ratio = f"tantivy.{area}.by-bare", ours.ratio(theirs)
    if area in _PAGES:
        return at_most(name, ratio, _BOTH)
    if area == "passages":
        return plain(name, ratio, "x")
    met = ratio <= _SEARCH or ours.p50 - theirs.p50 <= _SLACK
    return Figure(name, ratio, "x", f"<={_SEARCH:g}x or +{_SLACK:g}ms", met, checked=True)


def _memory(folder: Path, areas: dict[str, list[Request]]) -> Iterator[Figure]:
    requests = [request for requests in areas.values() for request in requests]
    random.Random(5).shuffle(requests)
    for name, work in zip(COLUMNS, (_asked, _asked_bare, _asked_fts5), strict=True):
        yield plain(f"{name}.search-memory", alone(work, folder / name, requests).peak, "MB")


def _asked(folder: Path, requests: Sequence[Request]) -> float:
    engine = TantivyEngine(folder)
    return float(sum(engine.search(request).total for request in requests))


def _asked_bare(folder: Path, requests: Sequence[Request]) -> float:
    bare = BareTantivy(folder)
    asked = ((bare.compiled(request), request) for request in requests)
    return float(sum(bare.search(query, request, sides_of(request.query.tree)).total for query, request in asked))


def _asked_fts5(path: Path, requests: Sequence[Request]) -> float:
    table = Fts5(path)
    return float(sum(table.search(translated(each), each, sides_of(each.query.tree))[0] for each in requests))


def _size(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6
