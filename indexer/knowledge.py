"""What queries are expanded by, kept open and looked at anew when it has changed."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from indexer.analyst import Analyst
from indexer.engine import SearchEngine
from indexer.expand import Knowledge
from indexer.tree import Alternative, Side
from language.across import Sources, across
from language.forms import FormsError, FormsTable
from language.lexicon import Lexicon, LexiconError, pair_key
from language.nametable import BUILTIN, NameTable, NameTableError
from language.tokens import Term

FRESH = 1.0  # seconds between two looks at whether something has changed
_REMEMBERED = 4_096  # words whose relations are remembered until then

_DAMAGE = (FormsError, LexiconError, sqlite3.DatabaseError)
_T = TypeVar("_T")

log = logging.getLogger(__name__)

WordsOff = Callable[[], Iterable[tuple[str, str]]]  # Arabic and English words that do not stand for each other


class Names:
    """Called: the table of names as the built-in file and the home's own are now. Safe for several threads.

    A file with a mistake changes nothing: the table stays as it was, at first as it is built in. `warraq doctor` and
    `warraq names check` tell of the mistake.
    """

    def __init__(self, home: Path) -> None:
        self._files = (BUILTIN, home)
        self._lock = threading.Lock()
        self._state: tuple[tuple[int, int], ...] = ()
        self._table: NameTable | None = None

    def __call__(self) -> NameTable:
        with self._lock:
            state = tuple(map(_edited, self._files))
            if self._table is None or state != self._state:
                self._table, self._state = self._read(), state
            return self._table

    def _read(self) -> NameTable:
        try:
            return NameTable.read(*self._files)
        except NameTableError as error:
            log.warning("the names stay as they were: %s", error)
            return self._table or NameTable.read(BUILTIN)


class Known:
    """Called for each query: the `Knowledge` that fits the index in use. Safe for several threads.

    What is damaged is done without, and told once in the log; `warraq doctor` says how to mend it. lexicon: the file of
    learned words, which need not be there. now: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        engine: SearchEngine,
        analyst: Analyst,
        *,
        names: Callable[[], NameTable],
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
                off = frozenset(pair_key(*pair) for pair in self._words_off())
                forms = self._engine.forms()
                names = self._names()
                state = (forms, off, names, *map(_edited, (self._lexicon, _log_of(self._lexicon))))
                if state != self._state:
                    self._knowledge = self._put_together(forms, names, off)
                    self._state = state
                self._looked = self._now()
            return self._knowledge

    def forget(self) -> None:
        """The next query is expanded as if it were the first one."""
        with self._lock:
            self._state, self._looked = (), -FRESH

    def _put_together(self, forms: str, names: NameTable, off: frozenset[tuple[str, str]]) -> Knowledge:
        careful = _Careful()
        table = careful([lambda: self._analyst.table(forms)], None)
        lexicon = careful([lambda: Lexicon.open(self._lexicon) if self._lexicon.exists() else None], None)
        known = Knowledge(names=names, related=_related(Sources(table, lexicon, off), careful))
        return _with_forms(known, table, careful) if table else known


class _Careful:
    """Asks files that may turn out to be damaged; tells of the first damage alone."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, tries: Iterable[Callable[[], _T]], otherwise: _T) -> _T:
        """The answer of the first that has one."""
        for each in tries:
            try:
                return each()
            except _DAMAGE as error:
                if not self._told:
                    log.warning("searching with less, see `warraq doctor`: %s", error)
                self._told = True
        return otherwise


def _related(sources: Sources, careful: _Careful) -> Callable[[Term, Side], tuple[Alternative, ...]]:
    choices = (sources, replace(sources, lexicon=None), replace(sources, table=None))

    @lru_cache(maxsize=_REMEMBERED)
    def found(given: Sources, term: Term, side: Side) -> tuple[Alternative, ...]:
        others = across(term.folded, term.stem, side, given)
        return tuple(Alternative(o.side, o.stream, o.terms, o.kind, o.weight, o.source, o.sure) for o in others)

    return lambda term, side: careful([partial(found, given, term, side) for given in choices], ())


def _with_forms(known: Knowledge, table: FormsTable, careful: _Careful) -> Knowledge:
    nothing: list[tuple[str, int]] = []
    return replace(
        known,
        choose=(lambda forms: careful([partial(table.chosen, forms)], {})) if table.lemmas else None,
        rarity=lambda side, form: careful([partial(table.rarity, side, form)], 1.0),
        met=lambda side, forms: careful([partial(table.met, side, forms)], forms),
        nearly=lambda *asked: careful([lambda: table.nearly(*asked)], nothing),
    )


def _edited(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _log_of(path: Path) -> Path:
    """Where SQLite writes first."""
    return path.with_name(f"{path.name}-wal")
