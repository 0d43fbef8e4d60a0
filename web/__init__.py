"""The pages and the JSON of an archive: `create_app(Services(...))` gives a Flask application, a WSGI callable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response as Answer

from web import errors, render, security
from web.api import api
from web.captures import captures
from web.pages import decide, display, help, home, pages, revisions, search, story, switches
from web.reader import preferred_language
from web.services import Services
from web.words import LANGS, catalogue

LARGEST_FORM = 64 * 1024  # bytes
STATIC_AGE = 30 * 24 * 3600  # seconds; addresses of static files change with their content
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
VIEWS = (home, search, story, revisions, decide, display, help, switches)


def create_app(services: Services) -> Flask:
    """The application. An instance for this machine only answers to this machine's names and no others, so that a
    foreign site cannot reach it through a name of its own that points here."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=services.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME="warraq",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a story may stay open for hours
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer, so none can be compared
        TRUSTED_HOSTS=None if services.open_to_world else LOCAL_HOSTS,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["warraq"] = services
    app.jinja_env.undefined = StrictUndefined
    CSRFProtect(app)
    security.guard(app)
    render.install(app)
    errors.install(app)
    _assets(app)
    for blueprint in (pages, api, captures):
        app.register_blueprint(blueprint)
    _bare_addresses(app)
    for lang in LANGS:
        catalogue(lang)  # a mistake in a catalogue shows at start, not to a reader
    return app


def _assets(app: Flask) -> None:
    """`asset(name)`: a static file's address, with a part that changes when the file does."""
    folder = Path(str(app.static_folder))
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=name, v=digests[name])


def _bare_addresses(app: Flask) -> None:
    """`/search?q=…` leads to `/en/search?q=…` or `/ar/…`: by cookie, then by what the browser accepts."""
    prefix = str(pages.url_prefix)
    for rule in list(app.url_map.iter_rules()):
        if rule.rule.startswith(prefix) and "GET" in (rule.methods or ()):
            bare = rule.rule.removeprefix(prefix)
            app.add_url_rule(bare, f"bare.{rule.endpoint}", _to_language(rule.endpoint), methods=["GET"])


def _to_language(endpoint: str) -> Callable[..., Answer]:
    def view(**values: object) -> Answer:
        where = url_for(endpoint, **values, lang=preferred_language(request))  # type: ignore[arg-type]
        asked = urlencode(render.capped(request.args), doseq=True)
        return redirect(f"{where}?{asked}" if asked else where)

    return view


__all__ = ["Services", "create_app"]
