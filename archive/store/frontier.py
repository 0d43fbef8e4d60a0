"""The frontier: addresses to be fetched, and how far each has come. A run that was killed goes on from here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update

from archive.fetched import Validators
from archive.model import Access, Capture, CaptureId, Lang, VersionLink
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles, frontier
from archive.store.values import Findable, Pending

OPEN, DONE, DROPPED = "open", "done", "dropped"
FIRST_RETRY, LAST_RETRY = timedelta(hours=1), timedelta(days=7)


class Frontier(Part):
    def enqueue(self, outlet: str, found: Iterable[Findable]) -> int:
        """Queue addresses that are new, or whose modified time is newer than at the last fetch. How many were."""
        with self._database.write() as tx:
            return sum(_enqueue(tx, outlet, one) for one in found)

    def pending(self, outlet: str, limit: int | None = None) -> list[Pending]:
        """What is to be fetched now, the latest modified first; purged articles are left alone."""
        there = frontier.outerjoin(addresses, addresses.c.key == frontier.c.key)
        there = there.outerjoin(articles, articles.c.id == addresses.c.article)
        open_to = or_(articles.c.access.is_(None), articles.c.access != Access.PURGED.value)
        day = func.coalesce(articles.c.published, frontier.c.published).label("told")
        with self._database.read() as db:
            due = or_(frontier.c.next_try.is_(None), frontier.c.next_try <= self._database.clock.now())
            query = select(frontier, day).select_from(there)
            query = query.where(frontier.c.outlet == outlet, frontier.c.state == OPEN, due, open_to)
            order = (frontier.c.tries, frontier.c.modified.desc().nulls_last(), frontier.c.id)
            return [_pending(row) for row in db.execute(query.order_by(*order).limit(limit))]

    def told(self, url: str) -> tuple[VersionLink, ...]:
        """What discovery said of a page's other versions."""
        with self._database.read() as db:
            found = db.execute(select(frontier.c.versions).where(frontier.c.key == self._database.key(url))).scalar()
            return tuple(VersionLink(**link) for link in json.loads(found or "[]"))

    def done(self, url: str, capture: Capture | None = None, modified: datetime | None = None) -> None:
        """The address was fetched. `capture` (200 or 304) gives the validators for the next time; `modified`: the hint
        that was known when the fetch began. It stays open when a newer one came meanwhile."""
        with self._database.write() as tx:
            row = tx.db.execute(select(frontier).where(frontier.c.key == tx.key(url))).first()
            if row is None:
                return
            hint = modified or row.modified
            newer = row.modified is not None and hint is not None and row.modified > hint
            values: dict[str, Any] = {"state": OPEN if newer else DONE, "tries": 0, "next_try": None, "error": None}
            values |= {"fetched_modified": hint, "done_at": tx.now, **_validators(row, capture)}
            tx.db.execute(update(frontier).where(frontier.c.id == row.id).values(values))

    def failed(self, url: str, why: str, retry_at: datetime | None = None, give_up: bool = False) -> None:
        """The address could not be had: again at `retry_at` (by default after an hour, two, four ... up to a week), or
        not before discovery has news of it."""
        with self._database.write() as tx:
            row = tx.db.execute(select(frontier).where(frontier.c.key == tx.key(url))).first()
            if row is None:
                return
            pause = min(FIRST_RETRY * 2 ** min(row.tries, 10), LAST_RETRY)
            values = {"state": DROPPED if give_up else OPEN, "tries": row.tries + 1, "error": why}
            values |= {"next_try": retry_at or tx.now + pause, "fetched_modified": row.modified}
            tx.db.execute(update(frontier).where(frontier.c.id == row.id).values(values))

    def revisit(self, outlet: str, before: datetime, seen_since: datetime | None = None) -> int:
        """Queue again what was last fetched before an instant, to see whether it changed or is gone. How many.

        `seen_since`: only pages of articles that were first seen then or later.
        """
        old = (frontier.c.outlet == outlet) & (frontier.c.state == DONE) & (frontier.c.done_at < before)
        if seen_since is not None:
            own = articles.join(addresses, addresses.c.article == articles.c.id)
            fresh = select(addresses.c.key).select_from(own).where(articles.c.first_seen >= seen_since)
            old &= frontier.c.key.in_(fresh)
        with self._database.write() as tx:
            return tx.db.execute(update(frontier).where(old).values(state=OPEN, next_try=None)).rowcount

    def waiting(self, outlet: str) -> int:
        """How many addresses are queued, due or not."""
        queued = (frontier.c.outlet == outlet) & (frontier.c.state == OPEN)
        with self._database.read() as db:
            return db.execute(select(func.count()).select_from(frontier).where(queued)).scalar_one()


def _enqueue(tx: Tx, outlet: str, found: Findable) -> bool:
    key = tx.key(found.url)
    row = tx.db.execute(select(frontier).where(frontier.c.key == key)).first()
    if row is None:
        fresh = {"key": key, "outlet": outlet, "url": found.url, "lang": found.lang, "modified": found.modified}
        tx.db.execute(insert(frontier).values(**fresh, **_said(found), state=OPEN, tries=0))
        return True
    if said := {name: value for name, value in _said(found).items() if value != getattr(row, name)}:
        tx.db.execute(update(frontier).where(frontier.c.id == row.id).values(said))
    if found.modified is None or (row.modified is not None and found.modified <= row.modified):
        return False
    news = row.fetched_modified is None or found.modified > row.fetched_modified
    again: dict[str, Any] = {"state": OPEN, "tries": 0, "next_try": None} if news and row.state != OPEN else {}
    tx.db.execute(update(frontier).where(frontier.c.id == row.id).values(modified=found.modified, **again))
    return bool(again)


def _said(found: Findable) -> dict[str, Any]:
    """What discovery says besides the address; what it does not say now stays as it was said before."""
    links = [dataclasses.asdict(link) for link in found.versions]
    versions = json.dumps(links, ensure_ascii=False) if links else None
    said = {"published": found.published, "versions": versions}
    return {name: value for name, value in said.items() if value is not None}


def _validators(row: Row[Any], capture: Capture | None) -> dict[str, Any]:
    """A 304 may bring no validators: then those it was asked with still hold."""
    if capture is None or capture.status not in (200, 304):
        return {}
    if capture.status == 304:
        return {"etag": capture.etag or row.etag, "last_modified": capture.last_modified or row.last_modified}
    fresh = {"etag": capture.etag, "last_modified": capture.last_modified}
    return {**fresh, "capture": capture.id, "validated_url": capture.url}


def _pending(row: Row[Any]) -> Pending:
    validators = None
    if row.etag or row.last_modified:
        record = row.capture and CaptureId(row.capture)
        validators = Validators(row.etag, row.last_modified, record, row.validated_url)
    lang = row.lang and Lang(row.lang)
    return Pending(row.url, row.outlet, lang, row.modified, row.tries, validators, row.told)
