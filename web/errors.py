"""Errors as pages in the reader's language, and as one JSON shape under /api."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, jsonify, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from archive.store import StoreError
from archive.warc import CaptureError
from indexer.engine import EngineError, IndexOutdated
from web.reader import reader
from web.render import Page, render
from web.services import services
from web.words import N_

RETRY = 30  # seconds

TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("This request could not be read"), N_("Something in the address or the form is not as it should be.")),
    403: (N_("Not open to readers from outside"), N_("They get neither the editors’ tools nor whole texts.")),
    404: (N_("There is no such page"), N_("Perhaps a letter is wrong. Search for it, or paste an article’s address.")),
    405: (N_("That cannot be done at this address"), N_("The page exists, but not for this kind of request.")),
    500: (N_("Something went wrong here"), N_("It is not your fault. The keeper finds the details in the log.")),
    503: (N_("The archive is not available right now"), N_("It should be back in a moment.")),
}  # fmt: skip
DAMAGED = N_("The stored capture is damaged or missing. Do not cite it as evidence.")
LEFT_OPEN = N_("The page was open too long, or cookies are off. Go back, reload it and try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    text: str
    detail: str = ""  # one line for the keeper, only where the keeper is the reader
    retry: int = 0  # seconds, 0: no use in trying again


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.path.endswith(".json")


def json_error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """{"error": {"status", "code", "message"}}: the only shape of an error under /api."""
    answer = jsonify({"error": {"status": status, "code": code, "message": message}})
    answer.status_code = status
    answer.headers.update(headers or {})
    return answer


def search_is_down(error: EngineError, q: str = "") -> Response:
    """503: search does not work, everything else does."""
    words, again = reader().words, {"Retry-After": str(RETRY)}
    title = words.gettext("Search is not available right now")
    if wants_json():
        return json_error(503, "search-unavailable", title, again)
    if isinstance(error, IndexOutdated):
        text = words.gettext("The search index was made by another version and must be rebuilt: warraq index rebuild.")
    else:
        text = words.gettext(
            "The archive itself is safe: saved links, stories and captures still open. Your search is kept."
        )
    detail = "" if services().open_to_world else error.detail
    answer = render("error.html", ErrorPage(title=title, kind="error", q=q, text=text, detail=detail, retry=RETRY), 503)
    answer.headers.update(again)
    return answer


def _answer(status: int, text: str | None = None, detail: str = "") -> Response:
    words = reader().words
    title, usual = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    again = {"Retry-After": str(RETRY)} if status == 503 else {}
    told = words.gettext(text or usual)
    if wants_json():
        return json_error(status, words_code(status), told, again)
    page = ErrorPage(title=words.gettext(title), kind="error", text=told, detail=detail, retry=RETRY if again else 0)
    answer = render("error.html", page, status)
    answer.headers.update(again)
    return answer


def words_code(status: int) -> str:
    """The error's code for programs: "not-found" for 404."""
    return {400: "bad-request", 403: "forbidden", 404: "not-found", 405: "method-not-allowed", 503: "unavailable"}.get(
        status, "error"
    )


def install(app: Flask) -> None:
    """Answer every error of the application in the reader's language."""

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Response:
        return _answer(400, LEFT_OPEN)

    @app.errorhandler(SecurityError)
    def _foreign_name(_error: SecurityError) -> Response:
        """No page can be made: its links would carry the name that is not ours."""
        return Response("This archive does not answer to that host name.\n", 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        answer = _answer(error.code or 500)
        for name, value in error.get_headers():
            if name == "Allow":
                answer.headers[name] = value
        return answer

    @app.errorhandler(EngineError)
    def _engine(error: EngineError) -> Response:
        return search_is_down(error)

    @app.errorhandler(StoreError)
    def _store(error: StoreError) -> Response:
        app.logger.error("store: %s", error)
        return _answer(503, detail="" if services().open_to_world else str(error))

    @app.errorhandler(CaptureError)
    def _capture(error: CaptureError) -> Response:
        app.logger.error("capture: %s", error)
        return _answer(500, DAMAGED, "" if services().open_to_world else str(error))

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> Response:
        app.logger.exception("unexpected error", exc_info=error)
        return _answer(500)
