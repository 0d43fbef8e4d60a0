"""What can be switched on a sample site while it runs, and the log of its requests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from werkzeug.wrappers import Response


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: when it came (seconds of a monotonic clock), to which edition and host, and what it got."""

    at: float
    edition: str
    host: str
    method: str
    path: str  # with the query, as it was sent
    status: int
    bytes: int  # of the body, as sent
    conditional: bool
    agent: str


@dataclass(slots=True)
class Trouble:
    """Answers `status` to requests whose path matches, to every n-th of them, at most `times` times."""

    status: int
    every: int = 1
    paths: str = ".*"
    retry_after: str | None = None
    times: int | None = None
    edition: str | None = None
    body: str = "<!doctype html><title>{status}</title><p>{status}"
    headers: dict[str, str] = field(default_factory=dict)
    seen: int = 0
    given: int = 0

    def response(self, edition: str, path: str) -> Response | None:
        if self.edition not in (None, edition) or not re.search(self.paths, path):
            return None
        self.seen += 1
        if self.seen % self.every or (self.times is not None and self.given >= self.times):
            return None
        self.given += 1
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        body = self.body.replace("{status}", str(self.status))
        return Response(body, self.status, headers, content_type="text/html; charset=utf-8")


def challenge(paths: str = ".*", edition: str | None = None) -> Trouble:
    """A page that wants a browser to prove itself, as a content delivery network puts before a site."""
    body = (
        "<!doctype html><html><head><title>Just a moment...</title></head><body><div class='challenge'>"
        "<p>Checking your browser before you enter. This needs JavaScript.</p></div></body></html>"
    )
    return Trouble(403, paths=paths, edition=edition, body=body, headers={"cf-mitigated": "challenge"})


@dataclass(slots=True)
class Switches:
    """How the site behaves. All can be changed between requests."""

    rest: bool = True
    translations: bool = False  # REST with Polylang's `lang` and `translations`
    lastmod: bool = True  # in sitemaps
    sitemaps: bool = True
    feeds: bool = True
    gzip: bool = False
    conditional: bool = True  # answers 304
    slow: float = 0.0  # seconds before each answer
    robots: str = "normal"  # see wordpress.robots
    empty_last_page: bool = True  # the English listing has an empty page after its last one
    stop_after: int | None = None  # requests, then connections are cut
    removed: dict[int, int] = field(default_factory=dict)  # post id: 404 or 410
    redirected: dict[int, str] = field(default_factory=dict)  # post id: where its address leads instead
    charsets: dict[int, tuple[str, str | None]] = field(default_factory=dict)  # post id: real charset, the header's
    troubles: list[Trouble] = field(default_factory=list)

    def fail(self, status: int, **how: object) -> Trouble:
        """Adds a Trouble and returns it; remove it from `troubles` to end it."""
        trouble = Trouble(status, **how)  # type: ignore[arg-type]
        self.troubles.append(trouble)
        return trouble

    def trouble(self, edition: str, path: str) -> Response | None:
        return next((r for t in self.troubles if (r := t.response(edition, path))), None)
