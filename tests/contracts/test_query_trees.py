"""Random query trees find on an engine what the plainest reading of the tree finds."""

from __future__ import annotations

import random
from datetime import date, timedelta

from indexer.engine import Request, SearchEngine
from indexer.tree import (
    FIELDS,
    And,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Side,
    Word,
)
from language.script import side_of
from tests.contracts.corpus import ARABIC, AUTHORS, ENGLISH, OUTLETS, corpus
from tests.contracts.naive import finds

TREES = 520
NAMES = {
    "author": [word for name in AUTHORS for word in name.split()],
    "section": ["news", "human", "stories", "human-stories", "رأي", "راي"],
    "place": ["دمشق", "حلب", "Raqqa", "حمص"],
    "tag": ["مياه", "نزوح"],
    "outlet": [*OUTLETS, "times"],
    "issue": ["512", "٥١٢", "600"],
}


def test_random_trees_find_what_a_plain_reading_finds(filled: SearchEngine) -> None:
    """Hit sets and totals of 520 trees over all operators, fields and both languages."""
    documents = corpus()
    chance = random.Random(11)
    some = 0
    for _ in range(TREES):
        tree = random_tree(chance, 3)
        expected = sorted(document.story for document in documents if finds(tree, document))
        request = Request(Query("", tree), limit=50, facets=False)
        assert list(filled.scan(request)) == expected, tree
        results = filled.search(request)
        assert results.total == len(expected) and sorted(hit.story for hit in results.hits) == expected, tree
        assert results.complete
        some += 0 < len(expected) < len(documents) - 1
    assert some > TREES / 3, "too few trees that tell stories apart"


def random_tree(chance: random.Random, depth: int) -> Node:
    """A tree of at most `depth` levels over the corpus's words; some of it matches."""
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return _leaf(chance, ARABIC if chance.random() < 0.5 else ENGLISH)
    if kind < 0.65:
        return (And if kind < 0.53 else Or)(tuple(random_tree(chance, depth - 1) for _ in range(chance.randint(1, 3))))
    if kind < 0.78:
        return Not(random_tree(chance, depth - 1))
    if kind < 0.92:
        return _in_field(chance)
    if kind < 0.97:
        start = date(2020, 1, 1) + timedelta(days=chance.randrange(1500))
        return DateRange(chance.choice((None, start)), chance.choice((None, start + timedelta(days=300))))
    return chance.choice((Everything(), Nothing()))


def _in_field(chance: random.Random) -> Node:
    name = chance.choice(FIELDS)
    vocabulary = NAMES.get(name) or chance.choice((ARABIC, ENGLISH))
    inside = [_leaf(chance, vocabulary) for _ in range(chance.randint(1, 2))]
    return InField(name, inside[0] if len(inside) == 1 else Or(tuple(inside)))


def _leaf(chance: random.Random, vocabulary: list[str] | tuple[str, ...]) -> Node:
    word = chance.choice(vocabulary)
    side: Side | None = side_of(word) if chance.random() < 0.8 else None
    several = tuple(chance.choice(vocabulary) for _ in range(chance.randint(1, 3)))
    kind = chance.randrange(6)
    if kind == 0:
        return Word(word, side, exact=chance.random() < 0.4)
    if kind == 1:
        return Phrase(several[:2], side)
    if kind == 2:
        return Near(several, side, chance.choice((None, 0, 1, 3, 5)))
    if kind == 3:
        return Prefix(word[: chance.randint(1, 5)], side)
    if kind == 4:
        at = chance.randrange(len(word))
        return Fuzzy(word[:at] + chance.choice(("", "x", "ا", word[at] * 2)) + word[at + 1 :] or word, side)
    return Word(word, side)
