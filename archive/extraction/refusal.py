"""Why a page is no article: what its address, its type and its markup give away."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from archive import address
from archive.extraction.metadata import Metadata
from archive.publishers.declaration import Outlet

_FRONT, _LISTING = "the front page of the site", "a listing, not an article"
LISTINGS = frozenset({_FRONT, _LISTING})  # reasons that will not pass
_HTML_TYPES = ("", "text/html", "application/xhtml+xml", "application/octet-stream")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|meta)\b", re.IGNORECASE)
_XML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<(?:rss|feed|urlset|sitemapindex|svg)\b", re.IGNORECASE)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|checking your browser|ddos-guard|are you a robot|access denied|"
    r"security check|one moment, please|please wait\b|verif(?:y|ying) (?:that )?you are human|captcha",
    re.IGNORECASE,
)
_CHALLENGE_MARK = re.compile(
    r"_cf_chl_opt|cf-browser-verification|/cdn-cgi/challenge-platform/|cf_captcha_kind|sgcaptcha|ddos-guard/js-challenge|"
    r"g-recaptcha\"|h-captcha\"|challenge-form",
    re.IGNORECASE,
)
_LISTING_CLASSES = frozenset({"archive", "home", "blog", "category", "tag", "author", "search", "error404", "date"})
_SINGLE_CLASSES = frozenset({"single", "single-post"})
_LISTING_PATH = re.compile(r"/(?:category|tag|author|search|page/\d+|feed|wp-json)(?:/|$)", re.IGNORECASE)


def not_html(text: str, content_type: str) -> str | None:
    """The reason when a response is no HTML page, else None. The type's word counts, but for none and a generic one."""
    media = content_type.partition(";")[0].strip().lower()
    if not text.strip():
        return "the response is empty"
    if media not in _HTML_TYPES:
        return f"not HTML but {media}"
    if _XML.match(text[:1000]):
        return "not HTML but XML"
    return None if _MARKUP.search(text[:20_000]) else "not HTML: no markup in it"


def challenge(text: str, said: Metadata) -> str | None:
    """The reason when a page asks for proof of a human reader, else None; for pages without a declared body."""
    if said.first("og:type") == "article" or said.json_ld:
        return None
    if _CHALLENGE_TITLE.search(said.title) or _CHALLENGE_MARK.search(text):
        return f"a challenge page ({said.title[:60] or 'without a title'}), not the article"
    return None


def listing(soup: BeautifulSoup, said: Metadata, url: str, outlet: Outlet, *, has_body: bool) -> str | None:
    """The reason when a page lists articles or is the outlet's front, else None."""
    path = urlsplit(url).path
    body = soup.find("body")
    classes = frozenset(body.get_attribute_list("class")) if isinstance(body, Tag) else frozenset()
    single = bool(classes & _SINGLE_CLASSES) or said.first("og:type") == "article" or bool(said.json_ld)
    if path in ("", "/") and not urlsplit(url).query:
        return _FRONT
    if classes & _LISTING_CLASSES and not single:
        return _LISTING
    if has_body or single:
        return None
    if _LISTING_PATH.search(path):
        return _LISTING
    if outlet.articles and address.host_of(url) in outlet.hosts and not is_article_path(url, outlet):
        return "the address is none of the outlet's article forms"
    return None


def is_article_path(url: str, outlet: Outlet) -> bool:
    """One of the outlet's article expressions matches the address's path whole."""
    paths = {address.page_path(url), urlsplit(url).path}
    return any(re.fullmatch(form, path) for form in outlet.articles for path in paths)
