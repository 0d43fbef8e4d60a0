"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

from archive.model import Article, Block, BlockKind, Lang, VersionLink

# Ids are 64-bit everywhere; SQLite never reuses one only if the column is called INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY_BYTES = 2000  # PostgreSQL's B-trees take no more than 2,704
_MICROSECOND = timedelta(microseconds=1)
# PostgreSQL takes neither NUL, here as JSON escapes it, nor half a surrogate pair.
_REFUSED = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")


def bounded(text: str) -> str:
    """Text that an index takes: longer than KEY_BYTES in UTF-8, its beginning and its SHA-256 stand for it."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= KEY_BYTES:
        return text
    return f"{encoded[:200].decode(errors='ignore')}…sha256:{hashlib.sha256(encoded).hexdigest()}"


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as microseconds since 1970 in UTC: whole, ordered, free of any server's time zone."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value.isoformat()}")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Content(TypeDecorator[Article]):
    """What an extractor read, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Article | None, _dialect: Dialect) -> str | None:
        return None if value is None else encode(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Article | None:
        return None if value is None else decode(value)


def encode(article: Article) -> str:
    """The article as JSON with sorted keys: equal articles give equal text.

    Raises:
        ValueError: its text holds NUL or half a surrogate pair.
    """
    text = json.dumps(dataclasses.asdict(article), ensure_ascii=False, sort_keys=True, default=datetime.isoformat)
    if _REFUSED.search(text):
        raise ValueError(f"the text of {article.url} holds NUL or half a surrogate pair: clean it at extraction")
    return text


def decode(text: str) -> Article:
    """The inverse of `encode`."""
    raw: dict[str, Any] = json.loads(text)
    for name in ("published", "updated"):
        raw[name] = datetime.fromisoformat(raw[name]).astimezone(UTC) if raw[name] else None
    for name in ("authors", "tags", "aliases", "warnings"):
        raw[name] = tuple(raw[name])
    raw["lang"] = Lang(raw["lang"])
    raw["blocks"] = tuple(Block(BlockKind(block["kind"]), block["text"]) for block in raw["blocks"])
    raw["links"] = tuple(VersionLink(**link) for link in raw["links"])
    return Article(**raw)
