"""tantivy's aggregations -> facets and years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tantivy import Query, Searcher

from indexer.engine import Year
from indexer.engines.tantivy_query import Compiler
from indexer.engines.tantivy_schema import FACETS

FACET_KEYS = 100  # of each facet, at most: the most frequent
_SEGMENT_KEYS = 10_000  # counted in each segment, so that the sums are exact
_YEARS = 3_000

Facets = dict[str, tuple[tuple[str, int], ...]]


def counted(
    searcher: Searcher, compiler: Compiler, tree: Query, filters: Mapping[str, Query]
) -> tuple[Facets, tuple[Year, ...]]:
    """Facets and years. One pass counts all that no filter names; each filter's own field is counted without it."""
    parts = {name: _terms(name) for name in FACETS} | {"years": _by_year()}
    found: dict[str, Any] = {}
    for field in (None, *filters):
        others = [query for name, query in filters.items() if name != field]
        wanted = {name: part for name, part in parts.items() if (name == field if field else name not in filters)}
        if wanted:
            found |= searcher.aggregate(compiler.restricted(tree, others), wanted)
    facets = {name: _counts(found[name]) for name in FACETS}
    return facets, tuple(_year(bucket) for bucket in sorted(found["years"]["buckets"], key=lambda b: float(b["key"])))


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": FACET_KEYS, "segment_size": _SEGMENT_KEYS}}


def _by_year() -> dict[str, Any]:
    return {"terms": {"field": "year", "size": _YEARS}, "aggs": {"versions": _terms("versions")}}


def _counts(answer: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    pairs = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _year(bucket: dict[str, Any]) -> Year:
    by = dict(_counts(bucket["versions"]))
    return Year(int(bucket["key"]), by.get("both", 0), by.get("ar", 0), by.get("en", 0))
