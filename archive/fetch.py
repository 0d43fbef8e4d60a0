"""Polite and safe HTTP: robots.txt, turns, retries, conditions, deadlines, caps, redirects; every answer recorded.

The deadline is seconds of exchange with the hosts for one `get`, over all its hops and retries; waiting one's turn and
backing off do not count. The errors are told in `archive.fetched`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from archive.clock import Clock
from archive.decode import LIMIT, Oversized, Undecodable, decode
from archive.fetch_transport import DEADLINE, guarded_transport
from archive.fetch_turns import Closed, Turns, retry_after
from archive.fetched import (
    AddressRefused,
    BadEncoding,
    DeadlineExceeded,
    Fetched,
    FetchError,
    Hop,
    Overloaded,
    RobotsDenied,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    Validators,
)
from archive.guard import check_url
from archive.model import Capture
from archive.publishers.declaration import Fetching
from archive.robots import READ, Gatekeeper

__all__ = [
    "AddressRefused",
    "BadEncoding",
    "DeadlineExceeded",
    "FetchError",
    "Fetched",
    "Fetcher",
    "Hop",
    "Overloaded",
    "RobotsDenied",
    "TooLarge",
    "TooManyRedirects",
    "Unreachable",
    "Validators",
    "guarded_transport",
]

_HOPS = 10
_ATTEMPTS = 4
_BACKOFF = 2.0  # seconds before the second attempt; doubled for each further one
_PATIENCE = 120.0  # seconds; a host that asks for a longer pause is left alone and named as overloaded
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)


@dataclass
class _Budget:
    """Seconds of exchange left for one `get`."""

    left: float


class _Answer(NamedTuple):
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    cut: bool


class Fetcher:
    """Usable from several threads; they share the hosts' turns and rules."""

    def __init__(
        self,
        transport: httpx.BaseTransport,
        clock: Clock,
        user_agent: str,
        record: Callable[[Hop], Capture],
        policies: Mapping[str, Fetching] | None = None,
        default: Fetching | None = None,
    ) -> None:
        """`record` gets every answer before anything else does; `policies` by host or host:port."""
        self._transport = transport
        self._clock = clock
        self._agent = user_agent
        self._record = record
        self._policies = policies or {}
        self._default = default or Fetching()
        self._turns = Turns(clock, _PATIENCE)
        self._robots = Gatekeeper(self._ask_robots, clock, user_agent)

    def get(self, url: str, validators: Validators | None = None) -> Fetched:
        """The page at `url`, with the redirects that led to it. Any status but 429 and 503 is an answer.

        Raises:
            FetchError: as told in `archive.fetched`.
            archive.warc.CaptureError: whatever `record` raises.
        """
        hops: list[tuple[Hop, Capture]] = []
        asked: set[str] = set()
        parsed = check_url(url)
        budget = _Budget(self._policy(parsed).deadline)
        while True:
            asked.add(str(parsed))
            gap = self._robots.delay(parsed)
            mine = validators if _applies(validators, str(parsed), not hops) else None
            hops.append(self._ask(parsed, mine, gap, budget))
            target = hops[-1][0].location
            if target is None or hops[-1][0].status not in _REDIRECTS:
                return Fetched(tuple(hops))
            if len(hops) >= _HOPS:
                raise TooManyRedirects(url, f"more than {_HOPS} hops, the last one to {target}")
            parsed = check_url(target)
            if str(parsed) in asked:
                raise TooManyRedirects(url, f"a loop of redirects, back to {target}")

    def _policy(self, url: httpx.URL) -> Fetching:
        return self._policies.get(_place(url)) or self._policies.get(url.host) or self._default

    def _ask_robots(self, url: str) -> Hop:
        parsed = check_url(url)
        return self._ask(parsed, None, 0.0, _Budget(self._policy(parsed).deadline), robots=True)[0]

    def _ask(
        self, url: httpx.URL, validators: Validators | None, gap: float, budget: _Budget, robots: bool = False
    ) -> tuple[Hop, Capture]:
        """One hop, asked again while the host is busy or the connection breaks."""
        pause = _BACKOFF
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                hop, capture = self._exchange(url, validators, gap, budget, robots)
            except httpx.TransportError as error:
                if last:
                    timed_out = isinstance(error, httpx.TimeoutException)
                    raise Unreachable(str(url), f"{error}, {_ATTEMPTS} times", timed_out) from error
                self._turns.close(_place(url), pause)
            else:
                if hop.status not in _BUSY:
                    return hop, capture
                self._busy(url, hop, pause, last)
            pause *= 2
        raise AssertionError("unreachable")

    def _busy(self, url: httpx.URL, hop: Hop, pause: float, last: bool) -> None:
        """Leaves the host alone for as long as it wants, at least for `pause`."""
        wish = retry_after(hop.header("retry-after"), self._clock.now())
        self._turns.close(_place(url), max(pause, wish or 0.0))
        if last or (wish or 0.0) > _PATIENCE:
            raise Overloaded(str(url), f"the host answers {hop.status}", wish, hop.status)

    def _exchange(
        self, url: httpx.URL, validators: Validators | None, gap: float, budget: _Budget, robots: bool
    ) -> tuple[Hop, Capture]:
        """One request and its answer, decoded and recorded. What is over a cap is not recorded: it is not whole."""
        policy = self._policy(url)
        cap = min(policy.max_bytes, LIMIT)
        try:
            with self._turns.turn(_place(url), max(policy.gap, gap)):
                request = self._request(url, validators, policy, budget)
                at, start = self._clock.now(), self._clock.monotonic()
                try:
                    answer = self._send(request, READ if robots else cap, robots, start + budget.left)
                finally:
                    elapsed = self._clock.monotonic() - start
                    budget.left -= elapsed
        except Closed as error:
            raise Overloaded(str(url), f"the host {error}", error.seconds) from None
        problem, body = None, b""
        try:
            body = decode(answer.payload, answer.headers, cap, whole=not answer.cut)
        except Oversized as error:
            raise TooLarge(str(url), str(error)) from None
        except Undecodable as error:
            problem = BadEncoding(str(url), str(error))
        hop = Hop(
            url=str(url),
            at=at,
            request_headers=_texts(request.headers.raw),
            status=answer.status,
            reason=answer.reason,
            headers=answer.headers,
            payload=answer.payload,
            body=body,
            elapsed=elapsed,
            revisit_of=validators.capture if validators and answer.status == 304 else None,
            truncated=answer.cut,
        )
        capture = self._record(hop)
        if problem is not None:
            raise problem
        return hop, capture

    def _request(
        self, url: httpx.URL, validators: Validators | None, policy: Fetching, budget: _Budget
    ) -> httpx.Request:
        if budget.left <= 0:
            raise DeadlineExceeded(str(url), f"nothing is left of the {policy.deadline:g} s")
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            **_conditions(validators),
        }
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), policy.timeout)
        return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout, DEADLINE: budget.left})

    def _send(self, request: httpx.Request, cap: int, cut: bool, end: float) -> _Answer:
        """Reads at most `cap` bytes; beyond them the answer is cut, or refused."""
        response = self._transport.handle_request(request)
        try:
            payload, whole = self._read(response, request, cap, cut, end)
        finally:
            response.close()
        return _Answer(response.status_code, response.reason_phrase, _texts(response.headers.raw), payload, not whole)

    def _read(
        self, response: httpx.Response, request: httpx.Request, cap: int, cut: bool, end: float
    ) -> tuple[bytes, bool]:
        payload = bytearray()
        assert isinstance(response.stream, httpx.SyncByteStream)
        for chunk in response.stream:
            payload += chunk
            if self._clock.monotonic() > end:
                raise DeadlineExceeded(str(request.url), "the whole answer did not come in time")
            if len(payload) > cap:
                if not cut:
                    raise TooLarge(str(request.url), f"more than {cap} bytes")
                return bytes(payload[:cap]), False
        return bytes(payload), True


def _place(url: httpx.URL) -> str:
    """Whose turn it is: the host, with its port when that is not the scheme's own."""
    host = url.raw_host.decode("ascii").removesuffix(".")
    return host if url.port is None else f"{host}:{url.port}"


def _conditions(validators: Validators | None) -> dict[str, str]:
    """A weak ETag never matches on WordPress behind gzip and would hide the date, so the date goes alone."""
    if validators is None:
        return {}
    conditions = {}
    if validators.last_modified:
        conditions["If-Modified-Since"] = validators.last_modified
    if validators.etag and not (conditions and validators.etag.startswith("W/")):
        conditions["If-None-Match"] = validators.etag
    return conditions


def _applies(validators: Validators | None, url: str, first: bool) -> bool:
    """Whether these validators are about `url`: sent elsewhere, they could make another page look unchanged."""
    if validators is None:
        return False
    return first if validators.url is None else validators.url == url


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), _text(value)) for name, value in headers)


def _text(value: bytes) -> str:
    """Headers are ASCII; a Location with raw Arabic in UTF-8 is seen in practice."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
