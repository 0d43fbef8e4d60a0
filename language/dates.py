"""Days and instants as articles write them, in Arabic and English.

Understood: `18 كانون الأول 2020`, `29 من تشرين الثاني 2023`, يناير … with the Maghrebi and Egyptian spellings, both
names of a month side by side (كانون الأول/ديسمبر), both digit sets, `August 18, 2023`, `18 Aug 2023`, `2023/08/18`, ISO
instants, and `2-5-2014`, `2.5.2014` day first, as Arab and British papers write. Weekdays and other words around do not
disturb.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from language.arabic import fold

# January first; the month's own folding makes أبريل and ابريل one.
_NAMES = (
    "january jan|كانون الثاني|يناير|جانفي",
    "february feb|شباط|فبراير|فيفري",
    "march mar|آذار|مارس",
    "april apr|نيسان|أبريل|أفريل",
    "may|أيار|مايو|ماي",
    "june jun|حزيران|يونيو|يونيه|جوان",
    "july jul|تموز|يوليو|يوليه|يوليوز|جويلية",
    "august aug|آب|أغسطس|أوت|غشت",
    "september sept sep|أيلول|سبتمبر|شتنبر",
    "october oct|تشرين الأول|أكتوبر",
    "november nov|تشرين الثاني|نوفمبر|نونبر",
    "december dec|كانون الأول|ديسمبر|دجنبر",
)


def _months() -> dict[str, int]:
    out: dict[str, int] = {}
    for number, names in enumerate(_NAMES, start=1):
        english, *arabic = names.split("|")
        out |= dict.fromkeys([*english.split(), *map(fold, arabic)], number)
    return out


MONTHS = _months()  # name, folded and in lower case -> 1..12

_NAME = "|".join(sorted(MONTHS, key=len, reverse=True)).replace(" ", r"\s+")
_TWIN = rf"(?:\s*[/(]\s*(?:{_NAME})\s*\)?)?"  # the month's other name
_YEAR = r"(?P<y>\d{4})(?!\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?:من\s+|of\s+)?(?P<m>{_NAME})\b\.?{_TWIN}[\s,،-]*(?:عام\s+)?{_YEAR}",
        rf"\b(?P<m>{_NAME})\b\.?\s*(?P<d>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?[\s,،]*{_YEAR}",
        r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep){_YEAR}",
    )
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?(?!\d)"
    r"\s*(?P<half>am|pm|a\.m\.|p\.m\.|صباحا|مساء|ص\b|م\b)?\s*(?P<off>[+-]\d{2}:?\d{2}|z\b|gmt\b|utc\b)?"
)
_LONGEST = 1000  # characters read


def parse_day(text: str) -> date | None:
    """The first date with a year in `text`; None when there is none, or when that day cannot be (31 June)."""
    found = _first_date(_plain(text))
    return _day(found) if found else None


def parse_instant(text: str, zone: tzinfo) -> datetime | None:
    """The first date in `text` with its time of day, in UTC; local times are of `zone`, and without one it is midnight.

    An offset in the text (`+03:00`, `Z`, `GMT`) goes before `zone`. None as for `parse_day`, and for an impossible
    time.
    """
    plain = _plain(text)
    found = _first_date(plain)
    day = _day(found) if found else None
    if found is None or day is None:
        return None
    # What is left and right of the date, so that its digits are not read as a time.
    clock = _CLOCK.search(plain[found.end() :]) or _CLOCK.search(plain[: found.start()])
    try:
        local = datetime.combine(day, datetime.min.time(), tzinfo=zone)
        return (_at(local, clock) if clock else local).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _plain(text: str) -> str:
    return fold(text[:_LONGEST]).lower()


def _first_date(plain: str) -> re.Match[str] | None:
    found = [match for pattern in _DATES if (match := pattern.search(plain))]
    return min(found, key=lambda match: match.start(), default=None)


def _day(match: re.Match[str]) -> date | None:
    month = match["m"]
    number = int(month) if month.isdecimal() else MONTHS[" ".join(month.split())]
    try:
        return date(int(match["y"]), number, int(match["d"]))
    except ValueError:
        return None


def _at(midnight: datetime, clock: re.Match[str]) -> datetime:
    """`midnight`'s day at the clock's time. Raises ValueError when there is no such time."""
    hour, half, offset = int(clock["h"]), clock["half"], clock["off"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"no such hour: {clock[0]}")
        hour = hour % 12 + (12 if half[0] in "pم" else 0)
    at = midnight.replace(hour=hour, minute=int(clock["min"]), second=int(clock["s"] or 0))
    if not offset:
        return at
    if not offset[-1].isdigit():
        return at.replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    return at.replace(tzinfo=timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))))
