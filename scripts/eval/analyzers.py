"""What others make of the same words, asked of the bare engine: one field, any of the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from indexer.tree import Side
from language.stopwords import stopwords
from language.tokens import analyse, words
from scripts.eval.archive import Scores
from scripts.eval.data import Paragraph

Ask = Callable[[str], Scores]
Bare = Callable[[str, Side], AbstractContextManager[Ask]]  # name of an analyzer, and which texts are indexed

_HITS = 240


def typed(text: str, _side: Side) -> list[str]:
    return words(text)


def folded(text: str, _side: Side) -> list[str]:
    return [term.folded for term in analyse(text)]


def stemmed(text: str, side: Side) -> list[str]:
    """As Lucene's analyzer of the language goes about it: no stop words, light10 or Porter2."""
    return [term.stem for term in analyse(text) if term.folded not in stopwords(side)]


ANALYZERS: dict[str, Callable[[str, Side], list[str]]] = {"typed": typed, "folded": folded, "lucene": stemmed}


def tantivy(paragraphs: Sequence[Paragraph], folder: Path) -> Bare:
    """folder: not used; the indexes are in memory."""
    del folder

    @contextmanager
    def bare(name: str, side: Side) -> Iterator[Ask]:
        of = ANALYZERS[name]
        schema = _schema()
        index = Index(schema)
        index.register_tokenizer("words", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        writer = index.writer(50_000_000, 1)
        for paragraph in paragraphs:
            terms = " ".join(of(paragraph.texts[side], side))
            writer.add_document(Document.from_dict({"id": [paragraph.id], "text": [terms]}, schema))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()

        def ask(text: str) -> Scores:
            any_word = [(Occur.Should, Query.term_query(schema, "text", term)) for term in of(text, side)]
            hits = searcher.search(Query.boolean_query(any_word), limit=_HITS).hits
            ids = searcher.fast_field_values("id", [address for _, address in hits])
            return {int(number or 0): float(score) for number, (score, _) in zip(ids, hits, strict=True)}

        yield ask

    return bare


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("id", fast=True)
    builder.add_text_field("text", tokenizer_name="words", index_option="freq")
    return builder.build()


def elasticsearch(paragraphs: Sequence[Paragraph], client: Elasticsearch) -> Bare:
    """`lucene` is the server's own analyzer of the language; the others get their words ready made."""

    @contextmanager
    def bare(name: str, side: Side) -> Iterator[Ask]:
        own = {"ar": "arabic", "en": "english"}[side] if name == "lucene" else ""
        of = ANALYZERS[name]
        index = f"bare-{name}-{side}"

        def made(text: str) -> str:
            return text if own else " ".join(of(text, side))

        client.indices.create(
            index=index,
            settings={"number_of_shards": 1, "number_of_replicas": 0},
            mappings={"properties": {"text": {"type": "text", "analyzer": own or "whitespace"}}},
        )
        bulk(client, [_action(index, p.id, made(p.texts[side])) for p in paragraphs], refresh=True)

        def ask(text: str) -> Scores:
            query = {"match": {"text": {"query": made(text)}}}
            hits = client.search(index=index, query=query, size=_HITS, source=False)["hits"]["hits"]
            return {int(hit["_id"]): hit["_score"] for hit in hits}

        yield ask
        client.indices.delete(index=index)

    return bare


def _action(index: str, number: int, text: str) -> dict[str, Any]:
    return {"_index": index, "_id": str(number), "_source": {"text": text}}
