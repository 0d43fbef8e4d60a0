"""Which paragraphs of two versions say the same: dynamic programming over lengths, figures and Latin words.

The length model is Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993): the lengths of
paragraphs that are translations differ as a normal variable with a variance that grows with the length. Figures and
words in Latin letters that stand on both sides speak for a pair by their rarity, those on one side only against it.
The constants were set on human-translated texts, on the training half of the alignment task.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from language.figures import figures
from language.script import side_of

ALGORITHM = "align-1"  # raised with every change of what comes out

_ARABIC_LENGTH = 1.11  # English characters to an Arabic one
_VARIANCE = 12.8  # of the length's difference, per character
_SURPRISE = 7.9  # at most, of a length: translators leave things out
_SKIP = -1.9  # a paragraph with no counterpart
_JOIN = -2.6  # two paragraphs for one
_SHARED, _ALONE = 5.3, 2.1  # a key on both sides; on one side only
_SAMPLE = 200  # characters that tell a paragraph's script
_LATIN = re.compile(r"[a-z]{2,}")


class Row(NamedTuple):
    """Paragraphs that belong together, by index; one side is empty where the other has no counterpart.

    score: 0..1, how well they fit; 0 for one-sided rows.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Side:
    """Of each paragraph: its length in English characters, its keys that count, and their weight."""

    lengths: list[float]
    keys: list[frozenset[str]]
    weights: list[float]

    def joined(self, size: int) -> list[tuple[float, float]]:
        """(length, weight) of every run of `size` neighbours."""
        starts = range(len(self.keys) - size + 1)
        return [(sum(self.lengths[i : i + size]), sum(self.weights[i : i + size])) for i in starts]


def align(left: Sequence[str], right: Sequence[str]) -> tuple[Row, ...]:
    """Every paragraph of both versions, each once, in rows in reading order. The same input gives the same rows."""
    keys = [_keys(p) for p in left], [_keys(p) for p in right]
    weights = _weights(*keys)
    a, b = (_side(texts, found, weights) for texts, found in zip((left, right), keys, strict=True))
    shared = [[sum(weights[key] for key in sorted(x & y)) if x & y else 0.0 for y in b.keys] for x in a.keys]
    rows = []
    i = j = 0
    for di, dj, fit in _best_path(len(left), len(right), _fits(a, b, shared)):
        score = 1 / (1 + math.exp(-fit)) if di and dj else 0.0
        rows.append(Row(tuple(range(i, i + di)), tuple(range(j, j + dj)), score))
        i, j = i + di, j + dj
    return tuple(rows)


def _keys(paragraph: str) -> frozenset[str]:
    return frozenset([*_LATIN.findall(paragraph.lower()), *(str(figure.value) for figure in figures(paragraph))])


def _weights(left: list[frozenset[str]], right: list[frozenset[str]]) -> dict[str, float]:
    """How much a key says, 0..1: the more, the fewer paragraphs have it. A Latin word that only one side has says
    nothing, or every English word would speak against its Arabic paragraph."""
    counts = [Counter(key for keys in side for key in keys) for side in (left, right)]
    paragraphs = len(left) + len(right)
    telling = counts[0].keys() & counts[1].keys() | {key for count in counts for key in count if key[0].isdecimal()}
    return {
        key: math.log(1 + paragraphs / (counts[0][key] + counts[1][key])) / math.log(1 + paragraphs) for key in telling
    }


def _side(paragraphs: Sequence[str], keys: list[frozenset[str]], weights: dict[str, float]) -> _Side:
    scale = [_ARABIC_LENGTH if side_of(p[:_SAMPLE]) == "ar" else 1.0 for p in paragraphs]
    telling = [found & weights.keys() for found in keys]
    return _Side(
        [len(p) * s for p, s in zip(paragraphs, scale, strict=True)],
        telling,
        [sum(weights[key] for key in sorted(found)) for found in telling],
    )


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
    gain = _SHARED + 2 * _ALONE  # what is shared is alone on neither side
    return [
        [prior + gain * both - _ALONE * (u + v) - _surprise(x, y) for (y, v), both in zip(right, row, strict=True)]
        for (x, u), row in zip(left, shared, strict=True)
    ]


def _best_path(n: int, m: int, fits: dict[tuple[int, int], list[list[float]]]) -> list[tuple[int, int, float]]:
    """The rows (paragraphs left, right, fit) of the best way through; of equals the first in this order."""
    total = [[0.0] * (m + 1) for _ in range(n + 1)]
    came: list[list[tuple[int, int, float]]] = [[(0, 0, 0.0)] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            steps = [(di, dj, fit[i - di][j - dj]) for (di, dj), fit in fits.items() if i >= di and j >= dj]
            steps += [(di, 1 - di, _SKIP) for di in (1, 0) if (i if di else j)]
            if not steps:
                continue
            sums = [total[i - di][j - dj] + fit for di, dj, fit in steps]
            total[i][j] = max(sums)
            came[i][j] = steps[sums.index(total[i][j])]
    path = []
    while n or m:
        path.append(came[n][m])
        n, m = n - came[n][m][0], m - came[n][m][1]
    return path[::-1]


def _surprise(x: float, y: float) -> float:
    """How unlikely it is that texts of these lengths translate each other: 0 for equal ones."""
    return min(_SURPRISE, (x - y) ** 2 / (_VARIANCE * (x + y + 1)))
