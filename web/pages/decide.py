"""An editor joins and parts versions. Every decision is kept with its actor and can be undone by another one."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from archive.model import ArticleId, StoryId, Verdict
from archive.store import StoreError
from indexer.query import parse
from web.pages import pages
from web.reader import reader
from web.render import url
from web.services import Services, services
from web.words import Words

LONGEST_REASON = 500


class Refused(Exception):
    """The store does not take this decision; the message says why."""


@pages.post("/story/<int:story>/decisions")
def decide(story: int) -> Answer:
    given, words = services(), reader().words
    if given.open_to_world:
        abort(403)
    what = request.form.get("do", "")
    if what not in ("join", "confirm", "unlink"):
        abort(400)
    try:
        message = _join(story, given, words) if what == "join" else _judge(what, given, words)
    except Refused as refusal:
        message = words.gettext("Nothing was changed: %s") % refusal
    flash(message)
    home = given.store.story_of(ArticleId(story)) or abort(404)
    return redirect(f"{url('pages.story', story=home)}#link", 303)


def _judge(what: str, given: Services, words: Words) -> str:
    a, b = _article(request.form.get("a", ""), given), _article(request.form.get("b", ""), given)
    if a is None or b is None or a == b:
        abort(400)
    verdict = Verdict.SAME if what == "confirm" else Verdict.APART
    _keep(a, b, verdict, given)
    if verdict is Verdict.APART:
        return words.gettext("The two versions are separate stories now.")
    return _outcome(a, b, given, words)


def _join(story: int, given: Services, words: Words) -> str:
    """Join the story with the one that a number or an address names."""
    text = request.form.get("other", "").strip()
    address = parse(text).address if text else None
    mate = given.store.find(address) if address else _article(text, given)
    own = _article(str(story), given)
    if own is None:
        abort(404)
    if mate is None:
        return words.gettext("Nothing was joined: the archive has no such article. Add it first: warraq add URL.")
    if given.store.story_of(mate) == given.store.story_of(own):
        return words.gettext("Nothing was joined: it is in this story already.")
    _keep(*_pair(own, mate, given), Verdict.SAME, given)
    return _outcome(own, mate, given, words)


def _pair(own: ArticleId, mate: ArticleId, given: Services) -> tuple[ArticleId, ArticleId]:
    """The member of this story to be judged beside `mate`: one in another language, where there is one."""
    mine, theirs = _members(own, given), _members(mate, given)
    lang = theirs.get(mate)
    return next((member for member, tag in mine.items() if tag != lang), own), mate


def _members(article: ArticleId, given: Services) -> dict[ArticleId, str]:
    home = given.store.story_of(article)
    story = given.store.story(StoryId(home)) if home is not None else None
    return {version.article: str(version.lang) for version in story.versions} if story else {}


def _keep(a: ArticleId, b: ArticleId, verdict: Verdict, given: Services) -> None:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    try:
        given.store.decide(a, b, verdict, given.actor, reason, given.clock.now())
    except StoreError as error:
        raise Refused(str(error)) from error


def _outcome(a: ArticleId, b: ArticleId, given: Services, words: Words) -> str:
    """What became of a decision that two are versions of one story."""
    if given.store.story_of(a) == given.store.story_of(b):
        return words.gettext("The two are versions of one story now.")
    return words.gettext("Kept, but the story has a version in that language already. Unlink that one first.")


def _article(text: str, given: Services) -> ArticleId | None:
    """The article of a number (in any digits) that the archive has."""
    if not text.isdecimal() or len(text) > 15:
        return None
    found = ArticleId(int(text))
    return found if given.store.story_of(found) is not None else None
