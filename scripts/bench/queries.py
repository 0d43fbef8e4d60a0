"""The queries that are compared, drawn with a fixed seed from the words and stories that are there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from indexer.document import IndexDocument
from indexer.engine import Request
from indexer.tree import And, DateRange, Node, Phrase, Prefix, Query, Side, Word
from language.tokens import words
from scripts.bench.stories import DAYS, FIRST_DAY
from scripts.bench.vocabulary import Vocabulary

EACH = 12  # queries an area
DEEP = 500  # hits before a deep page
_COMMON, _MIDDLE, _RARE = (60, 110), (110, 1_200), (5_000, 12_000)  # ranks of lemmas, after the stop words
_SIDES: tuple[Side, Side] = ("ar", "en")


def areas(vocabularies: dict[Side, Vocabulary], some: list[IndexDocument]) -> dict[str, list[Request]]:
    """By area. Only those named for it count facets or make passages; `page` does both, as a results page does."""
    draw = _Draw(vocabularies, some)
    plain: dict[str, Sequence[Node]] = {
        "rare": list(draw.words(*_RARE)),
        "common": list(draw.words(*_COMMON)),
        "and": [And(pair) for pair in zip(draw.words(*_COMMON), draw.words(*_MIDDLE), strict=True)],
        "phrase": list(draw.phrases()),
        "prefix": list(draw.prefixes()),
        "dates": [And((word, draw.days())) for word in draw.words(*_COMMON)],
    }
    found = {name: [_request(node) for node in nodes] for name, nodes in plain.items()}
    found["deep"] = [replace(request, offset=DEEP) for request in found["common"]]
    kinds = ("rare", "common", "and", "phrase")
    mixed = [found[kinds[place % 4]][(place + place // 4) % EACH] for place in range(EACH)]
    found["facets"] = [replace(request, facets=True) for request in found["common"]]
    found["passages"] = [replace(request, passages=True) for request in mixed]
    found["page"] = [replace(request, facets=True, passages=True) for request in mixed]
    found["common-page"] = [replace(request, facets=True, passages=True) for request in found["common"]]
    return found


def sides_of(node: Node) -> tuple[Side, ...]:
    """The languages that a query searches."""
    if isinstance(node, And):
        return tuple(dict.fromkeys(side for part in node.parts for side in sides_of(part)))
    side = getattr(node, "side", None)
    return () if isinstance(node, DateRange) else (side,) if side else _SIDES


def _request(node: Node) -> Request:
    return Request(Query("", node), facets=False, passages=False)


class _Draw:
    def __init__(self, vocabularies: dict[Side, Vocabulary], some: list[IndexDocument]) -> None:
        self._chance = random.Random(11)
        self._words = vocabularies
        self._some = some

    def words(self, first: int, last: int) -> Iterator[Word]:
        """Half of them in each language, always in the same order of languages."""
        for place in range(EACH):
            side = _SIDES[place % 2]
            yield Word(self._chance.choice(self._chance.choice(self._words[side].forms[first:last])), side)

    def phrases(self) -> Iterator[Phrase]:
        """Two or three words that stand next to each other somewhere."""
        for place in range(EACH):
            side = _SIDES[place % 2]
            texts = [each for document in self._some for each in document.sides if each.lang == side]
            paragraph = words(self._chance.choice(self._chance.choice(texts).paragraphs[1:]))
            at = self._chance.randrange(len(paragraph) - 3)
            yield Phrase(tuple(paragraph[at : at + 2 + place % 4 // 2]), side)

    def prefixes(self) -> Iterator[Prefix]:
        for place, word in enumerate(self.words(*_MIDDLE)):
            yield Prefix(word.text[: 3 + place % 4 // 2], word.side)

    def days(self) -> DateRange:
        start = FIRST_DAY + timedelta(days=self._chance.randrange(DAYS - 400))
        return DateRange(start, start + timedelta(days=self._chance.choice((30, 365))))
