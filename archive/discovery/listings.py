"""Listing pages (`…/page/{page}`): the links to articles on them, with the dates shown beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bs4 import BeautifulSoup, Tag

from archive.address import identity
from archive.discovery.search import Found, Problem, Search, absolute, answered
from archive.fetched import Hop
from language.dates import parse_day

_LONGEST_DATE = 60  # characters; longer texts are sentences


def items(search: Search, listing: str) -> Iterator[Found | Problem]:
    """Articles page by page, until a page is missing, names nothing new, or shows only dates before `since`.

    Featured posts often carry no date: they neither stop the search nor keep it going.
    """
    seen: set[str] = set()
    page = 1
    while True:
        answer = search.fetch(listing.replace("{page}", str(page)))
        if isinstance(answer, Problem):
            yield answer
            return
        if answer.status in (404, 410) and page > 1:
            return
        if answer.status != 200:
            yield answered(answer)
            return
        fresh = [found for found in read(search, answer) if identity(found.url, search.outlet) not in seen]
        seen.update(identity(found.url, search.outlet) for found in fresh)
        yield from fresh
        if not fresh and page == 1:
            yield Problem(answer.url, "links to no article; check `articles` and `listings` in the declaration")
        if not fresh or _all_old(search, fresh):
            return
        page += 1


def read(search: Search, answer: Hop) -> list[Found]:
    """The articles that one page links to, each once, in the page's order."""
    soup = BeautifulSoup(answer.body, "lxml", from_encoding=answer.charset)
    base = soup.find("base", href=True)
    origin = absolute(answer.url, str(base["href"])) if isinstance(base, Tag) else None
    links: dict[str, tuple[str, list[Tag]]] = {}
    for anchor in soup.find_all("a", href=True):
        url = absolute(origin or answer.url, str(anchor["href"]))
        if url and search.is_article(url):
            links.setdefault(identity(url, search.outlet), (url, []))[1].append(anchor)
    keys = {id(anchor): key for key, (_, anchors) in links.items() for anchor in anchors}
    return [
        Found(url, search.lang, "listing", published=_shown(search, key, anchors, keys))
        for key, (url, anchors) in links.items()
    ]


def _all_old(search: Search, fresh: list[Found]) -> bool:
    days = [search.day(found.published) for found in fresh if found.published]
    return search.since is not None and bool(days) and max(days) < search.since


def _shown(search: Search, key: str, anchors: list[Tag], keys: dict[int, str]) -> datetime | None:
    """The date beside a link: in the largest element around it that links to no other article."""
    for anchor in anchors:
        item = anchor
        while item.parent is not None and item.parent.name not in ("body", "html", "[document]"):
            if any(keys.get(id(other), key) != key for other in item.parent.find_all("a", href=True)):
                break
            item = item.parent
        if shown := _date(search, item):
            return shown
    return None


def _date(search: Search, item: Tag) -> datetime | None:
    for element in item.find_all("time", datetime=True):
        if instant := search.instant(str(element["datetime"])):
            return instant
    for text in item.stripped_strings:
        if len(text) <= _LONGEST_DATE and re.search(r"\d", text) and (day := parse_day(text)):
            return search.instant(day.isoformat())
    return None
