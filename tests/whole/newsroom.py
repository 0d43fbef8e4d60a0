"""A whole archive on loopback: the sample outlet, a collector that waits in no real time, store, captures, engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.events import Event
from archive.fetch import Fetcher, guarded_transport
from archive.model import Story, Version
from archive.pipeline import Collector, recorder
from archive.publishers.declaration import Outlet
from archive.store import Store
from archive.warc import WarcFolder
from indexer.engines.tantivy import TantivyEngine
from indexer.sync import sync
from tests.site.content import Truth
from tests.site.server import Site


class Clock:
    """A clock that a test can set; sleeping takes no time and is remembered."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        self.slept = 0.0

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.at += timedelta(seconds=seconds)


@dataclass
class Newsroom:
    home: Path
    clock: Clock
    store: Store
    captures: WarcFolder
    engine: TantivyEngine
    outlets: Mapping[str, Outlet]
    collector: Collector
    events: list[Event] = field(default_factory=list)

    def collect(self, key: str = "sample") -> Counter[str]:
        tally = self.collector.collect(self.outlets[key])
        sync(self.store, self.engine)
        return tally

    def stories(self) -> list[Story]:
        return self.store.stories(self.store.story_ids())

    def versions(self) -> dict[str, Version]:
        """All articles by canonical address."""
        return {version.content.url: version for story in self.stories() for version in story.versions}

    def content(self) -> list[tuple[object, ...]]:
        """What the archive says, without ids and times of its own: to compare two archives."""
        return sorted(
            (
                *(sorted((v.content.url, v.lang, v.content.digest, str(v.content.published)) for v in s.versions)),
                *(sorted({link.evidence for link in s.links})),
            )
            for s in self.stories()
        )


@contextmanager
def newsroom(home: Path, site: Site, outlets: Mapping[str, Outlet] | None = None) -> Iterator[Newsroom]:
    declared = outlets or {"sample": site.outlet()}
    clock, events = Clock(), list[Event]()
    home.mkdir(parents=True, exist_ok=True)
    hosts = [address.split("//", 1)[1] for address in (site.ar_base, site.en_base)]
    with (
        WarcFolder(home / "captures", clock) as captures,
        guarded_transport(() if site.pose else hosts, site.host_map if site.pose else None) as transport,
    ):
        store = Store.open(f"sqlite:///{home / 'warraq.sqlite3'}", clock, declared)
        policies = {host: outlet.fetching for outlet in declared.values() for host in outlet.hosts}
        fetcher = Fetcher(transport, clock, "Warraq/test", recorder(store, captures), policies)
        collector = Collector(store, captures, fetcher, declared, clock, events.append)
        engine = TantivyEngine(home / "index")
        try:
            yield Newsroom(home, clock, store, captures, engine, declared, collector, events)
        finally:
            engine.close()
            store.close()


def differences(version: Version | None, truth: Truth) -> dict[str, tuple[object, object]]:
    """What was read otherwise than it should be: field -> (read, truth)."""
    if version is None:
        return {"article": (None, truth.url)}
    article = version.content
    names = ("lang", "title", "published", "updated", "kicker", "authors", "section", "tags", "issue", "dateline")
    pairs = {name: (getattr(article, name), getattr(truth, name)) for name in names}
    pairs["blocks"] = (article.blocks, truth.blocks)
    pairs["image"] = (article.image, truth.image)
    pairs["links"] = ({(k.target, k.evidence) for k in article.links}, {(k.target, k.evidence) for k in truth.links})
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
