"""The pages under /en and /ar, one module a page, on one blueprint."""

from __future__ import annotations

from flask import Blueprint, Response, request

from web.reader import LANG_COOKIE, reader

pages = Blueprint("pages", __name__, url_prefix="/<any(en, ar):lang>")


@pages.url_value_preprocessor
def _take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """The language belongs to the reader (web.reader), not to the arguments of a view."""
    if values:
        values.pop("lang", None)


@pages.after_request
def _remember_language(response: Response) -> Response:
    """The language that was read last is the one that bare addresses lead to."""
    lang = reader().lang
    if request.cookies.get(LANG_COOKIE) != lang:
        response.set_cookie(LANG_COOKIE, lang, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return response
