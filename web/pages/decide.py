"""An editor joins and parts versions. Every decision is kept with its actor and can be undone by another one."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from archive.model import AR, EN, ArticleId, Lang, Story, Verdict
from archive.store import StoreError
from indexer.query import parse
from web.labels import language_name
from web.pages import pages
from web.reader import reader
from web.render import shortened, url
from web.services import Services, services
from web.words import Words

LONGEST_REASON = 500


class Refused(Exception):
    """The store does not take this decision; the message says why."""


class NotJoined(Exception):
    """These two cannot become one story; the message, in the reader's language, says why. Nothing was recorded."""


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
    except NotJoined as refusal:
        message = str(refusal)
    flash(message)
    home = given.store.story_of(ArticleId(story)) or abort(404)
    return redirect(f"{url('pages.story', story=home)}#link", 303)


def _judge(what: str, given: Services, words: Words) -> str:
    a, b = _article(request.form.get("a", ""), given), _article(request.form.get("b", ""), given)
    if a is None or b is None or a == b:
        abort(400)
    if what == "unlink":
        _keep(a, b, Verdict.APART, given)
        return words.gettext("The two versions are separate stories now.")
    return _together(a, b, given, words)


def _join(story: int, given: Services, words: Words) -> str:
    """Join the story with the one that a number or an address names."""
    own = _article(str(story), given)
    if own is None:
        abort(404)
    mate = _named(request.form.get("other", "").strip(), given, words)
    if given.store.story_of(mate) == given.store.story_of(own):
        return words.gettext("Nothing was joined: it is in this story already.")
    return _together(*_pair(own, mate, given), given, words)


def _named(text: str, given: Services, words: Words) -> ArticleId:
    """The article that an editor means by a number or an address.

    Raises:
        NotJoined: there is none.
    """
    address = parse(text).address if text else None
    found = given.store.find(address) if address else _article(text, given)
    if found is not None:
        return found
    if address:
        said = words.gettext("Nothing was joined: the archive has no such article. Add it first: warraq add URL.")
    elif text.isdecimal():
        said = words.gettext("Nothing was joined: there is no story %s.") % shortened(text)
    elif text:
        said = words.gettext("Nothing was joined: “%s” is neither a story’s number nor an article’s address.")
        said %= shortened(text)
    else:
        said = words.gettext("Nothing was joined: write a story’s number or the address of its article.")
    raise NotJoined(said)


def _together(a: ArticleId, b: ArticleId, given: Services, words: Words) -> str:
    """Decide that two articles are versions of one story, unless their stories cannot become one."""
    mine, theirs = _story(a, given), _story(b, given)
    if lang := mine.clash(theirs):
        raise NotJoined(_in_the_way(mine, theirs, lang, words))
    _keep(a, b, Verdict.SAME, given)
    if given.store.story_of(a) == given.store.story_of(b):
        return words.gettext("The two are versions of one story now.")
    return words.gettext("Kept, but the story has a version in that language already. Unlink that one first.")


def _in_the_way(mine: Story, theirs: Story, lang: Lang, words: Words) -> str:
    if lang == AR:
        said = words.gettext(
            "Nothing was joined: stories %(a)s and %(b)s both have an Arabic version, and a story has only one."
        )
    elif lang == EN:
        said = words.gettext(
            "Nothing was joined: stories %(a)s and %(b)s both have an English version, and a story has only one."
        )
    else:
        said = words.gettext("Nothing was joined: stories %(a)s and %(b)s both have a version in %(lang)s.")
    numbers = {"a": words.number(mine.id), "b": words.number(theirs.id), "lang": language_name(lang, words)}
    larger = next((story for story in (theirs, mine) if len(story.versions) > 1), None)
    if larger is None:
        return said % numbers
    hint = words.gettext("If it does not belong to story %s, unlink it there first.") % words.number(larger.id)
    return f"{said % numbers} {hint}"


def _pair(own: ArticleId, mate: ArticleId, given: Services) -> tuple[ArticleId, ArticleId]:
    """The member of this story to be judged beside `mate`: one in another language, where there is one."""
    mine, theirs = _members(own, given), _members(mate, given)
    lang = theirs.get(mate)
    return next((member for member, tag in mine.items() if tag != lang), own), mate


def _members(article: ArticleId, given: Services) -> dict[ArticleId, Lang]:
    return {version.article: version.lang for version in _story(article, given).versions}


def _story(article: ArticleId, given: Services) -> Story:
    home = given.store.story_of(article)
    return (given.store.story(home) if home is not None else None) or abort(404)


def _keep(a: ArticleId, b: ArticleId, verdict: Verdict, given: Services) -> None:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    try:
        given.store.decide(a, b, verdict, given.actor, reason, given.clock.now())
    except StoreError as error:
        raise Refused(str(error)) from error


def _article(text: str, given: Services) -> ArticleId | None:
    """The article of a number (in any digits) that the archive has."""
    if not text.isdecimal() or len(text) > 15:
        return None
    found = ArticleId(int(text))
    return found if given.store.story_of(found) is not None else None
