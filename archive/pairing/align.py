"""Which paragraphs of two versions say the same: dynamic programming over lengths, figures and names.

The length model is Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993): the lengths of
paragraphs that are translations differ as a normal variable with a variance that grows with the length. Figures, names
and words in Latin letters that stand on both sides speak for a pair by their rarity, those on one side only against
it (`archive.pairing.keys`). The constants were set on human-translated texts, the training half of the alignment task.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from archive.pairing.keys import Key, Weight, keys_of, weigh
from language.script import side_of

ALGORITHM = "align-2"  # raised with every change of what comes out

_ARABIC_LENGTH = 1.11  # English characters to an Arabic one
_VARIANCE = 9.0  # of the length's difference, per character
_SURPRISE = 4.1  # at most, of a length: translators leave things out
_SKIP = -1.9  # a paragraph with no counterpart
_JOIN = -2.6  # two paragraphs for one
_SAMPLE = 200  # characters that tell a paragraph's script


class Row(NamedTuple):
    """Paragraphs that belong together, by index; one side is empty where the other has no counterpart.

    score: 0..1, how well they fit; 0 for one-sided rows.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Side:
    """Of each paragraph: its length in English characters, and what its keys say against it when they are alone."""

    lengths: list[float]
    alone: list[float]

    def joined(self, size: int) -> list[tuple[float, float]]:
        """(length, alone) of every run of `size` neighbours."""
        starts = range(len(self.lengths) - size + 1)
        return [(sum(self.lengths[i : i + size]), sum(self.alone[i : i + size])) for i in starts]


def align(left: Sequence[str], right: Sequence[str]) -> tuple[Row, ...]:
    """Every paragraph of both versions, each once, in rows in reading order. The same input gives the same rows."""
    keys = keys_of(left, right)
    weights = weigh(*keys)
    a, b = (_side(texts, found, weights) for texts, found in zip((left, right), keys, strict=True))
    rows = []
    i = j = 0
    for di, dj, fit in _best_path(len(left), len(right), _fits(a, b, _shared(*keys, weights))):
        score = 1 / (1 + math.exp(-fit)) if di and dj else 0.0
        rows.append(Row(tuple(range(i, i + di)), tuple(range(j, j + dj)), score))
        i, j = i + di, j + dj
    return tuple(rows)


def _side(paragraphs: Sequence[str], keys: list[frozenset[Key]], weights: dict[Key, Weight]) -> _Side:
    scale = [_ARABIC_LENGTH if side_of(p[:_SAMPLE]) == "ar" else 1.0 for p in paragraphs]
    return _Side(
        [len(p) * s for p, s in zip(paragraphs, scale, strict=True)],
        [math.fsum(weights[key].alone for key in found if key in weights) for found in keys],
    )


def _shared(left: list[frozenset[Key]], right: list[frozenset[Key]], weights: dict[Key, Weight]) -> list[list[float]]:
    """What the keys of each pair of paragraphs say for it; what is shared is alone on neither side."""
    holders: dict[Key, list[int]] = {}
    for j, keys in enumerate(right):
        for key in keys:
            holders.setdefault(key, []).append(j)
    out = [[0.0] * len(right) for _ in left]
    for row, keys in zip(out, left, strict=True):
        for key in sorted(keys & weights.keys()):
            gain = weights[key].shared + 2 * weights[key].alone
            for j in holders.get(key, ()):
                row[j] += gain
    return out


def _fits(a: _Side, b: _Side, shared: list[list[float]]) -> dict[tuple[int, int], list[list[float]]]:
    """For each shape of a two-sided row, how well it fits at each place: [first of the left][first of the right]."""
    wide = [[x + y for x, y in pairwise(row)] for row in shared]
    tall = [[x + y for x, y in zip(above, below, strict=True)] for above, below in pairwise(shared)]
    return {
        (1, 1): _fit(a.joined(1), b.joined(1), shared, 0.0),
        (1, 2): _fit(a.joined(1), b.joined(2), wide, _JOIN),
        (2, 1): _fit(a.joined(2), b.joined(1), tall, _JOIN),
    }


def _fit(
    left: list[tuple[float, float]], right: list[tuple[float, float]], shared: list[list[float]], prior: float
) -> list[list[float]]:
    """What is shared, less what is alone, less how unlikely it is that texts of these lengths translate each other."""
    out = []
    for (x, u), row in zip(left, shared, strict=True):
        unlikely = [(x - y) ** 2 / (_VARIANCE * (x + y + 1)) for y, _ in right]
        out.append(
            [
                prior + both - (u + v) - (odd if odd < _SURPRISE else _SURPRISE)
                for (_, v), both, odd in zip(right, row, unlikely, strict=True)
            ]
        )
    return out


def _best_path(n: int, m: int, fits: dict[tuple[int, int], list[list[float]]]) -> list[tuple[int, int, float]]:
    """The rows (paragraphs left, right, fit) of the best way through; of equals the first in this order."""
    total = [[0.0] * (m + 1) for _ in range(n + 1)]
    came = [[(0, 0, 0.0)] * (m + 1) for _ in range(n + 1)]
    shapes = [(di, dj, fit) for (di, dj), fit in fits.items()]
    for i in range(n + 1):
        for j in range(m + 1):
            best = -math.inf
            for di, dj, fit in shapes:
                if i >= di and j >= dj and (found := total[i - di][j - dj] + fit[i - di][j - dj]) > best:
                    best, came[i][j] = found, (di, dj, fit[i - di][j - dj])
            if i and (found := total[i - 1][j] + _SKIP) > best:
                best, came[i][j] = found, (1, 0, _SKIP)
            if j and (found := total[i][j - 1] + _SKIP) > best:
                best, came[i][j] = found, (0, 1, _SKIP)
            total[i][j] = best if i or j else 0.0
    path = []
    while n or m:
        path.append(came[n][m])
        n, m = n - came[n][m][0], m - came[n][m][1]
    return path[::-1]
