"""Which lists of articles a site offers: REST, sitemaps, feeds, listing pages. Each is read before it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.address import bare, host_of
from archive.discovery import feeds, listings, sitemaps
from archive.discovery.rest import with_parameters
from archive.discovery.search import Found, Search
from archive.probing.look import Evidence, Look, Side, absolute_source
from archive.publishers.declaration import Outlet, Start
from language.script import side_of

_SAMPLE = 30  # articles looked at in each source
_CATEGORIES = 12
_CATEGORY = re.compile(r"/(?:category|categories|section|sections|topic|topics)/[^/?#]+")
_SITEMAPS = ("wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml")
_POSTS = "wp/v2/posts"
_FIELDS = "id,link,title,lang,translations,wpml_translations"


@dataclass(slots=True)
class Sources:
    """One language's sources, the articles they list, and what each line rests on (keys within `start`)."""

    rest: str | None = None
    posts: list[dict[str, Any]] = field(default_factory=list)
    site: dict[str, Any] = field(default_factory=dict)  # what REST says of the site: name, zone
    sitemaps: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    listings: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)  # addresses, the surest source first
    evidence: list[Evidence] = field(default_factory=list)

    def start(self, side: Side) -> Start:
        return Start(
            lang=side.lang,
            rest=self.rest,
            sitemaps=tuple(self.sitemaps),
            feeds=tuple(self.feeds),
            listings=tuple(self.listings),
        )


def sources(look: Look, frame: Outlet, side: Side, other: Side, taken: list[str]) -> Sources:
    """What one side offers. `frame` has the hosts; `taken` are sources that the other side has already."""
    found = Sources()
    search = Search(frame, Start(lang=side.lang), look.get)
    _rest(look, side, other, found)
    _feeds(search, side, found)
    _sitemaps(look, search, side, found, taken)
    _listings(look, search, side, found)
    home = look.hop(side.at(""))
    found.articles += [item.url for item in listings.read(search, home)] if home else []
    found.articles = [url for url in dict.fromkeys(found.articles) if _is_on_side(url, side, other)]
    return found


def _is_on_side(url: str, side: Side, other: Side) -> bool:
    """Whether an article is this side's, as far as its address tells."""
    if bare(side.host) != bare(other.host):
        return bare(host_of(url)) == bare(side.host)
    if side.root != side.origin:
        return url.startswith(side.root)
    return other.root == other.origin or not url.startswith(other.root)


def _rest(look: Look, side: Side, other: Side, found: Sources) -> None:
    """The first posts collection whose titles are in the side's language; else the first that answers."""
    bases = [url for url, _, _ in side.links("https://api.w.org/")]
    bases += [side.root + "wp-json/", side.origin + "wp-json/"]
    answers = []
    for endpoint in dict.fromkeys(url for base in bases for url in _endpoints(base, side, other)):
        posts = _json(look, with_parameters(endpoint, per_page=str(_SAMPLE), _fields=_FIELDS))
        if isinstance(posts, list) and posts and all(isinstance(post, dict) for post in posts):
            answers.append((endpoint, posts))
            if side_of(_titles(posts)) == side.lang:
                answers = [(endpoint, posts)]
                break
    if not answers:
        found.evidence.append(Evidence("rest", f"none: {side.origin}wp-json/ does not list posts"))
        return
    found.rest, found.posts = answers[0]
    site = _json(look, found.rest.partition(_POSTS)[0])
    found.site = site if isinstance(site, dict) else {}
    found.articles += [post["link"] for post in found.posts if isinstance(post.get("link"), str)]
    tongue = side_of(_titles(found.posts)) or "unknown"
    found.evidence.append(Evidence("rest", f"answered with {len(found.posts)} posts; titles by script: {tongue}"))


def _endpoints(base: str, side: Side, other: Side) -> Iterator[str]:
    """The collection; where both languages share it, first the part that Polylang and WPML give by `lang`."""
    endpoint = urljoin(base, "?rest_route=/" + _POSTS) if "rest_route=" in base else base.rstrip("/") + "/" + _POSTS
    if bare(side.host) == bare(other.host) and (side.root == side.origin or not base.startswith(side.root)):
        yield with_parameters(endpoint, lang=side.lang)
    yield endpoint


def _titles(posts: list[dict[str, Any]]) -> str:
    titles = (post.get("title") for post in posts)
    return " ".join(unescape(str(title.get("rendered", ""))) for title in titles if isinstance(title, dict))


def _json(look: Look, url: str) -> Any:
    answer = look.hop(url)
    try:
        return json.loads(answer.body.decode("utf-8-sig")) if answer else None
    except (ValueError, RecursionError):
        return None


def _feeds(search: Search, side: Side, found: Sources) -> None:
    linked = [
        url for url, kind, _ in side.links("alternate") if kind in ("application/rss+xml", "application/atom+xml")
    ]
    for feed in dict.fromkeys([side.at("feed/"), *linked]):
        if "comments" in feed or found.feeds:
            continue
        items = [item.url for item in feeds.items(search, feed) if isinstance(item, Found)]
        # The feed of one article lists its comments; the site's lists several articles.
        if len(items) > 1:
            found.feeds.append(feed)
            found.articles += items
            named = "named by the page" if feed in linked else "found at WordPress' usual address"
            found.evidence.append(Evidence("feeds", f"{named}; {len(items)} items"))


def _sitemaps(look: Look, search: Search, side: Side, found: Sources, taken: list[str]) -> None:
    robots = look.hop(side.origin + "robots.txt")
    text = robots.body.decode("utf-8-sig", "replace") if robots else ""
    named = [
        url for line in re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", text) if (url := absolute_source(side.origin, line))
    ]
    usual = [root + name for root in dict.fromkeys((side.root, side.origin)) for name in _SITEMAPS]
    for candidates, how in ((named, "named in robots.txt"), (usual, "found at a usual address")):
        for sitemap in dict.fromkeys(candidates):
            if not search.is_own(sitemap) or (found.sitemaps and how.startswith("found")):
                continue
            pages = islice(sitemaps.pages(search, sitemap, set()), 10 * _SAMPLE)
            listed = [page.url for page in pages if isinstance(page, Found)]
            if listed and sitemap not in taken:
                found.sitemaps.append(sitemap)
                found.articles += listed[:_SAMPLE]
                found.evidence.append(Evidence("sitemaps", f"{urlsplit(sitemap).path} {how}; it lists articles"))


def _listings(look: Look, search: Search, side: Side, found: Sources) -> None:
    """The front page's older pages, or else those of its categories."""
    home = look.hop(side.at(""))
    first = {item.url for item in listings.read(search, home)} if home else set()
    if count := _second_page(look, search, side.at("page/{page}/"), first):
        found.listings.append(side.at("page/{page}/"))
        found.evidence.append(Evidence("listings", f"page 2 of the front page links to {count} more articles"))
        return
    soup = look.page(side.at("")) or side.soup
    links = (absolute_source(side.url, str(anchor["href"])) for anchor in soup.select("a[href]"))
    categories = [
        url.partition("?")[0].rstrip("/") + "/page/{page}/"
        for url in dict.fromkeys(links)
        if url and search.is_own(url) and _CATEGORY.search(urlsplit(url).path) and url.startswith(side.root)
    ][:_CATEGORIES]
    if categories and (count := _second_page(look, search, categories[0], first)):
        found.listings += categories
        found.evidence.append(
            Evidence("listings", f"categories linked on the front page; page 2 of the first has {count} articles")
        )


def _second_page(look: Look, search: Search, listing: str, first: set[str]) -> int:
    """How many articles page 2 links to that the front page does not."""
    answer = look.hop(listing.replace("{page}", "2"))
    return len({item.url for item in listings.read(search, answer)} - first) if answer else 0
