"""One WARC file of ours: adding to it, looking into it, and what it becomes when captures are purged."""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.model import Access, Capture, CaptureId
from archive.warc_member import Bytes, pack, spans, unpack
from archive.warc_record import StoredRecord, covered, identity, parse, stub


@dataclass(frozen=True, slots=True)
class Damage:
    """What `verify` found; `capture` is None for bytes of a file that belong to no known capture."""

    capture: Capture | None
    warc: str
    what: str


@dataclass
class OpenFile:
    """The file being written. `size`: bytes that are whole and on the disk."""

    name: str
    descriptor: int
    size: int = 0


def append(file: OpenFile, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file.descriptor, left) :]
    os.fsync(file.descriptor)
    file.size += len(data)


def sync_folder(path: Path) -> None:
    """A new or deleted name is on the disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def mapped(path: Path, exclusive: bool = False) -> Iterator[Bytes]:
    """The file's bytes. `exclusive`: refuses a file that some process is still writing (BlockingIOError)."""
    with path.open("rb") as file:
        if exclusive:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_size == 0:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def being_written(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def checked(data: Bytes, capture: Capture) -> StoredRecord:
    """Raises ValueError, with what is wrong."""
    end = capture.offset + capture.length
    if end > len(data):
        raise ValueError(f"the file ends at byte {len(data)}, the record at {end}")
    record = parse(unpack(data[capture.offset : end]))
    if (record.id, record.url) != (capture.id, capture.url):
        raise ValueError(f"another record is there: {record.id} of {record.url}")
    if record.payload_sha256 != capture.payload_sha256:
        raise ValueError("the payload is not the one that was captured")
    if record.body_sha256 != capture.body_sha256:
        raise ValueError("the body is not the one that was captured")
    return record


def damages(data: Bytes, name: str, captures: list[Capture], written: bool) -> Iterator[Damage]:
    """`written`: some process is adding to the file; a tail that is not whole is then no damage."""
    damaged = []
    for capture in captures:
        try:
            record = checked(data, capture)
        except ValueError as error:
            damaged.append(capture)
            yield Damage(capture, name, str(error))
            continue
        if (record.kind == "purged") != (capture.access is Access.PURGED):
            yield Damage(capture, name, f"the record is {record.kind}, the capture is {capture.access}")
    for span in spans(data):
        unfinished = written and span.end == len(data)
        if not span.intact and not unfinished and not covered(damaged, span.start, span.end):
            yield Damage(None, name, f"bytes {span.start} to {span.end} are not a whole record")


def pieces(data: Bytes, targets: list[Capture], reason: str) -> Iterator[tuple[CaptureId | None, bool, bytes]]:
    """The new file's content: (capture or None, whether it is a stub, bytes)."""
    left = {capture.id: capture for capture in targets}
    purged = set(left)
    for span in spans(data):
        piece = data[span.start : span.end]
        if not span.intact:
            at = span.start
            for target in covered(left.values(), span.start, span.end):
                yield None, False, data[at : target.offset]
                yield target.id, True, pack(stub(left.pop(target.id), reason))
                at = min(target.offset + target.length, span.end)
            yield None, False, data[at : span.end]
            continue
        kind, record, response = identity(unpack(piece))
        if record in left:
            yield record, True, pack(stub(left.pop(record), reason))
        elif response not in purged:
            holds = kind in ("response", "revisit", "metadata")
            yield (record if holds else None), kind == "metadata", piece
    for target in left.values():
        yield target.id, True, pack(stub(target, reason))
