"""RSS and Atom feeds: few items, but the newest, with dates."""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from archive.discovery.search import Found, Problem, Search, absolute, answered

_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)  # a wrong Content-Type header


def items(search: Search, feed: str) -> Iterator[Found | Problem]:
    answer = search.fetch(feed)
    if isinstance(answer, Problem):
        yield answer
        return
    if answer.status != 200:
        yield answered(answer)
        return
    # As a stream: given bytes, feedparser would try them as the name of a file first.
    headers = {"content-type": answer.header("content-type") or "", "content-location": answer.url}
    read = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    trouble = read.get("bozo_exception") if read.bozo else None
    for entry in read.entries:
        url = absolute(answer.url, entry.get("link"))
        if url and search.is_own(url):
            modified, published = _instant(entry, "updated_parsed"), _instant(entry, "published_parsed")
            yield Found(url, search.lang, "feed", modified=modified, published=published)
    if not read.get("version") and not read.entries:
        yield Problem(answer.url, "is not a feed; remove it from the declaration if it stays so")
    elif trouble is not None and not isinstance(trouble, _HARMLESS):
        reason = " ".join(str(trouble).split())[:120]
        yield Problem(answer.url, f"is not a well-formed feed ({reason}); {len(read.entries)} of its items were read")


def _instant(entry: Any, name: str) -> datetime | None:
    """feedparser gives UTC. Not by `entry.get`, which takes the published time for a missing modified one."""
    told = dict.get(entry, name)
    try:
        return datetime.fromtimestamp(calendar.timegm(told), UTC) if told else None
    except (ValueError, OverflowError, OSError):
        return None
