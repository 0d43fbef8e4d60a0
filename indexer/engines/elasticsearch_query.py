"""Query tree -> Elasticsearch's query, the same hits as the embedded engine's."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from indexer.engine import Request
from indexer.engines.elasticsearch_document import BODIES, NAMED, TITLES, Column
from indexer.engines.keys import number
from indexer.streams import PREFIX_TERMS, asked, folded_terms, tolerance
from indexer.tree import (
    Alternative,
    And,
    DateRange,
    Everything,
    Expanded,
    Fuzzy,
    InField,
    Leaf,
    Near,
    Node,
    Not,
    Note,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Word,
)
from indexer.weights import TIE
from language.tokens import Term

FOLDED_WEIGHT = 0.5  # of the spelling as typed, beside 1.0 for the stem, which every such match has too
PARAGRAPH = 99_999  # places: the gap between two paragraphs, less one
TEXT = (*TITLES, *BODIES)
_NESTED = 12  # bool queries in one another before the server is made to count anew; it stops at 30

Built = dict[str, Any]
Forms = Callable[[str, Sequence[Column]], list[str] | None]

ALL: Built = {"constant_score": {"filter": {"match_all": {}}, "boost": 0}}
NONE: Built = {"match_none": {}}
LIVE: Built = {"term": {"withheld": False}}


class Compiler:
    """Compiles for one request. After it: `notes` says what was cut.

    forms: the most frequent words that begin so in these columns, PREFIX_TERMS of them, or None when there are no more
    than that many.
    """

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self.notes: list[Note] = []

    def query(self, node: Node, columns: Sequence[Column] = TEXT) -> Built:
        """The query of a node whose leaves search `columns`."""
        match node:
            case InField(name, inside):
                return self.query(inside, TITLES if name == "title" else NAMED[name])
            case And() | Not():
                return self._all(node.parts if isinstance(node, And) else (node,), columns)
            case Or(parts):
                return any_of([self.query(part, columns) for part in parts])
            case Everything() | Nothing() | DateRange():
                return _wordless(node)
            case Expanded(_, weight, others, scale):
                as_typed = weighted(self._leaf(node.spelt, columns), weight)
                return weighted(best_of([as_typed, *(_alternative(other, columns) for other in others)]), scale)
            case _:
                return self._leaf(node, columns)

    def _all(self, parts: Sequence[Node], columns: Sequence[Column]) -> Built:
        wanted = [self.query(part, columns) for part in parts if not isinstance(part, Not)]
        unwanted = [self.query(part.inside, columns) for part in parts if isinstance(part, Not)]
        return {"bool": {"must": wanted or [ALL], "must_not": unwanted}}

    def _leaf(self, leaf: Leaf, columns: Sequence[Column]) -> Built:
        fitting = [column for column in columns if None in (leaf.side, column.side) or leaf.side == column.side]
        match leaf:
            case Word(text, _, exact):
                return _each(fitting, partial(_word, asked(text), exact))
            case Phrase(words):
                return _each(fitting, partial(_row, [term.folded for term in asked(*words)]))
            case Near(words, _, distance):
                return _near(list(dict.fromkeys(folded_terms(*words))), distance, fitting)
            case Prefix(text):
                return self._prefix(folded_terms(text), fitting)
            case Fuzzy(text):
                return every([_each(fitting, partial(_nearly, word)) for word in folded_terms(text)])

    def _prefix(self, typed: list[str], columns: Sequence[Column]) -> Built:
        """The words before the last one as they are, the last one as a beginning."""
        if not typed or not columns:
            return NONE
        *whole, last = typed
        chosen = self._forms(last, columns)
        begun: list[Built]
        if chosen is None:
            begun = [{"prefix": {column.folded: {"value": last, "rewrite": "constant_score"}}} for column in columns]
        else:
            self.notes.append(Note("prefix-cut", (("word", last), ("forms", str(PREFIX_TERMS)))))
            begun = [{"terms": {column.folded: chosen}} for column in columns]
        return every([*(_each(columns, partial(_row, [word])) for word in whole), any_of(begun)])


def filters(request: Request) -> dict[str, Built]:
    """The request's filters by the name of the facet that counts without it; the days go by "years"."""
    found: dict[str, Built] = {name: {"term": {name: value}} for name, value in request.keys.items()}
    if request.start or request.end:
        found["years"] = days(request.start, request.end)
    return found


def restricted(query: Built, chosen: Iterable[Built]) -> Built:
    """Of what the query finds, the stories that pass the filters and are not withheld."""
    return {"bool": {"must": [shallow(query)], "filter": [LIVE, *chosen]}}


def days(start: date | None, end: date | None) -> Built:
    """Stories of a day between these, both included."""
    if start is None and end is None:
        return ALL
    ends = {"gte": number(start) if start else None, "lte": number(end) if end else None}
    between = {name: value for name, value in ends.items() if value is not None}
    return {"constant_score": {"filter": {"range": {"day": between}}, "boost": 0}}


def shallow(query: Built, level: int = 0) -> Built:
    """The query with deep parts wrapped: the server reads such a part by itself and counts its depth anew."""
    if "dis_max" in query:
        ways = [shallow(part, level + 1) for part in query["dis_max"]["queries"]]
        return {"dis_max": {**query["dis_max"], "queries": ways}}
    if "bool" not in query:
        return query
    if level >= _NESTED:
        inside = json.dumps(shallow(query), ensure_ascii=False)
        return {"wrapper": {"query": base64.b64encode(inside.encode()).decode()}}
    parts = {
        occur: [shallow(part, level + 1) for part in found] if isinstance(found, list) else found
        for occur, found in query["bool"].items()
    }
    return {"bool": parts}


def any_of(queries: Sequence[Built]) -> Built:
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NONE


def every(queries: Sequence[Built]) -> Built:
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"must": list(queries)}} if queries else NONE


def best_of(queries: Sequence[Built]) -> Built:
    return {"dis_max": {"queries": list(queries), "tie_breaker": TIE}} if len(queries) > 1 else queries[0]


def weighted(query: Built, weight: float) -> Built:
    if weight == 1.0:
        return query
    if "dis_max" in query:
        return {"dis_max": {**query["dis_max"], "boost": weight}}
    return {"bool": {"must": [query], "boost": weight}}


def _alternative(other: Alternative, columns: Sequence[Column]) -> Built:
    """In a name, what has the same folded words whatever the side."""
    return any_of(
        [
            _terms(list(other.terms), field, column.weight * other.weight)
            for column in columns
            if column.side in (None, other.side) and (field := getattr(column, other.stream))
        ]
    )


def _wordless(node: Everything | Nothing | DateRange) -> Built:
    match node:
        case Everything():
            return ALL
        case Nothing():
            return NONE
        case DateRange(start, end):
            return days(start, end)


def _each(columns: Sequence[Column], of: Callable[[Column], Built]) -> Built:
    return any_of([of(column) for column in columns])


def _word(terms: list[Term], exact: bool, column: Column) -> Built:
    typed = [term.folded for term in terms]
    if exact or column.stem is None:
        return _row(typed, column)
    stems = _terms([term.stem for term in terms], column.stem, column.weight)
    return any_of([_terms(typed, column.folded, FOLDED_WEIGHT * column.weight), stems])


def _row(words: list[str], column: Column) -> Built:
    return _terms(words, column.folded, column.weight)


def _terms(words: list[str], field: str, weight: float) -> Built:
    """These terms in this order, next to each other."""
    if not words:
        return NONE
    if len(words) == 1:
        return {"term": {field: {"value": words[0], "boost": weight}}}
    return {"match_phrase": {field: {"query": " ".join(words), "boost": weight}}}


def _nearly(word: str, column: Column) -> Built:
    """`constant_score` takes every word of the index that is near enough; the server's own way stops at 50."""
    wrong = tolerance(word)
    if not wrong:
        return _row([word], column)
    asked_for = {"value": word, "fuzziness": wrong, "rewrite": "constant_score", "boost": column.weight}
    return {"fuzzy": {column.folded: asked_for}}


def _near(words: list[str], distance: int | None, columns: Sequence[Column]) -> Built:
    """A word alone is a word, and among names nearness means all words."""
    texts = [column for column in columns if column.side is not None]
    if len(words) < 2 or not texts:
        return every([_each(columns, partial(_row, [word])) for word in words])
    gaps = PARAGRAPH if distance is None else min(distance, PARAGRAPH)
    rule = {"query": " ".join(words), "max_gaps": gaps, "ordered": False}
    return any_of([{"intervals": {column.folded: {"match": rule, "boost": column.weight}}} for column in texts])
