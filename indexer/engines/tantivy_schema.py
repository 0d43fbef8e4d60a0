"""tantivy's schema, a story's document in it, and what is read back from the stored document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

from tantivy import Document, Filter, Index, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from archive.model import Change, StoryId
from indexer.document import Analysed, IndexDocument, IndexedSide, Streams, digest
from indexer.excerpts import Indexed, joined, separated
from indexer.hits import Stored
from indexer.streams import NAMES, SIDES, names, searched_as, side_analysis
from indexer.tree import Side

LAYOUT = 4  # raised when fields change: an index of another layout is outdated
VERSIONS = ("both", "ar", "en", "other")
FACETS = ("section", "place", "author", "outlet")  # beside the versions, which are counted with the years
MARK = "mark"  # key of the document that holds the change number: it is committed with the stories it speaks of
NO_DAY = 99999999
_DECODE = json.JSONDecoder().raw_decode
_WORDS, _NOTHING = "words", "nothing"
_STORED = ("head", "texts", "places", *(f"{side}_{stream}" for side in SIDES for stream in ("folded", "stem")))


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
    for name in ("key", "state", "versions"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for column in (*TITLES, *BODIES, *(column for columns in NAMED.values() for column in columns)):
        builder.add_text_field(column.folded, tokenizer_name=_WORDS, index_option="position")
        if column.stem:
            builder.add_text_field(column.stem, tokenizer_name=_WORDS, index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in ("story", "change", "digest", "newest", "oldest", "changed", "bar"):
        builder.add_unsigned_field(name, indexed=name == "story", fast=True)
    for name in _STORED:  # as text, because tantivy reads bytes one by one
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


def bar(year: int, versions: str, stale: bool) -> int:
    """Year, versions and whether stale as one number: to count one takes a quarter of the time of years with versions
    inside. Year 0: without a day."""
    return (year * len(VERSIONS) + VERSIONS.index(versions)) * 2 + stale


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


def _stored(document: IndexDocument, found: list[tuple[Side, Analysed]]) -> dict[str, list[str]]:
    """Paragraphs are told apart by their lengths, since anything may be in them; terms and places have no line break in
    them, so that joining and splitting is all the coding there is."""
    day = document.day.isoformat() if document.day else None
    sides = [
        (
            side.lang,
            searched,
            side.url,
            side.authors,
            side.published,
            side.paragraphs[0] if side.paragraphs else "",
            [len(text) for text in side.paragraphs],
        )
        for side, (searched, _) in zip(document.sides, found, strict=True)
    ]
    head = (document.story, day, document.outlet, document.section, document.stale, sides)
    terms: dict[str, list[str]] = {}
    for side, analysis in found:
        for name, paragraphs in zip(("folded", "stem"), analysis.streams, strict=True):
            terms.setdefault(f"{side}_{name}", []).append(joined(paragraphs))
    return {
        "head": [json.dumps(head, ensure_ascii=False)],
        "texts": ["".join(text for side in document.sides for text in side.paragraphs)],
        "places": ["\f".join("\n".join(analysis.places) for _, analysis in found)],
        **{name: ["\f".join(sides)] for name, sides in terms.items()},
    }


def headlines(document: Document) -> Stored:
    """What a result without passages is made of: of the texts the titles alone, which is all that is read."""
    *story, sides = _head(document)
    read = [
        IndexedSide(lang, url, (title,), tuple(authors), published)
        for lang, _, url, authors, published, title, _ in sides
    ]
    return _stored_story(story, read)


def from_tantivy(document: Document) -> tuple[Stored, list[tuple[Side, Indexed]]]:
    """What a result is made of, and of each side in order which side's queries search it and its terms."""
    *story, sides = _head(document)
    texts, places, at = document.get_first("texts") or "", (document.get_first("places") or "").split("\f"), 0
    read: list[IndexedSide] = []
    terms: list[tuple[Side, Indexed]] = []
    before: Counter[Side] = Counter()
    for (lang, side, url, authors, published, _, lengths), of_words in zip(sides, places, strict=True):
        ends = list(accumulate(lengths, initial=at))
        at = ends[-1]
        paragraphs = tuple([texts[start:end] for start, end in pairwise(ends)])
        read.append(IndexedSide(lang, url, paragraphs, tuple(authors), published))
        folded, stem = (partial(_terms, document, f"{side}_{name}", before[side]) for name in ("folded", "stem"))
        terms.append((side, Indexed(folded, stem, of_words.split("\n"))))
        before[side] += 1
    return _stored_story(story, read), terms


def _head(document: Document) -> list[Any]:
    """Whether anything follows it is not looked at: that takes as long as reading it."""
    head: list[Any] = _DECODE(document.get_first("head") or "[]")[0]
    return head


def _stored_story(head: list[Any], sides: list[IndexedSide]) -> Stored:
    story, day, outlet, section, stale = head
    return Stored(StoryId(story), date.fromisoformat(day) if day else None, outlet, section, stale, tuple(sides))


def _terms(document: Document, name: str, number: int) -> str:
    """Of the version that is the number-th of its side."""
    return str((document.get_first(name) or "").split("\f")[number])


def folded_of(document: Document, side: str) -> Iterator[list[str]]:
    """Of each version that this side's queries search, the folded terms of its paragraphs."""
    found = document.get_first(f"{side}_folded")
    return map(separated, found.split("\f")) if found else iter(())
