"""Results: what was understood, filters with counts, the chart by year, stories with a passage from each side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from shlex import quote

from flask import redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from archive.model import ArticleId
from indexer.engine import EngineError, Results
from indexer.expand import Knowledge
from indexer.query import parse
from indexer.tree import Note, Query
from web.chart import Chart, chart
from web.cite import readable_url
from web.errors import search_is_down
from web.expansions import Apart, Expanded, apart, expansions
from web.expansions import told as told_expansions
from web.facets import Choice, Facet, facets, search_url
from web.hits import HitCard, hit_card
from web.pages import pages
from web.params import LAST_PAGE, PAGE_SIZE, SORTS, SearchParams
from web.reader import reader
from web.render import Page, render, shortened, url
from web.services import Lack, Services, services
from web.suggestions import Help, help_with
from web.understood import Term, Told, terms, told
from web.words import N_, Words

SORT_NAMES = {
    "relevance": N_("best match"), "newest": N_("newest"), "oldest": N_("oldest"), "changed": N_("last changed"),
}  # fmt: skip
MATCH_NAMES = {
    "exact": (N_("As typed"), N_("Only the words as they are typed, whatever their hamzas and vowel signs")),
    "inflected": (N_("Any form"), N_("Other forms of the words too")),
    "related": (N_("Related"), N_("Names in other spellings and words of the other language too")),
}  # fmt: skip
LACKING: dict[Lack, str] = {
    "dictionary": N_("Without an Arabic dictionary, words are found by their spelling and light stem only. "
                     "The keeper installs one: <code>warraq morphology install</code>"),
    "rebuild": N_("There is an Arabic dictionary, but the index was made without it or with another one. "
                  "The keeper makes the index anew: <code>warraq index rebuild</code>"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatchChoice:
    href: str
    label: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One place in the row of pages; without an address it is a gap."""

    label: str
    href: str = ""
    current: bool = False
    rel: str = ""


@dataclass(frozen=True, slots=True)
class DateRangeChip:
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage(Page):
    understood: tuple[Term, ...]
    expanded: tuple[Expanded, ...]
    matches: tuple[MatchChoice, ...]
    apart: tuple[Apart, ...]
    may_decide: bool
    all_on: str  # address with nothing switched off, when something is
    lacking: str
    notes: tuple[Told, ...]
    behind: str
    partial: bool
    active: int  # filters that are set
    open_filters: bool
    facets: tuple[Facet, ...]
    hidden: tuple[tuple[str, str], ...]  # what the form of dates keeps of the search
    from_: str
    to: str
    count: str
    took: str
    sorted_by: str
    sorts: tuple[Choice, ...]
    json: str
    chart: Chart | None
    range: DateRangeChip | None
    first: int
    hits: tuple[HitCard, ...]
    pages: tuple[Step, ...]
    help: Help


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHerePage(Page):
    address: str
    command: str  # quoted for a shell
    known_outlet: bool


@pages.get("/search")
def search() -> Answer:
    given, words = services(), reader().words
    params = SearchParams.read(request.args)
    query = parse(params.q)
    if query.address:
        return _lookup(given, query.address, params.q)
    params = params.but(q=query.text, page=params.page)  # the part that is read, in every link
    began = given.clock.monotonic()
    try:
        knowledge = given.knowledge()
        asked = params.request(query, given.outlets, knowledge)
        results = given.engine.search(asked)
        help = Help() if results.total else help_with(params, query, given, words)
    except EngineError as error:
        return search_is_down(error, params.q)
    took = given.clock.monotonic() - began
    return render("results.html", _page(params, query, asked.query, knowledge, results, help, took))


def _lookup(given: Services, address: str, typed: str) -> Answer:
    """The story of a pasted address, or an honest page that says how to add it."""
    words = reader().words
    article: ArticleId | None = given.store.find(address)
    story = given.store.story_of(article) if article is not None else None
    if story is not None:
        return redirect(url("pages.story", story=story))
    hosts = {host.removeprefix("www.") for outlet in given.outlets.values() for host in outlet.hosts}
    named = address.split("//", 1)[-1].split("/", 1)[0].lower().removeprefix("www.")
    page = NotHerePage(
        title=words.gettext("This article is not in the archive"),
        kind="missing",
        q=typed,
        address=readable_url(address),
        command=f"warraq add {quote(address)}",
        known_outlet=named in hosts,
    )
    return render("missing.html", page, 404)


def _page(
    params: SearchParams,
    query: Query,
    asked: Query,
    knowledge: Knowledge,
    results: Results,
    help: Help,
    took: float,
) -> ResultsPage:
    given, words = services(), reader().words
    count = words.count("%(num)s story", "%(num)s stories", results.total)
    heading = f"{shortened(params.q)}{'، ' if words.lang == 'ar' else ', '}{count}" if params.q else count
    expanded = told_expansions(
        expansions(asked, params, lambda: params.whole(query, given.outlets, knowledge)), params, words, search_url
    )
    return ResultsPage(
        title=heading,
        kind="results",
        q=params.q,
        understood=terms(query, params.match, expanded, words),
        expanded=expanded,
        matches=_matches(params, words),
        apart=() if given.open_to_world else apart(given.store.words_off(), [word.typed for word in expanded], words),
        may_decide=not given.open_to_world,
        all_on=search_url(params.but(off=())) if params.off else "",
        lacking=_lacking(params, given, words),
        notes=_notes(params, (*query.notes, *results.notes), words),
        behind=_behind(given.behind(), words),
        partial=not results.complete,
        active=len(params.filters),
        open_filters=not results.total and bool(params.filters),
        facets=facets(results, params, given, words),
        hidden=_kept(params),
        from_=params.from_,
        to=params.to,
        count=count,
        took=words.gettext("in %s ms") % words.number(max(1, round(took * 1000))),
        sorted_by=words.gettext(SORT_NAMES[params.sort]),
        sorts=tuple(
            Choice(search_url(params.but(sort=sort)), words.gettext(SORT_NAMES[sort]), chosen=sort == params.sort)
            for sort in SORTS
        ),
        json=url("api.search", **params.arguments),
        chart=_chart(params, results, words),
        range=_range(params, words),
        first=(params.page - 1) * PAGE_SIZE + 1,
        hits=tuple(hit_card(hit, given.outlets, words, params) for hit in results.hits),
        pages=_steps(params, results.total, words),
        help=help,
    )


def _matches(params: SearchParams, words: Words) -> tuple[MatchChoice, ...]:
    """How far from the spelling words are found; nothing to choose where no word is asked for."""
    if not params.q:
        return ()
    return tuple(
        MatchChoice(
            search_url(params.but(match=match)), words.gettext(name), words.gettext(title), match == params.match
        )
        for match, (name, title) in MATCH_NAMES.items()
    )


def _lacking(params: SearchParams, given: Services, words: Words) -> str:
    """What search cannot do here, for those who can mend it."""
    if given.open_to_world or not params.q or params.match == "exact":
        return ""
    lack = given.lacking()
    return Markup(words.gettext(LACKING[lack])) if lack else ""


def _kept(params: SearchParams) -> tuple[tuple[str, str], ...]:
    """What the form of dates keeps of the search."""
    kept = {name: value for name, value in params.arguments.items() if name not in ("from", "to", "page")}
    rows = ((name, value if isinstance(value, list) else [value]) for name, value in kept.items())
    return tuple((name, value) for name, values in rows for value in values)


def _behind(changes: int, words: Words) -> str:
    if changes <= 0:
        return ""
    return words.count(
        "The index is %(num)s change behind the archive. It will be searchable in about a minute.",
        "The index is %(num)s changes behind the archive. They will be searchable in about a minute.",
        changes,
    )


def _notes(params: SearchParams, notes: tuple[Note, ...], words: Words) -> tuple[Told, ...]:
    unread = Markup(words.gettext("<bdi>%(what)s</bdi> is not a date. Write 2024, 2024-03 or 2024-03-05."))
    dates = [Told(unread % {"what": text}) for text in params.bad_dates]
    if params.start and params.end and params.start > params.end:
        dates.append(Told(words.gettext("The range ends before it begins, so nothing can be found in it.")))
    return (*told(notes, words, lambda year: search_url(params.but(from_=year, to=year))), *dates)


def _chart(params: SearchParams, results: Results, words: Words) -> Chart | None:
    first, last = params.start or date.min, params.end or date.max
    return chart(
        results.years,
        words,
        link=lambda year: search_url(params.but(from_=str(year), to=str(year))),
        chosen=lambda year: first.year <= year <= last.year,
    )


def _range(params: SearchParams, words: Words) -> DateRangeChip | None:
    if not (params.start or params.end):
        return None
    start, end = params.from_ if params.start else "…", params.to if params.end else "…"
    text = start if start == end else f"{start} – {end}"
    return DateRangeChip(words.digits(text), search_url(params.without("dates")))


def _steps(params: SearchParams, total: int, words: Words) -> tuple[Step, ...]:
    """First, last and the neighbours of this page, with gaps; the arrows point where the text runs."""
    last = min((total + PAGE_SIZE - 1) // PAGE_SIZE, LAST_PAGE)
    if last < 2:
        return ()
    here = params.page
    wanted = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
    back, on = ("→", "←") if words.lang == "ar" else ("←", "→")

    def step(page: int) -> Step:
        return Step(words.number(page), search_url(params.but(page=page)), current=page == here)

    previous, following = words.gettext("Previous"), words.gettext("Next")
    steps = []
    if here > 1:
        steps.append(Step(f"{back} {previous}", search_url(params.but(page=here - 1)), rel="prev"))
    for before, page in zip([0, *wanted], wanted, strict=False):
        if page - before > 1:
            steps.append(Step("…"))
        steps.append(step(page))
    if here < last:
        steps.append(Step(f"{following} {on}", search_url(params.but(page=here + 1)), rel="next"))
    return tuple(steps)
