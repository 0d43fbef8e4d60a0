"""One file that holds a whole archive, in one format for every database.

A zip file (members of any size, each with its SHA-256 in the manifest):

    tables/<table>.jsonl   a row a line, by key; values as in archive.store.dump
    captures/<file>        the WARC files as they are, to the end of the last capture that a row tells of
    outlets/<file>.toml    the declarations of the home
    manifest.json          last: format, schema of the tables, counts, digests, the last ids given out

The rows are one consistent view, read while others go on writing. Whatever can be made from this (index, analyses,
alignments) is not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.clock import Clock
from archive.store import Store
from archive.store.dump import Dump
from archive.warc_file import being_written, sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
TABLES, CAPTURES, OUTLETS = "tables", "captures", "outlets"
PIECE = 1024 * 1024  # bytes read or written at once
_ATTEMPTS = 5

Progress = Callable[[str, int, int], None]  # what ("tables", "captures"), how many are done, of how many


class BackupError(Exception):
    """One line: what, where, what to do."""


class _Purged(Exception):
    """Captures were purged while they were being copied: the rows that were read are no longer right."""


@dataclass(frozen=True, slots=True)
class Member:
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `missing`: WARC files that were gone or too short in the archive itself."""

    format: int
    schema: str
    made: datetime
    change: int
    rows: Mapping[str, int]  # by table
    last_ids: Mapping[str, int]  # by table
    members: Mapping[str, Member]
    missing: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the names and digests of all members: two backups have the same when rows, captures and
        declarations are the same, whenever and from whichever database they were made."""
        lines = (f"{member.sha256}  {name}\n" for name, member in sorted(self.members.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def backup(
    store: Store, captures: Path, outlets: Path, target: Path, clock: Clock, progress: Progress = quiet
) -> Manifest:
    """Write the archive to the new file `target`, readable by its owner only; it is there when it is whole.

    `captures`, `outlets`: the folders of the WARC files and of the home's declarations.

    Raises:
        BackupError: the file is there already, or cannot be written.
        StoreError: the database cannot be read.
    """
    if target.exists():
        raise BackupError(f"{target}: there is such a file already; name another one")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        manifest = _attempts(store, captures, outlets, part, clock, progress)
        part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        why = error.strerror or error
        raise BackupError(f"{target}: the backup cannot be written ({why}); make room or name another place") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def _attempts(store: Store, captures: Path, outlets: Path, part: Path, clock: Clock, progress: Progress) -> Manifest:
    for _ in range(_ATTEMPTS):
        with suppress(_Purged), open(part, "wb", opener=_private) as file:
            with ZipFile(file, "w") as members:
                manifest = _write(_Writer(members, clock.now()), store, captures, outlets, progress)
            file.flush()
            os.fsync(file.fileno())
            return manifest
    raise BackupError(f"{part}: captures are being purged one after the other; make the backup when that is done")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@dataclass
class _Writer:
    """The zip file, and what has to be said of it in the manifest."""

    file: ZipFile
    at: datetime
    members: dict[str, Member] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes], method: int = ZIP_DEFLATED) -> None:
        info = ZipInfo(name, self.at.timetuple()[:6])
        info.compress_type = method
        digest, size = hashlib.sha256(), 0
        with self.file.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = Member(size, digest.hexdigest())

    def lines(self, table: str, rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
        self.rows[table] = 0
        for row in rows:
            self.rows[table] += 1
            yield json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    def finish(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True, default=datetime.isoformat)
        self.file.writestr(ZipInfo(MANIFEST, self.at.timetuple()[:6]), text)


def _write(out: _Writer, store: Store, captures: Path, outlets: Path, progress: Progress) -> Manifest:
    with store.dump() as dump:
        _rows(out, dump, progress)
        schema, change, last_ids, warcs = dump.schema, dump.change, dump.last_ids(), dump.warcs()
    missing = _copy(out, store, captures, warcs, progress)
    for file in sorted(outlets.glob("*.toml")):
        out.add(f"{OUTLETS}/{file.name}", [file.read_bytes()])
    manifest = Manifest(FORMAT, schema, out.at, change, out.rows, last_ids, out.members, missing)
    out.finish(manifest)
    return manifest


def _rows(out: _Writer, dump: Dump, progress: Progress) -> None:
    for number, table in enumerate(dump.tables, start=1):
        out.add(f"{TABLES}/{table}.jsonl", out.lines(table, dump.rows(table)))
        progress("tables", number, len(dump.tables))


def _copy(out: _Writer, store: Store, captures: Path, warcs: Mapping[str, int], progress: Progress) -> tuple[str, ...]:
    """The WARC files; returns those that the archive itself lacks, whole or in part."""
    missing = []
    for number, (name, end) in enumerate(warcs.items(), start=1):
        try:
            with (captures / name).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                whole = end if being_written(captures / name) else max(end, size)
                out.add(f"{CAPTURES}/{name}", _pieces(file, whole), ZIP_STORED)
            short = out.members[f"{CAPTURES}/{name}"].bytes < end
        except FileNotFoundError:
            with store.dump() as now:
                if name not in now.warcs():
                    raise _Purged from None
            short = True
        missing += [name] if short else []
        progress("captures", number, len(warcs))
    return tuple(missing)


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
