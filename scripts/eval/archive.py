"""An archive of the paragraphs as the product makes one: table of forms, index, and queries that are expanded by it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archive.model import Change, StoryId
from indexer.analyst import Analyst, counted
from indexer.document import IndexDocument, IndexedSide
from indexer.engine import Request, SearchEngine
from indexer.expand import Related, expand
from indexer.knowledge import Known, Names
from indexer.query import parse
from indexer.tree import Near, Node, Or, Phrase, Query, Side, Word
from language.morphology import Readings
from scripts.eval.data import Paragraph

LEXICON = "lexicon.sqlite3"
_SHOWN = 30  # hits that are fetched; all of them when the last one is a tie
Scores = dict[int, float]  # of the paragraphs found, by id


class Archive:
    """Paragraphs indexed in `sides` alone, in an engine of its own."""

    def __init__(
        self,
        engine: SearchEngine,
        folder: Path,
        paragraphs: Sequence[Paragraph],
        sides: Sequence[Side],
        dictionary: Readings | None,
    ) -> None:
        """Builds the index; folder: for the table of forms, and with the learned words where there are any."""
        self.engine = engine
        self._size = len(paragraphs)
        analyst = Analyst(folder / "analysis", dictionary)
        documents = [_document(paragraph, sides) for paragraph in paragraphs]
        forms = analyst.make(counted(documents), len(documents))
        with engine.rebuild(forms) as aside:
            aside.add(analyst.prepared(documents, forms))
            aside.swap(Change(1))
        self.known = Known(
            engine,
            analyst,
            names=Names(folder / "names.txt"),
            lexicon=folder / LEXICON,
            words_off=tuple,
            now=time.monotonic,
        )

    def scores(self, text: str, kinds: Collection[str] | None = None) -> Scores:
        """What the product finds when any of the words will do. kinds: words of the other language from these sources
        alone."""
        known = self.known()
        if kinds is not None and known.related:
            known = replace(known, related=_of_kinds(known.related, kinds))
        return found(self.engine, expand(any_word(parse(text)), known), self._size)


def found(engine: SearchEngine, query: Query, size: int) -> Scores:
    """The best hits with their scores, at least all that tie with one of the first ten."""
    for limit in (_SHOWN, size):
        request = Request(query, limit=limit, facets=False, passages=False)
        hits = engine.search(request).hits
        if len(hits) < limit or hits[-1].score < hits[9].score:
            break
    return {hit.story - 1: hit.score for hit in hits}


def _of_kinds(related: Related, kinds: Collection[str]) -> Related:
    return lambda term, side: (other for other in related(term, side) if other.kind in kinds)


def any_word(query: Query) -> Query:
    """The words of a question, any of which may match."""
    words = tuple(_words(query.tree))
    return replace(query, tree=Or(words) if len(words) > 1 else words[0] if words else query.tree)


def _words(node: Node) -> Iterator[Word]:
    match node:
        case Word():
            yield node
        case Phrase(words, side) | Near(words, side, _):
            yield from (Word(word, side) for word in words)
        case _:
            parts = getattr(node, "parts", None) or [getattr(node, "inside", None)]
            for part in filter(None, parts):
                yield from _words(part)


def _document(paragraph: Paragraph, sides: Sequence[Side]) -> IndexDocument:
    """A story without a title; story ids begin with 1."""
    return IndexDocument(
        story=StoryId(paragraph.id + 1),
        change=Change(1),
        sides=tuple(
            IndexedSide(side, f"https://p.example/{side}/{paragraph.id}", ("", paragraph.texts[side]), (), None)
            for side in sides
        ),
        versions="both" if len(sides) > 1 else sides[0],
        outlet="paragraphs",
    )
