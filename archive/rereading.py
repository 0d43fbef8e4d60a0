"""Stored captures -> today's reading of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from archive.clock import Clock
from archive.events import Event, Tell
from archive.extract import EXTRACTOR, NotAnArticle, Page, extract
from archive.publishers.declaration import Outlet
from archive.store import Store, Unread
from archive.warc import CaptureError, WarcFolder


def reread(
    store: Store,
    captures: WarcFolder,
    outlets: Mapping[str, Outlet],
    unread: Iterable[Unread],
    clock: Clock,
    tell: Tell,
) -> Counter[str]:
    """Extract again what is stored; adds readings and never a revision. Returns the number of captures by outcome."""
    tally: Counter[str] = Counter()
    for one in unread:
        outcome, detail = _again(store, captures, outlets, one, clock)
        tally[outcome] += 1
        tell(Event(outcome, one.url, detail))
    return tally


def _again(
    store: Store, captures: WarcFolder, outlets: Mapping[str, Outlet], one: Unread, clock: Clock
) -> tuple[str, str]:
    outlet = outlets.get(one.outlet)
    if outlet is None:
        return "skipped", f"its outlet {one.outlet!r} is not declared any more; what was read before stays"
    try:
        record = captures.record(one.capture)
        content_type = next((value for name, value in record.headers if name.lower() == "content-type"), "")
        page = Page(asked=one.url, url=one.capture.url, body=record.body, content_type=content_type, at=one.capture.at)
        article = extract(page, outlet)
    except (CaptureError, NotAnArticle) as error:
        return "failed", f"{error}; what was read before stays"
    saved = store.save(outlet.key, one.url, article, one.capture, EXTRACTOR, clock.now())
    return saved.outcome, "; ".join(article.warnings)
