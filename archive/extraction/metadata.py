"""What a page says of itself in its head: meta tags, links, JSON-LD."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from archive.extraction.text import clean

_RELATIONS = frozenset({"canonical", "alternate", "amphtml", "shortlink"})
_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")  # NewsArticle, OpinionNewsArticle, ReportageNewsArticle, ...


@dataclass(frozen=True, slots=True)
class HeadLink:
    """A `<link>`: its relations, its absolute address and its hreflang, lower-case."""

    rel: frozenset[str]
    href: str
    hreflang: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """The head's claims. Names of meta tags are lower-case; values are cleaned."""

    base: str
    lang: str
    title: str
    metas: Mapping[str, tuple[str, ...]]
    links: tuple[HeadLink, ...]
    json_ld: Mapping[str, Any]

    def first(self, *names: str) -> str | None:
        """The first value that one of the tags has, in the order of `names`."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)

    def linked(self, rel: str) -> list[str]:
        return [link.href for link in self.links if rel in link.rel]

    def ld_text(self, name: str) -> str | None:
        """A JSON-LD property that is a text, an address or a list of them: the first."""
        return next(iter(self.ld_texts(name)), None)

    def ld_texts(self, name: str) -> list[str]:
        """Those of a JSON-LD property's values that are texts, or the names of things, or their addresses."""
        value = self.json_ld.get(name)
        return [text for item in (value if isinstance(value, list) else [value]) if (text := _ld_value(item))]


def read(root: HtmlElement, url: str) -> Metadata:
    """The claims of a page that was found at `url`."""
    base = next((absolute(url, tag.get("href")) for tag in root.iter("base") if tag.get("href")), None) or url
    title = next((clean(tag.text_content()) for tag in root.iter("title")), "")
    return Metadata(
        base=base,
        lang=(root.get("lang") or root.get("xml:lang") or "").strip().lower(),
        title=title,
        metas=_metas(root),
        links=tuple(_links(root, base)),
        json_ld=_json_ld(root),
    )


def absolute(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address; None when it is none (an empty one, `#`, `javascript:`, a broken host)."""
    href = clean(href)
    if not href or href.startswith("#"):
        return None
    try:
        joined = urljoin(base, href)
        parts = urlsplit(joined)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None


def _metas(root: HtmlElement) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = tag.get("content")
        if name and content is not None:
            out.setdefault(name.strip().lower(), []).append(clean(content))
    return {name: tuple(values) for name, values in out.items()}


def _links(root: HtmlElement, base: str) -> Iterator[HeadLink]:
    for tag in root.iter("link"):
        rel = frozenset((tag.get("rel") or "").lower().split())
        href = absolute(base, tag.get("href") or "") if rel & _RELATIONS else None
        if href is not None:
            yield HeadLink(rel, href, (tag.get("hreflang") or "").strip().lower())


def _json_ld(root: HtmlElement) -> dict[str, Any]:
    """The first article among the page's JSON-LD objects, references within the page resolved."""
    objects: list[dict[str, Any]] = []
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        try:
            objects += _objects(json.loads(script.text or "", strict=False))
        except (ValueError, RecursionError):
            continue  # half of a broken object is worth less than the meta tags beside it
    by_id = {str(item["@id"]): item for item in objects if "@id" in item and len(item) > 1}
    article = next((item for item in objects if _is_article(item)), {})
    return {name: _resolved(value, by_id) for name, value in article.items()}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))


def _is_article(item: Mapping[str, Any]) -> bool:
    stated = item.get("@type")
    kinds = stated if isinstance(stated, list) else [stated]
    return any(isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES) for kind in kinds)


def _resolved(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value]
    if isinstance(value, dict) and set(value) == {"@id"}:
        return by_id.get(str(value["@id"]), value)
    return value


def _ld_value(item: Any) -> str:
    if isinstance(item, dict):
        item = item.get("name") or item.get("url") or ""
    # WordPress plugins leave character references in JSON texts.
    return clean(html.unescape(item)) if isinstance(item, str) else ""
