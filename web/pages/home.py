"""Home: the search field, what the archive holds, the latest stories."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from archive.store import Counts
from indexer.engine import EngineError, Request, Results
from indexer.tree import Everything, Query
from web.cards import Card, card
from web.chart import Chart, chart
from web.examples import Example, examples
from web.pages import pages
from web.reader import reader
from web.render import Page, render, url
from web.services import Services, services
from web.words import Words

LATEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    examples: tuple[Example, ...]
    problem: str
    stories: int
    chart: Chart | None
    facts: tuple[str, ...]
    latest: tuple[Card, ...]


@pages.get("/")
def home() -> Response:
    given, words = services(), reader().words
    counts, latest = given.store.counts(), given.store.latest(LATEST)
    found, problem = _holdings(given, words)
    indexed = int(given.store.change()) - given.behind() if found else 0
    page = HomePage(
        title=words.gettext("Warraq"),
        kind="home",
        examples=examples([story for story in latest if story.change <= indexed], words.lang),
        problem=problem,
        stories=counts.stories,
        chart=chart(found.years, words, _year, height=150, figures=False) if found else None,
        facts=_facts(counts, words),
        latest=tuple(card(story, given.outlets, words) for story in latest),
    )
    return render("home.html", page)


def _year(year: int) -> str:
    return url("pages.search", **{"from": year, "to": year})


def _holdings(given: Services, words: Words) -> tuple[Results | None, str]:
    """All stories by year, or why the engine could not say."""
    try:
        return given.engine.search(Request(Query("", Everything()), limit=1)), ""
    except EngineError:
        return None, words.gettext("The archive itself is safe: stories and captures still open.")


def _facts(counts: Counts, words: Words) -> tuple[str, ...]:
    return (
        words.count("%(num)s story", "%(num)s stories", counts.stories),
        words.count("%(num)s in both languages", "%(num)s in both languages", counts.both),
        words.count("%(num)s capture", "%(num)s captures", counts.captures),
    )
