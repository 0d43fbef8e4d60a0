"""The stages in their order: discover -> fetch -> capture -> extract -> store, which links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import unquote, urlsplit

from archive.address import NotAnAddress, identity, normalise, same_page
from archive.clock import Clock
from archive.discover import Found, Problem, discover
from archive.events import Event, Tell
from archive.extract import EXTRACTOR, NotAnArticle, Page, extract
from archive.fetch import (
    AddressRefused,
    BadEncoding,
    Fetched,
    Fetcher,
    FetchError,
    Hop,
    Overloaded,
    RobotsDenied,
    TooLarge,
    TooManyRedirects,
)
from archive.model import ArticleId, Capture, Claim, VersionLink
from archive.publishers import owner
from archive.publishers.declaration import Outlet
from archive.rereading import reread
from archive.store import Pending, Store
from archive.warc import WarcFolder

GONE = (404, 410)
# How long a page that nothing is heard of stays unlooked at: news is corrected in its first days, and rarely later.
FRESH, AFTER_A_DAY, AFTER_A_MONTH = timedelta(days=14), timedelta(days=1), timedelta(days=30)
# A host that failed so often in a row is left alone until the next run.
PATIENCE = 5
# What the next run need not try again at once.
LASTING = (AddressRefused, BadEncoding, TooLarge, TooManyRedirects)


def recorder(store: Store, captures: WarcFolder) -> Callable[[Hop], Capture]:
    """What a fetcher calls with every response: on disk first, then in the store, before anybody reads it."""

    def record(hop: Hop) -> Capture:
        capture = captures.write(hop)
        store.add_capture(capture)
        return capture

    return record


def page_of(asked: str, hop: Hop) -> Page:
    return Page(asked=asked, url=hop.url, body=hop.body, content_type=hop.header("content-type") or "", at=hop.at)


@dataclass(slots=True)
class Collector:
    """Brings outlets' articles into the store. Every step is durable: a run that is killed goes on where it was."""

    store: Store
    captures: WarcFolder
    fetcher: Fetcher
    outlets: Mapping[str, Outlet]
    clock: Clock
    tell: Tell
    _told: dict[str, tuple[VersionLink, ...]] = field(default_factory=dict)  # links that a source knows, by identity

    def collect(
        self, outlet: Outlet, since: date | None = None, until: date | None = None, limit: int | None = None
    ) -> Counter[str]:
        """Discover and visit what is due. Returns the number of pages by outcome."""
        self.discover(outlet, since, until)
        now = self.clock.now()
        self.store.revisit(outlet.key, now - AFTER_A_DAY, seen_since=now - FRESH)
        self.store.revisit(outlet.key, now - AFTER_A_MONTH)
        return self.visit_due(outlet, limit)

    def discover(self, outlet: Outlet, since: date | None, until: date | None) -> None:
        for found in discover(outlet, lambda url: self.fetcher.get(url).final, since, until):
            if isinstance(found, Problem):
                self.store.add_problem(outlet.key, found.where, found.what, self.clock.now())
                self.tell(Event("problem", found.where, found.what))
                continue
            if found.versions:
                self._remember(found, outlet)
            if self.store.enqueue(outlet.key, [found]):
                self.tell(Event("found", found.url, found.via))

    def visit_due(self, outlet: Outlet, limit: int | None = None) -> Counter[str]:
        """Visit each address that is due once; hosts that keep failing are left alone."""
        tally: Counter[str] = Counter()
        failures: Counter[str] = Counter()
        visited: set[str] = set()
        for pending in self._due(outlet, visited):
            if limit is not None and len(visited) >= limit:
                break
            visited.add(pending.url)
            host = urlsplit(pending.url).netloc
            if failures[host] >= PATIENCE:
                tally["postponed"] += 1
                continue
            if pending.validators is None and pending.modified is None and self.store.find(pending.url) is not None:
                self.store.done(pending.url)  # a link's target that has come in by another of its addresses
                continue
            outcome = self.visit(pending.url, outlet, pending)
            failures[host] = failures[host] + 1 if outcome == "failed" else 0
            tally[outcome] += 1
        return tally

    def _due(self, outlet: Outlet, visited: set[str]) -> Iterator[Pending]:
        """What is due, and what becomes due while it is visited."""
        while fresh := [pending for pending in self.store.pending(outlet.key) if pending.url not in visited]:
            yield from fresh

    def add(self, url: str) -> str:
        """Capture one page now, and the versions it links to. Returns the outcome."""
        try:
            url = normalise(url)
        except NotAnAddress as error:
            return self._told_outcome(url, "failed", str(error))
        outlet = owner(self.outlets, url)
        if outlet is None:
            return self._told_outcome(url, "failed", "no outlet has this host; `warraq outlets add` declares one")
        before = {pending.url for pending in self.store.pending(outlet.key)}
        outcome = self.visit(url, outlet)
        for pending in self.store.pending(outlet.key):
            if pending.url not in before and not same_page(pending.url, url, outlet):
                self.visit(pending.url, outlet, pending)
        return outcome

    def visit(self, url: str, outlet: Outlet, pending: Pending | None = None) -> str:
        """Fetch one page and store what it says. Returns the outcome: the kind of the event that was told."""
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

    def _read(self, url: str, outlet: Outlet, fetched: Fetched, pending: Pending | None) -> str:
        final = fetched.final
        try:
            article = extract(page_of(url, final), outlet)
        except NotAnArticle as error:
            self.store.break_claim(url, error.reason, self.clock.now())
            return self._seen(url, "skipped", fetched, pending, error.reason)
        asked = url if moved(url, article.url, outlet) else final.url
        if asked != url:
            why = f"leads to another article, {article.url}"
            self.store.break_claim(url, why, self.clock.now())
            self.store.check(url, final.at, "moved", fetched.capture, why)
        stored = self.store.unread(EXTRACTOR, url=asked)
        reread(self.store, self.captures, self.outlets, stored, self.clock, self.tell)
        saved = self.store.save(outlet.key, asked, article, fetched.capture, EXTRACTOR, self.clock.now())
        self._claim(saved.article, article.url, outlet)
        for claim in saved.missing:
            self._follow(claim)
        self.store.done(url, fetched.capture, pending.modified if pending else None)
        return self._told_outcome(url, saved.outcome, "; ".join(article.warnings))

    def _follow(self, claim: Claim) -> None:
        """Queue a version that a page links to, on its outlet's own hosts only; anything else is evidence only."""
        target = owner(self.outlets, claim.target)
        if target is None:
            self.store.break_claim(claim.target, "on a host that no outlet has", self.clock.now())
        else:
            self.store.enqueue(target.key, [Linked(claim.target)])

    def _remember(self, found: Found, outlet: Outlet) -> None:
        """What REST says of a page's versions: said of the article now, or when it arrives."""
        self._told[identity(found.url, outlet)] = found.versions
        article = self.store.find(found.url)
        if article is not None:
            self._claim(article, found.url, outlet)

    def _claim(self, article: ArticleId, url: str, outlet: Outlet) -> None:
        now = self.clock.now()
        for link in self._told.get(identity(url, outlet), ()):
            self.store.add_claim(article, link.target, link.evidence, link.evidence, True, 1.0, now)

    def _seen(self, url: str, outcome: str, fetched: Fetched, pending: Pending | None, detail: str = "") -> str:
        self.store.check(url, fetched.final.at, outcome, fetched.capture, detail)
        self.store.done(url, fetched.capture, pending.modified if pending else None)
        return self._told_outcome(url, outcome, detail)

    def _refused(self, url: str, fetched: Fetched) -> str:
        """An answer that says nothing of the page (403, 500, a challenge): tried again by the next run."""
        detail = f"answered {fetched.final.status}; the next run tries again"
        self.store.check(url, fetched.final.at, "failed", fetched.capture, detail)
        self.store.failed(url, detail, retry_at=self.clock.now())
        return self._told_outcome(url, "failed", detail)

    def _failed(self, url: str, error: FetchError) -> str:
        now = self.clock.now()
        lasting = isinstance(error, LASTING) or (isinstance(error, RobotsDenied) and not error.temporary)
        if lasting:
            self.store.break_claim(url, error.detail, now)
        self.store.check(url, now, "failed", None, error.detail)
        self.store.failed(url, error.detail, retry_at=None if lasting else _next(now, error))
        return self._told_outcome(url, "failed", error.detail)

    def _told_outcome(self, url: str, outcome: str, detail: str) -> str:
        self.tell(Event(outcome, url, detail))
        return outcome


@dataclass(frozen=True, slots=True)
class Linked:
    """An address to be queued that a link led to."""

    url: str
    lang: str | None = None
    modified: datetime | None = None


def _next(now: datetime, error: FetchError) -> datetime:
    wish = error.retry_after if isinstance(error, Overloaded) else None
    return now + timedelta(seconds=wish or 0)


def moved(asked: str, canonical: str, outlet: Outlet) -> bool:
    """Whether an address that led to `canonical` can be an older one of the same article.

    WordPress guesses at unknown slugs and wrong ids, so a redirect proves little: the two must share the post's number
    or its slug.
    """
    if same_page(asked, canonical, outlet):
        return True
    try:
        a, b = _marks(asked), _marks(canonical)
    except NotAnAddress:
        return False
    return bool(a & b)


def _marks(url: str) -> set[str]:
    """The numbers of three digits and more (years apart) and the last word of an address."""
    path = unquote(unquote(urlsplit(url).path)).rstrip("/")
    numbers = {
        part for part in path.split("/") if re.fullmatch(r"\d{3,}", part) and not re.fullmatch(r"(19|20)\d\d", part)
    }
    return numbers | {path.rsplit("/", 1)[-1]}
