"""What queries are expanded by, kept open and looked at anew when it has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from indexer.analyst import Analyst
from indexer.engine import SearchEngine
from indexer.expand import Knowledge
from indexer.tree import Alternative, Side
from language.across import Sources, across, key
from language.lexicon import Lexicon, LexiconError
from language.nametable import BUILTIN, NameTable
from language.tokens import Term

FRESH = 1.0  # seconds between two looks at whether something has changed
_REMEMBERED = 4_096  # words whose relations are remembered until then

log = logging.getLogger(__name__)

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
                files = (BUILTIN, self._names, self._lexicon, _log_of(self._lexicon))
                state = (forms, off, *map(_edited, files))
                if state != self._state:
                    self._knowledge = self._put_together(forms, off)
                    self._state = state
                self._looked = self._now()
            return self._knowledge

    def forget(self) -> None:
        """The next query is expanded as if it were the first one."""
        with self._lock:
            self._state, self._looked = (), -FRESH

    def _put_together(self, forms: str, off: frozenset[tuple[str, str]]) -> Knowledge:
        table = self._analyst.table(forms)
        sources = Sources(table, self._learned(), off)

        @lru_cache(maxsize=_REMEMBERED)
        def related(term: Term, side: Side) -> tuple[Alternative, ...]:
            found = across(term.folded, term.stem, side, sources)
            return tuple(Alternative(o.side, o.stream, o.terms, o.kind, o.weight, o.source, o.sure) for o in found)

        return Knowledge(
            choose=table.chosen if table and table.lemmas else None,
            rarity=table.rarity if table else None,
            met=table.met if table else None,
            names=NameTable.read(BUILTIN, self._names),
            related=related,
            nearly=table.nearly if table else None,
        )

    def _learned(self) -> Lexicon | None:
        """Without what cannot be read a search goes on; `warraq lexicon` and the indexer say what is wrong."""
        try:
            return Lexicon.open(self._lexicon) if self._lexicon.exists() else None
        except LexiconError as error:
            log.warning("searching without learned words: %s", error)
            return None


def _edited(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _log_of(path: Path) -> Path:
    """Where SQLite writes first."""
    return path.with_name(f"{path.name}-wal")
