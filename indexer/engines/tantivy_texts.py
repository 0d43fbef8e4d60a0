"""The texts of an index's stories: a file beside it that only grows, read by place.

tantivy takes a stored document out of its block whole, so that a result without passages would cost as much as one with
them. Here only what is wanted is read: the head of a story for its headlines, the text of a version for a passage, a
stream of its terms when something is looked for in it.

A story's record: the size of its head (4 bytes, big-endian), the head (JSON: the story, and of each version what a
headline needs and the sizes of its parts), the parts of its versions one after the other: the text, its first line
the lengths of its paragraphs, since anything may be in them; the places of its words, a line a paragraph; each stream
of terms as `excerpts.joined` has it. What is replaced stays where it is until the index is rebuilt.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from archive.model import StoryId
from indexer.document import IndexDocument, IndexedSide
from indexer.excerpts import Indexed, joined, separated
from indexer.hits import Stored
from indexer.streams import searched_as, side_analysis
from indexer.tree import Side

_SIZE = 4  # bytes of a head's size
_FIRST = 2048  # bytes that most heads have at most: one reading for size and head
_TEXT, _PLACES, _STREAMS = "text", "places", ("folded", "stem", "lemma", "root")
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
        sides = [_version(each, self._paragraphs(each)) for each in record.versions]
        return _stored(record, sides), [(each.side, self._indexed(each)) for each in record.versions]

    def folded(self, at: int, side: str) -> Iterator[list[str]]:
        """Of each version that this side's queries search, the folded terms of its paragraphs."""
        return (separated(self._part(each, "folded")) for each in self._record(at).versions if each.side == side)

    def _record(self, at: int) -> _Record:
        read = os.pread(self._file.fileno(), _FIRST, at)
        size = int.from_bytes(read[:_SIZE])
        if size > len(read) - _SIZE:
            read = os.pread(self._file.fileno(), _SIZE + size, at)
        story, day, outlet, section, stale, versions = _DECODE(str(read[_SIZE : _SIZE + size], "utf-8"))[0]
        found, end = list[_Version](), at + _SIZE + size
        for lang, side, url, authors, published, title, sizes in versions:
            parts = {}
            for name, length in sizes.items():
                parts[name] = (end, length)
                end += length
            found.append(_Version(lang, side, url, authors, published, title, parts))
        return _Record(story, day, outlet, section, stale, found)

    def _part(self, version: _Version, name: str) -> str:
        at, size = version.parts.get(name, (0, 0))
        return str(os.pread(self._file.fileno(), size, at), "utf-8")

    def _paragraphs(self, version: _Version) -> tuple[str, ...]:
        lengths, _, text = self._part(version, _TEXT).partition("\n")
        return tuple([text[start:end] for start, end in pairwise(accumulate(map(int, lengths.split()), initial=0))])

    def _indexed(self, version: _Version) -> Indexed:
        streams: dict[str, Callable[[], str]] = {
            name: partial(self._part, version, name) for name in version.parts if name in _STREAMS
        }
        return Indexed(places=self._part(version, _PLACES).split("\n"), **streams)


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
    """parts: where each begins in the file, and its size in bytes."""

    lang: str
    side: Side
    url: str
    authors: list[str]
    published: str | None
    title: str
    parts: dict[str, tuple[int, int]]


class _Record(NamedTuple):
    story: int
    day: str | None
    outlet: str
    section: str | None
    stale: bool
    versions: list[_Version]


def _written(document: IndexDocument) -> bytes:
    heads, parts = [], list[bytes]()
    for side in document.sides:
        title = side.paragraphs[0] if side.paragraphs else ""
        named = {name: text.encode() for name, text in _parts(side).items()}
        sizes = {name: len(part) for name, part in named.items()}
        heads.append((side.lang, searched_as(side), side.url, side.authors, side.published, title, sizes))
        parts += named.values()
    day = document.day.isoformat() if document.day else None
    story = (document.story, day, document.outlet, document.section, document.stale, heads)
    head = json.dumps(story, ensure_ascii=False).encode()
    return b"".join((len(head).to_bytes(_SIZE), head, *parts))


def _parts(side: IndexedSide) -> dict[str, str]:
    streams, places = side_analysis(side)
    lengths = " ".join([str(len(text)) for text in side.paragraphs])
    return {
        _TEXT: f"{lengths}\n{''.join(side.paragraphs)}",
        _PLACES: "\n".join(places),
        **{name: joined(paragraphs) for name, paragraphs in streams._asdict().items() if paragraphs},
    }


def _version(version: _Version, paragraphs: tuple[str, ...]) -> IndexedSide:
    return IndexedSide(version.lang, version.url, paragraphs, tuple(version.authors), version.published)


def _stored(record: _Record, sides: list[IndexedSide]) -> Stored:
    day = date.fromisoformat(record.day) if record.day else None
    return Stored(StoryId(record.story), day, record.outlet, record.section, record.stale, tuple(sides))
