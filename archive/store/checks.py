"""Looks at pages, and what follows from them: when a page was last seen, since when it is removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from archive.model import ArticleId, Capture
from archive.store import captures, revisions
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles, checks
from archive.store.values import Checks

SEEN = ("new", "revised", "unchanged")  # the page was there
GONE = "gone"  # 404 or 410
MOVED = "moved"  # the address led to another article, whose page the capture is
REMOVED_CHECKS, REMOVED_SPAN = 3, timedelta(days=7)


def note(tx: Tx, key: str, outcome: str, at: datetime, capture: int | None = None, detail: str = "") -> None:
    """Count a look, wherever in time it stands: it lengthens the run of its outcome that is next to it, or begins one.
    A run says when its first and last looks were; what else was seen between them is a run of its own."""
    runs = _runs(tx, key)
    before = [run for run in runs if run.since <= at]
    beside = (*before[-1:], *runs[len(before) :][:1])
    run = next((run for run in beside if (run.outcome, run.detail) == (outcome, detail)), None)
    if run is None:
        fresh = {"key": key, "outcome": outcome, "detail": detail, "since": at, "until": at, "times": 1}
        tx.db.execute(insert(checks).values(**fresh, capture=capture))
        return
    longer: dict[str, Any] = {"since": min(run.since, at), "until": max(run.until, at), "times": run.times + 1}
    if capture and at >= run.until:
        longer["capture"] = capture
    tx.db.execute(update(checks).where(checks.c.id == run.id).values(longer))


def _runs(tx: Tx, key: str) -> Sequence[Row[Any]]:
    return tx.db.execute(select(checks).where(checks.c.key == key).order_by(checks.c.since, checks.c.id)).all()


def settle(tx: Tx, article: int, key: str) -> None:
    """Decide anew whether the article is removed, and say so in the log when that changed."""
    since = removed_since(_runs(tx, key))
    before = tx.db.execute(select(articles.c.removed, articles.c.story).where(articles.c.id == article)).one()
    if before.removed != since:
        tx.db.execute(update(articles).where(articles.c.id == article).values(removed=since))
        tx.touch(before.story, "removed" if since else "back")


def removed_since(runs: Sequence[Row[Any]]) -> datetime | None:
    """The first answer 404 or 410 after the page was last seen, when there are three or more over seven days.

    Looks that failed otherwise (no connection, 500) say nothing either way. Of a run within which the page was seen,
    only the last look is known to be later.
    """
    seen = max((run.until for run in runs if run.outcome in SEEN), default=datetime.min.replace(tzinfo=UTC))
    gone = [run for run in runs if run.outcome == GONE and run.until > seen]
    if sum(run.times if run.since > seen else 1 for run in gone) < REMOVED_CHECKS:
        return None
    first = min(run.since if run.since > seen else run.until for run in gone)
    return first if max(run.until for run in gone) - first >= REMOVED_SPAN else None


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
            if article and outcome in SEEN:
                revisions.confirm(tx, article.id, at)
            if article:
                settle(tx, article.id, article.key)

    def checks(self, article: ArticleId) -> tuple[Checks, ...]:
        """All looks at an article's page, in runs of one outcome, oldest first."""
        query = select(checks).join(articles, articles.c.key == checks.c.key).where(articles.c.id == article)
        with self._database.read() as db:
            rows = db.execute(query.order_by(checks.c.since, checks.c.id))
            return tuple(Checks(row.outcome, row.since, row.until, row.times, row.detail) for row in rows)
