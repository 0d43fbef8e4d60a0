"""What every source is given, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Protocol
from urllib.parse import urljoin

from archive.address import NotAnAddress, bare, host_of, identity, page_path, plain
from archive.fetched import FetchError, Hop
from archive.model import Lang, VersionLink
from archive.publishers.declaration import Outlet, Start

Get = Callable[[str], Hop]

# Without declared patterns: a post's address ends in words or has an id, and lies in no group of posts.
_GROUP = re.compile(
    r"/(?:category|tags?|authors?|topics?|page|search|wp-[a-z]+)(?:/|$)|^(?:/archives)?/\d{4}(?:/\d{2}){0,2}$"
)
_POST = re.compile(r"/(?:[^/]*\d{3,}[^/]*|[^/]+-[^/]+-[^/]+|\d{4}/\d{2}/.*[^/\d][^/]*)(?:\.html?)?$|/\d{3,}/[^/]+$")


@dataclass(frozen=True, slots=True)
class Found:
    """An article's address. `modified` and `published` are the source's claims; `via` names the source."""

    url: str
    lang: Lang
    via: str  # "rest" | "sitemap" | "feed" | "listing"
    modified: datetime | None = None
    published: datetime | None = None
    versions: tuple[VersionLink, ...] = ()

    def joined(self, other: Found) -> Found:
        """This, with what only the other one knows; of two modified times the later."""
        have = {identity(link.target) for link in self.versions}
        return replace(
            self,
            modified=max(filter(None, (self.modified, other.modified)), default=None),
            published=self.published or other.published,
            versions=self.versions + tuple(link for link in other.versions if identity(link.target) not in have),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What a source did not give, in one line each."""

    where: str  # an address
    what: str


class Dated(Protocol):
    @property
    def published(self) -> datetime | None: ...
    @property
    def modified(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are wanted, of the outlet's zone, both included."""

    zone: tzinfo
    since: date | None = None
    until: date | None = None

    def want(self, page: Dated) -> bool:
        """Whether it was published or modified since `since`, and published until `until`, as far as is known."""
        days = [instant.astimezone(self.zone).date() for instant in (page.published, page.modified) if instant]
        too_old = self.since is not None and bool(days) and max(days) < self.since
        return not too_old and not (self.until is not None and bool(days) and days[0] > self.until)

    def may_want(self, page: Dated) -> bool:
        """Whether it was modified after `until` and published who knows when: its day of publication would tell."""
        if self.until is None or page.published is not None or page.modified is None:
            return False
        return page.modified.astimezone(self.zone).date() > self.until


@dataclass(frozen=True, slots=True)
class Search:
    """One language of one outlet, the days that are wanted (of the outlet's zone, both included), and how to ask."""

    outlet: Outlet
    start: Start
    get: Get
    since: date | None = None
    until: date | None = None

    @property
    def lang(self) -> Lang:
        return Lang(self.start.lang)

    def fetch(self, url: str) -> Hop | Problem:
        """The answer, whatever its status; a problem when there is none or it would come from elsewhere."""
        if not self.is_own(url):
            return Problem(url, "is on a host that is not the outlet's and was not fetched; add the host if it is")
        try:
            return self.get(url)
        except FetchError as error:
            return Problem(url, error.detail)

    def is_own(self, url: str) -> bool:
        return is_own(url, self.outlet)

    def is_article(self, url: str) -> bool:
        return is_article(url, self.outlet)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.outlet.tz).date()

    @property
    def days(self) -> Days:
        return Days(self.outlet.tz, self.since, self.until)

    def instant(self, text: str | None) -> datetime | None:
        """A W3C date or time in UTC; a day alone means its last second, so that nothing looks older than it may be."""
        try:
            at = datetime.fromisoformat((text or "").strip())
            if len((text or "").strip()) <= 10:
                at = datetime.combine(at, time(23, 59, 59))
            return (at if at.tzinfo else at.replace(tzinfo=self.outlet.tz)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def is_own(url: str, outlet: Outlet) -> bool:
    return bare(host_of(url)) in {bare(host) for host in outlet.hosts}


def is_article(url: str, outlet: Outlet) -> bool:
    """Whether an address is one of the outlet's and, by its path, an article's."""
    if not is_own(url, outlet):
        return False
    path = page_path(url)
    if outlet.articles:
        spellings = (path, f"{path}/")  # a pattern may have been written with the last slash
        return any(re.fullmatch(pattern, one) for pattern in outlet.articles for one in spellings)
    return not _GROUP.search(path) and _POST.search(path) is not None


def absolute(base: str, link: str | None) -> str | None:
    """A link's plain address, None when it leads to no page."""
    try:
        return plain(urljoin(base, link.strip())) if link else None
    except (NotAnAddress, ValueError):
        return None


def answered(hop: Hop) -> Problem:
    """The problem of an answer that is not 200."""
    return Problem(hop.url, f"answered {hop.status}; remove it from the declaration if it stays so")
