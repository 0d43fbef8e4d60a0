"""What changed between two revisions of one version: by whole words, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from archive.model import Article

Change = Literal["same", "del", "ins"]
ALIKE = 0.5  # two paragraphs with at least this ratio of common words are one that was edited
MOST_CELLS = 4_000_000  # words times words; beyond that paragraphs are compared as wholes

_WORDS = re.compile(r"\s+|[^\W_]+(?:[\u0640\u064B-\u065F\u0670]*[^\W_]*)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    change: Change = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One paragraph before and after; an empty side was not there. label: its number, "" for the title."""

    number: int
    before: tuple[Run, ...]
    after: tuple[Run, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    texts: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Words with their marks, spaces and signs, in order; together they are the text."""
    return _WORDS.findall(text)


def compare_words(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts in runs of what stayed and what differs."""
    old, new = words_of(before), words_of(after)
    left: list[Run] = []
    right: list[Run] = []
    if len(old) * len(new) > MOST_CELLS:
        return (Run(before, "del"),), (Run(after, "ins"),)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            left.append(Run("".join(old[a:b])))
            right.append(Run("".join(new[c:d])))
            continue
        if a < b:
            left.append(Run("".join(old[a:b]), "del"))
        if c < d:
            right.append(Run("".join(new[c:d]), "ins"))
    return tuple(left), tuple(right)


def compare(before: Article, after: Article) -> Iterator[Difference | Unchanged]:
    """The title, then the paragraphs in order; runs of unchanged ones together."""
    if before.title != after.title:
        yield Difference(0, *compare_words(before.title, after.title), title=True)
    old, new = [b.text for b in before.blocks], [b.text for b in after.blocks]
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Unchanged(tuple(new[c:d]))
        else:
            yield from _changed(old[a:b], new[c:d], c)


def _changed(old: Sequence[str], new: Sequence[str], place: int) -> Iterator[Difference]:
    """Edited paragraphs beside each other, in order; the rest taken out or added."""
    used = 0
    for text in old:
        mate = next((n for n in range(used, len(new)) if _alike(text, new[n])), None)
        if mate is None:
            yield Difference(place + used + 1, (Run(text, "del"),), ())
            continue
        for n in range(used, mate):
            yield Difference(place + n + 1, (), (Run(new[n], "ins"),))
        yield Difference(place + mate + 1, *compare_words(text, new[mate]))
        used = mate + 1
    for n in range(used, len(new)):
        yield Difference(place + n + 1, (), (Run(new[n], "ins"),))


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
