"""How an article's page leads to its other language, and where its body is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from bs4 import BeautifulSoup, Tag

from archive.address import identity
from archive.discovery.search import Search, absolute
from archive.model import Lang

_BODIES = (
    "div.content-article", "div.entry-content", "div.post-content", "div.article-content", "div.article-body",
    "div.article__body", "div.article-text", "div.td-post-content", "div.single-content", "div.post-body",
    "div.story-body", "div.the-content", "[itemprop=articleBody]",
)  # fmt: skip
_REMOVED = (
    ".sharedaddy", ".jp-relatedposts", ".related-posts", ".related", ".share", ".share-buttons", ".comments",
    ".comments-area", ".wp-embedded-content", ".twitter-tweet", "script", "style",
)  # fmt: skip
_ENOUGH = 150  # letters of a body's paragraphs
_NAMES_A_LANGUAGE = re.compile(r"العربي|عربي|بالإنجليزي|بالإنكليزي|الإنجليزي|الإنكليزي|Arabic|English", re.IGNORECASE)
_LONGEST_ANCHOR = 60


@dataclass(slots=True)
class Seen:
    """What a few article pages showed."""

    pages: int = 0
    hreflang: int = 0  # pages with a link to the other language
    anchors: Counter[str] = field(default_factory=Counter)
    bodies: Counter[str | None] = field(default_factory=Counter)  # None: no known element holds the text
    removed: set[str] = field(default_factory=set)


def look_at(soup: BeautifulSoup, url: str, lang: Lang, search: Search, seen: Seen) -> None:
    """Adds one article's page."""
    seen.pages += 1
    links = soup.select("link[rel~=alternate][hreflang][href]")
    others = (str(link["hreflang"]).partition("-")[0].lower() for link in links)
    seen.hreflang += any(other not in (lang, "x") for other in others)
    for anchor in soup.select("a[href]"):
        text = " ".join(anchor.get_text(" ").split())
        target = absolute(url, str(anchor["href"]))
        if target is None or not text or len(text) > _LONGEST_ANCHOR or not _NAMES_A_LANGUAGE.search(text):
            continue
        if search.is_article(target) and identity(target) != identity(url):
            seen.anchors[text] += 1
    body = _body(soup)
    seen.bodies[body[0] if body else None] += 1
    if body:
        seen.removed.update(selector for selector in _REMOVED if body[1].select_one(selector))


def translations(posts: Iterable[dict[str, Any]]) -> Literal["polylang", "wpml"] | None:
    """Which add-on tells of translations in REST."""
    posts = list(posts)
    if any(isinstance(post.get("translations"), dict) for post in posts):
        return "polylang"
    return "wpml" if any(isinstance(post.get("wpml_translations"), list) for post in posts) else None


def _body(soup: BeautifulSoup) -> tuple[str, Tag] | None:
    """The known element that holds the most paragraph text, and nearly all that the page has; of equals the inmost."""
    best: tuple[int, int, str, Tag] | None = None
    for selector in _BODIES:
        for element in soup.select(selector):
            candidate = (_paragraphs(element), -len(element.get_text()), selector, element)
            if best is None or candidate[:2] > best[:2]:
                best = candidate
    whole = max((_paragraphs(element) for element in soup.select("article, main")), default=0)
    if best is None or best[0] < max(_ENOUGH, 0.7 * whole):
        return None
    return best[2], best[3]


def _paragraphs(element: Tag) -> int:
    return sum(len(paragraph.get_text(strip=True)) for paragraph in element.find_all("p"))
