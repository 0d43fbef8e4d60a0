"""What changed in one version between two of its revisions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, request
from werkzeug.wrappers import Response as Answer

from archive.model import Article, Story, Version
from web.diff import Difference, Unchanged, compare
from web.pages import pages
from web.pages.story import load
from web.proof import ProofView, proof
from web.reader import reader
from web.render import Page, render, url
from web.services import services
from web.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionsPage(Page):
    id: int
    lang: str
    headline: str
    before: int
    after: int
    parts: tuple[Difference | Unchanged, ...]
    proof: ProofView


@pages.get("/story/<int:story>/<side>/revisions")
def revisions(story: int, side: str) -> Answer:
    found = load(story)
    if not isinstance(found, Story):
        return redirect(url("pages.revisions", story=found, side=side, **request.args.to_dict()), 308)
    given, words = services(), reader().words
    version = next((v for v in found.versions if v.lang == side), None)
    if version is None or not given.may_show_whole(version.outlet):
        abort(404 if version is None else 403)
    numbers = [revision.number for revision in version.revisions]
    before, after = _asked("from", numbers[-2:][0], numbers), _asked("to", numbers[-1], numbers)
    old, new = _text(version, before), _text(version, after)
    page = RevisionsPage(
        title=_title(side, words),
        kind="compare-revisions",
        id=found.id,
        lang=side,
        headline=new.title,
        before=before,
        after=after,
        parts=tuple(compare(old, new)),
        proof=proof(version, given.outlets, words),
    )
    return render("revisions.html", page)


def _title(side: str, words: Words) -> str:
    if side == "ar":
        return words.gettext("What changed in the Arabic version")
    return words.gettext("What changed in the English version") if side == "en" else words.gettext("What changed")


def _asked(name: str, usual: int, numbers: list[int]) -> int:
    """The revision that the address asks for, or the usual one where it asks for none that there is."""
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 9 and int(value) in numbers else usual


def _text(version: Version, number: int) -> Article:
    """The revision's content; 404 when it is withheld or purged."""
    return services().store.article_extraction(version.article, number) or abort(404)
