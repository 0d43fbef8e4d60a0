"""Politeness: one request at a time to a host, a gap between two, and none while it asked to be left alone."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from archive.clock import Clock


class Closed(Exception):
    """The host asked to be left alone for longer than anyone waits: `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to be left alone for {seconds:.0f} s")
        self.seconds = seconds


class _Host:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ended = -math.inf  # monotonic, of the last request
        self.closed_until = -math.inf


class Turns:
    """Shared by all threads that fetch. Measures with the monotonic clock only."""

    def __init__(self, clock: Clock, patience: float) -> None:
        """`patience`: the longest wait, in seconds, that a host's own wish can cause."""
        self._clock = clock
        self._patience = patience
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())

    @contextmanager
    def turn(self, name: str, gap: float) -> Iterator[None]:
        """Holds the host for one request; the gap counts from the end of the last one to the start of this.

        Raises:
            Closed: the host is closed for longer than the patience.
        """
        host = self._host(name)
        with host.lock:
            if (left := host.closed_until - self._clock.monotonic()) > self._patience:
                raise Closed(left)
            # A sleep may return early; only the clock says when it is time.
            while (wait := max(host.ended + gap, host.closed_until) - self._clock.monotonic()) > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                host.ended = self._clock.monotonic()

    def close(self, name: str, seconds: float) -> None:
        """Nobody's turn at this host for so long from now."""
        host = self._host(name)
        host.closed_until = max(host.closed_until, self._clock.monotonic() + seconds)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After header names, as a number or as a date; None when it says neither.

    RFC 9110, section 10.2.3. A date that is past is 0.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(min(int(text[:9]), 10**9))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())
