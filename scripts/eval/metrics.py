"""How well queries with one right answer each are answered: mean reciprocal rank and recall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SAME = 1e-6  # scores that differ by less, as a part of the greater, are a tie: engines add in 32 bits


@dataclass(frozen=True, slots=True)
class Quality:
    """Over all queries of a set; each 0..1."""

    mrr10: float
    recall1: float
    recall10: float


def rank(scores: Mapping[int, float], doc: int) -> float | None:
    """The place of `doc` among what was found, from 1; a tie counts as the average place; None: not found."""
    own = scores.get(doc, 0.0)
    if own <= 0:
        return None
    margin = own * SAME
    before = sum(score > own + margin for score in scores.values())
    alike = sum(abs(score - own) <= margin for score in scores.values())
    return before + (alike + 1) / 2


def quality(ranks: Sequence[float | None]) -> Quality:
    """Raises ValueError when there are none."""
    if not ranks:
        raise ValueError("no queries")
    found = [place for place in ranks if place is not None]
    return Quality(
        sum(1 / place for place in found if place <= 10) / len(ranks),
        sum(place <= 1 for place in found) / len(ranks),
        sum(place <= 10 for place in found) / len(ranks),
    )
