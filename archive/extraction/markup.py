"""Markup -> lines of text with their kinds, in reading order; nothing twice, nothing lost.

A line is what stands between two boundaries: the start or end of a block element, or a `<br>`. Two breaks in a row end
the paragraph; after a single one the next line is `joined` to the one before, until `paragraphs` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from lxml import etree, html

from archive.extraction.text import clean
from archive.model import Block, BlockKind

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.SUBHEADING),
    "blockquote": BlockKind.QUOTE,
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.ITEM),
    "figcaption": BlockKind.CAPTION,
}
CAPTION_CLASS = "wp-caption-text"
_CAPTIONS = "wp-caption-text wp-element-caption caption image-caption img-caption photo-caption gallery-caption"
_BLOCK_NAMES = """
address article aside body center details div dl fieldset figure footer header hr html main ol p pre section summary
table tbody td tfoot th thead tr ul
"""
_UNREAD_NAMES = """
script style noscript template iframe object embed video audio canvas svg math form button input select textarea nav
head link meta amp-ad amp-iframe amp-video amp-youtube amp-twitter amp-facebook amp-instagram amp-sidebar
amp-social-share amp-analytics
"""
# What WordPress, its plugins and the networks put into an article's body under these names, on any site.
_FOREIGN_NAMES = """
twitter-tweet twitter-video instagram-media fb-post fb-video tiktok-embed telegram-post wp-block-embed sharedaddy
addtoany_share_save_container share-buttons social-share jp-relatedposts related-posts yarpp-related comments-area
comment-list comment-respond screen-reader-text
"""
_CAPTION_CLASSES = frozenset(_CAPTIONS.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split()) | frozenset(_KINDS)
_UNREAD = frozenset(_UNREAD_NAMES.split())
_FOREIGN_CLASSES = frozenset(_FOREIGN_NAMES.split())
_FOREIGN_IDS = frozenset({"comments", "respond", "jp-relatedposts", "disqus_thread"})
_DEAD = "dead"
_DEAD_WEIGHT = (
    "//script | //style | //svg | //link | //meta"
    " | //*[self::nav or self::footer][not(ancestor::article or ancestor::main)][not(contains(@class, 'crumb'))]"
)
_BREAK = "\n"
_TO_SPACE = str.maketrans("\n\r\t\f\v", "     ")
_SUBHEADING_LENGTH = 100  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body. `links` are (anchor text, href) pairs."""

    kind: BlockKind
    text: str
    joined: bool = False
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    kind: BlockKind = BlockKind.PARAGRAPH
    anchor: Tag | None = None
    bold: bool = False


class _Reader:
    """Walks a tree once; `_parts` is the run of inline text that no boundary has ended yet."""

    def __init__(self, stop: Tag | None) -> None:
        self.lines: list[Line] = []
        self._stop = stop
        self._stopped = False
        self._parts: list[tuple[str, _Context]] = []

    def read(self, tag: Tag, context: _Context) -> None:
        for child in tag.children:
            if self._stopped or child is self._stop:
                self._stopped = True
                return
            if isinstance(child, Tag):
                self._element(child, context)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._parts.append((child.translate(_TO_SPACE), context))

    def _element(self, tag: Tag, context: _Context) -> None:
        if tag.name == "br":
            self._parts.append((_BREAK, context))
            return
        classes = frozenset(filter(None, tag.get_attribute_list("class")))
        if tag.name in _UNREAD or _foreign(tag, classes):
            return
        kind = BlockKind.CAPTION if classes & _CAPTION_CLASSES else _KINDS.get(tag.name)
        inner = replace(
            context,
            kind=kind or context.kind,
            anchor=tag if tag.name == "a" and tag.get("href") is not None else context.anchor,
            bold=context.bold or tag.name in ("b", "strong"),
        )
        if kind is None and tag.name not in _BLOCKS:
            self.read(tag, inner)
            return
        self.flush()
        self.read(tag, inner)
        self.flush()

    def flush(self) -> None:
        """Ends the run: its lines are complete."""
        run: list[tuple[str, _Context]] = []
        joined = False
        for part in [*self._parts, (_BREAK, _Context())]:
            if part[0] != _BREAK:
                run.append(part)
                continue
            line = _line(run, joined)
            joined = line is not None
            if line is not None:
                self.lines.append(line)
            run = []
        self._parts = []


def _foreign(tag: Tag, classes: frozenset[str]) -> bool:
    return bool(classes & _FOREIGN_CLASSES) or tag.get("id") in _FOREIGN_IDS or tag.has_attr("hidden")


def _line(run: Sequence[tuple[str, _Context]], joined: bool) -> Line | None:
    text = clean("".join(part for part, _ in run))
    if not text:
        return None
    contexts = [context for part, context in run if part.strip()]
    kind = contexts[0].kind
    if kind is BlockKind.PARAGRAPH and not joined and all(c.bold for c in contexts) and _is_heading(text):
        kind = BlockKind.SUBHEADING
    anchors = {id(c.anchor): c.anchor for c in contexts if c.anchor is not None}
    links = tuple(
        (clean("".join(part for part, c in run if c.anchor is anchor)), str(anchor.get("href")))
        for anchor in anchors.values()
    )
    return Line(kind, text, joined, links)


def _is_heading(text: str) -> bool:
    """Editors often set a subheading as a bold paragraph; a bold first paragraph ends with a full stop."""
    return len(text) <= _SUBHEADING_LENGTH and text[-1] not in ".،؛…:!"


def lines(container: Tag, stop: Tag | None = None) -> list[Line]:
    """The lines of everything in `container`, or of what stands before the element `stop` in it."""
    reader = _Reader(stop)
    reader.read(container, _Context())
    reader.flush()
    return reader.lines


def text_of(element: Tag | None) -> str | None:
    """An element's text on one line; None when there is no element or no text."""
    if element is None:
        return None
    return " ".join(line.text for line in lines(element)) or None


def paragraphs(read: Iterable[Line]) -> tuple[Block, ...]:
    """Blocks: each line with the lines joined to it."""
    blocks: list[Block] = []
    for line in read:
        if line.joined and blocks and blocks[-1].kind is line.kind:
            blocks[-1] = Block(line.kind, f"{blocks[-1].text} {line.text}")
        else:
            blocks.append(Block(line.kind, line.text))
    return tuple(blocks)


def parse(markup: str) -> html.HtmlElement:
    """The whole tree of a page. NUL characters go first: the parser would stop at them."""
    data = markup.replace("\0", "").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    try:
        return html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # nothing in it
        return html.document_fromstring("<html><body></body></html>", parser=parser)


def soup(root: html.HtmlElement) -> BeautifulSoup:
    """The tree for selectors and reading, without what no article is in; `root` is spent.

    BeautifulSoup takes some forty times as long for an element as lxml, and these are most of a page.
    """
    for element in root.xpath(_DEAD_WEIGHT):
        element.tag = _DEAD
    etree.strip_elements(root, _DEAD, with_tail=False)
    return BeautifulSoup(html.tostring(root, encoding="unicode"), "lxml")
