"""The stages in their order: discover -> fetch -> capture -> extract -> store, which links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from archive.address import NotAnAddress, normalise, same_page
from archive.clock import Clock
from archive.discover import Problem, discover
from archive.events import Event, Tell
from archive.fetch import Fetcher, Hop
from archive.intake import Intake
from archive.model import Capture
from archive.publishers import owner
from archive.publishers.declaration import Outlet
from archive.store import Pending, Store
from archive.visiting import Visitor
from archive.warc import WarcFolder

# How long a page that nothing is heard of stays unlooked at: news is corrected in its first days, and rarely later.
FRESH, AFTER_A_DAY, AFTER_A_MONTH = timedelta(days=14), timedelta(days=1), timedelta(days=30)
# A host that failed so often in a row is left alone until the next run.
PATIENCE = 5


def recorder(store: Store, captures: WarcFolder) -> Callable[[Hop], Capture]:
    """What a fetcher calls with every response: on disk first, then in the store, before anybody reads it."""

    def record(hop: Hop) -> Capture:
        capture = captures.write(hop)
        store.add_capture(capture)
        return capture

    return record


@dataclass(frozen=True, slots=True)
class Collector:
    """Brings outlets' articles into the store. Every step is durable: a run that is killed goes on where it was."""

    store: Store
    captures: WarcFolder
    fetcher: Fetcher
    outlets: Mapping[str, Outlet]
    clock: Clock
    tell: Tell

    @property
    def intake(self) -> Intake:
        return Intake(self.store, self.captures, self.outlets, self.clock, self.tell)

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.fetcher, self.intake, self.clock, self.tell)

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
            if self.store.enqueue(outlet.key, [found]):
                self.tell(Event("found", found.url, found.via))
            article = self.store.find(found.url) if found.versions else None
            if article is not None:
                self.intake.claim(article, found.url)

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
            visit = self.visitor.visit(pending.url, outlet, pending)
            failures[host] = failures[host] + 1 if visit.trouble else 0
            tally[visit.outcome] += 1
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
            return self._refused(url, str(error))
        outlet = owner(self.outlets, url)
        if outlet is None:
            return self._refused(url, "no outlet has this host; `warraq outlets add` declares one")
        before = {pending.url for pending in self.store.pending(outlet.key)}
        visit = self.visitor.visit(url, outlet)
        for pending in self.store.pending(outlet.key):
            if pending.url not in before and not same_page(pending.url, url, outlet):
                self.visitor.visit(pending.url, outlet, pending)
        return visit.outcome

    def _refused(self, url: str, why: str) -> str:
        self.tell(Event("failed", url, why))
        return "failed"
