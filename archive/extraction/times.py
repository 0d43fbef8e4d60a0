"""When a page says it was published and changed, in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from language import dates

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no news site is older
_AHEAD = timedelta(days=2)  # clocks and zones differ; posts dated later than that are typing errors
_COLONLESS = re.compile(r"([+-]\d{2})(\d{2})$")


def instant(text: str, zone: tzinfo) -> datetime | None:
    """An instant in UTC from ISO 8601 or an article's way of writing; without an offset it is of `zone`.

    None when it cannot be read or cannot be.
    """
    try:
        stated = datetime.fromisoformat(_COLONLESS.sub(r"\1:\2", text.strip()))
        return (stated if stated.tzinfo else stated.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return dates.parse_instant(text, zone)


def first_possible(
    what: str, claims: Iterable[tuple[str, str | None]], zone: tzinfo, captured: datetime
) -> tuple[datetime | None, list[str]]:
    """The first of the (source, text) claims that can be, and a warning for each one before it that cannot."""
    warnings: list[str] = []
    for source, text in claims:
        if not text:
            continue
        found = instant(text, zone)
        if found is not None and _EARLIEST <= found <= captured + _AHEAD:
            return found, warnings
        warnings.append(f"{what} time {text[:60]!r} in {source} cannot be")
    return None, warnings
