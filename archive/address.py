"""Addresses of pages: one fetchable spelling, and one key for all spellings of a page.

`normalise` follows RFC 3986, section 6.2 (case, percent-encoding, dot segments, default port) and mends what copied
links suffer: missing schemes, raw Arabic, decomposed letters, UTF-8 that was percent-encoded twice. It changes nothing
that a server could tell apart. `identity` goes on to drop what is known to lead to the same page.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

import idna

if TYPE_CHECKING:
    from archive.publishers.declaration import Outlet

_DEFAULT_PORT = {"http": 80, "https": 443}
_SCHEME = re.compile(r"(?i)(?:([a-z][a-z0-9+.-]*):)?//|(?:mailto|javascript|data|tel|about|file|blob|urn):")
_PATH_SAFE = "!$&()*+,;=:@~"
_QUERY_SAFE = "!$()*,;:@~/?"
# Bytes of UTF-8 letters that were percent-encoded once more than needed: in text decoded once they still show as %D9.
_STILL_ENCODED = re.compile(r"(?:%(?:25)*[89A-Fa-f][0-9A-Fa-f])+")
_ADDRESS = re.compile(
    r"(?i)(?:https?:)?//|www\.|[^\s/?#:@]+\.[^\W\d_]{2,}(?::\d+)?[/?]|(?:[\d.]{7,15}|localhost)(?::\d+)?/"
)
_EDGES = " \t\r\n\f\v\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff<>\"'«»“”"
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

# Parameters that choose how a page is shown or say where its reader came from; never which page it is.
_NOISE = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|yclid|msclkid|twclid|ttclid|gbraid|wbraid|srsltid|igshid|igsh|mc_cid|mc_eid"
    r"|_gl|_ga|_hsenc|_hsmi|__twitter_impression|usqp|amp|noamp|amp_js_v|amp_gsa|amp_r|so|replytocom|doing_wp_cron"
)
# Endings by which WordPress serves a post again: AMP, its comments' feed, its comments, its embed card.
_DOUBLE = re.compile(r"(?<=.)/(?:amp|feed(?:/(?:rss|rss2|rdf|atom))?|embed|trackback|comment-page-\d+)$")
_INDEX = re.compile(r"/index\.(?:php|html?)$")
_GROUPS = frozenset({"category", "tag", "tags", "author", "topic", "topics"})  # /tag/amp is about AMP


class NotAnAddress(ValueError):
    """A text that names no page on the web."""

    def __init__(self, text: str, detail: str) -> None:
        super().__init__(
            f"{text[:200]!r} is not a web address: {detail}; give one that begins with http:// or https://"
        )


@lru_cache(maxsize=4096)
def normalise(url: str) -> str:
    """The stable, fetchable spelling of an address, ASCII only; without a scheme it is taken for https.

    Raises:
        NotAnAddress: it is not an http(s) address with a host.
    """
    parts = _split(url)
    path = "/".join(_escape(segment, _PATH_SAFE) for segment in parts.path.split("/")) or "/"
    query = _query(parts.query)
    base = f"{parts.scheme}://{_authority(parts)}"
    return base + _without_dots(path) + (f"?{query}" if query else "")


def identity(url: str, outlet: Outlet | None = None) -> str:
    """The key of the page: equal for all its spellings, `host[:port]/path[?query]`, percent-encoded.

    An outlet's `identity` expressions, each with one group, are matched whole against the cleaned path (and `?query`
    where one is left) of its own hosts: the group is then the path of the key. What is no address is its own key.
    """
    try:
        parts = urlsplit(normalise(url))
    except NotAnAddress:
        return url.strip(_EDGES)
    host = parts.netloc.removeprefix("www.")
    query = "&".join(sorted(_meant(parts.query), key=lambda pair: pair.partition("=")[0]))
    page = _page(parts.path) + (f"?{query}" if query else "")
    if outlet is not None and outlet.identity and host in {bare(own) for own in outlet.hosts}:
        for rule in outlet.identity:
            if found := re.fullmatch(rule, readable(page)):
                return f"{host}/{_escape(found[1], _PATH_SAFE + '/')}"
    return host + page


def plain(url: str) -> str:
    """The fetchable spelling without what only changes how the page is shown: `?so=`, `/amp`, `utm_…`.

    Raises:
        NotAnAddress: as `normalise`.
    """
    parts = urlsplit(normalise(url))
    path = parts.path
    if (page := _page(path)) != "/":
        path = page + ("/" if path.endswith("/") else "")
    query = "&".join(_meant(parts.query))
    return f"{parts.scheme}://{parts.netloc}{path}" + (f"?{query}" if query else "")


def same_page(a: str, b: str, outlet: Outlet | None = None) -> bool:
    return identity(a, outlet) == identity(b, outlet)


def host_of(url: str) -> str:
    """The host in ASCII and lower case, with its port unless that is the scheme's own; "" for no address."""
    try:
        return urlsplit(normalise(url)).netloc
    except NotAnAddress:
        return ""


def bare(host: str) -> str:
    """A host (or host:port) as keys have it: lower case, without `www.`."""
    return host.lower().removeprefix("www.")


def page_path(url: str) -> str:
    """The path that article patterns are matched against: raw Arabic, no last slash, no `/amp`, no query.

    Raises:
        NotAnAddress: as `normalise`.
    """
    return readable(_page(urlsplit(normalise(url)).path))


def readable(url: str) -> str:
    """The same address with its letters beyond ASCII decoded, to be shown or matched; syntax stays encoded."""
    return _decode_runs(url)


def looks_like_address(text: str) -> bool:
    """Whether what was typed into the search box is an address (with a path, where it has neither scheme nor www)."""
    text = text.strip(_EDGES)
    if re.search(r"\s", text) or not _ADDRESS.match(text):
        return False
    host = host_of(text).partition(":")[0]
    return "." in host or host == "localhost"


def _split(url: str) -> SplitResult:
    text = _UNSENDABLE.sub("", url).strip(_EDGES)
    scheme = _SCHEME.match(text)
    if scheme is None:
        text = f"https://{text}"
    elif scheme[1] is None and scheme[0] == "//":
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise NotAnAddress(url, str(error)) from error
    if parts.scheme not in _DEFAULT_PORT:
        raise NotAnAddress(url, f"its scheme is {parts.scheme!r}")
    if not parts.hostname:
        raise NotAnAddress(url, "it has no host")
    return parts


def _authority(parts: SplitResult) -> str:
    """Host and port; a user name, which no public page needs, is dropped."""
    try:
        host = _ascii_host(parts.hostname or "")
    except idna.IDNAError as error:
        raise NotAnAddress(parts.geturl(), f"its host cannot be ({error})") from error
    return host if parts.port in (None, _DEFAULT_PORT[parts.scheme]) else f"{host}:{parts.port}"


@lru_cache(maxsize=1024)
def _ascii_host(host: str) -> str:
    host = host.rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if re.fullmatch(r"[a-z0-9_.-]+", host):
        return host
    return idna.encode(host, uts46=True).decode()


def _escape(text: str, safe: str) -> str:
    """Percent-decodes once (and UTF-8 letters as often as needed), composes letters (NFC), encodes upper-case."""
    if _PLAIN.fullmatch(text):
        return text
    once = unquote_to_bytes(text).decode("utf-8", "surrogateescape")
    letters = unicodedata.normalize("NFC", _decode_runs(once))
    return quote(letters, safe=safe, errors="surrogateescape")


def _decode_runs(text: str) -> str:
    return _STILL_ENCODED.sub(_decode_run, text)


def _decode_run(run: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(re.sub(r"%(?:25)+", "%", run[0])).decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


def _query(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(_parameter(name) + equals + _parameter(value) for name, equals, value in pairs)


def _parameter(text: str) -> str:
    """`+` is a space in a query, so `%2B` must stay what it is."""
    return _escape(text.replace("+", "%20"), _QUERY_SAFE)


def _without_dots(path: str) -> str:
    """Resolves `.` and `..` (RFC 3986, 5.2.4), keeping empty segments."""
    if not re.search(r"/\.\.?(?:/|$)", path):
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _page(path: str) -> str:
    """The path without doubled and last slashes, `index.php` and the endings that double a post."""
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    grouped = _GROUPS.intersection(path.split("/"))
    while ending := _INDEX.search(path) or (None if grouped else _DOUBLE.search(path)):
        path = path[: ending.start()]
    return path or "/"


def _meant(query: str) -> list[str]:
    """The parameters that choose the page."""
    return [pair for pair in query.split("&") if pair and not _NOISE.fullmatch(pair.partition("=")[0].lower())]
