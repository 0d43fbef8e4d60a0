"""The query tree: what a reader asked for, without how an engine says it.

A leaf's `side` tells which language's text it searches: "ar", "en", or None for both (digits, mixed scripts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Side = Literal["ar", "en"]
Stream = Literal["folded", "stem", "lemma", "root"]
MatchKind = Literal["exact", "spelling", "stem", "lemma", "root", "name", "learned", "gloss"]

# Fields a reader can name, by the key used in addresses and in the index.
FIELDS = ("title", "author", "section", "place", "tag", "outlet", "issue")


@dataclass(frozen=True, slots=True)
class Word:
    """One word. exact: only in the spelling as typed (`=word`)."""

    text: str
    side: Side | None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, next to each other, in the spelling as typed. joined: by a hyphen or the like instead of
    quotes (ez-Zor), so that they may be (part of) a name."""

    words: tuple[str, ...]
    side: Side | None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Words in any order within `distance` words of each other, in one paragraph; None: anywhere in one paragraph."""

    words: tuple[str, ...]
    side: Side | None
    distance: int | None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so (`displac*`)."""

    text: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words spelt nearly so (`raqa~`)."""

    text: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days of the outlet, both ends included; None is open."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class InField:
    """`name:` is one of FIELDS; inside are leaves, And, Or, Not."""

    name: str
    inside: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    inside: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty query: all stories."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A query of which no word was left: finds no story."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Terms in a row, in one stream of one side's texts, that may stand for what was typed.

    weight: of the score of their words. source: what they come from, as a reader knows it: a name's spelling, the words
    of the other language; empty for forms of the word itself. sure: they find a story by themselves; what is not sure
    only puts stories that any word finds in a better order.
    """

    side: Side
    stream: Stream
    terms: tuple[str, ...]
    kind: MatchKind
    weight: float
    source: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Expanded:
    """What was typed, in that spelling and with that weight, or one of the alternatives; the best of what stands in a
    text counts, the others a little (`indexer.weights`). scale: of all of it, beside the query's other words."""

    typed: Word | Phrase
    weight: float
    others: tuple[Alternative, ...]
    scale: float = 1.0

    @property
    def spelt(self) -> Phrase:
        """What was typed, in that spelling."""
        return Phrase((self.typed.text,), self.typed.side) if isinstance(self.typed, Word) else self.typed


Leaf = Word | Phrase | Near | Prefix | Fuzzy
Node = Leaf | Expanded | DateRange | InField | And | Or | Not | Everything | Nothing


def scored(node: Node) -> bool:
    """Whether a query has words that some stories fit better than others; without, relevance means the newest first."""
    match node:
        case And(parts) | Or(parts):
            return any(scored(part) for part in parts)
        case InField(_, inside):
            return scored(inside)
        case _:
            return isinstance(node, Leaf | Expanded)


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know about how the query was read, as a message key with its parameters.

    Keys: "unclosed-quote", "unclosed-bracket", "stray-bracket", "empty-brackets", "unknown-field", "bad-date",
    "too-long", "too-deep", "too-many", "lone-not", "lone-prefix", "offer-date", "dangling-operator", "no-words".
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `address` is set when the whole text is an address to be looked up instead of searched."""

    text: str
    tree: Node
    notes: tuple[Note, ...] = ()
    address: str | None = None
