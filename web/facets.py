"""The filters beside the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.publishers.declaration import Outlet
from indexer.engine import Results
from language.nametable import NameTable
from web.labels import outlet_name, section_name
from web.params import SearchParams
from web.render import url
from web.services import Services
from web.spellings import Spellings
from web.words import N_, Words

MOST_CHOICES = 12
TITLES = {
    "versions": N_("Versions"), "section": N_("Section"), "place": N_("Place"), "author": N_("Author"),
    "outlet": N_("Outlet"),
}  # fmt: skip
VERSIONS = {
    "both": N_("In both languages"), "ar": N_("Arabic only"), "en": N_("English only"),
    "stale": N_("Changed after translation"), "other": N_("In another language"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    href: str
    label: str
    count: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    choices: tuple[Choice, ...]


def search_url(params: SearchParams) -> str:
    return url("pages.search", **params.arguments)


def spelt(name: str) -> str:
    """A key as a name, where no better spelling is at hand: "lamar-sahloul" -> "Lamar Sahloul"."""
    return name.replace("-", " ").title()


def label(
    field: str, value: str, outlets: Mapping[str, Outlet], spellings: Spellings, names: NameTable | None, words: Words
) -> str:
    """A value as readers know it: a place that the table of names has in the reader's language."""
    if field == "versions":
        return words.gettext(VERSIONS.get(value, value))
    if field == "section":
        return section_name(outlets, value, words.lang)
    if field == "outlet":
        return outlet_name(outlets, value, words.lang)
    place = names.named(value) if names and field == "place" else None
    return place.spelt(words.lang)[0] if place else spellings(field, value) or spelt(value)


def facets(results: Results, params: SearchParams, given: Services, words: Words) -> tuple[Facet, ...]:
    """The filters with something to choose. A chosen value leads back to the search without it."""
    found, spellings, names = [], given.spellings, given.knowledge().names
    for field, title in TITLES.items():
        counted = results.facets.get(field, ())
        chosen = str(getattr(params, field))
        known = dict(counted)
        values = [value for value, count in counted[:MOST_CHOICES] if count]
        if chosen and chosen not in values:
            values.append(chosen)
        if len(values) < 2 and not chosen:
            continue
        choices = [
            Choice(
                href=search_url(params.without(field) if value == chosen else params.but(**{field: value})),
                label=label(field, value, given.outlets, spellings, names, words),
                count=words.number(known.get(value, 0)),
                chosen=value == chosen,
            )
            for value in values
        ]
        if field == "versions":
            everything = Choice(search_url(params.without(field)), words.gettext("All stories"), "", not chosen)
            choices.insert(0, everything)
        found.append(Facet(field, words.gettext(title), tuple(choices)))
    return tuple(found)
