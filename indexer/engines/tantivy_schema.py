"""tantivy's schema, and a story's document in it. Nothing is stored: see `tantivy_texts`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from tantivy import Document, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from archive.model import Change
from indexer.document import IndexDocument, Streams, digest
from indexer.engines.keys import FACETS, number
from indexer.streams import NAMES, SIDES, names, searched_as, side_analysis
from indexer.tree import Side

LAYOUT = 8  # raised when fields change: an index of another layout is outdated
VERSIONS = ("both", "ar", "en", "other")
NUMBERED = FACETS[1:]  # the versions are counted with the years
MARK = "mark"  # key of the document that holds the change number: it is committed with the stories it speaks of
NO_DAY = 99999999
_WORDS = "words"
_OF_TEXT: tuple[str, ...] = ("folded", "stem")
_STREAMS: dict[Side, tuple[str, ...]] = {"ar": (*_OF_TEXT, "lemma", "root"), "en": _OF_TEXT}


@dataclass(frozen=True, slots=True)
class Column:
    """A text as indexed: the fields of its streams, the language it is in (None: names), its weight in the score."""

    folded: str
    stem: str | None = None
    lemma: str | None = None
    root: str | None = None
    side: Side | None = None
    weight: float = 1.0


def _column(side: Side, part: str, weight: float) -> Column:
    return Column(**{stream: f"{side}_{part}_{stream}" for stream in _STREAMS[side]}, side=side, weight=weight)


TITLES = tuple(_column(side, "title", 2.0) for side in SIDES)
BODIES = tuple(_column(side, "body", 1.0) for side in SIDES)
NAMED = {field: (Column(f"{field}_words"),) for field in NAMES}


def schema() -> Schema:
    """Streams are words joined by spaces, one value a paragraph: tantivy leaves a gap of one place between values, so
    that no phrase matches across two paragraphs. Numbers are unsigned; `day` is yyyymmdd."""
    builder = SchemaBuilder()
    for name in ("key", "state", "versions"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for column in (*TITLES, *BODIES, *(column for columns in NAMED.values() for column in columns)):
        for field in (column.folded, column.stem, column.lemma, column.root):
            if field:
                builder.add_text_field(field, tokenizer_name=_WORDS, index_option="position")
    for name in NUMBERED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field(counted_as(name), fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in ("story", "change", "digest", "newest", "oldest", "changed", "bar", "text"):
        builder.add_unsigned_field(name, indexed=name == "story", fast=True)
    return builder.build()


def counted_as(facet: str) -> str:
    """The field that has a facet's keys as numbers: to count strings, tantivy looks up each of them in each segment."""
    return f"{facet}_number"


@lru_cache(maxsize=10_000)
def numbered(key: str) -> int:
    """48 bits, so that it is exact as a floating-point number, as which it comes back."""
    return int.from_bytes(blake2b(key.encode(), digest_size=6).digest())


def prepare(index: Index) -> Index:
    """Registers the tokenizer, which tantivy does not keep, and leaves reloading to us."""
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader(reload_policy="manual")
    return index


def to_tantivy(document: IndexDocument, text: int, schema: Schema) -> Document:
    """text: where the story's record is (`tantivy_texts`)."""
    values: dict[str, Any] = {"key": [str(document.story)], "story": [document.story], "change": [document.change]}
    if document.tombstone:
        return Document.from_dict({**values, "state": ["dead"]}, schema)
    for side in document.sides:
        _add_text(values, searched_as(side), side_analysis(side).streams)
    for field, labels in names(document).items():
        values[NAMED[field][0].folded] = [label for label in labels if label]
    keys = _keys(document)
    values |= keys | _numbers(document)
    values |= {counted_as(name): list(map(numbered, keys[name])) for name in NUMBERED}
    values |= {"state": ["live"], "text": [text]}
    return Document.from_dict(values, schema)


def mark(change: Change, schema: Schema) -> Document:
    return Document.from_dict({"key": [MARK], "state": ["dead"], "change": [change]}, schema)


def _add_text(values: dict[str, Any], side: Side, texts: Streams) -> None:
    for stream, paragraphs in texts._asdict().items():
        if paragraphs:
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


def bar(year: int, versions: str, stale: bool) -> int:
    """Year, versions and whether stale as one number: to count one takes a quarter of the time of years with versions
    inside. Year 0: without a day."""
    return (year * len(VERSIONS) + VERSIONS.index(versions)) * 2 + stale


@lru_cache(maxsize=4096)
def read_bar(found: int) -> tuple[int, str, bool]:
    year, versions = divmod(found // 2, len(VERSIONS))
    return year, VERSIONS[versions], bool(found % 2)


def _numbers(document: IndexDocument) -> dict[str, list[int]]:
    """Sort keys hold the story's id in their low 32 bits, so that equal days keep one order over all pages."""
    day = number(document.day) if document.day else None
    year = document.day.year if document.day else 0
    return ({"day": [day]} if day else {}) | {
        "bar": [bar(year, document.versions, document.stale)],
        "digest": [int(digest(document), 16)],
        "newest": [(day or 0) << 32 | document.story],
        "oldest": [(day or NO_DAY) << 32 | document.story],
        "changed": [document.changed << 32 | document.story],
    }
