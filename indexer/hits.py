"""A story found -> the hit that is shown. One function for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from archive.model import StoryId
from indexer.document import Analysed, IndexedSide, Streams
from indexer.engine import Hit, MatchKind, Piece, Reason, SideHit
from indexer.excerpts import excerpt
from indexer.passages import Wanted, present
from indexer.tree import Side


@dataclass(frozen=True, slots=True)
class Stored:
    """What an engine keeps of a story to make a result of."""

    story: StoryId
    day: date | None
    outlet: str
    section: str | None
    stale: bool
    sides: tuple[IndexedSide, ...]


def shown(
    stored: Stored,
    score: float,
    streams: Iterable[tuple[Side, Streams | Analysed]],
    words: Mapping[Side, Wanted] | None,
) -> Hit:
    """streams: of each of the story's sides in order, which side's queries search it, and its terms as indexed, best
    with the words' places: then nothing is analysed. words None: without passages and reasons."""
    sides: dict[str, SideHit] = {}
    reasons: list[Reason] = []
    if words is None:
        sides = {version.lang: _headline(version) for version in stored.sides}
        return Hit(stored.story, score, stored.day, stored.outlet, stored.section, stored.stale, sides, ())
    for version, (side, texts) in zip(stored.sides, streams, strict=True):
        if isinstance(texts, Analysed):
            title, passage, why = excerpt(version, texts, words[side])
        else:
            title, passage, why = present(_promising(version, texts, words[side]), words[side])
        sides[version.lang] = SideHit(title, passage, version.url, version.authors, version.published)
        reasons.extend(why)
    return Hit(stored.story, score, stored.day, stored.outlet, stored.section, stored.stale, sides, _merged(reasons))


def _headline(version: IndexedSide) -> SideHit:
    title = version.paragraphs[0]
    return SideHit((Piece(title),) if title else (), (), version.url, version.authors, version.published)


def _promising(version: IndexedSide, texts: Streams, wanted: Wanted) -> IndexedSide:
    """The version without the paragraphs in which no wanted word stands; its first one when that leaves none. To look
    for words in the indexed streams takes a fraction of the time of cutting all of the text into words anew."""
    if wanted.fuzzy or len(version.paragraphs) < 3:
        return version
    spelt = {*wanted.folded, *(word for phrase in wanted.phrases for word in phrase)}
    spelt.update(word for together, _ in wanted.nears for word in together)
    folded = [*(f" {word} " for word in spelt), *(f" {prefix}" for prefix in wanted.prefixes)]
    stems = [f" {stem} " for stem in wanted.stems]
    title, *paragraphs = version.paragraphs
    rows = zip(paragraphs, texts.folded[1:], texts.stem[1:], strict=True)
    kept = [text for text, typed, stem in rows if _holds(typed, folded) or _holds(stem, stems)]
    may_all_fail = wanted.phrases or wanted.nears  # all words there, but not together: the text's beginning is shown
    first = [] if kept and (kept[0] is paragraphs[0] or not may_all_fail) else paragraphs[:1]
    return replace(version, paragraphs=(title, *first, *kept))


def _holds(terms: str, wanted: list[str]) -> bool:
    padded = f" {terms} "
    return any(word in padded for word in wanted)


def _merged(reasons: list[Reason]) -> tuple[Reason, ...]:
    """One reason a kind, with the words of both sides, each once."""
    words: dict[MatchKind, dict[str, None]] = {}
    for reason in reasons:
        words.setdefault(reason.kind, {}).update(dict.fromkeys(reason.words))
    return tuple(Reason(kind, tuple(found)) for kind, found in words.items())
