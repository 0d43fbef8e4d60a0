"""Other people's files -> the archive: WARC, WACZ, saved HTML. What comes in is captured anew, with its own time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from archive.address import NotAnAddress, host_of, normalise, plain
from archive.charset import decode
from archive.clock import Clock
from archive.events import Event, Tell
from archive.extract import NotAnArticle, extract
from archive.fetched import Hop
from archive.intake import Intake, moved, page_of
from archive.publishers import owner
from archive.publishers.declaration import Outlet
from archive.store import Store
from archive.warc import CaptureError, WarcFolder, read_file, read_wacz

WARC, WACZ, HTML = (".warc", ".warc.gz", ".arc", ".arc.gz"), (".wacz",), (".html", ".htm", ".xhtml")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)


class Unplaced(Exception):
    """A saved page that does not say where it is from."""


@dataclass(frozen=True, slots=True)
class Importer:
    store: Store
    captures: WarcFolder
    outlets: Mapping[str, Outlet]
    clock: Clock
    tell: Tell

    @property
    def _intake(self) -> Intake:
        return Intake(self.store, self.captures, self.outlets, self.clock, self.tell)

    def run(self, paths: Iterable[Path], url: str | None = None) -> Counter[str]:
        """Bring in files and folders. `url`: the address of a saved page that does not name its own. What cannot be
        read is told and counted as "failed"; the rest goes on. Returns the number of pages by outcome."""
        tally: Counter[str] = Counter()
        for path in files(paths):
            late: list[Hop] = []
            try:
                led = _redirects(path)
                for hop in _hops(path, url):
                    if _shown_otherwise(hop.url):
                        late.append(hop)
                    else:
                        tally[self._take(hop, led)] += 1
            except (CaptureError, Unplaced) as error:
                self.tell(Event("failed", str(path), str(error)))
                tally["failed"] += 1
            tally.update(self._take(hop, {}, only_new=True) for hop in late)
        return tally

    def _take(self, hop: Hop, led: Mapping[str, tuple[str, ...]], only_new: bool = False) -> str:
        """One response. `led`: addresses that led to others. only_new: another showing of a page (AMP, ?so=), read
        only when that page is not there."""
        outcome, detail = self._read(hop, led.get(hop.url, ()), only_new)
        self.tell(Event(outcome, hop.url, detail))
        return outcome

    def _read(self, hop: Hop, older: tuple[str, ...], only_new: bool) -> tuple[str, str]:
        outlet = owner(self.outlets, hop.url)
        if outlet is None:
            return "skipped", "no outlet has this host; `warraq outlets add` declares one (docs/outlets.md)"
        if hop.status != 200 or hop.truncated:
            return "skipped", f"answered {hop.status}" if hop.status != 200 else "cut off by whoever captured it"
        if only_new and self.store.find(hop.url) is not None:
            return "skipped", "another showing of a page that is there"
        try:
            article = extract(page_of(hop.url, hop), outlet)
        except NotAnArticle as error:
            return "skipped", error.reason
        known = self._known(hop)
        if known:
            return known
        capture = self.captures.write(hop)
        self.store.add_capture(capture)
        own = tuple(address for address in older if moved(address, article.url, outlet))
        article = replace(article, aliases=article.aliases + own)
        taken = self._intake.take(outlet, hop.url, article, capture)
        return taken.outcome, "; ".join(article.warnings)

    def _known(self, hop: Hop) -> tuple[str, str] | None:
        """Importing a file twice brings nothing twice: the same address at the same instant is the same capture."""
        article = self.store.find(hop.url)
        if article is None:
            return None
        at = hop.at.replace(microsecond=0)
        same = any(c.at.replace(microsecond=0) == at and c.url == hop.url for c in self.store.captures(article))
        return ("unchanged", "imported before") if same else None


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and in folders those with an ending that can be imported, by name."""
    for path in paths:
        if path.is_dir():
            yield from (p for p in sorted(path.rglob("*")) if p.is_file() and p.name.endswith((*WARC, *WACZ, *HTML)))
        else:
            yield path


def _hops(path: Path, url: str | None) -> Iterator[Hop]:
    name = path.name.lower()
    if name.endswith(HTML):
        yield saved_page(path, url)
        return
    for record in read_wacz(path) if name.endswith(WACZ) else read_file(path):
        if record.kind != "revisit":
            yield _at_normal_address(record.hop)


def _redirects(path: Path) -> dict[str, tuple[str, ...]]:
    """What the file's redirects say: address -> the addresses that led there."""
    led: dict[str, tuple[str, ...]] = {}
    if path.name.lower().endswith(HTML):
        return led
    with suppress(CaptureError):  # it is raised again when the pages are read, after those that are whole
        for hop in _hops(path, None):
            if hop.location is not None and _is_address(hop.location):
                target = normalise(hop.location)
                led[target] = (*led.get(target, ()), hop.url)
    return led


def _at_normal_address(hop: Hop) -> Hop:
    """Others' tools record more than pages of the web (`dns:`, `urn:`); those keep the name they have."""
    return replace(hop, url=normalise(hop.url)) if _is_address(hop.url) else hop


def saved_page(path: Path, url: str | None) -> Hop:
    """A page that a browser saved, as if it had just been answered; its time is the file's.

    Raises:
        CaptureError: it cannot be read.
        Unplaced: neither `url` nor the page tells its address.
    """
    try:
        body = path.read_bytes()
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise CaptureError(f"cannot be read: {error.strerror}") from error
    try:
        address = normalise(url or _address_in(body) or "")
    except NotAnAddress:
        raise Unplaced("does not tell its address; name it: warraq import --url ADDRESS FILE") from None
    return Hop(
        url=address, at=at, request_headers=(), status=200, reason="OK",
        headers=(("Content-Type", "text/html"), ("X-Warraq-Imported-From", "a saved page")), payload=body, body=body,
    )  # fmt: skip


def _address_in(body: bytes) -> str | None:
    """What a browser noted, or what the page calls its canonical address."""
    text, _ = decode(body, "text/html")
    noted = _SAVED_FROM.search(text)
    if noted:
        return noted[1]
    soup = BeautifulSoup(text, "lxml")
    for selector, attribute in (('link[rel~="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        tag = soup.select_one(selector)
        if tag and tag.get(attribute):
            return str(tag[attribute])
    return None


def _is_address(url: str) -> bool:
    return host_of(url) != ""


def _shown_otherwise(url: str) -> bool:
    """Whether an address shows a page in another way: AMP, sorted comments, tracking."""
    return _is_address(url) and plain(url) != normalise(url)
