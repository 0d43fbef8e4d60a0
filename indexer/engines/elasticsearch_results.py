"""The searches of a request, and their answers as results."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from indexer.engine import Request, Year
from indexer.engines.elasticsearch_document import HEADLINES
from indexer.engines.elasticsearch_query import Built, restricted
from indexer.engines.keys import FACETS

FACET_KEYS = 100  # of each facet, at most: the most frequent
WINDOW = 1_000_000  # hits that can be paged through; `max_result_window` of the mapping
_SHARD_KEYS = 10_000  # counted in each shard, so that the sums are exact
_YEARS = 3_000

Search = dict[str, Any]
Facets = dict[str, tuple[tuple[str, int], ...]]

_NEWEST = {"day": {"order": "desc", "missing": "_last"}}
_SORTS: dict[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}, _NEWEST, {"story": "desc"}],
    "newest": [_NEWEST, {"story": "desc"}],
    "oldest": [{"day": {"order": "asc", "missing": "_last"}}, {"story": "asc"}],
    "changed": [{"changed": "desc"}, {"story": "desc"}],
}


def searches(request: Request, tree: Built, filters: Mapping[str, Built], scored: bool, seconds: float) -> list[Search]:
    """The first gives the hits and counts all that no filter names; each filter's own field is counted without it.
    seconds: after these a search gives what it has."""
    parts = ({name: _terms(name) for name in FACETS} | {"years": _by_year()}) if request.facets else {}
    free = {name: part for name, part in parts.items() if name not in filters}
    built = [_main(request, restricted(tree, filters.values()), scored) | ({"aggs": free} if free else {})]
    for field in filters if request.facets else ():
        others = [query for name, query in filters.items() if name != field]
        counting = {"size": 0, "track_total_hits": False, "query": restricted(tree, others)}
        built.append(counting | {"aggs": {field: parts[field]}})
    return [search | {"timeout": f"{int(seconds * 1000)}ms"} for search in built]


def preference(request: Request) -> str:
    """All pages of a query come from the same copies of the shards: scores differ a little between copies."""
    return f"q{zlib.crc32(repr((request.query.tree, request.sort)).encode())}"


def complete(answers: Iterable[Mapping[str, Any]]) -> bool:
    return not any(answer["timed_out"] or answer["_shards"]["failed"] for answer in answers)


def counted(answers: Iterable[Mapping[str, Any]]) -> tuple[Facets, tuple[Year, ...]]:
    found: dict[str, Any] = {}
    for answer in answers:
        found |= answer.get("aggregations", {})
    if "years" not in found:
        return {}, ()
    years = sorted((_year(bucket) for bucket in found["years"]["buckets"]), key=lambda year: year.year)
    return {name: _counts(found[name]) for name in FACETS}, tuple(years)


def _main(request: Request, query: Built, scored: bool) -> Search:
    offset = max(request.offset, 0)
    size = min(max(request.limit, 0), WINDOW - offset) if offset < WINDOW else 0
    sort = "newest" if request.sort == "relevance" and not scored else request.sort
    headlines = {} if request.passages else {"_source": HEADLINES}
    return headlines | {
        "query": query,
        "from": offset if size else 0,
        "size": size,
        "sort": _SORTS[sort],
        "track_total_hits": True,
    }


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": FACET_KEYS, "shard_size": _SHARD_KEYS}}


def _by_year() -> dict[str, Any]:
    return {"terms": {"field": "year", "size": _YEARS}, "aggs": {"versions": _terms("versions")}}


def _counts(answer: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    pairs = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["buckets"]]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _year(bucket: Mapping[str, Any]) -> Year:
    by = dict(_counts(bucket["versions"]))
    return Year(int(bucket["key"]), by.get("both", 0), by.get("ar", 0), by.get("en", 0))
