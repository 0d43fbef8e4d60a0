"""What queries are expanded by, kept open and looked at anew when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from indexer.analyst import Analyst
from indexer.engine import SearchEngine
from indexer.expand import Knowledge
from indexer.tree import Alternative, Side
from language.across import Sources, across, key
from language.lexicon import Lexicon
from language.nametable import BUILTIN, NameTable
from language.tokens import Term

FRESH = 1.0  # seconds between two looks at whether something has changed

WordsOff = Callable[[], Iterable[tuple[str, str]]]  # Arabic and English words that do not stand for each other


class Known:
    """Called for each query: the `Knowledge` that fits the index in use. Safe for several threads.

    names: the table of names in the archive's home; lexicon: the file of learned words; neither need be there. now: a
    monotonic clock, in seconds.
    """

    def __init__(
        self,
        engine: SearchEngine,
        analyst: Analyst,
        *,
        names: Path,
        lexicon: Path,
        words_off: WordsOff,
        now: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._analyst = analyst
        self._names = names
        self._lexicon = lexicon
        self._words_off = words_off
        self._now = now
        self._lock = threading.Lock()
        self._looked = -FRESH
        self._state: tuple[object, ...] = ()
        self._knowledge = Knowledge()

    def __call__(self) -> Knowledge:
        with self._lock:
            if self._now() - self._looked >= FRESH:
                off = frozenset(key(*pair) for pair in self._words_off())
                forms = self._engine.forms()
                state = (forms, off, _edited(BUILTIN), _edited(self._names), _file(self._lexicon))
                if state != self._state:
                    self._knowledge = self._put_together(forms, off)
                    self._state = state
                self._looked = self._now()
            return self._knowledge

    def _put_together(self, forms: str, off: frozenset[tuple[str, str]]) -> Knowledge:
        table = self._analyst.table(forms)
        lexicon = Lexicon.open(self._lexicon) if self._lexicon.exists() else None
        sources = Sources(table, lexicon, off)

        def related(term: Term, side: Side) -> Iterator[Alternative]:
            for other in across(term.folded, term.stem, side, sources):
                yield Alternative(other.side, other.stream, other.terms, other.kind, other.weight, other.source)

        return Knowledge(
            choose=table.chosen if table and table.lemmas else None,
            met=table.met if table else None,
            names=NameTable.read(BUILTIN, self._names),
            related=related,
            nearly=table.nearly if table else None,
        )


def _edited(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _file(path: Path) -> int:
    """Another number for another file: what is in it is read anew anyway."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
