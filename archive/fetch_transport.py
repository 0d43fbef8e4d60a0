"""HTTP over sockets that are opened only to checked addresses and closed when the time is up.

One connection a request: the guard's check, the deadline and the request then belong together, and with a gap of a
second between requests to one host a kept connection would save little.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import httpcore
import httpx

from archive.fetched import AddressRefused, DeadlineExceeded
from archive.guard import Allowed, check_url

Resolver = Callable[[str, int, float], list[str]]
"""(host, port, seconds) -> IP addresses as text; raises OSError."""

DEADLINE = "deadline"
"""The request extension: seconds from now until the whole answer must be there."""


def system_resolver(host: str, port: int, seconds: float) -> list[str]:
    """The system's addresses for `host`, in its order.

    Raises:
        OSError: there are none, or (TimeoutError) not in time; `getaddrinfo` knows no time-out of its own.
    """
    answer: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError(f"no answer for {host} in {seconds:.1f} s") from None
    if isinstance(found, OSError):
        raise found
    return found


class _Deadline:
    """Real seconds: sockets wait by the machine's clock whatever clock the caller has."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    def cut(self, timeout: float | None) -> float | None:
        """The time-out for the next step; never zero, which would mean a non-blocking socket."""
        if self._end is None:
            return timeout
        left = max(self._end - time.monotonic(), 0.001)
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._deadline.passed:
            raise httpcore.ReadTimeout("deadline")
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves once, checks every address that came back, connects to a checked one by its number."""

    def __init__(self, url: str, allowed: Allowed, resolve: Resolver, deadline: _Deadline) -> None:
        self._url = url
        self._allowed = allowed
        self._resolve = resolve
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in self._addresses(host, port, timeout):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.cut(timeout), local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            try:
                addresses = self._resolve(host, port, self._deadline.cut(timeout) or 30.0)
            except TimeoutError as error:
                raise httpcore.ConnectTimeout(str(error)) from error
            except OSError as error:
                raise httpcore.ConnectError(f"no address for {host} ({error})") from error
        for address in addresses:
            # One bad record among good ones refuses them all: mixed answers are how rebinding looks.
            if objection := self._allowed.objection(host.removesuffix("."), port, address):
                raise AddressRefused(self._url, objection)
        return addresses


@contextmanager
def _httpx_errors(url: str, deadline: _Deadline) -> Iterator[None]:
    """httpcore's errors as httpx's, or as the deadline's when that is why."""
    try:
        yield
    except httpcore.TimeoutException as error:
        if deadline.passed:
            raise DeadlineExceeded(url, "the whole answer did not come in time") from error
        raise httpx.TimeoutException(str(error) or "timed out") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise httpx.TransportError(str(error) or type(error).__name__) from error


class _Body(httpx.SyncByteStream):
    """The answer's bytes; closing it closes the connection."""

    def __init__(self, response: httpcore.Response, connection: httpcore.HTTPConnection, url: str, end: _Deadline):
        self._response = response
        self._connection = connection
        self._url = url
        self._deadline = end

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors(self._url, self._deadline):
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class GuardedTransport(httpx.BaseTransport):
    """Thread-safe. Knows no proxy, no cookie and no way to leave certificates unchecked."""

    def __init__(self, allowed: Allowed, host_map: Mapping[str, tuple[str, int]], resolve: Resolver) -> None:
        self._allowed = allowed
        self._host_map = host_map
        self._resolve = resolve

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request on one new connection.

        Raises:
            AddressRefused, DeadlineExceeded, httpx.TransportError
        """
        url = check_url(str(request.url))
        deadline = _Deadline(request.extensions.get(DEADLINE))
        target, backend = self._target(url, deadline)
        tls = self._tls if target.scheme == b"https" else None
        connection = httpcore.HTTPConnection(target.origin, tls, network_backend=backend)
        asked = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.read(),
            extensions={"timeout": request.extensions.get("timeout", {})},
        )
        try:
            with _httpx_errors(str(url), deadline):
                answer = connection.handle_request(asked)
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, connection, str(url), deadline),
            extensions=answer.extensions,
        )

    def _target(self, url: httpx.URL, deadline: _Deadline) -> tuple[httpcore.URL, httpcore.NetworkBackend]:
        scheme, host, port, allowed = url.raw_scheme, url.raw_host, url.port, self._allowed
        mapped = self._host_map.get(host.decode("ascii")) or self._host_map.get(url.host)
        if mapped is not None:
            scheme, host, port = b"http", mapped[0].encode(), mapped[1]
            allowed = Allowed((ipaddress.ip_network(mapped[0]),))
        backend = _GuardedBackend(str(url), allowed, self._resolve, deadline)
        return httpcore.URL(scheme=scheme, host=host, port=port, target=url.raw_path), backend


def guarded_transport(
    allow: Iterable[str] = (), host_map: Mapping[str, str] | None = None, resolve: Resolver = system_resolver
) -> httpx.BaseTransport:
    """The transport for the open internet.

    `allow`: networks or `host:port` that may be connected to though they are private. `host_map`: host -> loopback
    `address:port`; such a host is spoken to there in plain HTTP, also for https addresses, with its Host header.

    Raises:
        ValueError: an entry that cannot be read, or a mapped address that is not loopback.
    """
    mapped: dict[str, tuple[str, int]] = {}
    for host, place in (host_map or {}).items():
        address, _, port = place.rpartition(":")
        try:
            ip = ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            raise ValueError(f"host map: {host} -> {place!r} is not address:port") from None
        if not ip.is_loopback or not port.isdecimal():
            raise ValueError(f"host map: {host} -> {place!r} is not a loopback address:port")
        mapped[host.lower()] = (str(ip), int(port))
    return GuardedTransport(Allowed.parse(allow), mapped, resolve)
