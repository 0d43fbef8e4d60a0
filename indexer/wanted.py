"""What a query asks of a text: the words to be looked for and marked, by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from indexer.streams import SIDES, asked
from indexer.tree import (
    And,
    Expanded,
    Fuzzy,
    InField,
    Leaf,
    MatchKind,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Side,
    Stream,
    Word,
)
from indexer.weights import telling
from language.stopwords import stopwords
from language.tokens import form, plain, words

# The first kind that a word matches by is the one that is told.
KINDS: tuple[MatchKind, ...] = ("exact", "spelling", "stem", "lemma", "name", "root", "learned", "gloss")


class Other(NamedTuple):
    """Terms in a row that may stand for a word that was typed; `group` is that word's stem."""

    stream: Stream
    terms: tuple[str, ...]
    kind: MatchKind
    group: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks of one side's text. All folded but `typed`, which is plain (`language.tokens.plain`)."""

    folded: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    fuzzy: tuple[str, ...] = ()
    nears: tuple[tuple[frozenset[str], int | None], ...] = ()
    typed: frozenset[str] = frozenset()
    others: tuple[Other, ...] = ()  # those of the kinds told first come first


def wanted(tree: Node) -> dict[Side, Wanted]:
    """The words to be marked on each side. What is negated is not, nor what was asked of a field other than the title;
    stop words only when nothing else was typed."""
    leaves = list(_leaves(tree))
    found = {side: _wanted(leaves, side) for side in SIDES}
    if any(_telling(words, side) for side, words in found.items()):
        return {side: _without_common(words, side) for side, words in found.items()}
    return found


def _leaves(node: Node) -> Iterator[Leaf | Expanded]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case InField("title", inside):
            yield from _leaves(inside)
        case Word() | Phrase() | Near() | Prefix() | Fuzzy() | Expanded():
            yield node


def _wanted(nodes: Iterable[Leaf | Expanded], side: Side) -> Wanted:
    folded, stems, typed = set[str](), set[str](), set[str]()
    phrases: list[tuple[str, ...]] = []
    prefixes: list[str] = []
    fuzzy: list[str] = []
    nears: list[tuple[frozenset[str], int | None]] = []
    others: list[Other] = []
    for node in nodes:
        leaf = node.typed if isinstance(node, Expanded) else node
        if isinstance(node, Expanded):
            others += _others(node, side)
        if leaf.side not in (None, side):
            continue
        text = " ".join(leaf.words) if isinstance(leaf, Phrase | Near) else leaf.text
        terms = asked(text)
        row = tuple(term.folded for term in terms)
        typed |= {plain(word) for word in words(text)}
        match leaf:
            case Near(_, _, distance):
                nears.append((frozenset(row), distance))
            case Prefix():
                prefixes += row[-1:]
                folded |= set(row[:-1])
            case Fuzzy():
                fuzzy += row
            case _ if len(row) > 1:
                phrases.append(row)
            case Word(_, _, False):
                folded |= set(row)
                stems |= {term.stem for term in terms}
            case _:
                folded |= set(row)
    return Wanted(
        frozenset(folded),
        frozenset(stems),
        tuple(phrases),
        tuple(prefixes),
        tuple(fuzzy),
        tuple(nears),
        frozenset(typed),
        tuple(sorted(dict.fromkeys(others), key=lambda other: KINDS.index(other.kind))),
    )


def _others(node: Expanded, side: Side) -> Iterator[Other]:
    typed = " ".join(node.typed.words) if isinstance(node.typed, Phrase) else node.typed.text
    group = " ".join(term.stem for term in asked(typed))
    told = (each for each in node.others if each.side == side and telling(each))
    return (Other(each.stream, each.terms, each.kind, group) for each in told)


def _telling(words: Wanted, side: Side) -> bool:
    """Whether there is more in it than stop words."""
    if words.phrases or words.prefixes or words.fuzzy or words.nears or words.folded - stopwords(side):
        return True
    return any(other.group not in _common_stems() for other in words.others)


def _without_common(words: Wanted, side: Side) -> Wanted:
    common = stopwords(side)
    stems = {form(word).stem for word in words.folded & common}
    others = tuple(other for other in words.others if other.group not in _common_stems())
    return replace(words, folded=words.folded - common, stems=words.stems - stems, others=others)


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(form(word).stem for side in SIDES for word in stopwords(side))
