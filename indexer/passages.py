"""Where a text matched and why: marked titles, the best passage, reasons. One function for every engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from indexer.document import IndexedSide
from indexer.engine import MatchKind, Piece, Reason
from indexer.matching import Match, Wanted, matcher, wanted
from indexer.streams import SIDES
from indexer.tree import Side
from language.script import side_of
from language.tokens import tokens, words

__all__ = ["Wanted", "mark", "present", "wanted"]

_ORDER: tuple[MatchKind, ...] = ("exact", "spelling", "stem")
_REASON_WORDS = 8  # of one kind, at most
_SPACE = re.compile(r"\s")
_AROUND = 80  # characters a cut may move to end between words; a "word" longer than that is cut


class _Window(NamedTuple):
    """A run of words of a paragraph; the greater window is the better one."""

    terms: int  # different words in it
    hits: int
    paragraph: int  # negative, so that the earlier one wins
    first: int  # negative, likewise
    last: int


def mark(text: str, lang: str, wanted: Mapping[Side, Wanted]) -> tuple[Piece, ...]:
    """The whole of `text`, a paragraph in language `lang`, with what matched marked."""
    side: Side = "ar" if lang == "ar" else "en" if lang == "en" else side_of(text) or "en"
    found_by = matcher(wanted.get(side, Wanted()), lang in SIDES)
    return tuple(_pieces(text, found_by.hits(words(text)), 0, len(text)))


def present(
    side: IndexedSide, wanted: Wanted, length: int = 40
) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Reason, ...]]:
    """The marked title, the marked passage of about `length` words (the text's beginning when nothing in it matched; no
    pieces when there is no text), and the reasons of this version."""
    found_by = matcher(wanted, side.lang in SIDES)
    split = [words(paragraph) for paragraph in side.paragraphs]
    found = [found_by.hits(paragraph) for paragraph in split]
    title = tuple(_pieces(side.paragraphs[0], found[0], 0, len(side.paragraphs[0]))) if split else ()
    if len(split) < 2:
        return title, (), _reasons(split, found)
    windows = [w for number, hits in enumerate(found[1:], 1) for w in _windows(number, hits, length)]
    best = max(windows, default=_Window(0, 0, -1, 0, 0))
    number = -best.paragraph
    passage = _passage(side.paragraphs[number], found[number], best, length)
    return title, tuple(passage), _reasons(split, found)


def _windows(paragraph: int, hits: Mapping[int, Match], length: int) -> Iterator[_Window]:
    """For each hit, the window that begins with it."""
    places = list(hits)
    last = 0
    for n, place in enumerate(places):
        while last + 1 < len(places) and places[last + 1] - place < length:
            last += 1
        inside = places[n : last + 1]
        yield _Window(len({hits[p].term for p in inside}), len(inside), -paragraph, -place, places[last])


def _passage(text: str, hits: Mapping[int, Match], window: _Window, length: int) -> Iterator[Piece]:
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


def _pieces(text: str, hits: Mapping[int, Match], start: int, end: int) -> Iterator[Piece]:
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


def _reasons(split: Sequence[Sequence[str]], found: Sequence[Mapping[int, Match]]) -> tuple[Reason, ...]:
    """By kind, the different words of the version that matched so, in reading order."""
    by: dict[MatchKind, dict[str, None]] = {}
    for paragraph, hits in zip(split, found, strict=True):
        for place, hit in hits.items():
            by.setdefault(hit.kind, {})[paragraph[place]] = None
    return tuple(Reason(kind, tuple(by[kind])[:_REASON_WORDS]) for kind in _ORDER if kind in by)
