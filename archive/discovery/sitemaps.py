"""Sitemaps (sitemaps.org 0.9, with hreflang links and the news extension) and indexes of them, plain or gzipped.

Read as a stream and without entities. What stands before an error in the XML is used; what follows is a Problem.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from lxml import etree

from archive.address import identity
from archive.discovery.search import Found, Problem, Search, absolute, answered
from archive.model import Lang, VersionLink

DEPTH = 4  # of indexes within indexes
MOST = 10_000  # sitemaps of one start
LARGEST = 100_000_000  # bytes of one sitemap, unpacked: twice what the protocol allows
_CHUNK = 65_536
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")
# Lists of groups and people, by the names that WordPress, Yoast and Rank Math give them.
_NO_POSTS = re.compile(r"wp-sitemap-(?:taxonomies|users)-|/(?:category|post_tag|author)-sitemap\d*\.xml")


def pages(search: Search, sitemap: str, seen: set[str], depth: int = 0) -> Iterator[Found | Problem]:
    """The articles that a sitemap lists, or an index of sitemaps. `seen` holds the sources already asked."""
    if sitemap in seen:
        return
    if len(seen) >= MOST or depth > DEPTH:
        yield Problem(sitemap, f"was not read: more than {MOST} sitemaps, or indexes more than {DEPTH} deep")
        return
    seen.add(sitemap)
    answer = search.fetch(sitemap)
    if isinstance(answer, Problem):
        yield answer
        return
    if answer.status != 200:
        yield answered(answer)
        return
    inner: list[str] = []
    for entry in _entries(answer.body, answer.url):
        if isinstance(entry, Problem):
            yield entry
        elif etree.QName(entry).localname == "url":
            if found := _page(search, entry, answer.url):
                yield found
        elif address := _inner(search, entry, answer.url):
            inner.append(address)
    for address in inner:
        yield from pages(search, address, seen, depth + 1)


def _entries(body: bytes, where: str) -> Iterator[etree._Element | Problem]:
    """The `url` and `sitemap` elements, each whole; then a problem, if there is one."""
    parser = etree.XMLPullParser(
        events=("end",), tag=("{*}url", "{*}sitemap"), resolve_entities=False, no_network=True, load_dtd=False
    )
    count = 0
    trouble: str | None = None
    chunks = _unpacked(body)
    chunk: bytes | None = b""
    while chunk is not None:
        try:
            chunk = next(chunks, None)
            parser.feed(chunk) if chunk is not None else parser.close()
        except (etree.XMLSyntaxError, zlib.error, EOFError, OverflowError) as error:
            trouble = (str(error) or "it is not XML").splitlines()[0]
            chunk = None
        for _, element in parser.read_events():
            if isinstance(element, etree._Element):
                count += 1
                yield element
                _forget(element)
    if trouble:
        yield Problem(where, f"is not a whole sitemap ({trouble}); the {count} entries before that were read")


def _forget(element: etree._Element) -> None:
    """Frees an element and those before it, or a large sitemap stays in memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The document in pieces, with bare ampersands mended.

    Raises:
        zlib.error, EOFError, OverflowError: the gzip data is damaged, cut, or unpacks to more than `LARGEST`.
    """
    carried = b""
    for chunk in _gunzipped(body) if body.startswith(b"\x1f\x8b") else _sliced(body):
        text = carried + chunk
        cut = text.rfind(b"&", -33)  # an entity may go on in the next piece
        carried = text[cut:] if cut >= 0 else b""
        yield _BARE_AMPERSAND.sub(b"&amp;", text[:cut] if cut >= 0 else text)
    if carried:
        yield _BARE_AMPERSAND.sub(b"&amp;", carried)


def _sliced(body: bytes) -> Iterator[bytes]:
    return (body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK))


def _gunzipped(body: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    size = 0
    while body and not unpacker.eof:
        chunk = unpacker.decompress(body, _CHUNK)
        body = unpacker.unconsumed_tail
        size += len(chunk)
        if size > LARGEST:
            raise OverflowError(f"it unpacks to more than {LARGEST} bytes")
        yield chunk
    if not unpacker.eof:
        raise EOFError("its gzip data is cut")


def _page(search: Search, entry: etree._Element, base: str) -> Found | None:
    url = absolute(base, _child(entry, "loc"))
    if url is None or not search.is_article(url):
        return None
    return Found(
        url,
        search.lang,
        "sitemap",
        modified=search.instant(_child(entry, "lastmod")),
        published=search.instant(entry.findtext("{*}news/{*}publication_date")),
        versions=tuple(_versions(entry, base, url)),
    )


def _versions(entry: etree._Element, base: str, url: str) -> Iterator[VersionLink]:
    for link in entry.iterfind("{http://www.w3.org/1999/xhtml}link"):
        lang, target = link.get("hreflang", ""), absolute(base, link.get("href"))
        if link.get("rel") != "alternate" or target is None or lang in ("", "x-default"):
            continue
        if identity(target) != identity(url):
            yield VersionLink(target, "hreflang", Lang(lang.partition("-")[0].lower()))


def _inner(search: Search, entry: etree._Element, base: str) -> str | None:
    """The address of a sitemap in an index, unless it lists no posts or was last changed before `since`."""
    url = absolute(base, _child(entry, "loc"))
    changed = search.instant(_child(entry, "lastmod"))
    if url is None or _NO_POSTS.search(url):
        return None
    return None if search.since and changed and search.day(changed) < search.since else url


def _child(entry: etree._Element, name: str) -> str | None:
    """A child's text in the entry's own namespace: `image:loc` is not its address."""
    text = entry.findtext(f"{{{etree.QName(entry).namespace or ''}}}{name}")
    return text and text.replace("&amp;", "&")  # mended where it was CDATA and needed no mending
