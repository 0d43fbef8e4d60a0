"""Looks at pages, and what follows from them: when a page was last seen, since when it is removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from archive.model import ArticleId, Capture
from archive.store import captures
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles, checks
from archive.store.values import Checks

SEEN = ("new", "revised", "unchanged")  # the page was there
GONE = "gone"  # 404 or 410
MOVED = "moved"  # the address led to another article, whose page the capture is
REMOVED_CHECKS, REMOVED_SPAN = 3, timedelta(days=7)


def note(tx: Tx, key: str, outcome: str, at: datetime, capture: int | None = None, detail: str = "") -> None:
    """Count a look. It lengthens the last run of the same outcome, or begins a new one."""
    query = select(checks).where(checks.c.key == key).order_by(checks.c.id.desc()).limit(1)
    run = tx.db.execute(query).first()
    if run is None or (run.outcome, run.detail) != (outcome, detail):
        fresh = {"key": key, "outcome": outcome, "detail": detail, "since": at, "until": at, "times": 1}
        tx.db.execute(insert(checks).values(**fresh, capture=capture))
        return
    longer: dict[str, Any] = {"since": min(run.since, at), "until": max(run.until, at), "times": run.times + 1}
    tx.db.execute(update(checks).where(checks.c.id == run.id).values(**longer, capture=capture or run.capture))


def settle(tx: Tx, article: int, key: str) -> None:
    """Decide anew whether the article is removed, and say so in the log when that changed."""
    runs = tx.db.execute(select(checks).where(checks.c.key == key).order_by(checks.c.id.desc())).all()
    since = removed_since(runs)
    before = tx.db.execute(select(articles.c.removed, articles.c.story).where(articles.c.id == article)).one()
    if before.removed != since:
        tx.db.execute(update(articles).where(articles.c.id == article).values(removed=since))
        tx.touch(before.story, "removed" if since else "back")


def removed_since(runs: Sequence[Row[Any]]) -> datetime | None:
    """The first of the newest looks without an answer but 404 or 410, when they are three or more over seven days.

    Looks that failed otherwise (no connection, 500) say nothing either way. `runs`: the newest first.
    """
    gone = []
    for run in runs:
        if run.outcome in SEEN:
            break
        if run.outcome == GONE:
            gone.append(run)
    if sum(run.times for run in gone) < REMOVED_CHECKS:
        return None
    first, last = min(run.since for run in gone), max(run.until for run in gone)
    return first if last - first >= REMOVED_SPAN else None


def owner(tx: Tx, url: str) -> Row[Any] | None:
    """The row of the article at an address."""
    query = select(articles).join(addresses, addresses.c.article == articles.c.id)
    found: Row[Any] | None = tx.db.execute(query.where(addresses.c.key == tx.key(url))).first()
    return found


class Looks(Part):
    def check(self, asked_url: str, at: datetime, outcome: str, capture: Capture | None, detail: str = "") -> None:
        """Count a look at a page that gave no new reading: "unchanged" (304), "gone" (404, 410), "failed",
        "not-an-article", ... An article gone in three looks over seven days is removed; seen again, it is back."""
        with self._database.write() as tx:
            number = captures.put(tx, capture) if capture else None
            article = owner(tx, asked_url)
            note(tx, article.key if article else tx.key(asked_url), outcome, at, number, detail)
            if article and number and outcome != MOVED:
                captures.belong(tx, article.id, [number])
            if article:
                settle(tx, article.id, article.key)

    def checks(self, article: ArticleId) -> tuple[Checks, ...]:
        """All looks at an article's page, in runs of one outcome, oldest first."""
        query = select(checks).join(articles, articles.c.key == checks.c.key).where(articles.c.id == article)
        with self._database.read() as db:
            rows = db.execute(query.order_by(checks.c.id))
            return tuple(Checks(row.outcome, row.since, row.until, row.times, row.detail) for row in rows)
