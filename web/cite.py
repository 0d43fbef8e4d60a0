"""Citations in plain text, each in the language of what it cites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote

from web.words import Words

SHOWN = 16  # hex digits of a digest: enough to recognise it; the proof has the whole


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation names. captured in UTC; sha256 (hex) of the decoded body that was captured."""

    story: int
    title: str
    authors: tuple[str, ...]
    outlet: str
    published: date | None
    url: str
    revision: int = 1
    revised: date | None = None
    captured: datetime | None = None
    sha256: str = ""


def readable_url(url: str) -> str:
    """An address as people write it: no scheme, letters instead of percent signs (where they are letters)."""
    bare = url.split("://", 1)[-1].rstrip("/")
    try:
        text = unquote(bare, errors="strict")
    except UnicodeDecodeError:
        return bare
    return text if text.isprintable() and not any(char.isspace() for char in text) else bare


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "؟")) else f"{text}."


def citation(source: Source, words: Words) -> str:
    """Author. “Title.” Outlet, day. Address. Captured when; SHA-256. Story. Parts that are not known are left out."""
    return _arabic(source, words) if words.lang == "ar" else _english(source, words)


def _english(source: Source, words: Words) -> str:
    where = [source.outlet, words.day(source.published, long=True)]
    if source.revision > 1:
        where.append(f"revision {source.revision} ({words.day(source.revised, long=True)})")
    parts = [
        _sentence(", ".join(source.authors)) if source.authors else "",
        f"“{_sentence(source.title)}”",
        _sentence(", ".join(part for part in where if part)),
        f"{readable_url(source.url)}.",
    ]
    if source.captured:
        at = f"Captured {words.day(source.captured, long=True)}, {source.captured:%H:%M} UTC"
        parts.append(f"{at}; SHA-256 {source.sha256[:SHOWN]}….")
    parts.append(f"Warraq story {source.story}.")
    return " ".join(part for part in parts if part)


def _arabic(source: Source, words: Words) -> str:
    where = [source.outlet, words.day(source.published)]
    if source.revision > 1:
        where.append(f"الإصدار {words.digits(str(source.revision))} ({words.day(source.revised)})")
    parts = [
        _sentence("، ".join(source.authors)) if source.authors else "",
        f"«{source.title}».",
        _sentence("، ".join(part for part in where if part)),
        f"{readable_url(source.url)}.",
    ]
    if source.captured:
        at = f"أُرشفت في {words.day(source.captured)}، {words.digits(f'{source.captured:%H:%M}')} (UTC)"
        parts.append(f"{at}؛ بصمة SHA-256 {source.sha256[:SHOWN]}….")
    parts.append(f"ورّاق، المادة {source.story}.")
    return " ".join(part for part in parts if part)
