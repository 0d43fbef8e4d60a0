"""An article's fields from what the page says in several places: the first good answer counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from archive import address
from archive.extraction import bylines, markup
from archive.extraction.header import Header
from archive.extraction.layouts import Found
from archive.extraction.markup import Line
from archive.extraction.metadata import Metadata, absolute
from archive.extraction.text import clean, key
from archive.model import Lang, VersionLink
from archive.publishers.declaration import Outlet

Claims = Iterator[tuple[str, str | None]]  # (where it was said, what)

_SEPARATOR = re.compile(r"\s+[-–—|»·:]\s+")
_NOT_A_PERSON = re.compile(r"https?:|@|^(?:admin|administrator|editor|webmaster|root)$", re.IGNORECASE)
_CATEGORY = re.compile(r"/(?:category|section)/([^?#]+)")


def host_language(url: str, outlet: Outlet) -> str:
    """The language whose starts lie on the address's host, or "" when none or several do."""
    host = address.bare(address.host_of(url))
    langs = {
        start.lang
        for start in outlet.start
        for source in (*start.sitemaps, *start.feeds, *start.listings, start.rest or "")
        if source and address.bare(urlsplit(source).netloc) == host
    }
    return langs.pop() if len(langs) == 1 else ""


def title(soup: BeautifulSoup, said: Metadata, found: Found, outlet: Outlet) -> str:
    """The headline without the site's name; "" when the page has none."""
    names = {key(outlet.name.ar), key(outlet.name.en), key(said.first("og:site_name") or "")} - {""}
    selector = found.layout.title if found.layout else None
    declared = markup.text_of(soup.select_one(selector)) if selector else None
    heading = soup.find("h1")
    for text in (
        declared,
        said.first("og:title"),
        said.ld_text("headline"),
        markup.text_of(heading if isinstance(heading, Tag) else None),
        said.title,
    ):
        if text and (bare := _without_site(text, names)):
            return bare
    return ""


def _without_site(text: str, names: set[str]) -> str:
    """A title without " - Site" or "Site | " around it; "" for the site's name alone."""
    if key(text) in names:
        return ""
    separators = list(_SEPARATOR.finditer(text))
    if separators and key(text[separators[-1].end() :]) in names:
        return text[: separators[-1].start()].strip()
    if separators and key(text[: separators[0].start()]) in names:
        return text[separators[0].end() :].strip()
    return text


def published_claims(said: Metadata) -> Claims:
    yield "article:published_time", said.first("article:published_time")
    yield "JSON-LD datePublished", said.ld_text("datePublished")
    yield "datePublished", said.first("datepublished", "date", "dc.date", "dc.date.issued", "pubdate")


def late_claims(soup: BeautifulSoup, found: Found, top: Header) -> Claims:
    """Where a page without good meta tags says when it was published."""
    selector = found.layout.published if found.layout else None
    element = soup.select_one(selector) if selector else None
    if element is not None:
        yield f"element {selector}", str(element.get("datetime") or markup.text_of(element) or "")
    yield "the lines above the body", " ".join(top.printed)
    stamped = found.scope.find("time", datetime=True)
    if isinstance(stamped, Tag):
        yield "time element", str(stamped["datetime"])
    yield "the issue's line", top.day.isoformat() if top.day else None


def updated_claims(said: Metadata) -> Claims:
    yield "article:modified_time", said.first("article:modified_time", "og:updated_time")
    yield "JSON-LD dateModified", said.ld_text("dateModified")


def stated_authors(said: Metadata, names: Sequence[str]) -> tuple[str, ...]:
    """Who the head names, without the outlet itself and accounts."""
    stated = said.ld_texts("author") or [said.first("author", "article:author") or ""]
    found = (name for text in stated for name in bylines.people(text, names).authors)
    return tuple(dict.fromkeys(name for name in found if not _NOT_A_PERSON.search(name)))


def section(soup: BeautifulSoup, said: Metadata, found: Found, outlet: Outlet) -> str | None:
    """The key of the first stated section that the outlet declares, else the first one in the publisher's word."""
    words = {
        key(word): name
        for name, declared in outlet.sections.items()
        for word in (name, declared.label.ar, declared.label.en, *declared.words)
    }
    first = None
    for text in filter(key, _stated_sections(soup, said, found)):
        if key(text) in words:
            return words[key(text)]
        first = first or text
    return first


def _stated_sections(soup: BeautifulSoup, said: Metadata, found: Found) -> Iterator[str]:
    yield from said.metas.get("article:section", ())
    yield from said.ld_texts("articleSection")
    elements = soup.select(found.layout.section) if found.layout and found.layout.section else []
    yield from (text for element in elements if (text := markup.text_of(element)))
    for element in elements:
        path = _CATEGORY.search(address.readable(str(element.get("href") or "")))
        yield from reversed(path[1].strip("/").replace("-", " ").split("/")) if path else ()


def tags(soup: BeautifulSoup, said: Metadata, found: Found) -> tuple[str, ...]:
    """Each stated tag once."""
    stated: Iterable[str] = said.metas.get("article:tag", ())
    if not stated and found.layout and found.layout.tags:
        stated = [text for element in soup.select(found.layout.tags) if (text := markup.text_of(element))]
    if not stated:
        stated = [clean(part) for text in said.ld_texts("keywords") for part in re.split("[,،]", text)]
    return tuple({key(tag): tag for tag in reversed([t for t in stated if key(t)])}.values())[::-1]


def addresses(said: Metadata, url: str, outlet: Outlet) -> tuple[str, tuple[str, ...], list[str]]:
    """The canonical address, the others that the page names as its own, and a warning when it names a foreign one.

    A canonical link to another site or to a front page names no article of the outlet: it is passed over.
    """
    own = {address.bare(host) for host in outlet.hosts}
    og = absolute(said.base, said.first("og:url") or "")
    named = [*said.linked("canonical"), *([og] if og else [])]
    others = [*said.linked("amphtml"), *said.linked("shortlink")]
    good = [link for link in named if _is_page(link, own)]
    warnings = [f"canonical link leads elsewhere: {link}" for link in said.linked("canonical") if link not in good]
    canonical = _ascii(good[0] if good else url)
    spellings = dict.fromkeys(_ascii(link) for link in [*good, url, *(link for link in others if _is_page(link, own))])
    return canonical, tuple(link for link in spellings if link != canonical), warnings


def _is_page(link: str, hosts: set[str]) -> bool:
    parts = urlsplit(link)
    return address.bare(address.host_of(link)) in hosts and (parts.path not in ("", "/") or bool(parts.query))


def _ascii(link: str) -> str:
    """The publisher's spelling, unless it cannot be sent as it is."""
    try:
        return link if link.isascii() and " " not in link else address.normalise(link)
    except address.NotAnAddress:
        return link


def version_links(
    soup: BeautifulSoup, said: Metadata, lines: Sequence[Line], outlet: Outlet, url: str
) -> tuple[list[VersionLink], list[str]]:
    """What text and hreflang say of other versions, and a warning for each link without a usable address."""
    anchors = {k for anchor in outlet.versions.anchors if (k := key(anchor))}
    hrefs = _hrefs_in_lines(lines, anchors) or _hrefs_on_page(soup, anchors)
    links: list[VersionLink] = []
    warnings: list[str] = []
    for href in hrefs:
        target = absolute(said.base, href)
        if target is None:
            warnings.append(f"the link to the other version has no usable address: {href[:100]!r}")
        elif urlsplit(target).path not in ("", "/") or urlsplit(target).query:
            links.append(VersionLink(target, "in-text link"))
    if outlet.versions.hreflang:
        links += _hreflangs(said, url)
    return list(dict.fromkeys(links)), warnings


def _hrefs_in_lines(lines: Iterable[Line], anchors: set[str]) -> list[str]:
    """Of links that say so, and of the links in a line that as a whole says so."""
    return [
        href
        for line in lines
        for text, href in line.links
        if key(text) in anchors or (len(line.text) < 100 and key(line.text) in anchors)
    ]


def _hrefs_on_page(soup: BeautifulSoup, anchors: set[str]) -> list[str]:
    """Themes may print the link outside the body."""
    if not anchors:
        return []
    return [str(a["href"]) for a in soup.find_all("a", href=True) if len(a.text) < 100 and key(a.text) in anchors][:1]


def _hreflangs(said: Metadata, url: str) -> list[VersionLink]:
    own = {address.identity(link) for link in (url, *said.linked("canonical"))}
    return [
        VersionLink(link.href, "hreflang", Lang(link.hreflang.split("-")[0]))
        for link in said.links
        if "alternate" in link.rel
        and link.hreflang not in ("", "x-default")
        and address.identity(link.href) not in own
        and (urlsplit(link.href).path not in ("", "/") or urlsplit(link.href).query)
    ]


def told_apart(links: Iterable[VersionLink], lang: Lang, outlet: Outlet) -> tuple[VersionLink, ...]:
    """The links to other languages. Of an outlet in two languages, a link without one is to the other of them."""
    others = {start.lang for start in outlet.start} - {lang}
    other = Lang(others.pop()) if len(others) == 1 else None
    known = (replace(link, lang=link.lang or other) for link in links)
    return tuple(link for link in known if link.lang != lang)
