"""One lemma for a form that can be several: the one that explains most of the archive's words.

Expectation maximisation over word forms (Dempster, Laird, Rubin 1977): a form's count is shared among its lemmas in
proportion to their weights; a lemma's weight is what it got. Lemmas of forms that can be nothing else, or of many
forms, win the others. A form is then the heaviest of its lemmas, of equals the dictionary's first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ROUNDS = 15


def weights(forms: Iterable[tuple[int, Sequence[int]]], lemmas: int) -> list[float]:
    """The weight of each lemma (numbered 0 to lemmas - 1), given each form's count and the lemmas it may be."""
    sure = [0.0] * lemmas
    open_forms: dict[tuple[int, ...], int] = {}
    for count, may_be in forms:
        if len(may_be) == 1:
            sure[may_be[0]] += count
        elif may_be:
            open_forms[tuple(may_be)] = open_forms.get(tuple(may_be), 0) + count
    current = [1.0] * lemmas
    for _ in range(ROUNDS):
        shared = sure.copy()
        for may_be, count in open_forms.items():
            total = sum([current[lemma] for lemma in may_be]) or 1.0
            for lemma in may_be:
                shared[lemma] += count * current[lemma] / total
        current = shared
    return current
