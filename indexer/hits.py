"""A story found -> the hit that is shown. One function for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from archive.model import StoryId
from indexer.document import Analysed, IndexedSide
from indexer.engine import Hit, Piece, Reason, SideHit
from indexer.excerpts import Indexed, excerpt, indexed
from indexer.passages import Wanted
from indexer.tree import MatchKind, Side


class StoredSide(NamedTuple):
    """What an engine keeps of a version, its paragraphs perhaps read only when they are shown."""

    lang: str
    url: str
    paragraphs: Sequence[str]
    authors: tuple[str, ...]
    published: str | None


class Stored(NamedTuple):
    """What an engine keeps of a story to make a result of."""

    story: StoryId
    day: date | None
    outlet: str
    section: str | None
    stale: bool
    sides: tuple[StoredSide | IndexedSide, ...]


def shown(
    stored: Stored,
    score: float,
    analyses: Iterable[tuple[Side, Analysed | Indexed]],
    words: Mapping[Side, Wanted] | None,
) -> Hit:
    """analyses: of each of the story's sides in order, which side's queries search it, and its analysis as indexed.
    words None: without passages and reasons."""
    sides: dict[str, SideHit] = {}
    reasons: list[Reason] = []
    if words is None:
        sides = {version.lang: _headline(version) for version in stored.sides}
        return Hit(stored.story, score, stored.day, stored.outlet, stored.section, stored.stale, sides, ())
    for version, (side, found) in zip(stored.sides, analyses, strict=True):
        terms = found if isinstance(found, Indexed) else indexed(found)
        title, passage, why = excerpt(version, terms, words[side])
        sides[version.lang] = SideHit(title, passage, version.url, version.authors, version.published)
        reasons.extend(why)
    return Hit(stored.story, score, stored.day, stored.outlet, stored.section, stored.stale, sides, _merged(reasons))


def _headline(version: StoredSide | IndexedSide) -> SideHit:
    title = version.paragraphs[0]
    return SideHit((Piece(title),) if title else (), (), version.url, version.authors, version.published)


def _merged(reasons: list[Reason]) -> tuple[Reason, ...]:
    """One reason a kind, with the words of both sides, each once."""
    words: dict[MatchKind, dict[str, None]] = {}
    for reason in reasons:
        words.setdefault(reason.kind, {}).update(dict.fromkeys(reason.words))
    return tuple(Reason(kind, tuple(found)) for kind, found in words.items())
