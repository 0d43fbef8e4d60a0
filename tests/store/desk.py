"""A clock that is set by hand, and short ways to save invented articles."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

from archive.model import (
    Access,
    Actor,
    Article,
    ArticleId,
    Block,
    BlockKind,
    Capture,
    CaptureId,
    Lang,
    Role,
    VersionLink,
)
from archive.store import Saved, Store

DAY = timedelta(days=1)
START = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
EDITOR = Actor("سلمى", Role.EDITOR)
KEEPER = Actor("keeper", Role.KEEPER)
EXTRACTOR = "reader 1"


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Desk:
    """A store and what a collector does with it. Addresses are short names: "ar/1" is an Arabic page."""

    editor, keeper = EDITOR, KEEPER

    def __init__(self, store: Store, clock: Clock, url: str) -> None:
        self.store, self.clock, self.database = store, clock, url
        self._opened: list[Store] = []

    def url(self, name: str) -> str:
        return name if "://" in name else f"https://daily.example/{name}"

    def capture(self, name: str, body: str = "", at: datetime | None = None, status: int = 200) -> Capture:
        digest = hashlib.sha256(f"{name} {body}".encode(errors="replace")).hexdigest()
        number = CaptureId(str(uuid.uuid4()))
        when = at or self.clock.at
        return Capture(number, self.url(name), when, status, "text/html", digest, digest, "2024.warc.gz", 100, 40)

    def article(
        self, name: str, text: str = "نص الخبر", links: tuple[VersionLink, ...] = (), **more: object
    ) -> Article:
        lang = Lang(str(more.pop("lang", name.partition("/")[0])))
        blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in text.split("\n"))
        told = {"title": f"عنوان {name}", "published": START - DAY, **more}
        return Article(url=self.url(name), lang=lang, blocks=blocks, links=links, **told)  # type: ignore[arg-type]

    def save(
        self,
        name: str,
        text: str = "نص الخبر",
        to: str | None = None,
        asked: str | None = None,
        extractor: str = EXTRACTOR,
        capture: Capture | None = None,
        evidence: str = "hreflang",
        **more: object,
    ) -> Saved:
        links = (VersionLink(self.url(to), evidence),) if to else ()
        article = self.article(name, text, links, **more)
        seen = capture or self.capture(asked or name, text)
        return self.store.save("daily", self.url(asked or name), article, seen, extractor, self.clock.at)

    def wait(self, days: float = 1) -> None:
        self.clock.at += DAY * days

    def access(self, article: ArticleId, access: Access) -> None:
        self.store.set_access(article, access, "a court ordered it", KEEPER, self.clock.at)

    def reopen(self) -> Store:
        """Another opening of the same archive; closed with the desk."""
        self._opened.append(Store.open(self.database, self.clock))
        return self._opened[-1]

    def close(self) -> None:
        for store in (self.store, *self._opened):
            store.close()


def write_pairs(url: str, worker: int) -> None:
    """Four Arabic articles and their English versions, written by a process of its own."""
    store = Store.open(url, Clock(), wait=60)
    desk = Desk(store, Clock(), url)
    for number in range(4):
        desk.save(f"ar/{worker}-{number}", text=f"{worker} {number}")
        desk.save(f"en/{worker}-{number}", text=f"{worker} {number}", to=f"ar/{worker}-{number}")
    store.close()
