"""Readings of captures and the revisions they show.

A revision is a state of an article between two changes of its text. Captures may arrive in any order of time (an import
brings old ones): a capture is compared with the revisions seen before, around and after it. A text that was there for
a while only is a revision of its own, but does not part the one that was seen before and after it. The current revision
is the one that was seen last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, insert, select, type_coerce, update

from archive.model import Access, Article, ArticleId, Capture, CaptureId, Revision
from archive.store import captures
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import articles, extractions, revisions
from archive.store.schema import captures as capture_rows
from archive.store.values import Outcome, Unread

IN_TIME = (revisions.c.last_seen, revisions.c.first_seen, revisions.c.number)  # the order of an article's revisions


def article_of(tx: Tx, capture: int) -> int | None:
    """The article that was read in a capture."""
    return tx.db.execute(select(extractions.c.article).where(extractions.c.capture == capture).limit(1)).scalar()


def shown(tx: Tx, article: int) -> Article | None:
    """What the newest revision says, whoever may read it."""
    query = (
        select(extractions.c.content)
        .join(revisions, revisions.c.reading == extractions.c.id)
        .join(articles, (articles.c.id == revisions.c.article) & (articles.c.current == revisions.c.number))
    )
    return tx.db.execute(query.where(articles.c.id == article)).scalar()


def face(tx: Tx, article: int) -> tuple[Any, ...]:
    """All of an article that a reader could find changed; compared before and after."""
    own = tx.db.execute(select(articles).where(articles.c.id == article)).one()
    query = (
        select(
            revisions.c.number, revisions.c.first_seen, extractions.c.digest, type_coerce(extractions.c.content, Text)
        )
        .join(extractions, extractions.c.id == revisions.c.reading)
        .where(revisions.c.article == article)
        .order_by(revisions.c.number)
    )
    return (own.lang, own.url, own.current, own.access, *map(tuple, tx.db.execute(query)))


def add(
    tx: Tx, number: int, seen: int, capture: Capture, article: Article, extractor: str, at: datetime
) -> tuple[Outcome, int]:
    """Add a reading. Returns what it is and the revision's number."""
    query = select(extractions).where(extractions.c.article == number, extractions.c.capture == seen)
    readings = tx.db.execute(query.order_by(extractions.c.id)).all()
    if readings:
        outcome: Outcome = "reread"
        revision = tx.db.execute(select(revisions).where(revisions.c.id == readings[0].revision)).one()
    else:
        outcome, revision = _place(tx, number, seen, capture, article, extractor)
    same = next((row for row in readings if row.extractor == extractor), None)
    content = None if revision.access == Access.PURGED else article
    if same is not None:
        changed = update(extractions).where(extractions.c.id == same.id)
        tx.db.execute(changed.values(content=content, digest=article.digest, at=at))
        return outcome, revision.number
    row = {"article": number, "capture": seen, "revision": revision.id, "extractor": extractor, "at": at}
    made = insert(extractions).values(**row, digest=article.digest, content=content).returning(extractions.c.id)
    _show(tx, revision, tx.db.execute(made).scalar_one(), extractor, capture.at)
    return outcome, revision.number


def _place(
    tx: Tx, number: int, seen: int, capture: Capture, article: Article, extractor: str
) -> tuple[Outcome, Row[Any]]:
    """The revision that a new capture shows: one of those next to it in time, or a new one."""
    query = select(revisions).where(revisions.c.article == number)
    history = tx.db.execute(query.order_by(revisions.c.first_seen, revisions.c.number)).all()
    for revision in _beside(history, capture.at):
        if _shows(tx, revision, capture, article, extractor):
            _stretch(tx, revision, capture.at, seen)
            return "unchanged", revision
    order = tx.db.execute(select(articles.c.access).where(articles.c.id == number)).scalar_one()
    access = Access.KEPT if order == Access.KEPT else Access.WITHHELD
    row = {"article": number, "number": len(history) + 1, "first_seen": capture.at, "last_seen": capture.at}
    made = insert(revisions).values(**row, capture=seen, access=access.value).returning(revisions)
    return ("revised" if history else "new"), tx.db.execute(made).one()


def _beside(history: Sequence[Row[Any]], at: datetime) -> Iterator[Row[Any]]:
    """The revisions that a page may have shown at an instant: the one seen last before it, those that were seen before
    and after it, the one seen next. `history`: by first_seen."""
    before = [revision for revision in history if revision.first_seen <= at]
    yield from sorted(before, key=lambda one: one.last_seen if one.last_seen <= at else one.first_seen)[-1:]
    yield from (revision for revision in before if revision.last_seen > at)
    yield from history[len(before) :][:1]


def _stretch(tx: Tx, revision: Row[Any], at: datetime, seen: int) -> None:
    """The revision was seen at this instant, too."""
    if at < revision.first_seen:
        earlier = update(revisions).where(revisions.c.id == revision.id)
        tx.db.execute(earlier.values(first_seen=at, capture=seen))
    elif at > revision.last_seen:
        tx.db.execute(update(revisions).where(revisions.c.id == revision.id).values(last_seen=at))


def confirm(tx: Tx, number: int, at: datetime) -> None:
    """The page said at this instant that it is unchanged."""
    current = select(articles.c.current).where(articles.c.id == number).scalar_subquery()
    own = (revisions.c.article == number) & (revisions.c.number == current) & (revisions.c.last_seen < at)
    tx.db.execute(update(revisions).where(own).values(last_seen=at))


def _shows(tx: Tx, revision: Row[Any], capture: Capture, article: Article, extractor: str) -> bool:
    """Whether a revision reads like this: by the same extractor's readings, or by all where there is none of it."""
    query = (
        select(extractions.c.extractor, extractions.c.digest, capture_rows.c.body_sha256)
        .join(capture_rows, capture_rows.c.id == extractions.c.capture)
        .where(extractions.c.revision == revision.id)
    )
    readings = tx.db.execute(query).all()
    same = [row for row in readings if row.extractor == extractor]
    if any(row.digest == article.digest for row in same or readings):
        return True
    return not same and any(row.body_sha256 == capture.body_sha256 for row in readings)


def _show(tx: Tx, revision: Row[Any], reading: int, extractor: str, at: datetime) -> None:
    """Show this reading of a revision, unless the same extractor has one of a newer capture."""
    query = (
        select(extractions.c.extractor, capture_rows.c.at)
        .join(capture_rows, capture_rows.c.id == extractions.c.capture)
        .where(extractions.c.id == revision.reading)
    )
    now = tx.db.execute(query).first()
    if now is None or now.extractor != extractor or now.at <= at:
        tx.db.execute(update(revisions).where(revisions.c.id == revision.id).values(reading=reading))


def refresh(tx: Tx, number: int, outlet: str) -> None:
    """Bring the article's own row in step with its revisions."""
    query = select(revisions.c.number, revisions.c.first_seen).where(revisions.c.article == number)
    history = tx.db.execute(query.order_by(*IN_TIME)).all()
    row: dict[str, Any] = {"current": history[-1].number, "first_seen": min(one.first_seen for one in history)}
    tx.db.execute(update(articles).where(articles.c.id == number).values(row))
    content = shown(tx, number)
    if content is not None:
        day = content.published and content.published.astimezone(tx.zone(outlet)).date()
        row = {"lang": content.lang, "url": content.url, "published": content.published, "day": day}
        tx.db.execute(update(articles).where(articles.c.id == number).values(row))


def unread(db: Connection, extractor: str, outlet: str | None, article: int | None) -> tuple[Unread, ...]:
    """Captures that show a revision and have content, but none by this extractor."""
    theirs = select(extractions.c.id).where(
        extractions.c.capture == capture_rows.c.id,
        extractions.c.article == articles.c.id,
        extractions.c.extractor == extractor,
    )
    query = (
        select(capture_rows, articles.c.id.label("article"), articles.c.outlet)
        .join(revisions, revisions.c.capture == capture_rows.c.id)
        .join(articles, articles.c.id == revisions.c.article)
        .where(~theirs.exists(), revisions.c.access != Access.PURGED.value)
        .order_by(articles.c.id, capture_rows.c.at, capture_rows.c.id)
    )
    if outlet is not None:
        query = query.where(articles.c.outlet == outlet)
    if article is not None:
        query = query.where(articles.c.id == article)
    rows = db.execute(query).mappings()
    return tuple(Unread(ArticleId(row["article"]), row["outlet"], row["url"], captures.from_row(row)) for row in rows)


class Revisions(Part):
    def revision(self, article: ArticleId, number: int, keeper: bool = False) -> Revision | None:
        """A revision with its content; withheld content only for keepers, purged content for nobody."""
        query = (
            select(revisions, extractions.c.digest, extractions.c.content, capture_rows.c.record)
            .join(extractions, extractions.c.id == revisions.c.reading)
            .join(capture_rows, capture_rows.c.id == revisions.c.capture)
            .where(revisions.c.article == article, revisions.c.number == number)
        )
        with self._database.read() as db:
            row = db.execute(query).first()
        if row is None:
            return None
        open_to = (Access.KEPT, Access.WITHHELD) if keeper else (Access.KEPT,)
        return from_row(row, row.content if row.access in open_to else None)

    def article_extraction(self, article: ArticleId, revision: int) -> Article | None:
        """What a revision says; None when there is none, or it is withheld or purged."""
        found = self.revision(article, revision)
        return found.content if found else None


def from_row(row: Row[Any], content: Article | None) -> Revision:
    """`row`: of `revisions`, with the digest of its reading and the capture's record id."""
    return Revision(row.number, row.first_seen, row.digest, CaptureId(row.record), content, Access(row.access))
