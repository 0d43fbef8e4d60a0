"""What queries are expanded by, kept open and looked at anew when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from indexer.analyst import Analyst
from indexer.engine import SearchEngine
from indexer.expand import Knowledge
from language.nametable import BUILTIN, NameTable

FRESH = 1.0  # seconds between two looks at whether something has changed


class Known:
    """Called for each query: the `Knowledge` that fits the index in use. Safe for several threads.

    names: the table of names in the archive's home, which need not be there. now: a monotonic clock, in seconds.
    """

    def __init__(self, engine: SearchEngine, analyst: Analyst, *, names: Path, now: Callable[[], float]) -> None:
        self._engine = engine
        self._analyst = analyst
        self._names = names
        self._now = now
        self._lock = threading.Lock()
        self._looked = -FRESH
        self._state: tuple[object, ...] = ()
        self._knowledge = Knowledge()

    def __call__(self) -> Knowledge:
        with self._lock:
            if self._now() - self._looked >= FRESH:
                state = (self._engine.forms(), _changed(BUILTIN), _changed(self._names))
                if state != self._state:
                    self._knowledge = self._looked_up(str(state[0]))
                    self._state = state
                self._looked = self._now()
            return self._knowledge

    def _looked_up(self, forms: str) -> Knowledge:
        names = NameTable.read(BUILTIN, self._names)
        table = self._analyst.table(forms)
        if table is None:
            return Knowledge(names=names)
        return Knowledge(choose=table.chosen if table.lemmas else None, met=table.met, names=names, nearly=table.nearly)


def _changed(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
