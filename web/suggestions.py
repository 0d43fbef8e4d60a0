"""What to ask instead when nothing was found, as links in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from indexer.query import parse
from indexer.suggest import Failed, Found, Suggestion, suggestions
from indexer.tree import Query
from language.script import side_of
from web.facets import Choice, search_url
from web.params import SearchParams
from web.render import shortened
from web.services import Services
from web.words import N_, Words

OTHER_WORDS = {
    "spelling": N_("The archive’s nearest words"), "keyboard": N_("On the other keyboard layout"),
    "language": N_("In the other language"),
}  # fmt: skip
WITHOUT = {
    "versions": N_("all stories, in any language"), "section": N_("all sections"), "place": N_("all places"),
    "author": N_("all authors"), "outlet": N_("all outlets"), "dates": N_("all years"),
}  # fmt: skip
NO_FILTERS = N_("no filters at all")
WITHOUT_PART = N_("without %(what)s")
LESS = {
    "related": N_("names and translations too"), "filters": NO_FILTERS,
    "unquoted": N_("without the quotation marks"), "any": N_("any of the words"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """lang: of the query, by its script. but: what else is different."""

    choice: Choice
    lang: str
    but: str


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Queries of one kind."""

    name: str
    choices: tuple[OtherChoice, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """Other words first, then less that must be true of a story."""

    words: tuple[OtherWords, ...] = ()
    less: tuple[Choice, ...] = ()


def suggested(params: SearchParams, query: Query, given: Services) -> tuple[Suggestion, ...]:
    """Each asked of the engine, with the filters of the search but for those it leaves out."""
    knowledge = given.knowledge()

    def find(suggestion: Suggestion) -> Found:
        asked = applied(params, suggestion)
        request = asked.request(parse(asked.q), given.outlets, knowledge, limit=1, facets=False)
        results = given.engine.search(request)
        return Found(results.total, results.hits[0].spelt if results.hits else ())

    steered = params.match != "related" or bool(params.off)
    return suggestions(Failed(query, tuple(params.filters), steered), knowledge, find)


def applied(params: SearchParams, suggestion: Suggestion) -> SearchParams:
    """The search that a suggestion stands for."""
    fewer = reduce(SearchParams.without, suggestion.without, params).but(q=suggestion.text)
    return fewer.but(match="related", off=()) if suggestion.related else fewer


def help_with(params: SearchParams, query: Query, given: Services, words: Words) -> Help:
    found = suggested(params, query, given)
    other = tuple(
        OtherWords(words.gettext(name), tuple(_asking(each, params, words) for each in found if each.kind == kind))
        for kind, name in OTHER_WORDS.items()
    )
    less = tuple(_choice(each, _named(each, words), params, words) for each in found if each.kind not in OTHER_WORDS)
    return Help(tuple(group for group in other if group.choices), less)


def _asking(suggestion: Suggestion, params: SearchParams, words: Words) -> OtherChoice:
    but = words.gettext(NO_FILTERS) if suggestion.without else ""
    label = shortened(suggestion.text)
    return OtherChoice(_choice(suggestion, label, params, words), side_of(suggestion.text) or "", but)


def _named(suggestion: Suggestion, words: Words) -> str:
    if suggestion.kind == "filter":
        return words.gettext(WITHOUT[suggestion.without[0]])
    if suggestion.parts:
        what = words.gettext(WITHOUT_PART) % {"what": words.listed(map(_isolated, suggestion.parts))}
        return words.listed((what, words.gettext(NO_FILTERS) if suggestion.without else ""))
    wider = "" if suggestion.kind == "filters" or not suggestion.without else NO_FILTERS
    return words.listed((words.gettext(LESS[suggestion.kind]), words.gettext(wider)))


def _isolated(typed: str) -> str:
    """Kept together in a line of either direction."""
    return f"\u2068{shortened(typed)}\u2069"


def _choice(suggestion: Suggestion, label: str, params: SearchParams, words: Words) -> Choice:
    return Choice(search_url(applied(params, suggestion)), label, words.number(suggestion.total))
