"""Capture -> Article: a pure function of the page and its outlet's declaration.

The outlet's selectors find the body, or trafilatura where none fits. The body becomes lines; header furniture goes from
the top, the tail from the end, and what is left becomes blocks. What those lines said (kicker, byline, day) and the
head's claims become the article's fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bs4 import BeautifulSoup

from archive import charset
from archive.extraction import (
    captions,
    fallback,
    fields,
    header,
    languages,
    layouts,
    markup,
    metadata,
    pictures,
    refusal,
    related,
    times,
)
from archive.extraction.header import Header, Known
from archive.extraction.layouts import Found
from archive.extraction.markup import Line
from archive.extraction.metadata import Metadata
from archive.extraction.tail import Tail
from archive.model import Article, BlockKind
from archive.publishers.declaration import Outlet

EXTRACTOR = "warraq-extract/1"  # raised with every change of what is read from the same bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A response to read: the address asked for and the final one, the decoded body, the Content-Type header, when."""

    asked: str
    url: str
    body: bytes
    content_type: str
    at: datetime


class NotAnArticle(Exception):
    """The page holds no article. Its text is one line: which page, why, what to do."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


def extract(page: Page, outlet: Outlet) -> Article:
    """The article on a page.

    Raises:
        NotAnArticle: a listing, a front page, a challenge, no HTML, or nothing to read.
    """
    text, encoding = charset.decode(page.body, page.content_type)
    _refuse(page, refusal.not_html(text, page.content_type))
    root = markup.parse(text)
    said = metadata.read(root, page.url)
    soup = markup.soup(root)
    published, odd = times.first_possible("publication", fields.published_claims(said), outlet.tz, page.at)
    found = _body(page, text, soup, said, outlet, published)
    return _Reading(page, outlet, soup, said, found).article(published, [*charset.warnings(text, encoding), *odd])


def _refuse(page: Page, reason: str | None) -> None:
    if reason is not None:
        raise NotAnArticle(page.url, reason)


def _body(
    page: Page, text: str, soup: BeautifulSoup, said: Metadata, outlet: Outlet, published: datetime | None
) -> Found:
    day = published.astimezone(outlet.tz).date() if published else None
    lang = said.lang.split("-")[0] or fields.host_language(page.url, outlet)
    found = layouts.find(soup, layouts.ranked(outlet.layout, lang, day))
    _refuse(page, refusal.listing(soup, said, page.url, outlet, has_body=found is not None))
    if found is None:
        _refuse(page, refusal.challenge(text, said))
        if any(soup.select_one(layout.body) for layout in outlet.layout):
            raise NotAnArticle(page.url, "the body is empty")
        body = fallback.body(text, page.url)
        found = Found(body, body, None) if body is not None else None
    if found is None:
        raise NotAnArticle(page.url, "no article text found; check the layout's body selector in the declaration")
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """One page while it is read."""

    page: Page
    outlet: Outlet
    soup: BeautifulSoup
    said: Metadata
    found: Found

    def article(self, published: datetime | None, warnings: list[str]) -> Article:
        outlet, said, found, url = self.outlet, self.said, self.found, self.page.url
        names = (outlet.name.ar, outlet.name.en)
        layouts.remove(found)
        images = pictures.images(found.scope)
        kicker = layouts.take_kicker(found)
        byline = layouts.take_byline(found, names)
        title = fields.title(self.soup, said, found, outlet)
        if not title:
            raise NotAnArticle(url, "no title found; check the layout's title selector in the declaration")
        authors = fields.stated_authors(said, names)
        known = Known(title, names, kicker, layouts.lead_captions(found), pictures.alts(images), authors)
        top, lines = self._lines(known)
        if published is None:
            published, odd = self._late_time(top)
            warnings += odd
        if published is None and not warnings:
            warnings.append("no publication time found")
        updated, odd = times.first_possible("update", fields.updated_claims(said), outlet.tz, self.page.at)
        links, broken = fields.version_links(self.soup, said, lines, outlet, url)
        blocks = markup.paragraphs(self._cut(lines))
        if not blocks:
            raise NotAnArticle(url, "the body is empty")
        declared = said.lang or fields.host_language(url, outlet)
        lang, doubts = languages.decide(declared, "\n".join([title, *(block.text for block in blocks)]))
        canonical, aliases, elsewhere = fields.addresses(said, url, outlet)
        if found.layout is None and outlet.layout:
            odd.append("no declared layout fits the page; trafilatura read it")
        return Article(
            url=canonical,
            lang=lang,
            title=title,
            blocks=blocks,
            published=published,
            updated=updated if updated != published else None,
            kicker=top.kicker,
            authors=top.authors or byline.authors or authors,
            section=fields.section(self.soup, said, found, outlet),
            tags=fields.tags(self.soup, said, found),
            image=pictures.lead(images, said.first("og:image") or said.ld_text("image"), said.base),
            issue=top.issue,
            dateline=top.dateline or byline.dateline,
            aliases=aliases,
            links=fields.told_apart(links, lang, outlet),
            warnings=(*warnings, *odd, *broken, *doubts, *elsewhere),
        )

    def _late_time(self, top: Header) -> tuple[datetime | None, list[str]]:
        claims = fields.late_claims(self.soup, self.found, top)
        return times.first_possible("publication", claims, self.outlet.tz, self.page.at)

    def _lines(self, known: Known) -> tuple[Header, list[Line]]:
        """What stands above the body's first sentence, and the lines from there on, the lead caption first."""
        above = header.read_above(layouts.above(self.found, known.title), known)
        inside = replace(known, kicker=above.kicker, captions=tuple(above.captions))
        top, lines = header.take_off(markup.lines(self.found.body), inside)
        top.add(above)
        lead = [Line(BlockKind.CAPTION, text) for text in top.captions]
        return top, captions.once([*lead, *captions.marked(lines)])

    def _cut(self, lines: list[Line]) -> list[Line]:
        markers = (marker for tail in self.outlet.tail for marker in tail.begins)
        tail = Tail(markers, self.outlet.versions.anchors)
        return tail.cut(related.without(lines))
