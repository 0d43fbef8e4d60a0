"""Where an outlet's articles are: asks every source that its declaration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from archive.address import identity
from archive.discovery import feeds, listings, rest, sitemaps
from archive.discovery.search import Days, Found, Get, Problem, Search
from archive.publishers.declaration import Outlet

__all__ = ["Found", "Problem", "discover"]


def discover(
    outlet: Outlet, get: Get, since: date | None = None, until: date | None = None
) -> Iterator[Found | Problem]:
    """Articles published or modified in `since`..`until` (days of the outlet's zone) or without a date, each once.

    Feeds, which are small, are read first; then REST, sitemaps and listing pages, each of all languages, so that a
    source that languages share does not go before a better one. Listing pages are spared where REST was read to its
    end. The first source that names a page yields it, joined with what the ones before know of it. `get` may raise
    FetchError: that, and whatever else a source lacks, becomes a Problem, and the next one is asked.
    """
    yield from _Run(outlet, [Search(outlet, start, get, since, until) for start in outlet.start]).all()


@dataclass(slots=True)
class _Run:
    outlet: Outlet
    searches: list[Search]
    known: dict[str, Found] = field(default_factory=dict)  # what feeds say, by key
    yielded: set[str] = field(default_factory=set)  # keys of articles
    asked: set[str] = field(default_factory=set)  # sources: languages may share one
    complete: set[str] = field(default_factory=set)  # collections that were read without a problem

    def all(self) -> Iterator[Found | Problem]:
        for search in self.searches:
            yield from self._feeds(search)
        for search in self.searches:
            yield from self._rest(search)
        for search in self.searches:
            for sitemap in search.start.sitemaps:
                yield from self._once(search, sitemaps.pages(search, sitemap, self.asked))
        yield from self._once(self.searches[0], list(self.known.values())) if self.known else ()
        for search in self.searches:
            if search.start.rest not in self.complete:
                for listing in filter(self._is_new, search.start.listings):
                    yield from self._once(search, listings.items(search, listing))
        yield from self._left_out()

    def _left_out(self) -> Iterator[Problem]:
        """Changed after the last wanted day, and no source says when they were published; REST would have said it."""
        whole = {search.lang for search in self.searches if search.start.rest in self.complete}
        days = self.searches[0].days if self.searches else Days(self.outlet.tz)
        unsure = [
            found
            for key, found in self.known.items()
            if key not in self.yielded and found.lang not in whole and days.may_want(found)
        ]
        if unsure:
            why = f"changed after {days.until}, and no source says when they were published"
            yield Problem(
                unsure[0].url, f"{len(unsure)} pages such as this were left out: {why}; collect without --until"
            )

    def _feeds(self, search: Search) -> Iterator[Problem]:
        for feed in filter(self._is_new, search.start.feeds):
            for item in feeds.items(search, feed):
                if isinstance(item, Problem):
                    yield item
                else:
                    self.known.setdefault(identity(item.url, self.outlet), item)

    def _rest(self, search: Search) -> Iterator[Found | Problem]:
        endpoint = search.start.rest
        if endpoint is None or not self._is_new(endpoint):
            return
        whole = True
        for item in rest.posts(search, endpoint):
            whole = whole and not isinstance(item, Problem)
            yield from self._once(search, [item])
        if whole:
            self.complete.add(endpoint)

    def _once(self, search: Search, items: Iterable[Found | Problem]) -> Iterator[Found | Problem]:
        """Wanted articles that were not yielded before."""
        for item in items:
            if isinstance(item, Problem):
                yield item
                continue
            key = identity(item.url, self.outlet)
            found = item.joined(self.known[key]) if key in self.known else item
            if key in self.yielded:
                continue
            if search.days.want(found):
                self.yielded.add(key)
                yield found
            else:
                self.known[key] = found  # what a later source says of it may add a date, and without one has this

    def _is_new(self, source: str) -> bool:
        fresh = source not in self.asked
        self.asked.add(source)
        return fresh
