"""Which of an outlet's layouts a page has, and what its selectors find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup, Tag

from archive.extraction import bylines, markup
from archive.extraction.markup import Line
from archive.extraction.text import key
from archive.publishers.declaration import Layout


@dataclass(frozen=True, slots=True)
class Found:
    """A page's body, and the element that holds the body with what stands above it."""

    body: Tag
    scope: Tag
    layout: Layout | None  # None: trafilatura found the body


def ranked(layouts: Sequence[Layout], lang: str, day: date | None) -> list[Layout]:
    """The layouts, the likeliest first: of this language, begun by that day, the latest of those."""

    def rank(layout: Layout) -> tuple[bool, bool, int]:
        since = layout.since or date.min
        begun = day is None or since <= day
        return layout.lang != lang, not begun, -since.toordinal() if begun else since.toordinal()

    return sorted(layouts, key=rank)


def find(soup: BeautifulSoup, layouts: Sequence[Layout]) -> Found | None:
    """The first layout whose body selector finds an element with text."""
    tried: set[str] = set()
    for layout in layouts:
        if layout.body in tried:
            continue
        tried.add(layout.body)
        body = next((tag for tag in soup.select(layout.body) if tag.get_text(strip=True)), None)
        if body is not None:
            return Found(body, _scope(soup, body, layout.title), layout)
    return None


def _scope(soup: BeautifulSoup, body: Tag, title: str | None) -> Tag:
    """The smallest element that holds the body and the title above it; without a title, the body's parent."""
    heading = soup.select_one(title) if title else soup.find("h1")
    if heading is not None:
        above = {id(parent) for parent in heading.parents}
        shared = next((parent for parent in body.parents if id(parent) in above), None)
        if shared is not None:
            return shared
    return body.parent or body


def remove(found: Found) -> None:
    """Takes out what the layout declares to be no part of the article."""
    if found.layout is None or not found.layout.remove:
        return
    around = {id(found.body), *(id(parent) for parent in found.body.parents)}
    for element in found.scope.select(", ".join(found.layout.remove)):
        if id(element) not in around and not element.decomposed:
            element.decompose()


def take_byline(found: Found, names: Sequence[str]) -> bylines.Byline:
    """What the declared byline elements say; they are taken out of the tree."""
    authors: list[str] = []
    dateline = None
    for element in _declared(found, found.layout.byline if found.layout else None):
        said = bylines.people(markup.text_of(element) or "", names)
        authors += [name for name in said.authors if name not in authors]
        dateline = dateline or said.dateline
        element.decompose()
    return bylines.Byline(tuple(authors), dateline)


def take_kicker(found: Found) -> str | None:
    """The text of the declared kicker; it is taken out of the tree, so that a heading around it is only the title."""
    kicker = None
    for element in _declared(found, found.layout.kicker if found.layout else None):
        kicker = kicker or markup.text_of(element)
        element.decompose()
    return kicker


def lead_captions(found: Found) -> tuple[str, ...]:
    """The texts of declared captions outside the body, each once; those inside are marked as captions."""
    texts: dict[str, str] = {}
    for element in _declared(found, found.layout.caption if found.layout else None):
        if any(parent is found.body for parent in element.parents):
            element["class"] = [*filter(None, element.get_attribute_list("class")), markup.CAPTION_CLASS]
        elif text := markup.text_of(element):
            texts.setdefault(key(text), text)
    return tuple(texts.values())


def above(found: Found, title: str) -> list[Line]:
    """The lines between the title and the body, with the title and the line before it."""
    if found.scope is found.body:
        return []
    lines = markup.lines(found.scope, stop=found.body)
    at = next((at for at, line in enumerate(lines) if key(line.text) == key(title)), None)
    return lines[max(0, at - 1) :] if at is not None else []


def _declared(found: Found, selector: str | None) -> Iterator[Tag]:
    if selector is None:
        return
    for element in found.scope.select(selector):
        if not element.decomposed:
            yield element
