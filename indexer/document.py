"""Story -> index document: all that a result needs, for exactly the revisions indexed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple, TypeVar

from archive.model import AR, EN, Article, Change, Story, StoryId, Version
from language.names import key

_Value = TypeVar("_Value")


class Streams(NamedTuple):
    """Of each paragraph, its terms joined by spaces. lemma, root: of Arabic texts, where there was a table of forms."""

    folded: tuple[str, ...]
    stem: tuple[str, ...]
    lemma: tuple[str, ...] = ()
    root: tuple[str, ...] = ()


class Analysed(NamedTuple):
    """What analysis makes of a text. places: of each paragraph, where its words stand (`indexer.places`)."""

    streams: Streams
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexedSide:
    """One version's text: paragraphs[0] is the title. analysis: where that was made ahead of writing
    (`indexer.streams.analysed`); it follows from the text, so it is not compared."""

    lang: str
    url: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    published: str | None
    analysis: Analysed | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A story as the engines get it. A tombstone (merged, withheld, purged) has no sides and is never found."""

    story: StoryId
    change: Change
    sides: tuple[IndexedSide, ...]
    versions: str = ""  # "both" | "ar" | "en" | "other"
    stale: bool = False
    day: date | None = None
    changed: int = 0  # when the newest text was first seen, in seconds since 1970
    section: str | None = None
    outlet: str = ""
    places: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # keys
    tags: tuple[str, ...] = ()
    issue: int | None = None

    @property
    def tombstone(self) -> bool:
        return not self.sides


@dataclass(frozen=True, slots=True)
class Naming:
    """Which names are one. authors: the key that a merged key stands for. places: the keys of the places that a
    dateline names, as far as they are known."""

    authors: Mapping[str, str] = field(default_factory=dict)
    places: Callable[[str], Sequence[str]] = field(default=lambda _: ())

    def author(self, name: str) -> str:
        return self.authors.get(key(name), key(name))

    def of_dateline(self, dateline: str) -> Sequence[str]:
        return self.places(dateline) or (key(dateline),)


def build(story: Story, change: Change | None = None, naming: Naming | None = None) -> IndexDocument:
    """The document of a story as the store has it now.

    Withheld and purged versions leave no trace: their text, names and address are not in the document, and a story of
    which nothing can be read becomes a tombstone. Versions in other languages than Arabic and English are indexed when
    the story has neither. `change` is the number to write under when it is later than the story's own.
    """
    number, naming = Change(max(story.change, change or 0)), naming or Naming()
    shown = _shown(story)
    if not shown:
        return tombstone(story.id, number)
    contents = [version.content for version in shown]
    langs = {version.lang for version in shown}
    return IndexDocument(
        story=story.id,
        change=number,
        sides=tuple(_side(version) for version in shown),
        versions="both" if langs == {AR, EN} else "ar" if langs == {AR} else "en" if langs == {EN} else "other",
        stale=langs == {AR, EN} and story.stale is not None,
        day=story.day,
        changed=int(max(version.revision.first_seen for version in shown).timestamp()),
        section=_first(contents, lambda article: article.section),
        outlet=shown[0].outlet,
        places=_once(place for article in contents for place in naming.of_dateline(article.dateline or "")),
        authors=_once(naming.author(name) for article in contents for name in article.authors),
        tags=_once(key(tag) for article in contents for tag in article.tags),
        issue=_first(contents, lambda article: article.issue),
    )


def tombstone(story: StoryId, change: Change) -> IndexDocument:
    """What is written for a story that is no longer to be found."""
    return IndexDocument(story=story, change=change, sides=())


def digest(document: IndexDocument) -> str:
    """16 hex digits over everything but the change number: equal digests are found and shown alike."""
    rest = [getattr(document, each.name) for each in fields(document) if each.name not in ("change", "sides")]
    sides = [
        [side.lang, side.url, side.authors, side.published, [len(text) for text in side.paragraphs]]
        for side in document.sides
    ]
    found = hashlib.sha256(json.dumps([rest, sides], ensure_ascii=False, default=str).encode())
    for side in document.sides:  # by themselves, since to write long texts as JSON takes most of the time
        found.update("".join(side.paragraphs).encode())
    return found.hexdigest()[:16]


def _shown(story: Story) -> list[Version]:
    readable = [version for version in story.versions if version.readable]
    return [version for version in readable if version.lang in (AR, EN)] or readable


def _side(version: Version) -> IndexedSide:
    article = version.content
    kicker = (article.kicker,) if article.kicker else ()
    return IndexedSide(
        lang=version.lang,
        url=article.url,
        paragraphs=(article.title, *kicker, *(block.text for block in article.blocks)),
        authors=article.authors,
        published=article.published.isoformat() if article.published else None,
    )


def _first(contents: list[Article], of: Callable[[Article], _Value | None]) -> _Value | None:
    return next((value for article in contents if (value := of(article)) is not None), None)


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, keys)))
