"""A story's document in Elasticsearch, as `mappings/story.v1.json` has its fields, and what is read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.model import Change, StoryId
from indexer.document import Analysed, IndexDocument, IndexedSide, Streams, digest
from indexer.engines.keys import number
from indexer.hits import Stored
from indexer.streams import NAMES, SIDES, STREAMS, names, searched_as, side_analysis
from indexer.tree import Side

_HEAD = ("lang", "url", "authors", "published", "title")
# What a result without passages is made of.
HEADLINES = ("story", "day", "outlet", "section", "stale", *(f"sides.{name}" for name in _HEAD))
MARK = "mark"  # id of the document that holds the change number
_REASON = 500  # characters of a refusal that are kept

Source = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A text as indexed: the fields of its streams and of its different words, the language it is in (None: names), its
    weight in the score."""

    folded: str
    forms: str
    stem: str | None = None
    side: Side | None = None
    weight: float = 1.0
    lemma: str | None = None
    root: str | None = None


def _column(side: Side, part: str, weight: float) -> Column:
    more = [f"{side}.{part}.{stream}" for stream in ("lemma", "root")] if side == "ar" else []
    return Column(f"{side}.{part}.folded", f"forms.{side}_{part}", f"{side}.{part}.stem", side, weight, *more)


TITLES = tuple(_column(side, "title", 2.0) for side in SIDES)
BODIES = tuple(_column(side, "body", 1.0) for side in SIDES)
NAMED = {field: (Column(f"names.{field}", f"forms.{field}"),) for field in NAMES}


def to_source(document: IndexDocument) -> Source:
    if document.tombstone:
        return tombstone(document.story, document.change)
    analyses = [side_analysis(side) for side in document.sides]
    texts = _texts(document, analyses)
    called = {field: [label for label in labels if label] for field, labels in names(document).items()}
    forms = {f"{side}_{part}": streams["folded"] for side, parts in texts.items() for part, streams in parts.items()}
    return {
        "story": document.story,
        "change": document.change,
        "digest": digest(document),
        "withheld": False,
        "changed": document.changed,
        **_keys(document),
        **_day(document.day),
        **texts,
        "names": called,
        "forms": {field: _different(values) for field, values in (forms | called).items()},
        "sides": [
            {
                "lang": side.lang,
                "url": side.url,
                "paragraphs": side.paragraphs,
                "authors": side.authors,
                "published": side.published,
                "title": side.paragraphs[0] if side.paragraphs else "",
                "places": analysis.places,
            }
            for side, analysis in zip(document.sides, analyses, strict=True)
        ],
    }


def tombstone(story: StoryId, change: Change, refused: str | None = None) -> Source:
    """What stands for a story that is not to be found; `refused`: because the server would not take it, and why."""
    source: Source = {"story": story, "change": change, "withheld": True}
    return source | ({"refused": refused[:_REASON]} if refused else {})


def mark(change: Change) -> Source:
    return {"change": change, "withheld": True}


def from_source(source: Mapping[str, Any]) -> tuple[Stored, Iterator[tuple[Side, Analysed]]]:
    """What a result is made of, and of each side in order which side's queries search it and its analysis. Of a source
    with the fields of HEADLINES alone, titles are all the text there is."""
    day = source.get("day")
    sides = tuple(
        IndexedSide(
            side["lang"],
            side["url"],
            tuple(side.get("paragraphs") or (side["title"],)),
            tuple(side["authors"]),
            side["published"],
        )
        for side in source["sides"]
    )
    stored = Stored(
        StoryId(source["story"]),
        date(day // 10000, day // 100 % 100, day % 100) if day else None,
        source["outlet"],
        source.get("section"),
        source["stale"],
        sides,
    )
    return stored, _analyses(source, sides)


def _texts(document: IndexDocument, analyses: Sequence[Analysed]) -> dict[str, dict[str, dict[str, list[str]]]]:
    """By side, part (title, body) and stream: the terms of each paragraph."""
    texts: dict[str, dict[str, dict[str, list[str]]]] = {}
    for side, analysis in zip(document.sides, analyses, strict=True):
        parts = texts.setdefault(searched_as(side), {})
        for name, paragraphs in analysis.streams._asdict().items():
            if not paragraphs:
                continue
            for part, values in (("title", paragraphs[:1]), ("body", paragraphs[1:])):
                parts.setdefault(part, {}).setdefault(name, []).extend(values)
    return texts


def _analyses(source: Mapping[str, Any], sides: tuple[IndexedSide, ...]) -> Iterator[tuple[Side, Analysed]]:
    """Two versions of further languages may share a side: each has its own run of values, in the order of the sides."""
    used: dict[Side, tuple[int, int]] = {}  # titles and paragraphs of a side that earlier versions had
    for at, version in enumerate(sides):
        side = searched_as(version)
        titles, bodies = used.get(side, (0, 0))
        more = max(len(version.paragraphs) - 1, 0)
        parts = source[side]
        rows = (
            (*title[titles : titles + 1], *parts["body"].get(name, [])[bodies : bodies + more])
            for name in STREAMS
            for title in (parts["title"].get(name, []),)
        )
        yield side, Analysed(Streams(*rows), tuple(source["sides"][at]["places"]))
        used[side] = (titles + 1, bodies + more)


def _keys(document: IndexDocument) -> Source:
    return {
        "versions": [document.versions, *(["stale"] if document.stale else [])],
        "stale": document.stale,
        "section": document.section or None,
        "place": document.places,
        "author": document.authors,
        "outlet": document.outlet,
        "tag": document.tags,
        "issue": None if document.issue is None else str(document.issue),
    }


def _day(day: date | None) -> Source:
    return {} if day is None else {"day": number(day), "month": number(day) // 100, "year": day.year}


def _different(values: list[str]) -> list[str]:
    return list(dict.fromkeys(word for value in values for word in value.split(" ") if word))
