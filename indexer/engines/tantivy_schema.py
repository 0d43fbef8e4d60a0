"""tantivy's schema, a story's document in it, and what is read back from the stored document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tantivy import Document, Filter, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from archive.model import Change, StoryId
from indexer.document import Analysed, IndexDocument, IndexedSide, Streams, digest
from indexer.hits import Stored
from indexer.streams import NAMES, SIDES, names, searched_as, side_analysis
from indexer.tree import Side

LAYOUT = 3  # raised when fields change: an index of another layout is outdated
FACETS = ("versions", "section", "place", "author", "outlet")
MARK = "mark"  # key of the document that holds the change number: it is committed with the stories it speaks of
NO_DAY = 99999999
_WORDS, _NOTHING = "words", "nothing"
_STORED = ("head", "texts", "folded", "stem", "places")  # text, because tantivy reads bytes one by one


@dataclass(frozen=True, slots=True)
class Column:
    """A text as indexed: the fields of its streams, the language it is in (None: names), its weight in the score."""

    folded: str
    stem: str | None = None
    side: str | None = None
    weight: float = 1.0


TITLES = tuple(Column(f"{side}_title_folded", f"{side}_title_stem", side, 2.0) for side in SIDES)
BODIES = tuple(Column(f"{side}_body_folded", f"{side}_body_stem", side) for side in SIDES)
NAMED = {field: (Column(f"{field}_words"),) for field in NAMES}


def schema() -> Schema:
    """Streams are words joined by spaces, one value a paragraph: tantivy leaves a gap of one place between values, so
    that no phrase matches across two paragraphs. Numbers are unsigned; `day` is yyyymmdd."""
    builder = SchemaBuilder()
    for name in ("key", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for column in (*TITLES, *BODIES, *(column for columns in NAMED.values() for column in columns)):
        builder.add_text_field(column.folded, tokenizer_name=_WORDS, index_option="position")
        if column.stem:
            builder.add_text_field(column.stem, tokenizer_name=_WORDS, index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("day", "month", "year"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("story", "change", "digest", "newest", "oldest", "changed"):
        builder.add_unsigned_field(name, indexed=name == "story", fast=True)
    for name in _STORED:
        builder.add_text_field(name, stored=True, tokenizer_name=_NOTHING, index_option="basic")
    return builder.build()


def prepare(index: Index) -> Index:
    """Registers the tokenizers, which tantivy does not keep, and leaves reloading to us. What is only stored has one
    that finds no words: the whole text is one, and too long."""
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.register_tokenizer(_NOTHING, TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.remove_long(1)).build())
    index.config_reader(reload_policy="manual")
    return index


def to_tantivy(document: IndexDocument, schema: Schema) -> Document:
    values: dict[str, Any] = {"key": [str(document.story)], "story": [document.story], "change": [document.change]}
    if document.tombstone:
        return Document.from_dict({**values, "state": ["dead"]}, schema)
    found = [(searched_as(side), side_analysis(side)) for side in document.sides]
    for side, analysis in found:
        _add_text(values, side, analysis.streams)
    for field, labels in names(document).items():
        values[NAMED[field][0].folded] = [label for label in labels if label]
    values |= _keys(document) | _numbers(document)
    values["state"] = ["live"]
    values |= _stored(document, found)
    return Document.from_dict(values, schema)


def mark(change: Change, schema: Schema) -> Document:
    return Document.from_dict({"key": [MARK], "state": ["dead"], "change": [change]}, schema)


def _add_text(values: dict[str, Any], side: Side, texts: Streams) -> None:
    for stream, paragraphs in (("folded", texts.folded), ("stem", texts.stem)):
        values.setdefault(f"{side}_title_{stream}", []).extend(paragraphs[:1])
        values.setdefault(f"{side}_body_{stream}", []).extend(paragraphs[1:])


def _keys(document: IndexDocument) -> dict[str, list[str]]:
    return {
        "versions": [document.versions, *(["stale"] if document.stale else [])],
        "section": [document.section] if document.section else [],
        "place": list(document.places),
        "author": list(document.authors),
        "outlet": [document.outlet],
    }


def number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _numbers(document: IndexDocument) -> dict[str, list[int]]:
    """Sort keys hold the story's id in their low 32 bits, so that equal days keep one order over all pages."""
    day = number(document.day) if document.day else None
    dated = {"day": [day], "month": [day // 100], "year": [day // 10000]} if day else {}
    return dated | {
        "digest": [int(digest(document), 16)],
        "newest": [(day or 0) << 32 | document.story],
        "oldest": [(day or NO_DAY) << 32 | document.story],
        "changed": [document.change << 32 | document.story],
    }


def _stored(document: IndexDocument, found: list[tuple[Side, Analysed]]) -> dict[str, list[str]]:
    """Paragraphs are told apart by their lengths, since anything may be in them; terms and places have no line break in
    them, so that joining and splitting is all the coding there is."""
    day = document.day.isoformat() if document.day else None
    sides = [
        (side.lang, searched, side.url, side.authors, side.published, [len(text) for text in side.paragraphs])
        for side, (searched, _) in zip(document.sides, found, strict=True)
    ]
    head = (document.story, day, document.outlet, document.section, document.stale, sides)
    return {
        "head": [json.dumps(head, ensure_ascii=False)],
        "texts": ["".join(text for side in document.sides for text in side.paragraphs)],
        "folded": ["\f".join("\n".join(analysis.streams.folded) for _, analysis in found)],
        "stem": ["\f".join("\n".join(analysis.streams.stem) for _, analysis in found)],
        "places": ["\f".join("\n".join(analysis.places) for _, analysis in found)],
    }


def from_tantivy(document: Document) -> tuple[Stored, Iterator[tuple[Side, Analysed]]]:
    """What a result is made of, and of each side in order which side's queries search it and its analysis."""
    story, day, outlet, section, stale, sides = json.loads(document.get_first("head") or "")
    texts, at = document.get_first("texts") or "", 0
    read = []
    for lang, _, url, authors, published, lengths in sides:
        paragraphs = []
        for length in lengths:
            paragraphs.append(texts[at : at + length])
            at += length
        read.append(IndexedSide(lang, url, tuple(paragraphs), tuple(authors), published))
    stored = Stored(StoryId(story), date.fromisoformat(day) if day else None, outlet, section, stale, tuple(read))
    return stored, _analyses(document, [side[1] for side in sides])


def _analyses(document: Document, sides: list[Side]) -> Iterator[tuple[Side, Analysed]]:
    rows = zip(*(_split(document, name) for name in ("folded", "stem", "places")), strict=True)
    for side, (folded, stem, places) in zip(sides, rows, strict=True):
        yield side, Analysed(Streams(folded, stem), places)


def folded_of(document: Document) -> list[tuple[Side, tuple[str, ...]]]:
    """Of each side in order: which side's queries search it, and its folded terms, as they were indexed."""
    sides = json.loads(document.get_first("head") or "")[-1]
    return [(side[1], folded) for side, folded in zip(sides, _split(document, "folded"), strict=True)]


def _split(document: Document, name: str) -> list[tuple[str, ...]]:
    return [tuple(side.split("\n")) for side in (document.get_first(name) or "").split("\f")]
