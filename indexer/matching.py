"""Which words of a text answer what is wanted of it, and how.

A word matches as *exact* when it stands as it was typed up to case and vowel signs (or begins so, for a beginning), as
*spelling* when only folding or spelling tolerance makes it so, as *stem*, *lemma* or *root* when only that is the same,
as *name*, *learned* or *gloss* when it may stand for what was typed. The words of a phrase match where the phrase
stands, those that were to be near each other in paragraphs where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from indexer.streams import Choose, near, tolerance
from indexer.tree import MatchKind, Stream
from indexer.wanted import Wanted
from language.spelling import edits
from language.tokens import form, plain

_KNOWN = 50_000  # spellings a matcher remembers
_MORPHOLOGICAL: tuple[Stream, ...] = ("lemma", "root")


class Match(NamedTuple):
    """How a word of a text matched."""

    kind: MatchKind
    term: str  # which wanted word it is


@dataclass(slots=True)
class Matcher:
    """Finds the wanted words of paragraphs; remembers what it found of each spelling. choose: for lemmas and roots."""

    wanted: Wanted
    stemmed: bool
    choose: Choose | None = None
    known: dict[str, Match | None] = field(default_factory=dict)

    def hits(self, paragraph: Sequence[str]) -> dict[int, Match]:
        """What matched, by the word's place in the paragraph, in order. What is found later has the last word."""
        known = self.known
        if len(known) > _KNOWN:
            known = self.known = {}
        for word in set(paragraph).difference(known):
            known[word] = self._match(word)
        found = self._others(paragraph) if self.wanted.others else {}
        found |= {place: hit for place, word in enumerate(paragraph) if (hit := known[word])}
        if self.wanted.phrases or self.wanted.nears:
            found |= self._together(paragraph)
        return dict(sorted(found.items()))

    def _match(self, word: str) -> Match | None:
        wanted, (folded, stem, _) = self.wanted, form(word)
        if folded in wanted.folded:
            return self._as_typed(word, folded)
        for prefix in wanted.prefixes:
            if folded.startswith(prefix):
                begun = any(plain(word).startswith(typed) for typed in wanted.typed)
                return Match("exact" if begun else "spelling", prefix)
        for term in wanted.fuzzy:
            if edits(folded, term, tolerance(term)) <= tolerance(term):
                return self._as_typed(word, term)
        stem = stem if self.stemmed else folded
        return Match("stem", stem) if stem in wanted.stems else None

    def _others(self, paragraph: Sequence[str]) -> dict[int, Match]:
        rows = self._rows(paragraph, {other.stream for other in self.wanted.others})
        return {
            place: Match(other.kind, other.group)
            for other in reversed(self.wanted.others)
            if other.stream in rows
            for start in _starts(rows[other.stream], other.terms)
            for place in range(start, start + len(other.terms))
        }

    def _rows(self, paragraph: Sequence[str], streams: set[Stream]) -> dict[Stream, list[str]]:
        """The paragraph's terms, of the streams that are asked for and can be had."""
        forms = [form(word) for word in paragraph]
        stems = [each.stem if self.stemmed else each.folded for each in forms]
        rows: dict[Stream, list[str]] = {"folded": [each.folded for each in forms], "stem": stems}
        if self.choose and streams.intersection(_MORPHOLOGICAL):
            found = self.choose(set(rows["folded"]))
            chosen = [found.get(word, ("", "")) for word in rows["folded"]]
            rows["lemma"] = [lemma or stem for (lemma, _), stem in zip(chosen, stems, strict=True)]
            rows["root"] = [root or stem for (_, root), stem in zip(chosen, stems, strict=True)]
        return rows

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
def matcher(wanted: Wanted, stemmed: bool, choose: Choose | None = None) -> Matcher:
    """One for all texts of a results page: most words of a text were met in the one before."""
    return Matcher(wanted, stemmed, choose)


def _starts(folded: list[str], phrase: tuple[str, ...]) -> Iterator[int]:
    row = list(phrase)
    for place, word in enumerate(folded):
        if word == row[0] and folded[place : place + len(row)] == row:
            yield place
