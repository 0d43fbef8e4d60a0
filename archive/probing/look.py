"""Asking a site a few things, each once, and noting what the answers show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from archive.address import host_of
from archive.discovery.search import Get, absolute
from archive.fetched import FetchError, Hop
from archive.model import Lang

_PREFIX = re.compile(r"/(?:ar|en|arabic|english|ar-[a-z]{2}|en-[a-z]{2})(?=/|$)", re.IGNORECASE)
_QUERY = re.compile(r"(?:^|&)(lang=[a-z-]+)(?:&|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a line of the declaration (by its key path) rests on."""

    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}"


@dataclass(slots=True)
class Look:
    """Answers to plain questions; what cannot be had is None."""

    get: Get
    known: dict[str, Hop | None] = field(default_factory=dict)

    def hop(self, url: str) -> Hop | None:
        if url not in self.known:
            try:
                answer = self.get(url)
                self.known[url] = answer if answer.status == 200 else None
            except FetchError:
                self.known[url] = None
        return self.known[url]

    def page(self, url: str) -> BeautifulSoup | None:
        answer = self.hop(url)
        return soup_of(answer) if answer and answer.body else None


@dataclass(frozen=True, slots=True)
class Side:
    """One language's part of a site: a host, or a path or a parameter on it."""

    lang: Lang
    url: str
    soup: BeautifulSoup

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def origin(self) -> str:
        return urljoin(self.url, "/")

    @property
    def root(self) -> str:
        """Where this language begins: `/`, `/en/`."""
        prefix = _PREFIX.match(urlsplit(self.url).path)
        return urljoin(self.url, f"{prefix[0]}/" if prefix else "/")

    def at(self, path: str) -> str:
        """An address below the root, with `lang=…` where the site tells languages by it."""
        query = _QUERY.search(urlsplit(self.url).query)
        return self.root + path + (f"?{query[1]}" if query else "")

    def links(self, rel: str) -> Iterator[tuple[str, str, str]]:
        """`<link>` elements of a relation: absolute address, type, hreflang."""
        for link in self.soup.select(f'link[rel~="{rel}"][href]'):
            if url := absolute_source(self.url, str(link["href"])):
                yield url, str(link.get("type") or ""), str(link.get("hreflang") or "")


def absolute_source(base: str, link: str) -> str | None:
    """A source's address as it is written: `absolute` takes `/feed` for the double of a page."""
    return urljoin(base, link.strip()) if absolute(base, link) else None


def soup_of(answer: Hop) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "lxml", from_encoding=answer.charset)
