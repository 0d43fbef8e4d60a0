"""The evaluation data: paragraphs in both languages, and queries that each ask for one of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.tree import Side


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its translation. Topics are even or odd: the two halves of everything."""

    id: int
    topic: int
    texts: dict[Side, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query. kind: "full" (a question), "kw3" (three of its words), "natmis" (its words that stand in the paragraph
    in another form). doc: the one paragraph to be found."""

    kind: str
    side: Side
    text: str
    doc: int


@dataclass(frozen=True, slots=True)
class Data:
    paragraphs: tuple[Paragraph, ...]
    queries: tuple[Asked, ...]

    def half(self, odd: bool) -> Data:
        """The topics of one half and the queries about them."""
        kept = tuple(paragraph for paragraph in self.paragraphs if paragraph.topic % 2 == odd)
        ids = {paragraph.id for paragraph in kept}
        return Data(kept, tuple(query for query in self.queries if query.doc in ids))

    def asked(self, kind: str, side: Side) -> list[Asked]:
        return [query for query in self.queries if (query.kind, query.side) == (kind, side)]


def read(folder: Path) -> Data:
    """The data in `folder`.

    Raises:
        OSError: a file is missing.
    """
    return Data(
        tuple(
            Paragraph(line["id"], line["topic"], {"ar": line["ar"], "en": line["en"]})
            for line in _lines(folder / "documents.jsonl.gz")
        ),
        tuple(
            Asked(line["set"], line["lang"], line["text"], line["doc"]) for line in _lines(folder / "queries.jsonl.gz")
        ),
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
