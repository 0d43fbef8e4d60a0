"""tantivy's aggregations -> facets and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tantivy import Query

from indexer.engine import Year
from indexer.engines.keys import FACETS
from indexer.engines.tantivy_folder import View
from indexer.engines.tantivy_query import Compiler
from indexer.engines.tantivy_schema import NUMBERED, counted_as, read_bar

FACET_KEYS = 100  # of each facet, at most: the most frequent
_SEGMENT_KEYS = 10_000  # counted in each segment, so that the sums are exact
_BARS = ("versions", "years")  # told from one count of bars

Counts = list[tuple[Any, int]]
Facets = dict[str, tuple[tuple[str, int], ...]]


def counted(
    view: View, compiler: Compiler, tree: Query, filters: Mapping[str, Query]
) -> tuple[Facets, tuple[Year, ...]]:
    """Facets and years. One pass counts all that no filter names; each filter's own field is counted without it."""
    facets: Facets = {}
    years: tuple[Year, ...] = ()
    for field in (None, *filters):
        others = [query for name, query in filters.items() if name != field]
        wanted = {field} if field else {*NUMBERED, *_BARS} - {*filters}
        parts = {name: _terms(counted_as(name), FACET_KEYS) for name in NUMBERED if name in wanted}
        if wanted.intersection(_BARS):
            parts["bar"] = _terms("bar", _SEGMENT_KEYS)
        answer = view.searcher.aggregate(compiler.restricted(tree, others), parts)
        for name in (name for name in NUMBERED if name in wanted):
            keys = view.keys(name)
            facets[name] = _most_frequent((keys[int(key)], count) for key, count in _counts(answer[name]))
        if "versions" in wanted:
            facets["versions"] = _versions(_counts(answer["bar"]))
        if "years" in wanted:
            years = _years(_counts(answer["bar"]))
    return {name: facets[name] for name in FACETS}, years


def _terms(field: str, keys: int) -> dict[str, Any]:
    return {"terms": {"field": field, "size": keys, "segment_size": _SEGMENT_KEYS}}


def _counts(answer: dict[str, Any]) -> Counts:
    return [(bucket["key"], int(bucket["doc_count"])) for bucket in answer["buckets"]]


def _most_frequent(counts: Iterable[tuple[Any, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def _versions(bars: Counts) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for key, count in bars:
        _, versions, stale = read_bar(int(key))
        found[versions] += count
        if stale:
            found["stale"] += count
    return _most_frequent(found.items())


def _years(bars: Counts) -> tuple[Year, ...]:
    found: dict[int, Counter[str]] = {}
    for key, count in bars:
        year, versions, _ = read_bar(int(key))
        found.setdefault(year, Counter())[versions] += count
    return tuple(Year(year, by["both"], by["ar"], by["en"]) for year, by in sorted(found.items()) if year)
