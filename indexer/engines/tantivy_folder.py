"""The folder of a tantivy index: generations, and the file that names the one in use.

    current          the name of the generation that readers use; replaced whole, so that a swap is one step
    <generation>/    a tantivy index, the file `texts`, and `made-with`: by which version of the analysis and, each on a
                     line of its own, of the table of forms, and the id of the archive that it is of
    rebuild.lock     held while a generation is being made aside

Readers of every process look at `current` and at the index's own `meta.json` before each request (two calls of stat).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tantivy import Index, IndexWriter, Query, Schema, Searcher

from archive.model import Change, StoryId
from indexer.document import IndexDocument
from indexer.engine import EngineBusy, EngineError, EngineUnavailable, IndexOutdated
from indexer.engines.tantivy_schema import MARK, mark, numbered, prepare, schema, to_tantivy
from indexer.engines.tantivy_texts import Texts, TextsWriter

_TEXTS = "texts"
_ATTEMPTS = 5  # to open the generation in use while others swap it


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index; it stays readable whatever is written or swapped meanwhile."""

    schema: Schema
    searcher: Searcher
    texts: Texts
    change: Change
    _keys: dict[str, dict[int, str]] = field(default_factory=dict)

    def keys(self, facet: str) -> dict[int, str]:
        """The keys that this facet has in the index, by number."""
        if facet not in self._keys:
            terms = self.searcher.terms_with_prefix(facet, "")
            self._keys[facet] = {numbered(key): key for key, _ in terms}
        return self._keys[facet]


class Writer:
    """Of one generation. What was not committed is not there."""

    def __init__(self, index: IndexWriter, texts: TextsWriter, schema: Schema) -> None:
        self.index = index
        self._texts = texts
        self._schema = schema

    def add(self, document: IndexDocument) -> None:
        at = 0 if document.tombstone else self._texts.add(document)
        self.index.add_document(to_tantivy(document, at, self._schema))

    def delete(self, story: StoryId) -> None:
        self.index.delete_documents_by_term("key", str(story))

    def commit(self, change: Change | None = None) -> None:
        """The texts first, since what the index names must be there. change: the number that the index stands at."""
        if change is not None:
            self.index.delete_documents_by_term("key", MARK)
            self.index.add_document(mark(change, self._schema))
        self._texts.keep()
        self.index.commit()


class Generation:
    """One tantivy index on disk."""

    def __init__(self, path: Path) -> None:
        """Opens what is there; OSError or ValueError when it is not."""
        self.path = path
        self.name = path.name
        self._meta = path / "meta.json"
        made = (path / "made-with").read_text(encoding="utf-8").split("\n")
        self.made_with, self.forms, self.archive, *_ = (*made, "", "")
        self._index = prepare(Index.open(str(path)))
        self.schema = self._index.schema
        self._texts = Texts(path / _TEXTS)
        self._seen: tuple[int, ...] = ()
        self._view: View | None = None

    @classmethod
    def create(cls, path: Path, made_with: str, forms: str = "", archive: str = "") -> Generation:
        path.mkdir(parents=True)
        (path / "made-with").write_text(f"{made_with}\n{forms}\n{archive}", encoding="utf-8")
        (path / _TEXTS).touch()
        Index(schema(), str(path))
        return cls(path)

    def view(self) -> View:
        stat = self._meta.stat()
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if self._view is None or seen != self._seen:
            self._index.reload()
            searcher = self._index.searcher()
            self._view = View(self.schema, searcher, self._texts, _change(self.schema, searcher))
            self._seen = seen
        return self._view

    @contextmanager
    def writer(self, heap: int, threads: int) -> Iterator[Writer]:
        """The one writer. What was not committed when the block is left with an error is dropped.

        Raises EngineBusy when another one is open, in this process or another.
        """
        try:
            writer = self._index.writer(heap, threads)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise EngineBusy(f"the index in {self.path} is being written by another process: try again later") from None
        try:
            with closing(TextsWriter(self.path / _TEXTS)) as texts:
                yield Writer(writer, texts, self.schema)
        except BaseException:
            writer.rollback()
            raise
        finally:
            self._seen = ()
            writer.wait_merging_threads()


class Folder:
    """Safe for several threads."""

    def __init__(self, path: Path, analysis: str) -> None:
        self.path = path
        self.analysis = analysis
        self._current = path / "current"
        self._lock = threading.Lock()
        self._generation: Generation | None = None

    def view(self) -> View:
        """The newest committed state of the generation in use.

        Raises:
            IndexOutdated: it was made by another version of the analysis.
            EngineUnavailable: it cannot be read.
        """
        return self.opened()[1]

    def opened(self) -> tuple[Generation, View]:
        generation, view = self.current()
        if generation.made_with != self.analysis:
            raise IndexOutdated(
                f"the index in {self.path} was made by {generation.made_with}, this is {self.analysis}: "
                "run `warraq index rebuild`"
            )
        return generation, view

    def current(self) -> tuple[Generation, View]:
        """The generation in use, whatever it was made with."""
        error: Exception | None = None
        with self._lock:
            for _ in range(_ATTEMPTS):
                try:
                    name = self._named() or self._first()
                    if self._generation is None or self._generation.name != name:
                        self._generation = Generation(self.path / name)
                    return self._generation, self._generation.view()
                except (OSError, ValueError) as problem:  # swapped away between two steps, or damaged
                    error, self._generation = problem, None
        meaning = _meaning(error) if error else "it changes all the time"
        hint = "" if "; " in meaning else ": run `warraq index rebuild`"
        raise EngineUnavailable(f"the index in {self.path} cannot be read ({meaning}){hint}")

    def standing(self) -> tuple[str | None, Change]:
        """The name of the generation in use, and the change number that it stands at, 0 where it cannot be read."""
        change = Change(0)
        with suppress(EngineUnavailable):
            change = self.current()[1].change
        return self._named(), change

    def aside(self, forms: str = "", archive: str = "") -> Generation:
        """A new, empty generation that nobody reads yet."""
        return Generation.create(self.path / f"g-{uuid.uuid4().hex[:12]}", self.analysis, forms, archive)

    def use(self, generation: Generation) -> None:
        """Makes it the one that readers use, in one step, and deletes the others."""
        _write_durably(self.path / "current", generation.path.name)
        self._drop_others(generation.path.name)

    def discard(self, generation: Generation) -> None:
        shutil.rmtree(generation.path, ignore_errors=True)

    def forget(self) -> None:
        """Lets go of the open files; the next look opens them again."""
        with self._lock:
            self._generation = None

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Raises EngineBusy while another process makes a generation. What an interrupted one left is deleted."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "rebuild.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise EngineBusy(f"the index in {self.path} is being rebuilt by another process") from None
            current = self._named()
            if current:
                self._drop_others(current)
            yield

    def _named(self) -> str | None:
        try:
            return self._current.read_bytes().decode()
        except FileNotFoundError:
            return None

    def _first(self) -> str:
        """An empty generation for a new folder; where two processes start at once, the first one's holds."""
        made = self.aside()
        note = self.path / f"{made.path.name}.name"
        note.write_text(made.path.name, encoding="utf-8")
        try:
            os.link(note, self.path / "current")
        except FileExistsError:
            shutil.rmtree(made.path, ignore_errors=True)
        note.unlink()
        return (self.path / "current").read_text(encoding="utf-8")

    def _drop_others(self, current: str) -> None:
        for path in self.path.glob("g-*"):
            if path.name != current and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


def _change(schema: Schema, searcher: Searcher) -> Change:
    marks = searcher.search(Query.term_query(schema, "key", MARK), limit=1, count=False).hits
    if not marks:
        return Change(0)
    (value,) = searcher.fast_field_values("change", [address for _, address in marks])
    return Change(int(value or 0))


def _write_durably(path: Path, text: str) -> None:
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def reported(doing: str) -> Iterator[None]:
    """tantivy's and the disk's errors as one line for a keeper."""
    try:
        yield
    except EngineError:
        raise
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"{doing}: {_meaning(error)}") from error


# What the system says, as tantivy or Python puts it, and what to do.
_MEANINGS = (
    (("code: 28", "Errno 28"), "the disk is full; make room and try again"),
    (("code: 30", "Errno 30"), "the disk is read-only; name a home that can be written to"),
    (("code: 13", "Errno 13"), "this user may not write there; give it the right to, or name another home"),
)


def _meaning(error: Exception) -> str:
    text = str(error)
    known = next((meaning for signs, meaning in _MEANINGS if any(sign in text for sign in signs)), None)
    return known or (text.splitlines()[0] if text else repr(error))
