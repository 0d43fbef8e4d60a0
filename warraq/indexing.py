"""Who writes the index: the holder of a lease, which is the thread of `serve` or a command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from archive.clock import Clock
from archive.pairing.learning import learn
from archive.store import Lease, StoreError
from indexer.engine import EngineError
from indexer.sync import outgrown, rebuild, sync
from language.forms import FormsError
from language.lexicon import Lexicon, LexiconError, NoLexicon
from language.sqlite_files import discard
from warraq.home import Home
from warraq.leases import INDEXER, held

PAUSE = 1.0  # seconds between two looks at the change log
REMIND = 600.0  # seconds after which a failure that lasts is told again

log = logging.getLogger(__name__)


def bring_up_to_date(home: Home, progress: Callable[[int, int], None] | None = None) -> bool:
    """Write what the index lacks, or make it anew when the archive has outgrown its table of forms; unless another
    process is at it. Returns whether this one did."""
    with held(home, INDEXER) as mine:
        if mine:
            write = rebuild if outgrown(home.store, home.engine, home.analyst) else sync
            with _learned(home, mine):
                write(home.store, home.engine, home.analyst, progress=progress, renew=mine.renew)
        return bool(mine)


def make_anew(home: Home, progress: Callable[[int, int], None] | None = None) -> bool:
    """A new index, then the swap, unless another process is writing. Returns whether this one did."""
    with held(home, INDEXER) as mine:
        if mine:
            with _learned(home, mine):
                rebuild(home.store, home.engine, home.analyst, progress=progress, renew=mine.renew)
        return bool(mine)


@contextmanager
def _learned(home: Home, mine: Lease) -> Iterator[None]:
    """Learns words once the index is written, or could not be: a purged story's words are taken back all the same."""
    try:
        yield
    except EngineError:
        _learn(home, mine)
        raise
    _learn(home, mine)


def _learn(home: Home, mine: Lease) -> None:
    """The words that the archive's certain links teach; all anew where another version of the program learned them, or
    the file is damaged. One that is merely in use is left alone, for others have it open."""
    try:
        learn_words(home, mine)
    except NoLexicon as error:
        log.warning("learning all words anew: %s", error)
        discard(home.lexicon)
        learn_words(home, mine)


def learn_words(home: Home, mine: Lease, progress: Callable[[int, int], None] | None = None) -> str:
    """Bring the lexicon in step with the archive, as the holder of the indexer's lease; what was done, to be printed.

    Raises:
        NoLexicon: the file is no lexicon of this program, or damaged.
    """

    def looked(done: int, of: int) -> None:
        mine.renew()
        if progress:
            progress(done, of)

    with Lexicon.open(home.lexicon) as words:
        report = learn(home.store, words, looked)
        forms = home.engine.forms()
        if table := home.analyst.table(forms):
            words.analyse(table.chosen, forms)
        teaching = len(words.stories())
    return f"{report.learned} stories learned, {report.forgotten} forgotten; {teaching} teach words"


class Failing:
    """Tells of what fails again and again: at once, then every REMIND seconds, and that it is over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, float] = {}

    def because(self, error: Exception, bug: bool = False) -> None:
        what, now = str(error) or type(error).__name__, self._clock.monotonic()
        if what not in self._told or now - self._told[what] >= REMIND:
            log.warning("the index is not being written: %s", what, exc_info=error if bug else None)
            self._told[what] = now

    def no_more(self) -> None:
        if self._told:
            log.warning("the index is written again")
            self._told.clear()


class Keeper:
    """A thread that keeps the index in step while the pages are served. What fails is logged and tried again."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._failing = Failing(home.clock)
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
        unfinished = False  # the index may be in step and words not learned
        while not self._stop.is_set():
            try:
                if unfinished or self._home.behind():
                    unfinished = True
                    bring_up_to_date(self._home)
                    unfinished = False
                self._failing.no_more()
            except (StoreError, EngineError, FormsError, LexiconError, OSError) as error:
                self._failing.because(error)
            except Exception as error:
                self._failing.because(error, bug=True)  # but readers still want the next change
            self._stop.wait(PAUSE)
