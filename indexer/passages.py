"""Where a text matched and why: marked titles, the best passage, reasons. One function for every engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from indexer.engine import Piece, Reason
from indexer.matching import Match, matcher
from indexer.places import bounds
from indexer.streams import SIDES, Choose
from indexer.tree import MatchKind, Side
from indexer.wanted import KINDS, Wanted, wanted
from language.script import side_of
from language.tokens import form, words

__all__ = ["Paragraph", "Presented", "Text", "Wanted", "assembled", "mark", "present", "wanted"]

_SPELT = ("exact", "spelling")
_REASON_WORDS = 8  # of one kind, at most
_SPACE = re.compile(r"\s")
_AROUND = 80  # characters a cut may move to end between words; a "word" longer than that is cut


Presented = tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Reason, ...]]


class Version(Protocol):
    """One version's text; the first paragraph is the title."""

    @property
    def lang(self) -> str: ...
    @property
    def paragraphs(self) -> Sequence[str]: ...


class Paragraph(NamedTuple):
    """A paragraph with what matched in it by the place of the word, in order. bounds: see `indexer.places.bounds`."""

    text: str
    bounds: list[int]
    hits: Mapping[int, Match]


class Text(NamedTuple):
    """A version's paragraphs, the title first; how many words each has; and the bounds of one of them by its number."""

    paragraphs: Sequence[str]
    sizes: Sequence[int]
    bounds: Callable[[int], list[int]]


class _Window(NamedTuple):
    """A run of words of a paragraph; the greater window is the better one."""

    terms: int  # different words asked for in it
    context: int  # of `_context`
    hits: int
    paragraph: int  # negative, so that the earlier one wins
    first: int  # negative, likewise
    last: int


def mark(text: str, lang: str, wanted: Mapping[Side, Wanted], choose: Choose | None = None) -> tuple[Piece, ...]:
    """The whole of `text`, a paragraph in language `lang`, with what matched marked. choose: for lemmas and roots."""
    side: Side = "ar" if lang == "ar" else "en" if lang == "en" else side_of(text) or "en"
    found_by = matcher(wanted.get(side, Wanted()), lang in SIDES, choose)
    return tuple(_pieces(_paragraph(text, found_by.hits(words(text))), 0, len(text)))


def present(side: Version, wanted: Wanted, length: int = 40) -> Presented:
    """The marked title, the marked passage of about `length` words (the text's beginning when nothing in it matched; no
    pieces when there is no text), and the reasons of this version."""
    found_by = matcher(wanted, side.lang in SIDES)
    split = [words(paragraph) for paragraph in side.paragraphs]
    hits = [found_by.hits(each) for each in split]
    found = {number: _paragraph(side.paragraphs[number], each) for number, each in enumerate(hits) if each}
    text = Text(side.paragraphs, [len(each) for each in split], lambda number: bounds(side.paragraphs[number]))
    return assembled(text, found, length)


def _paragraph(text: str, hits: Mapping[int, Match]) -> Paragraph:
    return Paragraph(text, bounds(text) if hits else [], hits)


def assembled(text: Text, found: Mapping[int, Paragraph], length: int) -> Presented:
    """What `present` gives. found: by number, those of the paragraphs in which something matched, in order."""
    paragraphs = text.paragraphs
    title: tuple[Piece, ...] = ()
    if paragraphs:
        title = tuple(_pieces(found.get(0) or Paragraph(paragraphs[0], [], {}), 0, len(paragraphs[0])))
    if len(paragraphs) < 2:
        return title, (), _reasons(found.values())
    windows = [w for number, each in found.items() if number for w in _windows(number, each.hits, text.sizes, length)]
    best = max(windows) if windows else _beginning(text.sizes, length)
    number = -best.paragraph
    chosen = found.get(number) or Paragraph(paragraphs[number], text.bounds(number), {})
    return title, tuple(_passage(chosen, best, length)), _reasons(found.values())


def _windows(paragraph: int, hits: Mapping[int, Match], sizes: Sequence[int], length: int) -> Iterator[_Window]:
    """For each hit, the window that begins with it."""
    places = list(hits)
    terms = [form(hit.term).stem if hit.kind in _SPELT else hit.term for hit in hits.values()]
    context = _context(sizes[paragraph], length)
    last = 0
    for n, place in enumerate(places):
        while last + 1 < len(places) and places[last + 1] - place < length:
            last += 1
        yield _Window(len(set(terms[n : last + 1])), context, last + 1 - n, -paragraph, -place, places[last])


def _beginning(sizes: Sequence[int], length: int) -> _Window:
    """The first paragraph of real length, or else of the most."""
    numbers = range(1, len(sizes))
    full = (number for number in numbers if 2 * sizes[number] >= length)
    number = next(full, None) or max(numbers, key=lambda number: _context(sizes[number], length))
    return _Window(0, 0, 0, -number, 0, 0)


def _context(words: int, length: int) -> int:
    """How much a paragraph tells beside what was asked for: 0 like a kicker, subheading or caption of less than a
    quarter of a passage, 1 like a short sentence, 2 when it fills at least half a passage."""
    return min(2, 4 * words // length)


def _passage(paragraph: Paragraph, window: _Window, length: int) -> Iterator[Piece]:
    """`window` with as much before as after it, up to `length` words, cut between words."""
    text, found, _ = paragraph
    count = len(found) // 2
    if not count:
        yield from _pieces(paragraph, 0, min(len(text), length * 10))
        return
    first, last = -window.first, window.last
    spare = max(0, length - (last - first + 1))
    first = max(0, min(first - spare // 2, count - length))
    last = min(count, first + length) - 1
    start = 0 if first == 0 else _cut_before(text, found[2 * first])
    end = len(text) if last == count - 1 else _cut_after(text, found[2 * last + 1])
    shown = list(_pieces(paragraph, start, end))
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


def _pieces(paragraph: Paragraph, start: int, end: int) -> Iterator[Piece]:
    """text[start:end], matched words by themselves."""
    text, found, hits = paragraph
    done = start
    for place, hit in hits.items():
        begun, ended = found[2 * place], found[2 * place + 1]
        if begun < start or ended > end:
            continue
        if begun > done:
            yield Piece(text[done:begun])
        yield Piece(text[begun:ended], hit.kind)
        done = ended
    if done < end or start == end:
        yield Piece(text[done:end])


def _reasons(found: Iterable[Paragraph]) -> tuple[Reason, ...]:
    """By kind, the different words of the version that matched so, in reading order."""
    by: dict[MatchKind, dict[str, None]] = {}
    for text, places, hits in found:
        for place, hit in hits.items():
            by.setdefault(hit.kind, {})[text[places[2 * place] : places[2 * place + 1]]] = None
    return tuple(Reason(kind, tuple(by[kind])[:_REASON_WORDS]) for kind in KINDS if kind in by)
