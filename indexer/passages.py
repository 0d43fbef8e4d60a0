"""Why and where a text matched: marked titles, the best passage, reasons. One function for every engine.

A word matches as *exact* when it stands as it was typed up to case and vowel signs (or begins so, for a beginning), as
*spelling* when only folding or spelling tolerance makes it so, as *stem* when only the stem is the same. The words of a
phrase are marked where the phrase stands, those that were to be near each other in paragraphs where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from indexer.document import IndexedSide
from indexer.engine import MatchKind, Piece, Reason
from indexer.streams import SIDES, asked, near, tolerance
from indexer.tree import And, Fuzzy, InField, Leaf, Near, Node, Or, Phrase, Prefix, Side, Word
from language.script import side_of
from language.stopwords import stopwords
from language.tokens import form, plain, tokens, words

_ORDER: tuple[MatchKind, ...] = ("exact", "spelling", "stem")
_REASON_WORDS = 8  # of one kind, at most
_KNOWN = 50_000  # spellings a matcher remembers
_SPACE = re.compile(r"\s")
_AROUND = 80  # characters a cut may move to end between words; a "word" longer than that is cut


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


class _Hit(NamedTuple):
    kind: MatchKind
    term: str  # which wanted word it is


class _Window(NamedTuple):
    """A run of words of a paragraph; the greater window is the better one."""

    terms: int  # different words in it
    hits: int
    paragraph: int  # negative, so that the earlier one wins
    first: int  # negative, likewise
    last: int


def wanted(tree: Node) -> dict[Side, Wanted]:
    """The words to be marked on each side. What is negated is not, nor what was asked of a field other than the title;
    stop words only when nothing else was typed."""
    leaves = list(_leaves(tree))
    return {side: _wanted([leaf for leaf in leaves if leaf.side in (None, side)], side) for side in SIDES}


def mark(text: str, lang: str, wanted: Mapping[Side, Wanted]) -> tuple[Piece, ...]:
    """The whole of `text`, a paragraph in language `lang`, with what matched marked."""
    side: Side = "ar" if lang == "ar" else "en" if lang == "en" else side_of(text) or "en"
    matcher = _matcher(wanted.get(side, Wanted()), lang in SIDES)
    return tuple(_pieces(text, matcher.hits(words(text)), 0, len(text)))


def present(
    side: IndexedSide, wanted: Wanted, length: int = 40
) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Reason, ...]]:
    """The marked title, the marked passage of about `length` words (the text's beginning when nothing in it matched; no
    pieces when there is no text), and the reasons of this version."""
    matcher = _matcher(wanted, side.lang in SIDES)
    split = [words(paragraph) for paragraph in side.paragraphs]
    found = [matcher.hits(paragraph) for paragraph in split]
    title = tuple(_pieces(side.paragraphs[0], found[0], 0, len(side.paragraphs[0]))) if split else ()
    if len(split) < 2:
        return title, (), _reasons(split, found)
    windows = [w for number, hits in enumerate(found[1:], 1) for w in _windows(number, hits, length)]
    best = max(windows, default=_Window(0, 0, -1, 0, 0))
    number = -best.paragraph
    passage = _passage(side.paragraphs[number], found[number], best, length)
    return title, tuple(passage), _reasons(split, found)


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case InField("title", inside):
            yield from _leaves(inside)
        case Word() | Phrase() | Near() | Prefix() | Fuzzy():
            yield node


def _wanted(leaves: Iterable[Leaf], side: Side) -> Wanted:
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
    common = stopwords(side)
    if phrases or prefixes or fuzzy or nears or not folded <= common:
        stems -= {form(word).stem for word in folded & common}
        folded -= common
    return Wanted(
        frozenset(folded),
        frozenset(stems),
        tuple(phrases),
        tuple(prefixes),
        tuple(fuzzy),
        tuple(nears),
        frozenset(typed),
    )


@dataclass(slots=True)
class _Matcher:
    """Finds the wanted words of paragraphs; remembers what it found of each spelling."""

    wanted: Wanted
    stemmed: bool
    known: dict[str, _Hit | None] = field(default_factory=dict)

    def hits(self, paragraph: Sequence[str]) -> dict[int, _Hit]:
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

    def _match(self, word: str) -> _Hit | None:
        wanted, (folded, stem, _) = self.wanted, form(word)
        if folded in wanted.folded:
            return self._as_typed(word, folded)
        for prefix in wanted.prefixes:
            if folded.startswith(prefix):
                begun = any(plain(word).startswith(typed) for typed in wanted.typed)
                return _Hit("exact" if begun else "spelling", prefix)
        for term in wanted.fuzzy:
            if distance(folded, term, tolerance(term)) <= tolerance(term):
                return self._as_typed(word, term)
        stem = stem if self.stemmed else folded
        return _Hit("stem", stem) if stem in wanted.stems else None

    def _as_typed(self, word: str, term: str) -> _Hit:
        return _Hit("exact" if plain(word) in self.wanted.typed else "spelling", term)

    def _together(self, paragraph: Sequence[str]) -> dict[int, _Hit]:
        folded = [form(word).folded for word in paragraph]
        found: dict[int, _Hit] = {}
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
def _matcher(wanted: Wanted, stemmed: bool) -> _Matcher:
    """One for all texts of a results page: most words of a text were met in the one before."""
    return _Matcher(wanted, stemmed)


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


def _windows(paragraph: int, hits: Mapping[int, _Hit], length: int) -> Iterator[_Window]:
    """For each hit, the window that begins with it."""
    places = list(hits)
    last = 0
    for n, place in enumerate(places):
        while last + 1 < len(places) and places[last + 1] - place < length:
            last += 1
        inside = places[n : last + 1]
        yield _Window(len({hits[p].term for p in inside}), len(inside), -paragraph, -place, places[last])


def _passage(text: str, hits: Mapping[int, _Hit], window: _Window, length: int) -> Iterator[Piece]:
    """`window` with as much before as after it, up to `length` words, cut between words."""
    found = tokens(text)
    if not found:
        yield from _pieces(text, {}, 0, min(len(text), length * 10))
        return
    first, last = -window.first, window.last
    spare = max(0, length - (last - first + 1))
    first = max(0, min(first - spare // 2, len(found) - length))
    last = min(len(found), first + length) - 1
    start = 0 if first == 0 else _cut_before(text, found[first].start)
    end = len(text) if last == len(found) - 1 else _cut_after(text, found[last].end)
    shown = list(_pieces(text, hits, start, end))
    if start > 0:
        shown[0:1] = _glued("… ", shown[0], after=False)
    if end < len(text):
        shown[-1:] = _glued(" …", shown[-1], after=True)
    yield from shown


def _glued(ellipsis: str, piece: Piece, after: bool) -> list[Piece]:
    if piece.match is None:
        return [Piece(piece.text + ellipsis if after else ellipsis + piece.text)]
    return [piece, Piece(ellipsis)] if after else [Piece(ellipsis), piece]


def _cut_before(text: str, at: int) -> int:
    """Where the run without a space that holds the word at `at` begins, so that its quote or bracket stays with it."""
    begin = max(0, at - _AROUND)
    spaces = [m.end() for m in _SPACE.finditer(text, begin, at)]
    return spaces[-1] if spaces else at


def _cut_after(text: str, at: int) -> int:
    space = _SPACE.search(text, at, min(len(text), at + _AROUND))
    return space.start() if space else at


def _pieces(text: str, hits: Mapping[int, _Hit], start: int, end: int) -> Iterator[Piece]:
    """text[start:end], matched words by themselves."""
    done = start
    if hits:
        found = tokens(text)
        for place, hit in hits.items():
            token = found[place]
            if token.start < start or token.end > end:
                continue
            if token.start > done:
                yield Piece(text[done : token.start])
            yield Piece(token.text, hit.kind)
            done = token.end
    if done < end or start == end:
        yield Piece(text[done:end])


def _reasons(split: Sequence[Sequence[str]], found: Sequence[Mapping[int, _Hit]]) -> tuple[Reason, ...]:
    """By kind, the different words of the version that matched so, in reading order."""
    by: dict[MatchKind, dict[str, None]] = {}
    for paragraph, hits in zip(split, found, strict=True):
        for place, hit in hits.items():
            by.setdefault(hit.kind, {})[paragraph[place]] = None
    return tuple(Reason(kind, tuple(by[kind])[:_REASON_WORDS]) for kind in _ORDER if kind in by)
