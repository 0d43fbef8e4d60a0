"""A story as one entry of a list: what home and results show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from archive.model import AR, EN, Lang, Story
from archive.publishers.declaration import Outlet
from web.labels import outlet_name, section_name
from web.words import InterfaceLang, Words


@dataclass(frozen=True, slots=True)
class Day:
    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of an entry; without a title the version is missing."""

    lang: str
    title: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    langs: tuple[str, ...]
    day: Day | None
    section: str
    outlet: str
    stale: str
    sides: tuple[Heading, ...]


def columns(lang: InterfaceLang) -> tuple[InterfaceLang, InterfaceLang]:
    """The two languages in the order of the source: the interface's own comes first."""
    return ("ar", "en") if lang == "ar" else ("en", "ar")


def shown_day(day: date | None, words: Words) -> Day | None:
    return Day(day.isoformat(), words.day(day)) if day else None


def stale_note(story: Story, words: Words) -> str:
    if story.stale == AR:
        return words.gettext("Arabic changed after translation")
    return words.gettext("English changed after the Arabic") if story.stale == EN else ""


def card(story: Story, outlets: Mapping[str, Outlet], words: Words) -> Card:
    """The entry of a story with at least one readable version; others get their headings only."""
    first = story.versions[0]
    content = first.revision.content
    sides = []
    for lang in columns(words.lang):
        version = story.version(Lang(lang))
        title = version.content.title if version and version.readable else ""
        sides.append(Heading(lang, title, withheld=version is not None and not title))
    if not any(side.title for side in sides) and content:
        sides = [Heading(first.lang, content.title)]
    section = content.section if content else None
    return Card(
        id=story.id,
        langs=tuple(version.lang for version in story.versions if version.readable),
        day=shown_day(story.day, words),
        section=section_name(outlets, section, words.lang, first.outlet) if section else "",
        outlet=outlet_name(outlets, first.outlet, words.lang),
        stale=stale_note(story, words),
        sides=tuple(sides),
    )
