"""Where an outlet's articles are: asks every source that its declaration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from archive.address import identity
from archive.discovery import feeds, listings, rest, sitemaps
from archive.discovery.search import Found, Get, Problem, Search
from archive.publishers.declaration import Outlet

__all__ = ["Found", "Problem", "discover"]


def discover(
    outlet: Outlet, get: Get, since: date | None = None, until: date | None = None
) -> Iterator[Found | Problem]:
    """Articles published or modified in `since`..`until` (days of the outlet's zone) or without a date, each once.

    For each language: REST, sitemaps, feeds, and listing pages unless REST was read to its end. A page is yielded by
    the first source that names it, joined with what the feeds, small and therefore read beforehand, know of it.
    `get` may raise FetchError: that, and whatever else a source lacks, becomes a Problem, and the next one is asked.
    """
    run = _Run(outlet)
    for start in outlet.start:
        yield from run.language(Search(outlet, start, get, since, until))


@dataclass(slots=True)
class _Run:
    outlet: Outlet
    yielded: set[str] = field(default_factory=set)  # keys of articles
    asked: set[str] = field(default_factory=set)  # sources: languages may share one
    complete: set[str] = field(default_factory=set)  # collections that were read without a problem

    def language(self, search: Search) -> Iterator[Found | Problem]:
        start = search.start
        known: dict[str, Found] = {}
        for feed in filter(self._is_new, start.feeds):
            for item in feeds.items(search, feed):
                if isinstance(item, Problem):
                    yield item
                else:
                    known.setdefault(identity(item.url, self.outlet), item)
        if start.rest and self._is_new(start.rest):
            yield from self._once(search, self._rest(search, start.rest), known)
        for sitemap in start.sitemaps:
            yield from self._once(search, sitemaps.pages(search, sitemap, self.asked), known)
        yield from self._once(search, known.values(), known)
        if start.rest not in self.complete:
            for listing in filter(self._is_new, start.listings):
                yield from self._once(search, listings.items(search, listing), known)

    def _rest(self, search: Search, endpoint: str) -> Iterator[Found | Problem]:
        whole = True
        for item in rest.posts(search, endpoint):
            whole = whole and not isinstance(item, Problem)
            yield item
        if whole:
            self.complete.add(endpoint)

    def _once(
        self, search: Search, items: Iterable[Found | Problem], known: Mapping[str, Found]
    ) -> Iterator[Found | Problem]:
        for item in items:
            if isinstance(item, Problem):
                yield item
                continue
            key = identity(item.url, self.outlet)
            found = item.joined(known[key]) if key in known else item
            if key not in self.yielded and search.is_wanted(found):
                self.yielded.add(key)
                yield found

    def _is_new(self, source: str) -> bool:
        fresh = source not in self.asked
        self.asked.add(source)
        return fresh
