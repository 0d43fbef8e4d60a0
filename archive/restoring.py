"""A backup (archive.backup) becomes an archive again, on whichever database.

Nothing is touched before every byte of the backup was found to be as its manifest says. Then the database is marked,
so that nothing else opens it; the files are put in place; the rows come last, in one transaction that takes the mark
away. Whatever ends it before, the archive says that it is not complete, and restoring again goes through.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from pydantic import TypeAdapter, ValidationError

from archive.backup import CAPTURES, FORMAT, MANIFEST, OUTLETS, PIECE, TABLES, BackupError, Manifest, Progress, quiet
from archive.clock import Clock
from archive.store.dump import Loading, Plain, known
from archive.warc_file import sync_folder

_MANIFEST = TypeAdapter(Manifest)
_LARGEST = 64 * 1024 * 1024  # bytes of a manifest
_NAMES = {TABLES: re.compile(r"[a-z_]+\.jsonl"), OUTLETS: re.compile(r"[\w-][\w.-]*\.toml")}
_NAMES[CAPTURES] = re.compile(r"(?:[\w~-][\w.~-]*/)*[\w~-][\w.~-]*")
# What the standard library says of a zip file with wrong bytes in it.
_DAMAGED = (
    BadZipFile, EOFError, KeyError, IndexError, NotImplementedError, OverflowError, RuntimeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip


def restore(
    source: Path, url: str, captures: Path, outlets: Path, clock: Clock, progress: Progress = quiet
) -> Manifest:
    """Fill the empty database at `url` and the folders of an archive. What is derived has to be made anew from it.

    Raises:
        BackupError: the backup is damaged or of a later program, or other files are in the way.
        StoreError: there is an archive in the database already, or it cannot be written.
    """
    with ExitStack() as stack:
        with _sound(source):
            file = stack.enter_context(ZipFile(stack.enter_context(source.open("rb"))))
            manifest = _read_manifest(file, source)
            _check(file, manifest, source, progress)
        loading = stack.enter_context(closing(Loading.open(url, clock)))
        places = _places(manifest, captures, outlets)
        _refuse_other_files(manifest, places)
        loading.begin()
        _put_files(file, places, progress)
        rows = {table: _lines(file, table) for table in manifest.rows}
        loading.fill(manifest.schema, rows, manifest.last_ids)
        return manifest


@contextmanager
def _sound(source: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise _damaged(source, str(error) or type(error).__name__) from error
    except OSError as error:
        raise BackupError(f"{source}: the backup cannot be read ({error.strerror or error})") from error


def _damaged(source: Path, what: str) -> BackupError:
    return BackupError(f"{source}: the backup is damaged ({what.splitlines()[0]}); nothing was restored")


def _read_manifest(file: ZipFile, source: Path) -> Manifest:
    info = file.getinfo(MANIFEST)
    if info.file_size > _LARGEST:
        raise _damaged(source, "its manifest is too large")
    raw = json.loads(file.read(info))
    if not isinstance(raw, dict) or not isinstance(raw.get("format"), int):
        raise _damaged(source, "its manifest names no format")
    if raw["format"] > FORMAT or not known(str(raw.get("schema"))):
        says = f"format {raw['format']}, schema {raw.get('schema')}"
        raise BackupError(f"{source}: made by a later program ({says}); install that one and restore again")
    try:
        return _MANIFEST.validate_python(raw)
    except ValidationError as error:
        raise _damaged(source, f"its manifest: {error.errors()[0]['msg']}") from error


def _check(file: ZipFile, manifest: Manifest, source: Path, progress: Progress) -> None:
    """Every member is there, once, under a name that leads nowhere else, with the bytes that were written."""
    names = file.namelist()
    if sorted(names) != sorted([*manifest.members, MANIFEST]):
        raise _damaged(source, "its members are not those of its manifest")
    if {f"{TABLES}/{table}.jsonl" for table in manifest.rows} != {n for n in names if n.startswith(f"{TABLES}/")}:
        raise _damaged(source, "its tables are not those of its manifest")
    for number, (name, told) in enumerate(manifest.members.items(), start=1):
        folder, _, rest = name.partition("/")
        if folder not in _NAMES or not _NAMES[folder].fullmatch(rest):
            raise _damaged(source, f"a member has the name {name!r}")
        with file.open(name) as member:
            if _digest(member) != (told.bytes, told.sha256):
                raise _damaged(source, f"{name} is not what was written")
        progress("checking", number, len(manifest.members))


def _digest(file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _places(manifest: Manifest, captures: Path, outlets: Path) -> dict[str, Path]:
    folders = {CAPTURES: captures, OUTLETS: outlets}
    parted = ((name, *name.split("/", 1)) for name in manifest.members)
    return {name: folders[folder] / rest for name, folder, rest in parted if folder in folders}


def _refuse_other_files(manifest: Manifest, places: Mapping[str, Path]) -> None:
    """Files of an earlier attempt are as they should be; any other one is not overwritten."""
    for name, place in places.items():
        if place.exists():
            told = manifest.members[name]
            with place.open("rb") as file:
                if _digest(file) != (told.bytes, told.sha256):
                    raise BackupError(f"{place}: another file of this name is there; move it away and restore again")


def _put_files(file: ZipFile, places: Mapping[str, Path], progress: Progress) -> None:
    for number, (name, place) in enumerate(places.items(), start=1):
        if not place.exists():
            try:
                _put(file, name, place)
            except OSError as error:
                why = error.strerror or error
                raise BackupError(f"{place}: cannot be written ({why}); mend that and restore again") from error
        progress("files", number, len(places))


def _put(file: ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    with file.open(name) as member, part.open("wb") as out:
        while piece := member.read(PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    part.rename(place)
    sync_folder(place.parent)


def _lines(file: ZipFile, table: str) -> Iterator[Plain]:
    with file.open(f"{TABLES}/{table}.jsonl") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            yield row
