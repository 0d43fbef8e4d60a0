"""One way from a page's context to HTML, and the addresses of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import Flask, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from indexer.engine import Piece
from web.params import LONGEST_QUERY, LONGEST_VALUE, MOST_OFF, SearchParams
from web.reader import Display, reader
from web.services import services
from web.words import N_, InterfaceLang, Words, direction

LONGEST_SHOWN = 200  # characters of what a reader typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page's context has: its title, its kind (a class on `body`) and what stands in the search field."""

    title: str
    kind: str
    q: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame round a page needs to know of the request."""

    words: Words
    display: Display
    archive: str
    here: str  # this page's address
    there: str  # the same page in the other interface language

    @property
    def lang(self) -> InterfaceLang:
        return self.words.lang


# Kinds of match as stored -> class of the mark and the message that names it.
MARK_CLASS = {
    "exact": "", "spelling": "sp", "stem": "le", "lemma": "le", "root": "le", "name": "na",
    "learned": "tr", "gloss": "tr",
}  # fmt: skip
MARK_NAME = {
    "exact": N_("exact"), "spelling": N_("spelling"), "stem": N_("form"), "lemma": N_("form"), "root": N_("form"),
    "name": N_("name"), "learned": N_("translation"), "gloss": N_("translation"),
}  # fmt: skip


def url(endpoint: str, **values: str | int | list[str] | None) -> str:
    """The address of a page in the reader's language (or in `lang`); empty values are left out, lists repeated."""
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    if endpoint.startswith("pages."):
        given.setdefault("lang", reader().lang)
    return url_for(endpoint, **cast("dict[str, Any]", given))


def shortened(text: str) -> str:
    """What a page shows of what a reader typed: its beginning, when it is very long."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()}…"


def plain(pieces: tuple[Piece, ...]) -> str:
    """The text of pieces, without marks."""
    return "".join(piece.text for piece in pieces)


def _mirror(path: str, words: Words) -> str:
    """The address of the same page in the other interface language."""
    rest = path.split("/", 2)
    if len(rest) > 1 and rest[1] in ("en", "ar"):
        rest[1] = words.other
        return "/".join(rest)
    return f"/{words.other}/"


def capped(args: MultiDict[str, str]) -> dict[str, list[str]]:
    """The first value of each argument, no longer than what a query is read from; of `x`, which repeats, those read."""
    first = {name: [value[:LONGEST_QUERY]] for name, value in args.items() if len(name) <= LONGEST_VALUE}
    off = list(SearchParams.read(args).off)
    return {name: values for name, values in {**first, "x": off}.items() if values}


def _here() -> str:
    query = request.query_string.decode("ascii", "replace")
    if len(query) > LONGEST_QUERY or len(request.args.getlist("x")) > MOST_OFF:
        query = urlencode(capped(request.args), doseq=True)
    return f"{quote(request.path)}?{query}" if query else quote(request.path)


def render(template: str, page: Page, status: int = 200) -> Response:
    """HTML of a page; `page` and `frame` are all that a template gets besides functions."""
    who = reader()
    here = _here() if request.method == "GET" else url("pages.home")
    frame = Frame(who.words, who.display, services().title, here, _mirror(here, who.words))
    return make_response(render_template(template, page=page, frame=frame), status)


def install(app: Flask) -> None:
    """Give templates their messages and functions."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: reader().words.gettext(message),
        lambda one, many, n: reader().words.ngettext(one, many, n),
        newstyle=True,
    )
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(url=url, direction=direction, mark_class=MARK_CLASS, mark_name=MARK_NAME)
    env.filters.update(plain=plain, shortened=shortened)
