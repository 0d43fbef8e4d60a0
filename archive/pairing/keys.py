"""What speaks for two paragraphs saying the same: figures, names, words in Latin letters that stand in both.

A key says the more, the fewer paragraphs have it. Names are compared by their consonants (`language.names`): any Arabic
word whose skeleton is that of a capitalised Latin word counts, so short ones count only while they are rare.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from language.arabic import LETTERS, MARKS
from language.figures import Figure, figures
from language.names import skeleton

Kind = Literal["figure", "small", "number", "latin", "name", "short"]


class Key(NamedTuple):
    kind: Kind
    text: str


class Weight(NamedTuple):
    """Nats for a pair that shares a key, against one where a single side has it."""

    shared: float
    alone: float


# Of a key that one pair alone has; set on human-translated texts, the training half of the alignment task.
WEIGHTS: dict[Kind, Weight] = {
    "figure": Weight(3.2, 2.1),  # in digits on both sides
    "small": Weight(2.4, 1.0),  # the same, where one language often has a word: 5 p.m. and الخامسة عصرا
    "number": Weight(1.3, 0.5),  # the same value, in digits or in words
    "latin": Weight(2.8, 1.1),
    "name": Weight(2.1, 0.35),
    "short": Weight(1.4, 0.3),  # a name of two consonants
}
_SMALL = 12
_RARE = 2  # paragraphs, both sides together, that a short name may stand in: one on each
_DIGITS: tuple[Kind, ...] = ("figure", "small")

_LATIN = re.compile(r"[a-z]{2,}")
# A word with a capital, its article aside; `first` is what stands before it where it begins a sentence.
_CAPITAL = re.compile(
    r"(?P<first>(?:^|[.!?:\"“«(>])\s*)?(?<![^\W_])(?:[A-Za-z](?:[lrsdztn]|[sdt]h)-)?(?P<name>[A-Z][^\W\d_]+)"
)
_ARABIC = re.compile(rf"[{LETTERS}][{LETTERS}{MARKS}]{{2,}}")


def keys_of(left: Sequence[str], right: Sequence[str]) -> tuple[list[frozenset[Key]], list[frozenset[Key]]]:
    """The keys of each paragraph of both sides."""
    names = _names([*left, *right])
    known = frozenset(names.values())
    found = [[frozenset(_figures(p) | _latin(p) | _named(p, names, known)) for p in side] for side in (left, right)]
    return found[0], found[1]


def weigh(left: Sequence[frozenset[Key]], right: Sequence[frozenset[Key]]) -> dict[Key, Weight]:
    """The weight of each key that says anything: it is on both sides, or it is a figure in digits.

    It falls from the kind's own to nothing with the logarithm of the paragraphs that have the key, squared.
    """
    counts = [_counts(left), _counts(right)]
    most = max(len(left), len(right)) + 1
    out = {}
    for key in sorted(counts[0].keys() | counts[1].keys()):
        a, b = (count.get(key, 0) for count in counts)
        if (a and b and (key.kind != "short" or a + b <= _RARE)) or key.kind in _DIGITS:
            rarity = (math.log(most / max(a, b)) / math.log(most)) ** 2
            shared, alone = WEIGHTS[key.kind]
            out[key] = Weight(shared * rarity, alone * rarity)
    return out


def _counts(side: Sequence[frozenset[Key]]) -> dict[Key, int]:
    out: dict[Key, int] = {}
    for key in chain.from_iterable(side):
        out[key] = out.get(key, 0) + 1
    return out


def _figures(paragraph: str) -> set[Key]:
    found = figures(paragraph)
    keys = {Key("figure" if f.value > _SMALL else "small", _text(f)) for f in found if not f.spelled}
    return keys | {Key("number", _text(f)) for f in found}


def _text(figure: Figure) -> str:
    return f"{figure.value.normalize():f}"


def _latin(paragraph: str) -> set[Key]:
    return {Key("latin", word) for word in _LATIN.findall(paragraph.lower())}


def _names(paragraphs: Sequence[str]) -> dict[str, str]:
    """The Latin words that have a capital within a sentence somewhere, and their skeletons."""
    found = {m["name"] for p in paragraphs for m in _CAPITAL.finditer(p) if m["first"] is None}
    return {name: bones for name in found if len(bones := skeleton(name)) > 1}


def _named(paragraph: str, names: dict[str, str], known: frozenset[str]) -> set[Key]:
    bones = {names[m["name"]] for m in _CAPITAL.finditer(paragraph) if m["name"] in names}
    bones.update(*(_skeletons(word) & known for word in _ARABIC.findall(paragraph)))
    return {Key("name" if len(b) > 2 else "short", b) for b in bones}


@lru_cache(maxsize=1 << 16)
def _skeletons(word: str) -> frozenset[str]:
    """Of an Arabic word, with and without the particles that may be written to it."""
    found = [word]
    for particle in "وفبكل":
        if found[-1].startswith(particle) and len(found[-1]) > 3:
            rest = found[-1][1:]
            found.append(f"ا{rest}" if particle == rest[0] == "ل" else rest)  # للقامشلي is ل and القامشلي
    return frozenset(skeleton(form) for form in found)
