"""Who writes the index: the holder of a lease, which is the thread of `serve` or a command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from archive.pairing.learning import learn
from archive.store import StoreError
from indexer.engine import EngineError
from indexer.sync import outgrown, rebuild, sync
from language.lexicon import Lexicon
from warraq.home import Home
from warraq.leases import INDEXER, held

PAUSE = 1.0  # between two looks at the change log

log = logging.getLogger(__name__)


def bring_up_to_date(home: Home, progress: Callable[[int, int], None] | None = None) -> bool:
    """Write what the index lacks, or make it anew when the archive has outgrown its table of forms; unless another
    process is at it. Returns whether this one did."""
    with held(home, INDEXER) as mine:
        if mine:
            write = rebuild if outgrown(home.store, home.engine, home.analyst) else sync
            write(home.store, home.engine, home.analyst, progress=progress, renew=mine.renew)
            _learn(home)
        return bool(mine)


def make_anew(home: Home, progress: Callable[[int, int], None] | None = None) -> bool:
    """A new index, then the swap, unless another process is writing. Returns whether this one did."""
    with held(home, INDEXER) as mine:
        if mine:
            rebuild(home.store, home.engine, home.analyst, progress=progress, renew=mine.renew)
            _learn(home)
        return bool(mine)


def _learn(home: Home) -> None:
    """The words that the archive's certain links teach."""
    with Lexicon.open(home.lexicon) as words:
        learn(home.store, words)


class Keeper:
    """A thread that keeps the index in step while the pages are served. Failures are logged and tried again."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._home.behind():
                    bring_up_to_date(self._home)
            except (StoreError, EngineError, OSError) as error:
                log.warning("the index is not being written: %s", error)
            except Exception:
                log.exception("the index is not being written")  # a bug, but readers still want the next change
            self._stop.wait(PAUSE)
