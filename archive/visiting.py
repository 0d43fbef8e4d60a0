"""One page: fetch -> capture -> extract -> store; what becomes of its place in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.clock import Clock
from archive.discovery.search import is_article
from archive.events import Event, Tell
from archive.extract import NotAnArticle, extract
from archive.extraction import refusal
from archive.fetch import (
    AddressRefused,
    BadEncoding,
    DeadlineExceeded,
    Fetched,
    Fetcher,
    FetchError,
    Overloaded,
    RobotsDenied,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from archive.intake import Intake, moved, page_of
from archive.publishers.declaration import Outlet
from archive.store import Pending, Store

GONE = (404, 410)
# What the next run need not try again at once.
LASTING = (AddressRefused, BadEncoding, TooLarge, TooManyRedirects)
# What a host in trouble does, or one that wants no more requests.
TROUBLE = (DeadlineExceeded, Overloaded, Unreachable)
REFUSALS = (403, 429)
# How many runs in a row try again an article's address that answers with no article.
INSISTENCE = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one page: the kind of the event that was told, whether the host is in trouble or wants to be left
    alone, and the page's other versions that are not in the archive yet."""

    outcome: str
    trouble: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    fetcher: Fetcher
    intake: Intake
    clock: Clock
    tell: Tell

    @property
    def store(self) -> Store:
        return self.intake.store

    def visit(self, url: str, outlet: Outlet, pending: Pending | None = None) -> Visit:
        """Fetch one page and store what it says."""
        try:
            fetched = self.fetcher.get(url, pending.validators if pending else None)
        except FetchError as error:
            return self._failed(url, error)
        status = fetched.final.status
        if status == 304:
            return self._seen(url, "unchanged", fetched, pending)
        if status in GONE:
            self.store.break_claim(url, f"answered {status}", self.clock.now())
            return self._seen(url, "gone", fetched, pending, f"answered {status}")
        if status != 200:
            return self._refused(url, fetched)
        return self._read(url, outlet, fetched, pending)

    def _read(self, url: str, outlet: Outlet, fetched: Fetched, pending: Pending | None) -> Visit:
        final = fetched.final
        try:
            article = extract(page_of(url, final), outlet)
        except NotAnArticle as error:
            return self._unread(url, outlet, fetched, pending, error.reason)
        asked = url if moved(url, article.url, outlet) else final.url
        if asked != url:
            why = f"leads to another article, {article.url}"
            self.store.break_claim(url, why, self.clock.now())
            self.store.check(url, final.at, "moved", None, why)  # the capture is the other article's
        taken = self.intake.take(outlet, asked, article, fetched.capture)
        self.store.done(url, fetched.capture if asked == url else None, pending.modified if pending else None)
        self.tell(Event(taken.outcome, url, "; ".join(article.warnings)))
        return Visit(taken.outcome, missing=taken.missing)

    def _unread(self, url: str, outlet: Outlet, fetched: Fetched, pending: Pending | None, reason: str) -> Visit:
        """A page without an article. At an article's address that may be a challenge, or a body that is empty for a
        moment: the next runs try again, then ever more rarely."""
        passing = is_article(url, outlet) and reason not in refusal.LISTINGS
        insist = passing and (pending is None or pending.tries < INSISTENCE)
        if not insist:
            self.store.break_claim(url, reason, self.clock.now())
        if not passing:
            return self._seen(url, "skipped", fetched, pending, reason)
        self.store.check(url, fetched.final.at, "failed", fetched.capture, reason)
        self.store.failed(url, reason, retry_at=self.clock.now() if insist else None)
        self.tell(Event("failed", url, reason))
        return Visit("failed")

    def _seen(self, url: str, outcome: str, fetched: Fetched, pending: Pending | None, detail: str = "") -> Visit:
        """Only an article's page gives validators: a 304 to those of any other would speak for the article."""
        self.store.check(url, fetched.final.at, outcome, fetched.capture, detail)
        capture = fetched.capture if outcome == "unchanged" else None
        self.store.done(url, capture, pending.modified if pending else None)
        self.tell(Event(outcome, url, detail))
        return Visit(outcome)

    def _refused(self, url: str, fetched: Fetched) -> Visit:
        """An answer that says nothing of the page (403, 500, a challenge): tried again by the next run."""
        status = fetched.final.status
        detail = f"answered {status}; the next run tries again"
        self.store.check(url, fetched.final.at, "failed", fetched.capture, detail)
        self.store.failed(url, detail, retry_at=self.clock.now())
        self.tell(Event("failed", url, detail))
        return Visit("failed", trouble=status >= 500 or status in REFUSALS)

    def _failed(self, url: str, error: FetchError) -> Visit:
        now = self.clock.now()
        lasting = isinstance(error, LASTING) or (isinstance(error, RobotsDenied) and not error.temporary)
        if lasting:
            self.store.break_claim(url, error.detail, now)
        self.store.check(url, now, "failed", None, error.detail)
        self.store.failed(url, error.detail, retry_at=None if lasting else _next(now, error))
        self.tell(Event("failed", url, error.detail))
        down = isinstance(error, TROUBLE) or (isinstance(error, RobotsDenied) and error.temporary)
        return Visit("failed", trouble=down)


def _next(now: datetime, error: FetchError) -> datetime:
    wish = error.retry_after if isinstance(error, Overloaded) else None
    return now + timedelta(seconds=wish or 0)
