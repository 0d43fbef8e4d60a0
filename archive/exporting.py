"""Stories -> lines of JSON, one an article; the format is stable across versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from archive.model import Capture, Link, Story, Version


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def records(story: Story) -> Iterator[dict[str, Any]]:
    """One record for every version that may be read."""
    return (_record(story, version) for version in story.versions if version.readable)


def _record(story: Story, version: Version) -> dict[str, Any]:
    article = version.content
    return {
        "story": story.id,
        "article": version.article,
        "url": version.url,
        "aliases": sorted(version.aliases),
        "lang": version.lang,
        "title": article.title,
        "authors": list(article.authors),
        "published": instant(article.published),
        "updated": instant(article.updated),
        "section": article.section,
        "tags": list(article.tags),
        "blocks": [{"kind": block.kind.value, "text": block.text} for block in article.blocks],
        "revision": version.revision.number,
        "link": next((_link(link, version) for link in story.links if version.article in (link.a, link.b)), None),
        "captures": [_capture(capture) for capture in version.captures],
    }


def _link(link: Link, version: Version) -> dict[str, Any]:
    other = link.b if link.a == version.article else link.a
    return {"to": other, "evidence": link.evidence, "certain": link.certain, "score": link.score}


def _capture(capture: Capture) -> dict[str, Any]:
    """sha256 is that of the payload as stored."""
    return {
        "at": instant(capture.at),
        "sha256": capture.payload_sha256,
        "warc": capture.warc,
        "offset": capture.offset,
    }
