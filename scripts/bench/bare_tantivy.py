"""What somebody would write who knows tantivy and nothing else: an index of their own with the same prepared words.

Queries, fields and facet fields are the same as the engine's; texts are stored in the fields that are searched, which
is what tantivy's own SnippetGenerator reads, and facets are tantivy's aggregations on plain fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tantivy import Document, Index, IndexWriter, Query, Schema, SchemaBuilder, Searcher, SnippetGenerator

from indexer.document import IndexDocument
from indexer.engine import Request
from indexer.engines.keys import FACETS, number
from indexer.engines.tantivy_query import Compiler
from indexer.engines.tantivy_schema import BODIES, NAMED, TITLES, prepare
from indexer.streams import names, side_streams
from indexer.tree import Side

_TERMS = {name: {"terms": {"field": name, "size": 100, "segment_size": 10_000}} for name in FACETS}
AGGREGATIONS = _TERMS | {
    "years": {"terms": {"field": "year", "size": 3_000}, "aggs": {"versions": {"terms": {"field": "versions"}}}}
}
_PASSAGE = 250  # characters: 40 words
HEAP = 50_000_000


def schema() -> Schema:
    builder = SchemaBuilder()
    for name in ("key", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for column in (*TITLES, *BODIES):
        builder.add_text_field(column.folded, stored=True, tokenizer_name="words", index_option="position")
        for field in filter(None, (column.stem, column.lemma, column.root)):
            builder.add_text_field(field, tokenizer_name="words", index_option="position")
    for (column,) in NAMED.values():
        builder.add_text_field(column.folded, tokenizer_name="words", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("day", "month", "year", "story"):
        builder.add_unsigned_field(name, indexed=True, fast=True, stored=name == "story")
    builder.add_text_field("url", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


@dataclass(frozen=True, slots=True)
class Answer:
    """hits: (story, addresses of the versions, passages)."""

    total: int
    hits: list[tuple[int, list[str], list[str]]]
    facets: dict[str, Any]


class BareTantivy:
    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        path.mkdir(exist_ok=True)
        self.index = prepare(Index(schema(), str(path)) if fresh else Index.open(str(path)))
        self.schema = self.index.schema
        self.refresh()

    def refresh(self) -> None:
        self.index.reload()
        self.searcher: Searcher = self.index.searcher()

    def writer(self, threads: int, heap: int = HEAP) -> IndexWriter:
        return self.index.writer(heap, threads)

    def compiled(self, request: Request) -> Query:
        """The engine's own query, made once and not timed."""
        compiler = Compiler(self.schema, self.searcher)
        return compiler.restricted(compiler.query(request.query.tree), compiler.filters(request).values())

    def search(self, query: Query, request: Request, sides: Iterable[Side] = ()) -> Answer:
        """sides: whose texts are to be highlighted, by tantivy."""
        found = self.searcher.search(query, limit=request.limit, offset=request.offset)
        facets = self.searcher.aggregate(query, AGGREGATIONS) if request.facets else {}
        generators = self._generators(query, sides) if request.passages else []
        hits = []
        for _, address in found.hits:
            document = self.searcher.doc(address)
            marked = [generator.snippet_from_doc(document).to_html() for generator in generators]
            hits.append((document.get_first("story") or 0, document.get_all("url"), marked))
        return Answer(int(found.count), hits, facets)  # type: ignore[attr-defined]

    def _generators(self, query: Query, sides: Iterable[Side]) -> list[SnippetGenerator]:
        made = []
        for side in sides:
            for column in (f"{side}_title_folded", f"{side}_body_folded"):
                generator = SnippetGenerator.create(self.searcher, query, self.schema, column)
                generator.set_max_num_chars(_PASSAGE)
                made.append(generator)
        return made


def prepared(document: IndexDocument) -> dict[str, Any]:
    """All fields of a document, ready to be handed to tantivy."""
    values: dict[str, Any] = {"key": [str(document.story)], "story": [document.story], "state": ["live"]}
    for side in document.sides:
        for stream, paragraphs in side_streams(side)._asdict().items():
            if paragraphs:
                values[f"{side.lang}_title_{stream}"] = list(paragraphs[:1])
                values[f"{side.lang}_body_{stream}"] = list(paragraphs[1:])
    for field, labels in names(document).items():
        values[NAMED[field][0].folded] = [label for label in labels if label]
    day = number(document.day) if document.day else 0
    return values | {
        "versions": [document.versions, *(["stale"] if document.stale else [])],
        "section": [document.section or ""],
        "place": list(document.places),
        "author": list(document.authors),
        "outlet": [document.outlet],
        "day": [day],
        "month": [day // 100],
        "year": [day // 10000],
        "url": [side.url for side in document.sides],
    }


def add(writer: IndexWriter, documents: Iterable[dict[str, Any]], schema: Schema) -> None:
    for values in documents:
        writer.add_document(Document.from_dict(values, schema))
