"""Processes that are killed with SIGKILL at a chosen step."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")  # children of a process without threads: quick and safe
_CONTEXT.set_forkserver_preload(["tests.faults.victims"])
PATIENCE = 120  # seconds


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Steps:
    """Counts steps, and kills this process at the n-th; 0: never."""

    def __init__(self, n: int) -> None:
        self._left = n

    def step(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            die()

    def around(self, owner: Any, name: str) -> None:
        """A step before each call of a method, and one after it."""
        usual = getattr(owner, name)

        def stepping(*given: Any, **named: Any) -> Any:
            self.step()
            try:
                return usual(*given, **named)
            finally:
                self.step()

        setattr(owner, name, stepping)


def killed(victim: Callable[..., object], *given: object) -> bool:
    """Runs it in a process of its own. True: it was killed; False: it came to its end.

    Raises:
        RuntimeError: it failed, or hung.
    """
    process = _CONTEXT.Process(target=victim, args=given)
    process.start()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
        raise RuntimeError(f"{victim.__name__} did not end")
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"{victim.__name__} failed with exit code {process.exitcode}")
    return process.exitcode != 0


def started(victim: Callable[..., object], *given: object) -> Any:
    """The process itself, to be killed from outside."""
    process = _CONTEXT.Process(target=victim, args=given)
    process.start()
    return process
