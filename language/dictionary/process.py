"""Asks the process that holds a dictionary, and starts one when there is none.

It costs two seconds to start and 170 MB while it runs; it ends by itself when nobody asks. A process that dies is
started anew; when that fails too, or it is too slow, that is an error and one line in the log, and there is no other
try for a while.
"""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from language.dictionary import supplement
from language.morphology import LONGEST, DictionaryError, Reading, version

_PROGRAM = Path(__file__).parents[2]
_CATALOGUE = (
    '{"version": "0", "packages": {}, "components": {}}'  # without one, camel-tools looks for it on the network
)
_AT_ONCE = 1000  # forms in one question

log = logging.getLogger(__name__)


class DictionaryProcess:
    """The `Readings` of a database, by a process that starts with the first question. Threads may share one."""

    def __init__(
        self,
        database: Path,
        scratch: Path,
        *,
        extra: Path = supplement.FILE,
        idle: float = 120,
        patience: float = 20,
        pause: float = 60,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing starts yet.

        scratch: a folder for what camel-tools wants to find beside it. Seconds: idle, until the process ends;
        patience, for the start or one answer; pause, after a failure.
        """
        self._files = (database, extra)
        self._scratch = scratch
        self._idle, self._pause, self._now = idle, pause, now
        self.patience = patience
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._silent_until, self._failure = -float("inf"), ""

    @cached_property
    def version(self) -> str:
        return version(*self._files)

    @property
    def pid(self) -> int | None:
        """Of the process, while it runs."""
        return self._running.pid if self._running and self._running.alive else None

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        """The readings of each form.

        Raises:
            DictionaryError: the process fails, or did a moment ago; the message says why.
        """
        with self._lock:
            if self._now() < self._silent_until:
                raise DictionaryError(self._failure)
            try:
                return self._read(forms)
            except (OSError, EOFError, ValueError, DictionaryError) as error:
                self._stop()
                self._silent_until = self._now() + self._pause
                known = isinstance(error, DictionaryError)
                self._failure = str(error) if known else f"{self._files[0]}: {str(error) or 'no answer'}"
                log.warning("no readings of Arabic words for %g seconds: %s", self._pause, self._failure)
                raise DictionaryError(self._failure) from error

    def close(self) -> None:
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        short = [form if len(form) <= LONGEST * 4 else "" for form in forms]
        return [
            tuple(Reading(lemma, root, pos, tuple(glosses), ease) for lemma, root, pos, glosses, ease in readings)
            for start in range(0, len(short), _AT_ONCE)
            for readings in self._asked(short[start : start + _AT_ONCE])
        ]

    def _asked(self, forms: list[str]) -> list[Any]:
        try:
            answer = self._process().ask(forms, self.patience)
        except TimeoutError:
            raise TimeoutError(f"the process took more than {self.patience:g} seconds") from None
        except (ConnectionError, EOFError):  # it was killed, or went idle this moment
            self._stop()
            answer = self._process().ask(forms, self.patience)
        return list(answer)

    def _process(self) -> _Running:
        if self._running is None or not self._running.alive:
            self._stop()
            self._running = _Running(self._command(), self._environment())
            self._running.greet(self.patience)
        return self._running

    def _command(self) -> list[str]:
        files = [str(file.absolute()) for file in self._files]
        return [sys.executable, "-X", "utf8", "-m", "language.dictionary.helper", *files, str(self._idle)]

    def _environment(self) -> dict[str, str]:
        self._scratch.mkdir(parents=True, exist_ok=True)
        catalogue = self._scratch / "catalogue.json"
        if not catalogue.exists():
            catalogue.write_text(_CATALOGUE, encoding="ascii")
        place = str(self._scratch.absolute())
        return {"CAMELTOOLS_DATA": place, "HOME": place, "PYTHONDONTWRITEBYTECODE": "1"}

    def _stop(self) -> None:
        if self._running:
            self._running.end()
            self._running = None


class _Running:
    """A process and the line to it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=_PROGRAM,
            )
        self._lines = self._received()
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def greet(self, patience: float) -> None:
        self._line.settimeout(patience)
        try:
            greeting = json.loads(next(self._lines))
        except EOFError:
            raise DictionaryError("the process that reads the dictionary did not start") from None
        if "error" in greeting:
            raise DictionaryError(greeting["error"])

    def ask(self, forms: list[str], patience: float) -> Any:
        self._line.settimeout(patience)
        self._line.sendall(json.dumps(forms).encode() + b"\n")
        return json.loads(next(self._lines))

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)

    def _received(self) -> Iterator[bytes]:
        rest = b""
        while True:
            parts = [rest]
            while b"\n" not in parts[-1]:
                part = self._line.recv(1 << 16)
                if not part:
                    raise EOFError("the process is gone")
                parts.append(part)
            line, _, rest = b"".join(parts).partition(b"\n")
            yield line
