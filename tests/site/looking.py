"""How tests look at the sample outlet's pages."""

from __future__ import annotations

import re

import httpx
from bs4 import BeautifulSoup

from tests.site.content import Truth
from tests.site.server import Site


def of(site: Site, key: str, lang: str) -> Truth:
    return next(t for t in site.truth() if t.story.startswith(key) and t.lang == lang)


def soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def body(page: BeautifulSoup) -> str:
    """The text of the article's body, blanks as one."""
    return " ".join(page.select_one("div.content-article").get_text(" ").split())  # type: ignore[union-attr]


def canonical(response: httpx.Response) -> str | None:
    found = re.search(r'<link rel="canonical" href="([^"]+)">', response.text)
    return found[1] if found else None
