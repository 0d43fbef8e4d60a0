"""tantivy's schema, a story's document in it, and what is read back from the stored document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from tantivy import Document, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from archive.model import Change, StoryId
from indexer.document import IndexDocument, IndexedSide, Streams, digest
from indexer.streams import NAMES, SIDES, names, searched_as, side_streams
from indexer.tree import Side

LAYOUT = 2  # raised when fields change: an index of another layout is outdated
FACETS = ("versions", "section", "place", "author", "outlet")
MARK = "mark"  # key of the document that holds the change number: it is committed with the stories it speaks of
NO_DAY = 99999999
_WORDS = "words"


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
    for name in ("stored", "streams"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def prepare(index: Index) -> Index:
    """Registers the tokenizer, which tantivy does not keep, and leaves reloading to us."""
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader(reload_policy="manual")
    return index


def to_tantivy(document: IndexDocument, schema: Schema) -> Document:
    values: dict[str, Any] = {"key": [str(document.story)], "story": [document.story], "change": [document.change]}
    if document.tombstone:
        return Document.from_dict({**values, "state": ["dead"]}, schema)
    found = [(searched_as(side), side_streams(side)) for side in document.sides]
    for side, texts in found:
        _add_text(values, side, texts)
    for field, labels in names(document).items():
        values[NAMED[field][0].folded] = [label for label in labels if label]
    values |= _keys(document) | _numbers(document)
    values["state"] = ["live"]
    values["stored"] = [_stored(document)]
    values["streams"] = [_joined(found)]
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What a result is made of."""

    story: StoryId
    day: date | None
    outlet: str
    section: str | None
    stale: bool
    sides: tuple[IndexedSide, ...]


def _stored(document: IndexDocument) -> bytes:
    day = document.day.isoformat() if document.day else None
    sides = [(side.lang, side.url, side.paragraphs, side.authors, side.published) for side in document.sides]
    content = (document.story, day, document.outlet, document.section, document.stale, sides)
    return json.dumps(content, ensure_ascii=False).encode()


def from_tantivy(document: Document) -> Stored:
    story, day, outlet, section, stale, sides = json.loads(document.get_first("stored") or b"")
    read = (
        IndexedSide(lang, url, tuple(paragraphs), tuple(authors), published)
        for lang, url, paragraphs, authors, published in sides
    )
    return Stored(StoryId(story), date.fromisoformat(day) if day else None, outlet, section, stale, tuple(read))


def _joined(found: list[tuple[Side, Streams]]) -> bytes:
    """Terms have no line break in them, so that joining and splitting is all the coding there is."""
    return "\f".join(
        "\v".join((side, "\n".join(texts.folded), "\n".join(texts.stem))) for side, texts in found
    ).encode()


def streams_of(document: Document) -> list[tuple[Side, Streams]]:
    """Of each side in order: which side's queries search it, and its terms, as they were indexed."""
    blocks = (block.split("\v") for block in (document.get_first("streams") or b"").decode().split("\f"))
    return [
        ("ar" if side == "ar" else "en", Streams(tuple(folded.split("\n")), tuple(stem.split("\n"))))
        for side, folded, stem in blocks
    ]
