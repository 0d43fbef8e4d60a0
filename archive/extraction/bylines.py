"""The line that says who wrote, from where, and in which printed issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.extraction.places import is_place
from archive.extraction.text import key
from language import arabic

_LONGEST = 160  # characters
_LONGEST_TEAM = 7  # words
_LONGEST_REGION = 4  # words
_SPACED_DASH = re.compile(r"\s*[–—]\s*|\s+-+\s*|\s*-+\s+")
_BAR = re.compile(r"\s*[|｜]\s*")
_AND = re.compile(r"\s*[,،&]\s*|\s+and\s+")
_ISSUE = re.compile(r"(?:العدد|عدد|issue)\s*(?:رقم|no\.?|number|#)?\s*:?\s*\(?(\d{1,5})\)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})\s*[-/.–]\s*(\d{1,2})\s*[-/.–]\s*(\d{4})")
_BY = re.compile(r"(?:written by|translated by|by|إعداد|كتابة|تحرير|بقلم)\b\s*:?\s*", re.IGNORECASE)
_TEAM_AR = re.compile(r"(?:فريق|وحدة|قسم)\s+(?:ال)?(?:تحقيقات|استقصاء|إعداد|تحرير)")
_TEAM_EN = re.compile(r"(?:team|unit|desk|staff|department)$", re.IGNORECASE)
_NOT_NAME = re.compile(r"[\d.!?؟؛:…\"“”«»()]")
_INITIAL = re.compile(r"\b([^\W\d_])\.")
_PARTICLES = "al el de del della di da van von der bin bint ibn abu ad as ash an ar at az and"
_LOWER_PARTICLES = frozenset(_PARTICLES.split())
_NOBODY = frozenset(key(word) for word in ("خاص", "وكالات", "متابعات", "رصد", "agencies", "special", "exclusive"))


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says; each part may be missing, an outlet's bare name says nothing at all."""

    authors: tuple[str, ...] = ()
    dateline: str | None = None
    issue: int | None = None
    day: date | None = None


def parse(text: str, names: Sequence[str]) -> Byline | None:
    """What `text` says if it is a byline, else None. `names` are the outlet's, in all languages.

    Forms: "A | B| C"; "Outlet – Name", "Outlet – Place", "Outlet – Place – Name" and reversed; "Outlet’s … Team";
    "By A and B"; "جريدة Outlet – العدد N – الأحد – D-M-YYYY".
    """
    if len(text) > _LONGEST:
        return None
    own = frozenset(key(name) for name in names)
    if key(text) in own:
        return Byline()
    return _issue(text) or _team(text, names) or _parts(text, own) or _by(text)


def people(text: str, names: Sequence[str]) -> Byline:
    """The byline in an element that is declared to hold one, where anything that is not a form above is names."""
    parsed = parse(text, names)
    if parsed is not None:
        return parsed
    rest = _BY.sub("", text, count=1) if _BY.match(text) else text
    own = {key(name) for name in names}
    return Byline(tuple(part for part in _AND.split(rest.strip()) if part and key(part) not in own))


def _issue(text: str) -> Byline | None:
    plain = arabic.fold(text).lower()
    day = _DAY.search(plain)
    segments = _SPACED_DASH.split(_DAY.sub("", plain))
    number = next((found for part in segments if (found := _ISSUE.fullmatch(part.strip(" -–—،,")))), None)
    if number is None or len(segments) < 2:
        return None
    return Byline(issue=int(number[1]), day=_day(day))


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def _team(text: str, names: Sequence[str]) -> Byline | None:
    if len(text.split()) > _LONGEST_TEAM:
        return None
    english = any(text.startswith((f"{name}’s ", f"{name}'s ", f"{name} ")) for name in names) and _TEAM_EN.search(text)
    return Byline(authors=(text,)) if english or _TEAM_AR.match(text) else None


def _parts(text: str, own: frozenset[str]) -> Byline | None:
    barred = [part for part in _BAR.split(text.strip(" |｜")) if part]
    if len(barred) > 1:
        rest = [part for part in barred if key(part) not in own]
        return _named(rest, own) if all(is_name(part) for part in rest) else None
    segments = [part for part in _SPACED_DASH.split(text) if part]
    rest = [part for part in segments if key(part) not in own]
    if len(rest) == len(segments) or not 1 <= len(rest) <= 3:
        return None
    people = [name for part in rest for name in ([part] if is_place(part) else _AND.split(part))]
    return _named(people, own) if all(is_name(part) or _is_region(part) for part in people) else None


def _is_region(text: str) -> bool:
    """A place with a word in small letters: "Northern Aleppo countryside"."""
    return is_place(text) and 1 < len(text.split()) <= _LONGEST_REGION and not _NOT_NAME.search(text)


def _named(parts: Sequence[str], own: frozenset[str]) -> Byline:
    told = [part for part in parts if key(part) not in _NOBODY and key(part) not in own]
    places = [part for part in told if is_place(part)]
    return Byline(tuple(part for part in told if part not in places), " – ".join(places) or None)


def _by(text: str) -> Byline | None:
    start = _BY.match(text)
    if start is None:
        return None
    names = [part for part in _AND.split(text[start.end() :].strip()) if part]
    return Byline(tuple(names)) if names and all(is_name(name) for name in names) else None


def is_name(text: str) -> bool:
    """It can be a person's or a place's name: one to six words, no digits or sentence marks, capital letters."""
    words = text.replace("’", "'").split()
    if not 1 <= len(words) <= 6 or len(text) > 60 or _NOT_NAME.search(_INITIAL.sub(r"\1", text)):
        return False
    latin = [word.lstrip("'‘ʿ`") for word in words if word.isascii()]
    return all(w[:1].isupper() or w.split("-")[0].split("'")[0].lower() in _LOWER_PARTICLES for w in latin)
