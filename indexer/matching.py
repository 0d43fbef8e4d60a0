"""What a query asks of a text, and which words of the text answer it.

A word matches as *exact* when it stands as it was typed up to case and vowel signs (or begins so, for a beginning), as
*spelling* when only folding or spelling tolerance makes it so, as *stem* when only the stem is the same. The words of a
phrase match where the phrase stands, those that were to be near each other in paragraphs where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from indexer.engine import MatchKind
from indexer.streams import SIDES, asked, near, tolerance
from indexer.tree import And, Fuzzy, InField, Leaf, Near, Node, Or, Phrase, Prefix, Side, Word
from language.stopwords import stopwords
from language.tokens import form, plain, words

_KNOWN = 50_000  # spellings a matcher remembers


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


class Match(NamedTuple):
    """How a word of a text matched."""

    kind: MatchKind
    term: str  # which wanted word it is


def wanted(tree: Node) -> dict[Side, Wanted]:
    """The words to be marked on each side. What is negated is not, nor what was asked of a field other than the title;
    stop words only when nothing else was typed."""
    leaves = list(_leaves(tree))
    found = {side: _wanted(leaf for leaf in leaves if leaf.side in (None, side)) for side in SIDES}
    if any(_telling(words, side) for side, words in found.items()):
        return {side: _without_common(words, side) for side, words in found.items()}
    return found


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case InField("title", inside):
            yield from _leaves(inside)
        case Word() | Phrase() | Near() | Prefix() | Fuzzy():
            yield node


def _wanted(leaves: Iterable[Leaf]) -> Wanted:
    folded, stems, typed = set[str](), set[str](), set[str]()
    phrases: list[tuple[str, ...]] = []
    prefixes: list[str] = []
    fuzzy: list[str] = []
    nears: list[tuple[frozenset[str], int | None]] = []
    for leaf in leaves:
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
    )


def _telling(words: Wanted, side: Side) -> bool:
    """Whether there is more in it than stop words."""
    return bool(words.phrases or words.prefixes or words.fuzzy or words.nears or words.folded - stopwords(side))


def _without_common(words: Wanted, side: Side) -> Wanted:
    common = stopwords(side)
    stems = {form(word).stem for word in words.folded & common}
    return replace(words, folded=words.folded - common, stems=words.stems - stems)


@dataclass(slots=True)
class Matcher:
    """Finds the wanted words of paragraphs; remembers what it found of each spelling."""

    wanted: Wanted
    stemmed: bool
    known: dict[str, Match | None] = field(default_factory=dict)

    def hits(self, paragraph: Sequence[str]) -> dict[int, Match]:
        """What matched, by the word's place in the paragraph, in order."""
        known = self.known
        if len(known) > _KNOWN:
            known = self.known = {}
        for word in set(paragraph).difference(known):
            known[word] = self._match(word)
        found = {place: hit for place, word in enumerate(paragraph) if (hit := known[word])}
        if self.wanted.phrases or self.wanted.nears:
            found |= self._together(paragraph)
            return dict(sorted(found.items()))
        return found

    def _match(self, word: str) -> Match | None:
        wanted, (folded, stem, _) = self.wanted, form(word)
        if folded in wanted.folded:
            return self._as_typed(word, folded)
        for prefix in wanted.prefixes:
            if folded.startswith(prefix):
                begun = any(plain(word).startswith(typed) for typed in wanted.typed)
                return Match("exact" if begun else "spelling", prefix)
        for term in wanted.fuzzy:
            if distance(folded, term, tolerance(term)) <= tolerance(term):
                return self._as_typed(word, term)
        stem = stem if self.stemmed else folded
        return Match("stem", stem) if stem in wanted.stems else None

    def _as_typed(self, word: str, term: str) -> Match:
        return Match("exact" if plain(word) in self.wanted.typed else "spelling", term)

    def _together(self, paragraph: Sequence[str]) -> dict[int, Match]:
        folded = [form(word).folded for word in paragraph]
        found: dict[int, Match] = {}
        for phrase in self.wanted.phrases:
            for start in _starts(folded, phrase):
                for place in range(start, start + len(phrase)):
                    found[place] = self._as_typed(paragraph[place], folded[place])
        for together, gap in self.wanted.nears:
            if near(together, folded, gap):
                places = [place for place, word in enumerate(folded) if word in together]
                found |= {place: self._as_typed(paragraph[place], folded[place]) for place in places}
        return found


@lru_cache(maxsize=32)
def matcher(wanted: Wanted, stemmed: bool) -> Matcher:
    """One for all texts of a results page: most words of a text were met in the one before."""
    return Matcher(wanted, stemmed)


def _starts(folded: list[str], phrase: tuple[str, ...]) -> Iterator[int]:
    row = list(phrase)
    for place, word in enumerate(folded):
        if word == row[0] and folded[place : place + len(row)] == row:
            yield place


def distance(a: str, b: str, limit: int) -> int:
    """Letters wrong, missing, too many or swapped with the next one between two words; anything over `limit` when more
    (restricted Damerau-Levenshtein distance)."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return row[-1]
