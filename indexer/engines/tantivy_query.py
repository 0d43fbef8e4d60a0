"""Query tree -> tantivy query, against one searcher. Never goes through tantivy's own parser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from heapq import heappop, heappush
from itertools import combinations

from tantivy import FieldType, Occur, Order, Query, Schema, Searcher, SearchResult

from indexer.engine import Request
from indexer.engines.keys import number
from indexer.engines.tantivy_schema import BODIES, NAMED, TITLES, Column
from indexer.engines.tantivy_texts import Texts
from indexer.streams import PREFIX_TERMS, asked, folded_terms, near, tolerance
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
NEAR_CANDIDATES = 10_000  # stories with all the words whose text is looked at; beyond it the total is a lower bound
_FARTHEST = 100_000  # words: no paragraph is longer; tantivy takes 32 bits

TEXT = (*TITLES, *BODIES)


class Compiler:
    """Compiles for one request. After it: `notes` says what was cut, `complete` whether all was looked at."""

    def __init__(
        self,
        schema: Schema,
        searcher: Searcher,
        near_candidates: int = NEAR_CANDIDATES,
        texts: Texts | None = None,
        most: int | None = PREFIX_TERMS,
    ) -> None:
        """texts: where the words of a `Near` are looked at; a query without one needs none. most: words that begin as a
        `Prefix` says, of which there may be more; None: all are searched."""
        self._schema = schema
        self._texts = texts
        self._searcher = searcher
        self._near_candidates = near_candidates
        self._most = most
        self.notes: list[Note] = []
        self.complete = True

    def query(self, node: Node, columns: Sequence[Column] = TEXT) -> Query:
        """The query of a node whose leaves search `columns`."""
        match node:
            case InField(name, inside):
                return self.query(inside, TITLES if name == "title" else NAMED[name])
            case And() | Not():
                return self._all(node.parts if isinstance(node, And) else (node,), columns)
            case Or(parts):
                return any_of([self.query(part, columns) for part in parts])
            case Everything() | Nothing() | DateRange():
                return self._wordless(node)
            case Expanded(_, weight, others, scale):
                as_typed = weighted(self._leaf(node.spelt, columns), weight)
                return weighted(best_of([as_typed, *(self._alternative(other, columns) for other in others)]), scale)
            case _:
                return self._leaf(node, columns)

    def _alternative(self, other: Alternative, columns: Sequence[Column]) -> Query:
        """In a name, what has the same folded words whatever the side."""
        found = [
            weighted(self._row(field, list(other.terms)), column.weight)
            for column in columns
            if column.side in (None, other.side) and (field := getattr(column, other.stream, None))
        ]
        return weighted(any_of(found), other.weight)

    def _wordless(self, node: Everything | Nothing | DateRange) -> Query:
        match node:
            case Everything():
                return _unscored(Query.all_query())
            case Nothing():
                return Query.empty_query()
            case DateRange(start, end):
                return self.days(start, end)

    def days(self, start: date | None, end: date | None) -> Query:
        """Stories of a day between these, both included."""
        first, last = (number(day) if day else None for day in (start, end))
        if first is None and last is None:
            return _unscored(Query.all_query())
        return _unscored(Query.range_query(self._schema, "day", FieldType.Unsigned, first, last))

    def filters(self, request: Request) -> dict[str, Query]:
        """The request's filters by the name of the facet that counts without it; the days go by "years"."""
        found = {name: _unscored(Query.term_query(self._schema, name, value)) for name, value in request.keys.items()}
        if request.start or request.end:
            found["years"] = self.days(request.start, request.end)
        return found

    def restricted(self, query: Query, filters: Iterable[Query]) -> Query:
        """Of what the query finds, the stories that pass the filters and are no tombstones."""
        dead = Query.term_query(self._schema, "state", "dead")
        return Query.boolean_query(
            [(Occur.Must, query), *((Occur.Must, each) for each in filters), (Occur.MustNot, dead)]
        )

    def _all(self, parts: Sequence[Node], columns: Sequence[Column]) -> Query:
        wanted = [(Occur.Must, self.query(part, columns)) for part in parts if not isinstance(part, Not)]
        unwanted = [(Occur.MustNot, self.query(part.inside, columns)) for part in parts if isinstance(part, Not)]
        everything = [] if wanted else [(Occur.Must, _unscored(Query.all_query()))]
        return Query.boolean_query([*everything, *wanted, *unwanted])

    def _leaf(self, leaf: Leaf, columns: Sequence[Column]) -> Query:
        fitting = [column for column in columns if None in (leaf.side, column.side) or leaf.side == column.side]
        match leaf:
            case Word(text, _, exact):
                return self._each(fitting, partial(self._word, asked(text), exact))
            case Phrase(words):
                return self._each(fitting, partial(self._phrase, asked(*words)))
            case Near(words, _, distance):
                return self._near(folded_terms(*words), distance, fitting)
            case Prefix(text):
                return every(self._prefix(folded_terms(text), fitting))
            case Fuzzy(text):
                return every([self._each(fitting, partial(self._nearly, word)) for word in folded_terms(text)])

    def _each(self, columns: Sequence[Column], of: Callable[[Column], Query]) -> Query:
        return any_of([weighted(of(column), column.weight) for column in columns])

    def _word(self, terms: list[Term], exact: bool, column: Column) -> Query:
        typed = self._phrase(terms, column)
        if exact or column.stem is None:
            return typed
        return any_of([weighted(typed, FOLDED_WEIGHT), self._row(column.stem, [term.stem for term in terms])])

    def _phrase(self, terms: list[Term], column: Column) -> Query:
        return self._row(column.folded, [term.folded for term in terms])

    def _row(self, field: str, words: list[str], slop: int = 0) -> Query:
        if not words:
            return Query.empty_query()
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0])
        return Query.phrase_query(self._schema, field, list(words), slop)

    def _nearly(self, word: str, column: Column) -> Query:
        wrong = tolerance(word)
        if not wrong:
            return self._row(column.folded, [word])
        return Query.fuzzy_term_query(self._schema, column.folded, word, wrong, transposition_cost_one=True)

    def _prefix(self, typed: list[str], columns: Sequence[Column]) -> list[Query]:
        """The words before the last one as they are, the last one as a beginning."""
        if not typed:
            return []
        begun = zip(columns, self._begun(typed[-1], columns), strict=True)
        return [
            *(self._each(columns, partial(self._is, word)) for word in typed[:-1]),
            any_of([Query.term_set_query(self._schema, column.folded, words) for column, words in begun if words]),
        ]

    def _is(self, word: str, column: Column) -> Query:
        return self._row(column.folded, [word])

    def _begun(self, prefix: str, columns: Sequence[Column]) -> list[list[str]]:
        """Of each column the words with this beginning, of all columns together the most frequent ones."""
        there = [dict(self._searcher.terms_with_prefix(column.folded, prefix)) for column in columns]
        if self._most is None or len(set().union(*there)) <= self._most:
            return [list(words) for words in there]
        kept = self._most_frequent(there, columns, self._most + 1)
        if len(kept) > self._most:
            self.notes.append(Note("prefix-cut", (("word", prefix), ("forms", str(self._most)))))
        return [list(set(kept[: self._most]).intersection(words)) for words in there]

    def _most_frequent(self, there: list[dict[str, int]], columns: Sequence[Column], wanted: int) -> list[str]:
        """The index counts former states of stories too, so that its counts are the most that a word can have: words
        are counted anew from the highest on, until no other one can come before those that are wanted."""
        most: Counter[str] = Counter()
        for words in there:
            most.update(words)
        least: list[int] = []  # counts of the best ones so far, as a heap
        counts: dict[str, int] = {}
        for word, bound in sorted(most.items(), key=lambda pair: (-pair[1], pair[0])):
            if len(least) == wanted and bound < least[0]:
                break
            if count := self._live(word, columns):
                counts[word] = count
                heappush(least, count)
                if len(least) > wanted:
                    heappop(least)
        return sorted(counts, key=lambda word: (-counts[word], word))[:wanted]

    def _live(self, word: str, columns: Sequence[Column]) -> int:
        """In how many stories it is, summed over the columns."""
        found = (self._searcher.search(self._row(column.folded, [word]), limit=1) for column in columns)
        return sum(map(total, found))

    def _near(self, typed: list[str], distance: int | None, columns: Sequence[Column]) -> Query:
        """A word alone is a word, and among names nearness means all words; in a text the stories that may match are
        asked for and their paragraphs looked at, because tantivy's slop is ordered and knows no paragraphs."""
        words = list(dict.fromkeys(typed))
        texts = [column for column in columns if column.side is not None]
        if len(words) < 2 or not texts:
            return every([self._each(columns, partial(self._is, word)) for word in words])
        found = self._looked_at(frozenset(words), distance, texts)
        return Query.term_set_query(self._schema, "key", found) if found else Query.empty_query()

    def _looked_at(self, words: frozenset[str], distance: int | None, columns: Sequence[Column]) -> list[str]:
        assert self._texts
        candidates = self.restricted(
            any_of([self._maybe_near(sorted(words), distance, column) for column in columns]), ()
        )
        result = self._searcher.search(
            candidates, limit=self._near_candidates, order_by_field="newest", order=Order.Desc
        )
        if total(result) > self._near_candidates:
            self.complete = False
        sides = {column.side for column in columns if column.side}
        last = 1 if all(column in TITLES for column in columns) else None
        addresses = [address for _, address in result.hits]
        stories, records = (self._searcher.fast_field_values(field, addresses) for field in ("story", "text"))
        return [
            str(story)
            for story, record in zip(stories, records, strict=True)
            if any(
                near(words, paragraph.split(" "), distance)
                for side in sides
                for paragraphs in self._texts.folded(int(record or 0), side)
                for paragraph in paragraphs[:last]
                if all(word in paragraph for word in words)
            )
        ]

    def _maybe_near(self, words: list[str], distance: int | None, column: Column) -> Query:
        """All that is near and more. Two words of a window of n + distance places are at most that far apart, in either
        order; a slop of as much, one more for the swap, covers it."""
        if distance is None:
            return every([self._row(column.folded, [word]) for word in words])
        slop = min(distance, _FARTHEST) + len(words)
        return every([self._row(column.folded, [a, b], slop) for a, b in combinations(words, 2)])


def total(result: SearchResult) -> int:
    """How many documents a search found, exactly (tantivy's stubs leave it out)."""
    return int(result.count)  # type: ignore[attr-defined]


def any_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def best_of(queries: Sequence[Query]) -> Query:
    return Query.disjunction_max_query(list(queries), TIE) if len(queries) > 1 else queries[0]


def every(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.empty_query()


def weighted(query: Query, weight: float) -> Query:
    return query if weight == 1.0 else Query.boost_query(query, weight)


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
