"""One lemma for a form that can be several: the one that explains most of the archive's words.

Expectation maximisation over word forms (Dempster, Laird, Rubin 1977): a form is shared among its lemmas in proportion
to their weights, times how readily the form is read so; a lemma's weight is what it got. Lemmas of forms that can be
nothing else, or of many forms, win the others. A form counts by the logarithm of its frequency, or a few words of
grammar would outweigh all others. It is stopped early: the weights of later rounds choose a little worse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from language.morphology import Reading

ROUNDS = 3
_UNKNOWN = 1e-9  # the weight of a lemma that no form met can be

Lemma = TypeVar("Lemma", int, str)
Eases = Mapping[int, float]  # of the lemmas that a form can be, by their numbers


def weights(forms: Iterable[tuple[int, Eases]], lemmas: int) -> list[float]:
    """The weight of each lemma (numbered 0 to lemmas - 1), given each form's count and what it can be."""
    shares = [(1 + math.log(count), eases) for count, eases in forms if count > 0 and eases]
    current = [1.0] * lemmas
    for _ in range(ROUNDS):
        got = [0.0] * lemmas
        for share, eases in shares:
            parts = [(lemma, current[lemma] * ease) for lemma, ease in eases.items()]
            total = sum([part for _, part in parts])
            for lemma, part in parts:
                got[lemma] += share * part / total
        current = got
    return current


def easiest(readings: Sequence[Reading]) -> dict[str, float]:
    """How readily a form is read as each of its lemmas, in the dictionary's order."""
    eases: dict[str, float] = {}
    for one in readings:
        eases[one.lemma] = max(eases.get(one.lemma, 0.0), one.ease)
    return eases


def best(eases: Mapping[Lemma, float], weight: Callable[[Lemma], float]) -> Lemma:
    """The lemma that explains a form best, of equals the first."""
    return max(eases, key=lambda lemma: max(weight(lemma), _UNKNOWN) * eases[lemma])
