"""An Arabic dictionary for tests: fetched and converted once on a machine, then kept outside the repository."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from language.dictionary import aramorph, buckwalter, roots, sources
from language.dictionary.process import DictionaryProcess
from language.morphology import DictionaryError
from tests.needs import lacking
from warraq.dictionary import LOCK, download

CACHE = Path(f"/var/tmp/warraq-tests-{os.getuid()}") / "dictionary"


def package() -> Path:
    """The package with AraMorph's files, as it is published; a test is skipped where it cannot be had."""
    kept = CACHE / f"package-{_digest(LOCK)}"
    if not (found := sorted(kept.glob("*"))):
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as scratch:
            try:
                file = download(Path(scratch))
            except DictionaryError as error:
                lacking(str(error))
            kept.mkdir(exist_ok=True)
            file.replace(kept / file.name)
        found = sorted(kept.glob("*"))
    return found[0]


def dictionary() -> Path:
    """A database converted from it by today's converter."""
    made = CACHE / f"{_digest(LOCK, *(Path(module.__file__) for module in (aramorph, buckwalter, roots)))}.db"
    if not made.exists():
        data, _ = sources.database(package())
        fresh = made.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(data)
        fresh.replace(made)
    return made


@contextmanager
def readings() -> Iterator[DictionaryProcess]:
    """A process with that database."""
    with TemporaryDirectory() as scratch, DictionaryProcess(dictionary(), Path(scratch), patience=60) as running:
        yield running


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
