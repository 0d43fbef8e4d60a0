"""robots.txt after RFC 9309: read once a day an origin, obeyed, and closed when it cannot be read."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from archive.clock import Clock
from archive.fetched import (
    BadEncoding,
    DeadlineExceeded,
    FetchError,
    Hop,
    Overloaded,
    RobotsDenied,
    TooLarge,
    Unreachable,
)

READ = 500 * 1024  # bytes; RFC 9309 asks for at least this much
_REDIRECTS = 5
_KEEP = 24 * 3600.0  # seconds that an answer holds
_KEEP_FAILURE = 300.0
_LONGEST_DELAY = 3600.0  # a host that asks for more cannot be collected


@dataclass(frozen=True)
class Rules:
    """What one robots.txt says to one agent. `delay`: its Crawl-delay in seconds."""

    _parsed: Protego
    _agent: str
    delay: float

    @classmethod
    def parse(cls, body: bytes, user_agent: str) -> Rules:
        """Never raises: a body that is no robots.txt (an HTML page) has no rules and allows everything.

        A byte order mark would hide the first group; a cut last line could forbid or allow too much.
        """
        if len(body) > READ:
            body = body[:READ].rpartition(b"\n")[0]
        agent = user_agent.partition("/")[0].strip()
        parsed = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = parsed.crawl_delay(agent) or 0.0
        return cls(parsed, agent, delay if math.isfinite(delay) and delay > 0 else 0.0)

    def allow(self, url: str) -> bool:
        return self._parsed.can_fetch(url, self._agent)


@dataclass(frozen=True)
class _Entry:
    until: float  # monotonic
    rules: Rules | None
    failure: Callable[[str], FetchError] | None = None


class Gatekeeper:
    """The rules of every origin met so far. Thread-safe: one origin is asked once, the others are not held up."""

    def __init__(self, ask: Callable[[str], Hop], clock: Clock, user_agent: str) -> None:
        """`ask` gets one address, without following redirects; raises FetchError."""
        self._ask = ask
        self._clock = clock
        self._agent = user_agent
        self._lock = threading.Lock()
        self._origins: dict[str, threading.Lock] = {}
        self._entries: dict[str, _Entry] = {}

    def delay(self, url: httpx.URL) -> float:
        """The Crawl-delay for this address, in seconds.

        Raises:
            RobotsDenied: the address is forbidden, or robots.txt cannot be read (`temporary`).
            Unreachable, Overloaded, AddressRefused: so is the robots.txt.
        """
        entry = self._entry(str(url.copy_with(path="/robots.txt", query=None)))
        if entry.failure is not None:
            raise entry.failure(str(url))
        assert entry.rules is not None
        if not entry.rules.allow(str(url)):
            raise RobotsDenied(str(url), "robots.txt forbids it")
        if entry.rules.delay > _LONGEST_DELAY:
            raise RobotsDenied(str(url), f"robots.txt asks for a Crawl-delay of {entry.rules.delay:.0f} s")
        return entry.rules.delay

    def _entry(self, robots: str) -> _Entry:
        with self._lock:
            lock = self._origins.setdefault(robots, threading.Lock())
        with lock:
            entry = self._entries.get(robots)
            if entry is None or entry.until <= self._clock.monotonic():
                entry = self._entries[robots] = self._read(robots)
            return entry

    def _read(self, robots: str) -> _Entry:
        now = self._clock.monotonic
        try:
            hop = self._follow(robots)
        except (Unreachable, Overloaded, DeadlineExceeded, TooLarge, BadEncoding) as error:
            return _Entry(now() + _KEEP_FAILURE, None, _failure(error))
        if hop.status >= 500:
            return _Entry(now() + _KEEP_FAILURE, None, _denial(f"robots.txt answered {hop.status}"))
        body = hop.body if 200 <= hop.status < 300 else b""
        return _Entry(now() + _KEEP, Rules.parse(body, self._agent))

    def _follow(self, url: str) -> Hop:
        """After five redirects robots.txt counts as not there (RFC 9309, 2.3.1.2): the last redirect is the answer."""
        hop = self._ask(url)
        for _ in range(_REDIRECTS):
            if hop.location is None:
                break
            hop = self._ask(hop.location)
        return hop


def _denial(why: str) -> Callable[[str], FetchError]:
    return lambda url: RobotsDenied(url, f"{why}; try again later", temporary=True)


def _failure(error: FetchError) -> Callable[[str], FetchError]:
    """A host that refuses connections or asks for time is named as that; everything else fails closed."""
    why = f"robots.txt: {error.detail}"
    if isinstance(error, Unreachable) and not error.timed_out:
        return lambda url: Unreachable(url, why)
    if isinstance(error, Overloaded) and error.status != 503:
        wait, status = error.retry_after, error.status
        return lambda url: Overloaded(url, why, wait, status)
    return _denial(f"robots.txt could not be read ({error.detail})")
