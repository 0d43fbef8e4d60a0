"""Pages that no declared layout fits: trafilatura finds the body, which is then read like any other."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from lxml import etree
from trafilatura import bare_extraction

# trafilatura's elements (a subset of TEI) -> HTML
_NAMES = {
    "head": "h3",
    "quote": "blockquote",
    "list": "ul",
    "item": "li",
    "lb": "br",
    "row": "tr",
    "cell": "td",
    "ref": "a",
    "hi": "span",
    "graphic": "img",
    "code": "span",
    "del": "span",
}


def body(markup: str, url: str) -> Tag | None:
    """The main text of a page as an HTML element, or None when trafilatura finds none."""
    document: Any = bare_extraction(
        markup, url=url, fast=True, include_comments=False, include_links=True, with_metadata=False
    )
    root = getattr(document, "body", None)
    if root is None:
        return None
    for element in root.iter(etree.Element):
        name = str(element.tag)
        if name == "ref" and element.get("target"):
            element.set("href", element.get("target"))
        if name in _NAMES:
            element.tag = "b" if name == "hi" and element.get("rend") == "#b" else _NAMES[name]
    root.tag = "div"
    return BeautifulSoup(etree.tostring(root, encoding="unicode", method="html"), "lxml").select_one("div")
