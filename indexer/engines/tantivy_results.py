"""tantivy's hits and aggregations -> results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tantivy import DocAddress, Query, Searcher

from indexer.document import IndexedSide, Streams
from indexer.engine import Hit, MatchKind, Piece, Reason, SideHit, Year
from indexer.engines.tantivy_query import Compiler
from indexer.engines.tantivy_schema import FACETS, from_tantivy, streams_of
from indexer.passages import Wanted, present
from indexer.tree import Side

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


def shown(searcher: Searcher, score: float, address: DocAddress, words: Mapping[Side, Wanted] | None) -> Hit:
    """words None: without passages and reasons."""
    document = searcher.doc(address)
    stored = from_tantivy(document)
    reasons: list[Reason] = []
    if words is None:
        sides = {version.lang: _headline(version) for version in stored.sides}
    else:
        sides = {}
        for version, (side, texts) in zip(stored.sides, streams_of(document), strict=True):
            title, passage, why = present(_promising(version, texts, words[side]), words[side])
            sides[version.lang] = SideHit(title, passage, version.url, version.authors, version.published)
            reasons.extend(why)
    return Hit(stored.story, score, stored.day, stored.outlet, stored.section, stored.stale, sides, _merged(reasons))


def _headline(version: IndexedSide) -> SideHit:
    title = version.paragraphs[0]
    return SideHit((Piece(title),) if title else (), (), version.url, version.authors, version.published)


def _promising(version: IndexedSide, texts: Streams, wanted: Wanted) -> IndexedSide:
    """The version without the paragraphs in which no wanted word stands; its first one when that leaves none. To look
    for words in the indexed streams takes a fraction of the time of cutting all of the text into words anew."""
    if wanted.fuzzy or len(version.paragraphs) < 3:
        return version
    spelt = {*wanted.folded, *(word for phrase in wanted.phrases for word in phrase)}
    spelt.update(word for together, _ in wanted.nears for word in together)
    folded = [*(f" {word} " for word in spelt), *(f" {prefix}" for prefix in wanted.prefixes)]
    stems = [f" {stem} " for stem in wanted.stems]
    title, *paragraphs = version.paragraphs
    rows = zip(paragraphs, texts.folded[1:], texts.stem[1:], strict=True)
    kept = [text for text, typed, stem in rows if _holds(typed, folded) or _holds(stem, stems)]
    may_all_fail = wanted.phrases or wanted.nears  # all words there, but not together: the text's beginning is shown
    first = [] if kept and (kept[0] is paragraphs[0] or not may_all_fail) else paragraphs[:1]
    return replace(version, paragraphs=(title, *first, *kept))


def _holds(terms: str, wanted: list[str]) -> bool:
    padded = f" {terms} "
    return any(word in padded for word in wanted)


def _merged(reasons: list[Reason]) -> tuple[Reason, ...]:
    """One reason a kind, with the words of both sides, each once."""
    words: dict[MatchKind, dict[str, None]] = {}
    for reason in reasons:
        words.setdefault(reason.kind, {}).update(dict.fromkeys(reason.words))
    return tuple(Reason(kind, tuple(found)) for kind, found in words.items())


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
