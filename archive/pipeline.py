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
from archive.discovery.search import Days
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
        """Discover and visit what is due. Returns the number of pages by outcome, and "silent": 1 where every source
        of the outlet failed."""
        answered = self.discover(outlet, since, until)
        now = self.clock.now()
        self.store.revisit(outlet.key, now - AFTER_A_DAY, seen_since=now - FRESH)
        self.store.revisit(outlet.key, now - AFTER_A_MONTH)
        return self.visit_due(outlet, limit, since, until) + Counter(silent=int(not answered))

    def discover(self, outlet: Outlet, since: date | None, until: date | None) -> bool:
        """Ask every source; what they find is queued. A problem that does not come again is over: of all sources when
        all days were asked for, else only of those that were asked. Returns whether any source did without one."""
        began = self.clock.now()
        asked: set[str] = set()

        def get(url: str) -> Hop:
            asked.add(_source(url))
            return self.fetcher.get(url).final

        again: set[str] = set()
        for found in discover(outlet, get, since, until):
            if isinstance(found, Problem):
                again.add(found.where)
                self.store.add_problem(outlet.key, found.where, found.what, self.clock.now())
                self.tell(Event("problem", found.where, found.what))
                continue
            if self.store.enqueue(outlet.key, [found]):
                self.tell(Event("found", found.url, found.via))
            article = self.store.find(found.url) if found.versions else None
            if article is not None:
                self.intake.claim(article, found.url)
        for problem in self.store.problems(outlet.key):
            over = problem.last < began and problem.where not in again
            if over and (not (since or until) or _source(problem.where) in asked):
                self.store.clear_problems(problem.where)
        return not again or bool(asked - {_source(where) for where in again})

    def visit_due(
        self, outlet: Outlet, limit: int | None = None, since: date | None = None, until: date | None = None
    ) -> Counter[str]:
        """Visit each address that is due once; hosts that keep failing are left alone. `limit`: of pages that are
        asked for; `since`, `until`: as in `archive.discover`, also for what earlier runs queued."""
        tally: Counter[str] = Counter()
        failures: Counter[str] = Counter()
        seen: set[str] = set()
        for pending in self._due(outlet, seen, Days(outlet.tz, since, until)):
            if limit is not None and tally.total() - tally["postponed"] >= limit:
                break
            seen.add(pending.url)
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

    def _due(self, outlet: Outlet, seen: set[str], days: Days) -> Iterator[Pending]:
        """What is due, and what becomes due while it is visited."""
        while fresh := [p for p in self.store.pending(outlet.key) if p.url not in seen and days.want(p)]:
            yield from fresh

    def add(self, url: str) -> str:
        """Capture one page now, and the versions it links to. Returns the outcome."""
        try:
            url = normalise(url)
        except NotAnAddress as error:
            return self._refused(url, str(error))
        outlet = owner(self.outlets, url)
        if outlet is None:
            return self._refused(url, "no outlet has this host; `warraq outlets add` declares one (docs/outlets.md)")
        visit = self.visitor.visit(url, outlet)
        for target in visit.missing:
            other = owner(self.outlets, target)
            if other is not None and not same_page(target, url, other):
                self.visitor.visit(normalise(target), other)
        return visit.outcome

    def _refused(self, url: str, why: str) -> str:
        self.tell(Event("failed", url, why))
        return "failed"


def _source(url: str) -> str:
    """A source's address without its parameters, which may name days."""
    return url.partition("?")[0]
