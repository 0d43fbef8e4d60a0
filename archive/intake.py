"""What a page says -> the store. Fetched and imported pages come in alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from archive.address import NotAnAddress, same_page
from archive.clock import Clock
from archive.events import Tell
from archive.extract import EXTRACTOR, Page
from archive.fetched import Hop
from archive.model import Article, ArticleId, Capture, VersionLink
from archive.publishers import owner
from archive.publishers.declaration import Outlet
from archive.rereading import reread
from archive.store import Store
from archive.warc import WarcFolder


@dataclass(frozen=True, slots=True)
class Taken:
    """What saving a page did (`values.Outcome`), and the addresses of its versions that are not in the archive yet."""

    outcome: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """An address to be queued that a link led to."""

    url: str
    lang: str | None = None
    modified: datetime | None = None
    published: datetime | None = None
    versions: tuple[VersionLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    store: Store
    captures: WarcFolder
    outlets: Mapping[str, Outlet]
    clock: Clock
    tell: Tell

    def take(self, outlet: Outlet, asked: str, article: Article, capture: Capture) -> Taken:
        """Save what was read in a capture, and queue the versions that are not there.

        What is stored of the article is read by today's extractor first: only readings by one extractor tell whether
        the text changed.
        """
        for address in dict.fromkeys((asked, article.url)):
            stored = self.store.unread(EXTRACTOR, url=address)
            reread(self.store, self.captures, self.outlets, stored, self.clock, self.tell)
        saved = self.store.save(outlet.key, asked, article, capture, EXTRACTOR, self.clock.now())
        told = self.claim(saved.article, article.url)
        absent = [link.target for link in told if self.store.find(link.target) is None]
        missing = tuple(dict.fromkeys([*(claim.target for claim in saved.missing), *absent]))
        for target in missing:
            self._follow(target)
        return Taken(saved.outcome, missing)

    def claim(self, article: ArticleId, url: str) -> tuple[VersionLink, ...]:
        """Keep as claims what discovery said of a page's versions. Returns that."""
        told = self.store.told(url)
        for link in told:
            self.store.add_claim(article, link.target, link.evidence, link.evidence, True, 1.0, self.clock.now())
        return told

    def _follow(self, target: str) -> None:
        """Queue a version, on an outlet's own hosts only; anything else is evidence only."""
        outlet = owner(self.outlets, target)
        if outlet is None:
            self.store.break_claim(target, "on a host that no outlet has", self.clock.now())
        else:
            self.store.enqueue(outlet.key, [Queued(target)])


def page_of(asked: str, hop: Hop) -> Page:
    return Page(asked=asked, url=hop.url, body=hop.body, content_type=hop.header("content-type") or "", at=hop.at)


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
