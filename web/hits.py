"""One result: both headlines, a passage from each side, why it matched, a short citation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archive.publishers.declaration import Outlet
from indexer.engine import Hit, Piece, Reason, SideHit
from indexer.wanted import KINDS
from language.script import side_of
from web.cards import Day, columns, shown_day
from web.cite import Source, citation
from web.expansions import HOW
from web.labels import outlet_name, section_name, zone
from web.params import SearchParams
from web.render import MARK_CLASS, MARK_NAME, plain, url
from web.words import Words


@dataclass(frozen=True, slots=True)
class SideCard:
    """One column; without a title the version is missing. `first`: it holds the result's heading."""

    lang: str
    title: tuple[Piece, ...] = ()
    passage: tuple[Piece, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Why:
    """One kind of match by its name, with the words in the text that matched so. how: what the name leaves open."""

    name: str
    mark: str
    how: str
    words: tuple[Matched, ...]


@dataclass(frozen=True, slots=True)
class HitCard:
    id: int
    href: str
    langs: tuple[str, ...]
    day: Day | None
    section: str
    outlet: str
    stale: bool
    sides: tuple[SideCard, ...]
    why: tuple[Why, ...]
    headline: str
    cite: str


def reasons(why: tuple[Reason, ...], words: Words) -> tuple[Why, ...]:
    """Kinds that readers know by one name (stem and lemma are both "form") stand together."""
    grouped: dict[str, dict[str, None]] = {}
    marks = {}
    how: dict[str, list[str]] = {}
    for reason in sorted(why, key=lambda reason: KINDS.index(reason.kind)):
        name = MARK_NAME[reason.kind]
        marks[name] = MARK_CLASS[reason.kind]
        how.setdefault(name, []).append(words.gettext(HOW.get(reason.kind, "")))
        grouped.setdefault(name, {}).update(dict.fromkeys(reason.words))
    return tuple(
        Why(
            words.gettext(name),
            marks[name],
            words.listed(how[name]),
            tuple(Matched(word, side_of(word) or "") for word in found),
        )
        for name, found in grouped.items()
    )


def hit_card(hit: Hit, outlets: Mapping[str, Outlet], words: Words, params: SearchParams) -> HitCard:
    shown = [str(lang) for lang in columns(words.lang)]
    if not any(lang in hit.sides for lang in shown):
        shown = list(hit.sides)  # a third language's
    head = next((lang for lang in shown if lang in hit.sides), "")
    sides = [
        SideCard(lang, hit.sides[lang].title, hit.sides[lang].passage, lang == head)
        if lang in hit.sides
        else SideCard(lang)
        for lang in shown
    ]
    return HitCard(
        id=hit.story,
        href=url("pages.story", story=hit.story, **params.steering),
        langs=tuple(hit.sides),
        day=shown_day(hit.day, words),
        section=section_name(outlets, hit.section, words.lang, hit.outlet) if hit.section else "",
        outlet=outlet_name(outlets, hit.outlet, words.lang),
        stale=hit.stale,
        sides=tuple(sides),
        why=reasons(hit.why, words),
        headline=plain(hit.sides[head].title) if head else "",
        cite=_cite(hit, head, hit.sides[head], outlets, words) if head else "",
    )


def _cite(hit: Hit, lang: str, side: SideHit, outlets: Mapping[str, Outlet], words: Words) -> str:
    writing = words.in_language("ar" if lang == "ar" else "en")
    where = zone(outlets, hit.outlet)
    source = Source(
        story=hit.story,
        title=plain(side.title),
        authors=side.authors,
        outlet=outlet_name(outlets, hit.outlet, writing.lang),
        published=datetime.fromisoformat(side.published).astimezone(where).date() if side.published else None,
        url=side.url,
    )
    return citation(source, writing)
