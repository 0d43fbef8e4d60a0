"""Captures on disk: one folder of WARC files, each record verifiable by itself.

A file is written by one process only and never opened again for appending; a record is on the disk before `write`
returns. Purging writes a new file beside the old one; the store then changes the positions in one transaction, after
which the old file is dropped. Killed in between, either file is left over and referred to by nothing: `unreferenced`.
"""

from __future__ import annotations

import fcntl
import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from archive.clock import Clock
from archive.fetched import Hop
from archive.model import Capture, CaptureId
from archive.warc_file import Damage, OpenFile, append, being_written, checked, damages, mapped, pieces, sync_folder
from archive.warc_member import pack
from archive.warc_read import Foreign, read_file, read_wacz
from archive.warc_record import (
    CaptureError,
    CapturePurged,
    StoredRecord,
    capture_of,
    information,
    records,
)

__all__ = [
    "CaptureError",
    "CapturePurged",
    "Damage",
    "Foreign",
    "Moved",
    "Purge",
    "StoredRecord",
    "WarcFolder",
    "read_file",
    "read_wacz",
]

ROTATE = 256 * 1024 * 1024  # bytes; purging rewrites one file
_SUFFIX, _PART = ".warc.gz", ".part"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a capture is after a purge."""

    capture: CaptureId
    warc: str
    offset: int
    length: int
    purged: bool


@dataclass(frozen=True, slots=True)
class Purge:
    """New positions for every capture of the rewritten files; `old` is to be dropped once the store has them."""

    moved: tuple[Moved, ...]
    old: tuple[str, ...]


class WarcFolder:
    """Usable from several threads."""

    def __init__(self, path: Path, clock: Clock, rotate: int = ROTATE) -> None:
        self._path = path
        self._clock = clock
        self._rotate = rotate
        self._lock = threading.Lock()
        self._file: OpenFile | None = None
        self._fresh: list[int] = []  # files that a purge made, locked until the store knows them

    def __enter__(self) -> WarcFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the current file; the next `write` begins a new one."""
        with self._lock:
            self._end_file()
            self._unlock_fresh()

    def write(self, hop: Hop) -> Capture:
        """Request and response (a revisit for a 304 whose capture is known), on the disk when this returns.

        Raises:
            CaptureError: the disk refuses; what was written before is whole, and nothing refers to the rest.
        """
        capture = CaptureId(str(uuid.uuid4()))
        request, response = (pack(record) if record else b"" for record in records(hop, capture))
        with self._lock:
            try:
                file = self._current()
                offset = file.size + len(request)
                append(file, request + response)
            except OSError as error:
                self._abandon()
                raise CaptureError(
                    f"{self._path}: the capture of {hop.url} could not be written ({error.strerror or error}); "
                    "make room or mend the disk, then run again"
                ) from error
            if file.size >= self._rotate:
                self._end_file()
        return capture_of(hop, capture, file.name, offset, len(response))

    def record(self, capture: Capture) -> StoredRecord:
        """The record as it is on disk, checked against the capture.

        Raises:
            CaptureError: it is missing or damaged.
        """
        try:
            with mapped(self._path / capture.warc) as data:
                return checked(data, capture)
        except OSError as error:
            raise CaptureError(f"{self._path / capture.warc}: cannot be read ({error.strerror or error})") from error
        except ValueError as error:
            raise CaptureError(
                f"{self._path / capture.warc}: capture {capture.id} of {capture.url}: {error}; "
                "run `warraq verify` and restore the file from a backup"
            ) from error

    def body(self, capture: Capture) -> bytes:
        """The decoded body.

        Raises:
            CapturePurged: it was removed on purpose.
            CaptureError: it is missing or damaged.
        """
        record = self.record(capture)
        if record.kind == "purged":
            raise CapturePurged(f"{capture.url}: capture {capture.id} was purged")
        return record.body

    def member(self, capture: Capture) -> bytes:
        """The record's own gzip member as it stands in its file, checked as by `record`.

        Raises:
            CaptureError: it is missing or damaged.
        """
        self.record(capture)
        with mapped(self._path / capture.warc) as data:
            return bytes(data[capture.offset : capture.offset + capture.length])

    def verify(self, captures: Iterable[Capture]) -> Iterator[Damage]:
        """Every capture against its record, then every byte of every file in the folder."""
        by_file: defaultdict[str, list[Capture]] = defaultdict(list)
        for capture in captures:
            by_file[capture.warc].append(capture)
        for name in sorted({*by_file, *self._names()}):
            try:
                written = being_written(self._path / name)
                with mapped(self._path / name) as data:
                    yield from damages(data, name, by_file[name], written)
            except OSError as error:
                what = f"the file cannot be read ({error.strerror or error})"
                yield from (Damage(capture, name, what) for capture in by_file[name])
                if not by_file[name]:
                    yield Damage(None, name, what)

    def unreferenced(self, captures: Iterable[Capture]) -> tuple[str, ...]:
        """Files that no capture is in: left over from a purge that was interrupted, to be dropped.

        Files that a living process writes or has just made in a purge are not among them.
        """
        idle = [name for name in (*self._names(), *self._names(_PART)) if not being_written(self._path / name)]
        known = {capture.warc for capture in captures}
        return tuple(name for name in idle if name not in known)

    def purge(self, captures: Iterable[Capture], reason: str) -> Purge:
        """Rewrites the files of these captures with a stub in the place of each.

        The old files stay until `drop`. Damaged bytes that belong to no purged capture are copied as they are.

        Raises:
            CaptureError: a file is missing or still written to, or the disk refuses; then nothing has changed.
        """
        by_file: defaultdict[str, list[Capture]] = defaultdict(list)
        for capture in captures:
            by_file[capture.warc].append(capture)
        moved: list[Moved] = []
        written: list[str] = []
        try:
            for name, targets in by_file.items():
                with self._lock:
                    if self._file is not None and self._file.name == name:
                        self._end_file()
                new = f"{name.removesuffix(_SUFFIX).partition('~')[0]}~{uuid.uuid4().hex[:8]}{_SUFFIX}"
                written.append(new)
                moved += self._rewrite(name, new, targets, reason)
        except OSError as error:
            with suppress(OSError):
                self.drop(written)
            raise CaptureError(
                f"{self._path}: purging failed ({error.strerror or error}); nothing was changed, mend it and try again"
            ) from error
        return Purge(tuple(moved), tuple(by_file))

    def drop(self, names: Iterable[str]) -> None:
        """Deletes files that nothing refers to any more, which ends a purge; those already gone are fine."""
        with self._lock:
            self._unlock_fresh()
        for name in names:
            (self._path / name).unlink(missing_ok=True)
        if self._path.is_dir():
            sync_folder(self._path)

    def _names(self, suffix: str = _SUFFIX) -> list[str]:
        return sorted(path.name for path in self._path.glob(f"*{suffix}"))

    def _current(self) -> OpenFile:
        if self._file is None:
            self._path.mkdir(parents=True, exist_ok=True)
            name = f"warraq-{self._clock.now():%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
            descriptor = os.open(self._path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            self._file = OpenFile(name, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            append(self._file, pack(information(name, "Warraq")))
            sync_folder(self._path)
        return self._file

    def _end_file(self) -> None:
        if self._file is not None:
            os.close(self._file.descriptor)
            self._file = None

    def _unlock_fresh(self) -> None:
        while self._fresh:
            os.close(self._fresh.pop())

    def _abandon(self) -> None:
        """Cuts a torn record off where the disk still allows it, and never writes to that file again."""
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file.descriptor, self._file.size)
            with suppress(OSError):
                os.close(self._file.descriptor)
            if not self._file.size:
                with suppress(OSError):
                    (self._path / self._file.name).unlink()
            self._file = None

    def _rewrite(self, name: str, new: str, targets: list[Capture], reason: str) -> list[Moved]:
        old, part = self._path / name, self._path / f"{new}{_PART}"
        moved = []
        try:
            with mapped(old, exclusive=True) as data, part.open("xb") as out:
                fcntl.flock(out, fcntl.LOCK_EX)
                self._fresh.append(os.dup(out.fileno()))  # shares the lock, and keeps it
                for capture, purged, piece in pieces(data, targets, reason):
                    if capture is not None:
                        moved.append(Moved(capture, new, out.tell(), len(piece), purged))
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            part.rename(self._path / new)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(self._path)
        return moved
