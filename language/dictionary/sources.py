"""A database for camel-tools out of what a person may have: a database, or AraMorph's files, in an archive or not."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from language.dictionary import aramorph
from language.morphology import DictionaryError

DATABASE = "morphology.db"  # its name in the archives of camel-tools
_LARGEST = 500_000_000  # bytes of one file
_SECTIONS = ("PREFIXES", "SUFFIXES", "STEMS", "TABLE AB", "TABLE BC", "TABLE AC")


class Contents(NamedTuple):
    """What a database holds."""

    stems: int
    lemmas: int


def database(source: Path) -> tuple[bytes, str]:
    """The database that `source` is or can be made into, and where it comes from in words.

    source: a database; AraMorph's six files in a folder; or either of them in a tar, zip or wheel.

    Raises:
        DictionaryError: it is none of these, or damaged.
        OSError: it cannot be read.
    """
    try:
        found = dict(_members(source))
        if DATABASE in found:
            return found[DATABASE], "a database of camel-tools"
        if any(name in found for name in aramorph.FILES):
            return aramorph.convert(found).encode(), "converted from AraMorph's files"
    except (aramorph.FormatError, tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise DictionaryError(f"{source}: {error}") from error
    raise DictionaryError(f"{source}: has neither a database of camel-tools nor AraMorph's files")


def contents(data: bytes, name: str) -> Contents:
    """How much a database holds.

    Raises:
        DictionaryError: it is no database of camel-tools, or cut short.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise DictionaryError(f"{name}: is no database of camel-tools: it is not UTF-8") from None
    rest = text
    for section in _SECTIONS:
        _, mark, rest = rest.partition(f"###{section}###\n")
        if not mark or not rest:
            raise DictionaryError(f"{name}: is no database of camel-tools, or cut short: no section {section}")
    stems = text.partition("###STEMS###\n")[2].partition("###TABLE AB###\n")[0].splitlines()
    lemmas = {feature for line in stems for feature in line.split() if feature.startswith("lex:")}
    if not lemmas:
        raise DictionaryError(f"{name}: has no lemma")
    return Contents(len(stems), len(lemmas))


def _members(source: Path) -> Iterator[tuple[str, bytes]]:
    wanted = (DATABASE, *aramorph.FILES)
    if source.is_dir():
        yield from ((name, (source / name).read_bytes()) for name in wanted if (source / name).is_file())
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                stream = archive.extractfile(member) if name in wanted and member.size < _LARGEST else None
                if stream:
                    yield name, stream.read()
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for info in archive.infolist():
                if (name := PurePosixPath(info.filename).name) in wanted and info.file_size < _LARGEST:
                    yield name, archive.read(info)
    else:
        yield DATABASE, source.read_bytes()
