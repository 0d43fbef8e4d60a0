"""Display preferences: a form that works without a script, kept in a cookie."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from web.pages import pages
from web.reader import DISPLAY_COOKIE, Display
from web.render import url

YEAR = 365 * 24 * 3600  # seconds


def local_path(wish: str) -> str | None:
    """`wish` if it stays on this site: an absolute path. No host, no backslash or control character that makes one."""
    fits = wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if fits else None


@pages.post("/display")
def display() -> Answer:
    chosen = Display.read({name: values[-1] for name, values in request.form.lists()})
    answer = redirect(local_path(request.form.get("next", "")) or url("pages.home"), 303)
    answer.set_cookie(DISPLAY_COOKIE, chosen.cookie(), max_age=YEAR, samesite="Lax", httponly=True)
    return answer
