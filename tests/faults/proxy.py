"""A proxy before Elasticsearch that makes trouble by plan."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to one request.

    status: answered in the server's place; delay: seconds before it is passed on; cut: the connection ends before the
    server gets the request, or after it has dealt with it; truncate: half of the answer comes; change: is handed the
    answer's JSON; then: called when the server has answered, before its answer is passed on; largest: bytes of a
    request that is passed on, a larger one is answered 413.
    """

    status: int = 0
    delay: float = 0.0
    cut: Literal["", "before", "after"] = ""
    truncate: bool = False
    change: Callable[[dict[str, object]], None] | None = None
    then: Callable[[], None] | None = None
    largest: int | None = None


Plan = Callable[[int, str], Trouble | None]  # given the number of the request, from 1, and its path


def nth(n: int, trouble: Trouble, path: str = "") -> Plan:
    """The n-th request whose path holds `path`."""
    seen = 0

    def plan(_: int, asked: str) -> Trouble | None:
        nonlocal seen
        seen += path in asked
        return trouble if path in asked and seen == n else None

    return plan


def every(trouble: Trouble, path: str = "") -> Plan:
    return lambda _, asked: trouble if path in asked else None


class Proxy:
    """`plan` may be changed at any time; None passes everything on. `seen`: requests since it was last set to 0."""

    def __init__(self, server: str) -> None:
        self.plan: Plan | None = None
        self.seen = 0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self, "server_netloc": urlsplit(server).netloc})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def trouble(self, path: str) -> Trouble | None:
        with self._lock:
            self.seen += 1
            return self.plan(self.seen, path) if self.plan else None

    @contextmanager
    def planned(self, plan: Plan) -> Iterator[None]:
        self.seen, self.plan = 0, plan
        try:
            yield
        finally:
            self.plan = None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away meanwhile is what is being tried."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: Proxy
    server_netloc: str

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trouble = self.proxy.trouble(self.path) or Trouble()
        time.sleep(trouble.delay)
        if trouble.cut == "before":
            return self.cut()
        if trouble.largest is not None and len(body) > trouble.largest:
            return self.reply(413, b"<html>413 Request Entity Too Large</html>", "text/html")
        if trouble.status:
            told = {"error": {"type": "made_up", "reason": "the proxy says so"}, "status": trouble.status}
            return self.reply(trouble.status, json.dumps(told).encode())
        status, answer, kind = self.asked(body)
        if trouble.change:
            content = json.loads(answer)
            trouble.change(content)
            answer = json.dumps(content).encode()
        if trouble.then:
            trouble.then()
        return self.cut() if trouble.cut == "after" else self.reply(status, answer, kind, half=trouble.truncate)

    def asked(self, body: bytes) -> tuple[int, bytes, str]:
        """What the server answers."""
        connection = http.client.HTTPConnection(self.server_netloc, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Content-Type", "")
        except OSError:
            return 502, b"{}", "application/json"
        finally:
            connection.close()

    def reply(self, status: int, body: bytes, kind: str = "application/json", half: bool = False) -> None:
        self.send_response_only(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self.cut()

    def cut(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None: ...
