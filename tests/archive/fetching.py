"""What the tests of fetching share: a clock that only moves when told, and raw servers on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from archive.clock import SystemClock
from archive.fetch import Fetcher, Hop, guarded_transport
from archive.model import Capture, CaptureId
from archive.publishers.declaration import Fetching
from archive.warc_record import capture_of


@dataclass
class FakeClock:
    """Sleeping moves it; the wall may be made to jump without the monotonic side noticing."""

    wall: datetime = datetime(2024, 2, 5, 10, 0, tzinfo=UTC)
    passed: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.passed += seconds
        self.wall += timedelta(seconds=seconds)


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    at: float  # real, monotonic
    until: float = 0.0


Answer = Callable[[Request], bytes | Iterator[bytes]]


class Site:
    """Speaks to each connection whatever bytes `answer` gives for its request; keeps all requests."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.place}"
        threading.Thread(target=self._accept, daemon=True).start()

    def paths(self, robots: bool = False) -> list[str]:
        return [r.path for r in self.requests if robots or r.path != "/robots.txt"]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                piece = connection.recv(65536)
                if not piece:
                    return
                data += piece
            first, *lines = data.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
            request = Request(first.split(" ")[1], headers, time.monotonic())
            self.requests.append(request)
            pieces = self.answer(request)
            for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                connection.sendall(piece)
            request.until = time.monotonic()


@contextmanager
def serving(answer: Answer) -> Iterator[Site]:
    site = Site(answer)
    try:
        yield site
    finally:
        site.close()


def reply(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Recorder:
    """Stands for the WARC folder: gives every hop a capture."""

    def __init__(self) -> None:
        self.hops: list[Hop] = []

    def __call__(self, hop: Hop) -> Capture:
        self.hops.append(hop)
        return capture_of(hop, CaptureId(str(len(self.hops))), "x", 0, 0)


def fetcher(
    clock: FakeClock | SystemClock | None = None,
    record: Recorder | None = None,
    policy: Fetching | None = None,
    allow: tuple[str, ...] = ("127.0.0.0/8",),
    host_map: dict[str, str] | None = None,
) -> Fetcher:
    return Fetcher(
        guarded_transport(allow, host_map or {}),
        clock or FakeClock(),
        "Warraq/0.1 (+https://archive.example/about)",
        record or Recorder(),
        default=policy or Fetching(gap=1.0, timeout=5.0, deadline=10.0),
    )
