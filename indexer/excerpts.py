"""Passages and reasons of a text whose words are indexed: as `indexer.passages.present` has them, without cutting the
text into words anew. What is wanted is looked for in the indexed terms; only what is shown is taken from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from indexer.document import Analysed
from indexer.matching import Match
from indexer.passages import Paragraph, Presented, Text, Version, assembled
from indexer.places import bounds
from indexer.streams import near, tolerance
from indexer.tree import MatchKind, Stream
from indexer.wanted import Wanted
from language.spelling import edits
from language.tokens import plain

# The wanted word, and by what it was found: whether it stands as it was typed is still to be seen
_Matched = tuple[MatchKind | Literal["folded", "begun"], str]


class _Sought(NamedTuple):
    """Wanted words as they stand in a paragraph's terms, which have a space on both sides."""

    folded: tuple[tuple[str, str], ...]  # (needle, term)
    stems: tuple[tuple[str, str], ...]
    prefixes: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, tuple[str, ...]], ...]  # (needle, words)
    others: tuple[tuple[Stream, str, int, MatchKind, str], ...]  # (stream, needle, words, kind, group), the best last


class Indexed(NamedTuple):
    """A version's terms as `joined` has them, which are read only when something is looked for in them, and of each
    paragraph the places of its words (`indexer.places`). sizes: how many words each has, where that is known without
    reading these."""

    folded: Callable[[], str]
    stem: Callable[[], str]
    places: Sequence[str]
    lemma: Callable[[], str] = str
    root: Callable[[], str] = str
    sizes: Sequence[int] = ()


def joined(paragraphs: Iterable[str]) -> str:
    """Terms of paragraphs as one text in which every term has a space on both sides."""
    return " " + " \n ".join(paragraphs) + " "


def separated(terms: str) -> list[str]:
    """What was `joined`."""
    return terms[1:-1].split(" \n ")


def indexed(analysis: Analysed) -> Indexed:
    streams, places = analysis
    folded, stem, lemma, root = (partial(joined, paragraphs) for paragraphs in streams)
    return Indexed(folded, stem, places, lemma, root)


def excerpt(side: Version, terms: Indexed, wanted: Wanted, length: int = 40) -> Presented:
    """The marked title, the marked passage of about `length` words and the reasons, as `present` gives them."""
    matched = _matched(terms, wanted)
    found = {number: _marked(side, terms, number, matched[number], wanted) for number in sorted(matched)}
    sizes = terms.sizes or [len(places) // 2 for places in terms.places]
    text = Text(side.paragraphs, sizes, lambda number: bounds(side.paragraphs[number], terms.places[number]))
    return assembled(text, found, length)


@lru_cache(maxsize=64)
def _sought(wanted: Wanted) -> _Sought:
    return _Sought(
        tuple((f" {term} ", term) for term in wanted.folded),
        tuple((f" {term} ", term) for term in wanted.stems),
        tuple((f" {term}", term) for term in reversed(wanted.prefixes)),  # the first one has the last word
        tuple((f" {' '.join(phrase)} ", phrase) for phrase in wanted.phrases),
        tuple(
            (each.stream, f" {' '.join(each.terms)} ", len(each.terms), each.kind, each.group)
            for each in reversed(wanted.others)
        ),
    )


def _matched(terms: Indexed, wanted: Wanted) -> dict[int, dict[int, _Matched]]:
    """What was found, by number of paragraph and place of word. What is found later has the last word."""
    found: dict[int, dict[int, _Matched]] = {}
    sought = _sought(wanted)
    streams = {stream: getattr(terms, stream)() for stream in dict.fromkeys(each[0] for each in sought.others)}
    for stream, needle, size, kind, group in sought.others:
        for number, place in _places(streams[stream], needle):
            found.setdefault(number, {}).update((place + n, (kind, group)) for n in range(size))
    if sought.stems:
        stem = terms.stem()
        for needle, term in sought.stems:
            _note(found, _places(stem, needle), ("stem", term))
    if wanted.fuzzy or sought.prefixes or sought.folded or sought.phrases or wanted.nears:
        folded = terms.folded()
        if wanted.fuzzy:
            _nearly(found, folded, wanted.fuzzy)
        for needle, term in sought.prefixes:
            _note(found, _places(folded, needle), ("begun", term))
        for needle, term in sought.folded:
            _note(found, _places(folded, needle), ("folded", term))
        for needle, row in sought.phrases:
            for number, place in _places(folded, needle):
                found.setdefault(number, {}).update((place + n, ("folded", word)) for n, word in enumerate(row))
        for together, gap in wanted.nears:
            _near(found, folded, together, gap)
    return found


def _note(found: dict[int, dict[int, _Matched]], places: Iterable[tuple[int, int]], matched: _Matched) -> None:
    for number, place in places:
        found.setdefault(number, {})[place] = matched


def _places(terms: str, needle: str) -> Iterator[tuple[int, int]]:
    """Paragraph and place of the words that begin where the needle does."""
    at, counted, number = terms.find(needle), 0, 0
    while at >= 0:
        number += terms.count("\n", counted, at)
        yield number, terms.count(" ", max(terms.rfind("\n", 0, at), 0), at + 1) - 1
        counted, at = at, terms.find(needle, at + 1)


def _nearly(found: dict[int, dict[int, _Matched]], terms: str, fuzzy: Sequence[str]) -> None:
    """The words that are spelt nearly as one of `fuzzy`, the first that fits."""
    for word in dict.fromkeys(terms.split()):
        close = next((term for term in fuzzy if edits(word, term, tolerance(term)) <= tolerance(term)), None)
        if close:
            _note(found, _places(terms, f" {word} "), ("folded", close))


def _near(found: dict[int, dict[int, _Matched]], terms: str, together: frozenset[str], gap: int | None) -> None:
    for number, paragraph in enumerate(separated(terms)):
        words = paragraph.split(" ")
        if near(together, words, gap):
            marked = found.setdefault(number, {})
            marked.update((place, ("folded", word)) for place, word in enumerate(words) if word in together)


def _marked(side: Version, terms: Indexed, number: int, matched: Mapping[int, _Matched], wanted: Wanted) -> Paragraph:
    """What matched by its folded spelling is *exact* only where it stands, or begins, as it was typed."""
    text = side.paragraphs[number]
    found = bounds(text, terms.places[number])
    hits = {}
    for place in sorted(matched):
        by, term = matched[place]
        if by == "folded" or by == "begun":
            word = plain(text[found[2 * place] : found[2 * place + 1]])
            typed = word in wanted.typed if by == "folded" else any(map(word.startswith, wanted.typed))
            hits[place] = Match("exact" if typed else "spelling", term)
        else:
            hits[place] = Match(by, term)
    return Paragraph(text, found, hits)
