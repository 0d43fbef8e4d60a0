"""A story: both versions side by side, how to cite it, the proof, and why the versions are together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from archive.model import ArticleId, Story, StoryId, Version
from indexer.query import parse
from web.cards import columns
from web.cite import Source, citation
from web.evidence import Happening, LinkView, happenings, link_view, open_claim
from web.heads import HeadView, Named, heads_of
from web.labels import language_name, outlet_name, zone
from web.notices import Notice, notices_of
from web.pages import pages
from web.params import SearchParams
from web.proof import ProofView, proof
from web.reader import reader
from web.render import Page, capped, render, url
from web.services import Services, services
from web.texts import Marker, RowView, marker, side_by_side, single
from web.words import InterfaceLang, Words

KEPT = ("q", "match", "x", "view")  # of an address, where a story moves
EXCERPT_ROWS = 1  # of a whole text that may not be shown


@dataclass(frozen=True, slots=True)
class ViewChoice:
    href: str
    label: str
    lang: str
    current: bool


@dataclass(frozen=True, slots=True)
class Cited:
    lang: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage(Page):
    id: int
    canonical: str
    back: str
    heads: tuple[HeadView, ...]
    notices: tuple[Notice, ...]
    views: tuple[ViewChoice, ...]
    matches: str
    first_match: int
    rows: tuple[RowView, ...]
    excerpt: bool
    cites: tuple[Cited, ...]
    proofs: tuple[ProofView, ...]
    proof_state: str  # "damaged" when any is, "intact" when all are, else ""
    links: tuple[LinkView, ...]
    open_claims: tuple[tuple[str, str, str], ...]
    spare: tuple[Named, ...]
    happened: tuple[Happening, ...]
    may_decide: bool
    json: str


def load(number: int) -> Story | StoryId:
    """The story of a number, or the id of the story that holds this member now. 404 when nobody has it."""
    store = services().store
    home = store.story_of(ArticleId(number)) if number < 2**63 else None
    if home is None:
        abort(404)
    if home != number:
        return home
    return store.story(StoryId(home)) or abort(404)


@pages.get("/story/<int:story>")
def story(story: int) -> Answer:
    found = load(story)
    if not isinstance(found, Story):
        return redirect(
            url("pages.story", story=found, **{n: v for n, v in capped(request.args).items() if n in KEPT}),
            308,
        )
    return render("story.html", page_of(found, request.args))


def page_of(story: Story, args: MultiDict[str, str]) -> StoryPage:
    given, words = services(), reader().words
    asked = read(args)
    marks = marker(asked, given)
    shown = chosen(story, args.get("view", ""), words.lang)
    whole = all(given.may_show_whole(version.outlet) for version in shown)
    rows = rows_of(shown, marks)
    marked = [row.number for row in rows if row.marked]
    matches = sum(1 for row in rows for cell in row.cells for b in cell.blocks for piece in b.pieces if piece.match)
    proofs = tuple(proof(v, given.outlets, words, given.captures) for v in _in_order(story, words.lang) if v.readable)
    first = story.versions[0]
    return StoryPage(
        title=_title(story, words),
        kind="story",
        q=asked.q,
        id=story.id,
        canonical=url("pages.story", story=story.id),
        back=url("pages.search", **asked.steering) if asked.q else "",
        heads=heads_of(story, shown, given, words, marks),
        notices=notices_of(story, given, words),
        views=_views(story, asked, shown, words),
        matches=words.count("%(num)s match", "%(num)s matches", matches) if matches else "",
        first_match=marked[0] if marked else 0,
        rows=rows if whole else rows[:EXCERPT_ROWS],
        excerpt=not whole,
        cites=tuple(cited(story, v, given, words) for v in _in_order(story, words.lang) if v.readable),
        proofs=proofs,
        proof_state=_proof_state(proofs),
        links=tuple(link_view(link, given.outlets, first.outlet, words) for link in story.links),
        open_claims=tuple(open_claim(claim, words) for claim in story.open_claims),
        spare=tuple(Named(words.number(n), url("pages.story", story=n)) for n in story.spare),
        happened=happenings(story, tuple(given.store.what_happened(story.id)), given.store.story_of, words),
        may_decide=not given.open_to_world,
        json=url("api.story", story=story.id),
    )


def read(args: MultiDict[str, str]) -> SearchParams:
    """The search that led here, with the part of its query that is read."""
    params = SearchParams.read(args)
    return replace(params, q=parse(params.q).text)


def _proof_state(proofs: tuple[ProofView, ...]) -> str:
    states = {proof.capture.state if proof.capture else "" for proof in proofs}
    if "damaged" in states:
        return "damaged"
    return "intact" if states == {"intact"} else ""


def _title(story: Story, words: Words) -> str:
    for version in _in_order(story, words.lang):
        if version.readable:
            return version.content.title
    return words.gettext("Story %s") % words.number(story.id)


def _in_order(story: Story, lang: InterfaceLang) -> tuple[Version, ...]:
    """The interface's language first, then the other one, then what else there is."""
    order = columns(lang)
    return tuple(sorted(story.versions, key=lambda v: order.index(v.lang) if v.lang in order else len(order)))


def chosen(story: Story, view: str, lang: InterfaceLang) -> tuple[Version, ...]:
    """The readable versions to be shown: one by its language, or both (those there are), or a third language's."""
    readable = [version for version in _in_order(story, lang) if version.readable]
    one = [version for version in readable if version.lang == view]
    both = [version for version in readable if version.lang in ("ar", "en")]
    return tuple(one or both or readable[:1])


def rows_of(shown: tuple[Version, ...], marks: Marker) -> tuple[RowView, ...]:
    if len(shown) == 2:
        return side_by_side(shown[0], shown[1], marks)
    return single(shown[0], marks) if shown else ()


def _views(story: Story, asked: SearchParams, shown: tuple[Version, ...], words: Words) -> tuple[ViewChoice, ...]:
    readable = [version for version in _in_order(story, words.lang) if version.readable]
    if len(readable) < 2:
        return ()
    choices = []
    if sum(version.lang in ("ar", "en") for version in readable) == 2:
        label = words.gettext("Side by side")
        choices.append(
            ViewChoice(url("pages.story", story=story.id, **asked.steering), label, words.lang, len(shown) == 2)
        )
    for version in readable:
        names = {"ar": "العربية", "en": "English"}
        label = names.get(version.lang) or language_name(version.lang, words)
        lang = version.lang if version.lang in names else words.lang
        href = url("pages.story", story=story.id, view=version.lang, **asked.steering)
        choices.append(ViewChoice(href, label, lang, len(shown) == 1 and shown[0] == version))
    return tuple(choices)


def cited(story: Story, version: Version, given: Services, words: Words) -> Cited:
    """The citation of a version, in the version's language."""
    own: InterfaceLang = "ar" if version.lang == "ar" else "en"
    where, content = zone(given.outlets, version.outlet), version.content
    capture = next((c for c in version.captures if c.id == version.revision.capture), None)
    source = Source(
        story=story.id,
        title=content.title,
        authors=content.authors,
        outlet=outlet_name(given.outlets, version.outlet, own),
        published=content.published.astimezone(where).date() if content.published else None,
        url=version.url,
        revision=version.revision.number,
        revised=version.revision.first_seen.astimezone(where).date(),
        captured=capture.at if capture else None,
        sha256=capture.body_sha256 if capture else "",
    )
    return Cited(own, citation(source, words.in_language(own)))
