"""The texts of an index's stories: a file beside it that only grows, read by place.

tantivy takes a stored document out of its block whole, so that a result without passages would cost as much as one with
them. Here only what is wanted is read: the head of a story for its headlines, the text of a version for a passage, a
stream of its terms when something is looked for in it.

A story's record: the size of its head (4 bytes, big-endian), the head (JSON: the story, and of each version what a
headline needs, its shape and the sizes of its parts), the parts of its versions one after the other: the text with the
places of its words, paragraph after paragraph; each stream of terms as `excerpts.joined` has it. A shape is of all
paragraphs the bytes of the text, then of the places, then how many words. What is replaced stays where it is until the
index is rebuilt.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, overload

from archive.model import StoryId
from indexer.document import IndexDocument
from indexer.excerpts import Indexed, joined, separated
from indexer.hits import Stored, StoredSide
from indexer.streams import searched_as, side_analysis
from indexer.tree import Side

_SIZE = 4  # bytes of a head's size
_FIRST = 2048  # bytes that most heads have at most: one reading for size and head
_TEXT = "text"  # the first part; the others are named by their streams
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_DECODE = json.JSONDecoder().raw_decode


class Texts:
    """Reads. Stays readable when the file is deleted. Safe for several threads."""

    def __init__(self, path: Path) -> None:
        """OSError when there is none."""
        self._file = path.open("rb", buffering=0)

    def headlines(self, at: int) -> Stored:
        """What a result without passages is made of: of the texts the titles alone."""
        record = self._record(at)
        return _stored(record, [_version(each, (each.title,)) for each in record.versions])

    def whole(self, at: int) -> tuple[Stored, list[tuple[Side, Indexed]]]:
        """What a result is made of, and of each side in order which side's queries search it and its terms."""
        record = self._record(at)
        sides: list[StoredSide] = []
        terms: list[tuple[Side, Indexed]] = []
        for version, parts in _placed(record):
            shape: list[int] = _DECODE(version.shape)[0]
            count = len(shape) // 3
            ends = list(accumulate(shape[: 2 * count], initial=0))
            start, size = parts.pop(_TEXT)
            read = os.pread(self._file.fileno(), size, start)
            sides.append(_version(version, Runs(read, ends[: count + 1])))
            streams = {name: partial(self._read, *where) for name, where in parts.items()}
            terms.append((version.side, Indexed(places=Runs(read, ends[count:]), sizes=shape[2 * count :], **streams)))
        return _stored(record, sides), terms

    def folded(self, at: int, side: str) -> Iterator[list[str]]:
        """Of each version that this side's queries search, the folded terms of its paragraphs."""
        for version, parts in _placed(self._record(at)):
            if version.side == side:
                yield separated(self._read(*parts["folded"]))

    def _record(self, at: int) -> _Record:
        read = os.pread(self._file.fileno(), _FIRST, at)
        size = int.from_bytes(read[:_SIZE])
        if size > len(read) - _SIZE:
            read = os.pread(self._file.fileno(), _SIZE + size, at)
        story, day, outlet, section, stale, versions = _DECODE(str(read[_SIZE : _SIZE + size], "utf-8"))[0]
        found = [_Version(*each) for each in versions]
        return _Record(story, day, outlet, section, stale, found, at + _SIZE + size)

    def _read(self, at: int, size: int) -> str:
        return str(os.pread(self._file.fileno(), size, at), "utf-8")


class Runs(Sequence[str]):
    """Texts that stand one after the other, each decoded when it is asked for. ends: in bytes, of the first one's
    beginning and of each."""

    def __init__(self, together: bytes, ends: Sequence[int]) -> None:
        self._together = together
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[each] for each in range(len(self))[number]]
        place = range(len(self))[number]
        return str(self._together[self._ends[place] : self._ends[place + 1]], "utf-8")


class TextsWriter:
    """Appends. One at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._end = self._file.seek(0, os.SEEK_END)

    def add(self, document: IndexDocument) -> int:
        """Where the story's record begins."""
        written, at = _written(document), self._end
        self._file.write(written)
        self._end += len(written)
        return at

    def keep(self) -> None:
        """All that was added is on the disk when it returns."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class _Version(NamedTuple):
    """sizes: of its parts in order, in bytes."""

    lang: str
    side: Side
    url: str
    authors: list[str]
    published: str | None
    title: str
    shape: str  # JSON inside the head's JSON, read for passages alone
    sizes: dict[str, int]


class _Record(NamedTuple):
    """parts: where they begin in the file."""

    story: int
    day: str | None
    outlet: str
    section: str | None
    stale: bool
    versions: list[_Version]
    parts: int


def _placed(record: _Record) -> Iterator[tuple[_Version, dict[str, tuple[int, int]]]]:
    """Each version with the place and size of its parts by name."""
    ends = accumulate((size for version in record.versions for size in version.sizes.values()), initial=record.parts)
    for version in record.versions:
        yield version, {name: (next(ends), size) for name, size in version.sizes.items()}


def _written(document: IndexDocument) -> bytes:
    heads, parts = [], list[bytes]()
    for side in document.sides:
        streams, places = side_analysis(side)
        runs = [text.encode() for text in (*side.paragraphs, *places)]
        named = {name: joined(found).encode() for name, found in streams._asdict().items() if found}
        named = {_TEXT: b"".join(runs)} | named
        shape = _ENCODE([*map(len, runs), *(len(each) // 2 for each in places)])
        title = side.paragraphs[0] if side.paragraphs else ""
        sizes = {name: len(part) for name, part in named.items()}
        heads.append((side.lang, searched_as(side), side.url, side.authors, side.published, title, shape, sizes))
        parts += named.values()
    day = document.day.isoformat() if document.day else None
    story = (document.story, day, document.outlet, document.section, document.stale, heads)
    head = _ENCODE(story).encode()
    return b"".join((len(head).to_bytes(_SIZE), head, *parts))


def _version(version: _Version, paragraphs: Sequence[str]) -> StoredSide:
    return StoredSide(version.lang, version.url, paragraphs, tuple(version.authors), version.published)


def _stored(record: _Record, sides: list[StoredSide]) -> Stored:
    day = date.fromisoformat(record.day) if record.day else None
    return Stored(StoryId(record.story), day, record.outlet, record.section, record.stale, tuple(sides))
