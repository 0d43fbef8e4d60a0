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
from typing import NamedTuple

from language.figures import figures
from language.script import side_of

ALGORITHM = "align-1"  # raised with every change of what comes out

_ARABIC_LENGTH = 1.16  # English characters to an Arabic one
_VARIANCE = 7.0  # of the length's difference, per character
_SURPRISE = 6.0  # at most, of a length: translators leave things out
_SKIP = -2.0  # a paragraph with no counterpart
_JOIN = -1.5  # two paragraphs for one
_SHARED, _ALONE = 1.5, 0.5  # a key on both sides; on one side only
_SAMPLE = 200  # characters that tell a paragraph's script
_LATIN = re.compile(r"[a-z]{2,}")
# (paragraphs of the left, of the right, prior)
_MOVES = ((1, 1, 0.0), (1, 2, _JOIN), (2, 1, _JOIN), (1, 0, _SKIP), (0, 1, _SKIP))


class Row(NamedTuple):
    """Paragraphs that belong together, by index; one side is empty where the other has no counterpart.

    score: 0..1, how well they fit; 0 for one-sided rows.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Side:
    """lengths: in English characters. keys: figures and Latin words of each paragraph."""

    lengths: tuple[float, ...]
    keys: tuple[frozenset[str], ...]


def align(left: Sequence[str], right: Sequence[str]) -> tuple[Row, ...]:
    """Every paragraph of both versions, each once, in rows in reading order. The same input gives the same rows."""
    a, b = _side(left), _side(right)
    weights = _weights(a, b)
    steps = _best(a, b, _matrix(a, b, weights), _alone(a, weights), _alone(b, weights))
    rows = []
    i = j = 0
    for di, dj, fit in steps:
        score = 1 / (1 + math.exp(-fit)) if di and dj else 0.0
        rows.append(Row(tuple(range(i, i + di)), tuple(range(j, j + dj)), score))
        i, j = i + di, j + dj
    return tuple(rows)


def _side(paragraphs: Sequence[str]) -> _Side:
    scale = [_ARABIC_LENGTH if side_of(p[:_SAMPLE]) == "ar" else 1.0 for p in paragraphs]
    return _Side(tuple(len(p) * s for p, s in zip(paragraphs, scale, strict=True)), tuple(map(_keys, paragraphs)))


def _keys(paragraph: str) -> frozenset[str]:
    return frozenset([*_LATIN.findall(paragraph.lower()), *(str(figure.value) for figure in figures(paragraph))])


def _weights(a: _Side, b: _Side) -> dict[str, float]:
    """How much a key says: the more, the fewer paragraphs have it. A Latin word that only one side has says nothing,
    or every English word would speak against its Arabic paragraph."""
    counts = [Counter(key for keys in side.keys for key in keys) for side in (a, b)]
    paragraphs = len(a.keys) + len(b.keys)
    shared = counts[0].keys() & counts[1].keys()
    figures_alone = {key for count in counts for key in count if key[0].isdecimal()}
    return {
        key: math.log(1 + paragraphs / (counts[0][key] + counts[1][key])) / math.log(1 + paragraphs)
        for key in shared | figures_alone
    }


def _alone(side: _Side, weights: dict[str, float]) -> list[float]:
    return [sum(weights.get(key, 0.0) for key in sorted(keys)) for keys in side.keys]


def _matrix(a: _Side, b: _Side, weights: dict[str, float]) -> list[list[float]]:
    """The weight of the keys that each paragraph of the left shares with each of the right."""
    return [[sum(weights[key] for key in sorted(x & y)) for y in b.keys] for x in a.keys]


def _best(
    a: _Side, b: _Side, shared: list[list[float]], alone_a: list[float], alone_b: list[float]
) -> list[tuple[int, int, float]]:
    """The moves of the best path with the fit of each."""
    n, m = len(a.lengths), len(b.lengths)
    total = [[-math.inf] * (m + 1) for _ in range(n + 1)]
    came: list[list[tuple[int, int, float]]] = [[(0, 0, 0.0)] * (m + 1) for _ in range(n + 1)]
    total[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            for di, dj, prior in _MOVES:
                if di > i or dj > j:
                    continue
                fit = prior
                if di and dj:
                    rows, columns = range(i - di, i), range(j - dj, j)
                    both = sum(shared[r][c] for r in rows for c in columns)
                    single = sum(alone_a[r] for r in rows) + sum(alone_b[c] for c in columns) - 2 * both
                    x, y = sum(a.lengths[i - di : i]), sum(b.lengths[j - dj : j])
                    fit += _SHARED * both - _ALONE * max(0.0, single) - _surprise(x, y)
                if total[i - di][j - dj] + fit > total[i][j]:
                    total[i][j] = total[i - di][j - dj] + fit
                    came[i][j] = (di, dj, fit)
    path = []
    i, j = n, m
    while i or j:
        step = came[i][j]
        path.append(step)
        i, j = i - step[0], j - step[1]
    return path[::-1]


def _surprise(x: float, y: float) -> float:
    """How unlikely it is that texts of these lengths translate each other: 0 for equal ones."""
    return min(_SURPRISE, (x - y) ** 2 / (_VARIANCE * (x + y + 1)))
