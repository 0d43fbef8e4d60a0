"""The sample outlet's two editions over HTTP on loopback, with switches for what goes wrong on real sites."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from archive.model import EN
from archive.publishers.declaration import Outlet

from .content import ENAB_BALADI, NARANJ, Addresses, Brand, Piece, Story, Truth, load, truth
from .editions import Edition
from .outlet import declare, loopback
from .pages import Theme
from .switches import Entry, Switches, Trouble

ENAB_BALADI_ADDRESSES = Addresses(
    "https://www.enabbaladi.net", "https://english.enabbaladi.net", "https://enabbaladi.net"
)


class _Handler(WSGIRequestHandler):
    """Keeps connections open, cuts them where the site was told to end, and writes nothing: `Site.log` has it all."""

    protocol_version = "HTTP/1.1"

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@dataclass
class Site:
    """Both editions.

    `pose`: the addresses its pages speak of; None: the loopback addresses it listens on. `ports` 0: any free one.
    `stories` None: the sample stories. `extra` are served besides. Use as a context manager, or `start` and `stop`.
    """

    stories: Sequence[Story] | None = None
    extra: Sequence[Story] = ()
    ports: tuple[int, int] = (0, 0)
    pose: Addresses | None = None
    brand: Brand = NARANJ
    switches: Switches = field(default_factory=Switches)
    log: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._told = tuple(load() if self.stories is None else self.stories) + tuple(self.extra)
        self._now = self._told
        self._ended = False
        self._servers: list[BaseWSGIServer] = []
        self._threads: list[threading.Thread] = []
        self._turn = 0
        self._lock = threading.Lock()

    @classmethod
    def as_enab_baladi(cls, **options: Any) -> Site:
        """A site that poses under Enab Baladi's name and addresses; reach it through `host_map`."""
        return cls(pose=ENAB_BALADI_ADDRESSES, brand=ENAB_BALADI, **options)

    def start(self) -> Self:
        """Listens on 127.0.0.1, one port an edition.

        Raises:
            OSError: a port is taken.
        """
        try:
            for host, port in zip(("ar", "en"), self.ports, strict=True):
                app = self._app(host)
                self._servers.append(make_server("127.0.0.1", port, app, threaded=True, request_handler=_Handler))
        except (OSError, SystemExit) as error:  # werkzeug exits where a port is taken
            self.stop()
            raise OSError(f"port {port} of 127.0.0.1 is taken: choose another one for the {host} edition") from error
        self._ended = False
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def stop(self) -> None:
        """Ends both editions and cuts the connections that are still open; it can be started again."""
        self._ended = True
        for server, _ in zip(self._servers, self._threads, strict=False):
            server.shutdown()
        for server in self._servers:
            server.server_close()
        self._servers, self._threads = [], []

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def addresses(self) -> Addresses:
        if self.pose:
            return self.pose
        ar, en = (server.server_port for server in self._servers)
        return loopback(ar, en)

    @property
    def ar_base(self) -> str:
        return self.addresses.ar

    @property
    def en_base(self) -> str:
        return self.addresses.en

    @property
    def host_map(self) -> dict[str, str]:
        """The hosts that it poses as, and the loopback address behind each."""
        ar, en = (f"127.0.0.1:{server.server_port}" for server in self._servers)
        at = self.addresses
        return {address.split("//", 1)[1]: to for address, to in ((at.ar, ar), (at.bare, ar), (at.en, en))}

    def current(self) -> tuple[Story, ...]:
        """The stories as they stand, edits published."""
        return self._now

    def truth(self) -> tuple[Truth, ...]:
        """What every article should be read as now."""
        return truth(self.current(), self.addresses, self.brand)

    def outlet(self, key: str = "sample") -> Outlet:
        """The declaration of this outlet at these addresses."""
        return declare(self.addresses, self.brand, key)

    def edit(self, key: str, lang: str = EN, at: datetime | None = None, add: str | None = None) -> Truth:
        """Publishes a later state of one side: the one that the story's file holds, or one with a paragraph added."""
        story = next((s for s in self._now if s.key == key), None)
        now = story.side(lang) if story else None
        if story is None or now is None:
            raise LookupError(f"no story {key!r} with a version in {lang!r}")
        side = next((s for s in story.edits if s.lang == lang), None)
        if side is None or add is not None:
            text = add or ("Added after publication." if lang == EN else "أضيفت هذه الفقرة بعد النشر.")
            side = replace(now, pieces=(*now.pieces, Piece("paragraph", text)), updated=datetime.now(UTC))
        side = replace(side, updated=at) if at else side
        changed = replace(story, sides=tuple(side if s.lang == lang else s for s in story.sides))
        self._now = tuple(changed if s.key == key else s for s in self._now)
        return next(t for t in self.truth() if (t.story, t.lang) == (key, lang))

    def bodies(self) -> list[Entry]:
        """The requests that were answered with an article's page."""
        paths = {(s.host, s.path) for story in self._told for s in story.sides}
        return [e for e in self.log if e.status == 200 and (e.edition, e.path) in paths]

    def _app(self, host: str) -> Any:
        @Request.application
        def app(request: Request) -> Response:
            return self._answer(host, request)

        return app

    def _answer(self, host: str, request: Request) -> Response:
        raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
        began = time.monotonic()
        with self._lock:
            self._turn += 1
            turn = self._turn
        switches = self.switches
        if self._ended or (switches.stop_after is not None and turn > switches.stop_after):
            raise ConnectionAbortedError("the site was told to stop")
        if switches.slow:
            time.sleep(switches.slow)
        edition = Edition(host, self.current(), Theme(self.addresses, self.brand), switches, turn)
        response = switches.trouble(host, str(raw)) or edition.respond(request, str(raw))
        response = _finish(request, response, switches.gzip)
        conditional = bool(request.headers.get("If-None-Match") or request.headers.get("If-Modified-Since"))
        size = len(response.get_data())
        agent = request.headers.get("User-Agent", "")
        self.log.append(
            Entry(began, host, request.host, request.method, str(raw), response.status_code, size, conditional, agent)
        )
        return response


def _finish(request: Request, response: Response, zipped: bool) -> Response:
    """Compresses; a compressed answer's ETag turns weak, as Apache makes it."""
    if zipped and "gzip" in request.headers.get("Accept-Encoding", "") and response.get_data():
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        if etag := response.headers.get("ETag"):
            response.headers["ETag"] = f"W/{etag}"
    return response


__all__ = ["ENAB_BALADI_ADDRESSES", "Entry", "Site", "Switches", "Trouble"]
