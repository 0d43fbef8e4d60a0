"""How a query was read, flat, for a page to put into words of either language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.tree import (
    And,
    DateRange,
    Everything,
    Expanded,
    Fuzzy,
    InField,
    Leaf,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Word,
)

SaidRole = Literal[
    "word",
    "exact",
    "phrase",
    "near",
    "prefix",
    "fuzzy",
    "date",
    "field",
    "and",
    "or",
    "not",
    "open",
    "close",
    "everything",
]


@dataclass(frozen=True, slots=True)
class Said:
    """One step of the reading. "open" and "close" are brackets.

    text: the reader's own words, a field's key, or days `2024-03-01..2024-03-31` (an open end is empty).
    value: the distance of "near", a number or "para".
    """

    role: SaidRole
    text: str = ""
    value: str = ""


def describe(tree: Node) -> tuple[Said, ...]:
    """The steps in reading order: `a -b` is word a, and, not, word b. Nothing says nothing."""
    return tuple(_steps(tree))


def _steps(node: Node) -> Iterator[Said]:
    match node:
        case Expanded(typed):
            yield from _steps(typed)
        case InField(name, inside):
            yield Said("field", name)
            yield from _inner(inside)
        case Not(inside):
            yield Said("not")
            yield from _inner(inside)
        case And(parts) | Or(parts):
            yield from _row(parts, "and" if isinstance(node, And) else "or")
        case DateRange(start, end):
            yield Said("date", f"{start or ''}..{end or ''}")
        case Everything():
            yield Said("everything")
        case Nothing():
            return
        case _:
            yield _leaf(node)


def _leaf(leaf: Leaf) -> Said:
    match leaf:
        case Word(text, _, exact):
            return Said("exact" if exact else "word", text)
        case Phrase(words, _):
            return Said("phrase", " ".join(words))
        case Near(words, _, distance):
            return Said("near", " ".join(words), "para" if distance is None else str(distance))
        case Prefix(text, _):
            return Said("prefix", text)
        case Fuzzy(text, _):
            return Said("fuzzy", text)


def _row(parts: tuple[Node, ...], between: Literal["and", "or"]) -> Iterator[Said]:
    for number, part in enumerate(parts):
        if number:
            yield Said(between)
        yield from _inner(part)


def _inner(node: Node) -> Iterator[Said]:
    if isinstance(node, And | Or):
        yield Said("open")
        yield from _steps(node)
        yield Said("close")
    else:
        yield from _steps(node)
