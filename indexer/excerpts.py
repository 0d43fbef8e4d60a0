"""Passages and reasons of a text whose words are indexed: as `indexer.passages.present` has them, without cutting the
text into words anew. What is wanted is looked for in the indexed terms; only what is shown is taken from the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from indexer.document import Analysed, IndexedSide
from indexer.matching import Match, Wanted
from indexer.passages import Paragraph, Presented, assembled, present
from indexer.places import bounds
from indexer.streams import near
from language.tokens import plain

# The wanted word, and by what it was found: whether it stands as it was typed is still to be seen
_Matched = tuple[Literal["folded", "begun", "stem"], str]


class _Sought(NamedTuple):
    """Wanted words as they stand in a paragraph's terms, which have a space on both sides."""

    folded: tuple[tuple[str, str], ...]  # (needle, term)
    stems: tuple[tuple[str, str], ...]
    prefixes: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, int], ...]  # (needle, words)


def excerpt(side: IndexedSide, analysis: Analysed, wanted: Wanted, length: int = 40) -> Presented:
    """The marked title, the marked passage of about `length` words and the reasons, as `present` gives them."""
    if wanted.fuzzy:
        return present(side, wanted, length)
    return assembled(side.paragraphs, _found(side, analysis, wanted, _sought(wanted)), length)


@lru_cache(maxsize=64)
def _sought(wanted: Wanted) -> _Sought:
    return _Sought(
        tuple((f" {term} ", term) for term in wanted.folded),
        tuple((f" {term} ", term) for term in wanted.stems),
        tuple((f" {term}", term) for term in reversed(wanted.prefixes)),  # the first one has the last word
        tuple((f" {' '.join(phrase)} ", len(phrase)) for phrase in wanted.phrases),
    )


def _found(side: IndexedSide, analysis: Analysed, wanted: Wanted, sought: _Sought) -> dict[int, Paragraph]:
    """By number, the paragraphs in which something matched."""
    found = {}
    (spelt, stems), places = analysis
    for number, text in enumerate(side.paragraphs):
        folded, stem = f" {spelt[number]} ", f" {stems[number]} "
        matched: dict[int, _Matched] = {}
        for needle, term in sought.stems:
            if needle in stem:
                matched.update((place, ("stem", term)) for place in _places(stem, needle))
        for needle, term in sought.prefixes:
            if needle in folded:
                matched.update((place, ("begun", term)) for place in _places(folded, needle))
        for needle, term in sought.folded:
            if needle in folded:
                matched.update((place, ("folded", term)) for place in _places(folded, needle))
        for needle, words in sought.phrases:
            if needle in folded:
                matched.update(_row(folded, needle, words))
        for together, gap in wanted.nears:
            matched.update(_together(folded, together, gap))
        if matched:
            found[number] = _marked(text, bounds(text, places[number]), matched, wanted)
    return found


def _places(terms: str, needle: str) -> Iterator[int]:
    """The numbers of the words that begin where the needle does."""
    at, place, counted = terms.find(needle), -1, 0
    while at >= 0:
        place += terms.count(" ", counted, at + 1)
        counted = at + 1
        yield place
        at = terms.find(needle, counted)


def _row(terms: str, needle: str, words: int) -> Iterator[tuple[int, _Matched]]:
    row = needle.split()
    for place in _places(terms, needle):
        for number in range(words):
            yield place + number, ("folded", row[number])


def _together(terms: str, together: frozenset[str], gap: int | None) -> Iterator[tuple[int, _Matched]]:
    if all(f" {word} " in terms for word in together):
        split = terms[1:-1].split(" ")
        if near(together, split, gap):
            yield from ((place, ("folded", word)) for place, word in enumerate(split) if word in together)


def _marked(text: str, found: list[int], matched: Mapping[int, _Matched], wanted: Wanted) -> Paragraph:
    """What matched by its folded spelling is *exact* only where it stands, or begins, as it was typed."""
    hits = {}
    for place in sorted(matched):
        by, term = matched[place]
        if by == "stem":
            hits[place] = Match("stem", term)
            continue
        word = plain(text[found[2 * place] : found[2 * place + 1]])
        typed = word in wanted.typed if by == "folded" else any(map(word.startswith, wanted.typed))
        hits[place] = Match("exact" if typed else "spelling", term)
    return Paragraph(text, found, hits)
