"""Captures: what came over the wire and where on disk it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, insert, or_, select, update

from archive.model import Access, ArticleId, Capture, CaptureId
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles, captures, extractions, pages
from archive.store.values import StoreError


def from_row(row: RowMapping) -> Capture:
    return Capture(
        id=CaptureId(row["record"]),
        url=row["url"],
        at=row["at"],
        status=row["status"],
        media_type=row["media_type"],
        payload_sha256=row["payload_sha256"],
        body_sha256=row["body_sha256"],
        warc=row["warc"],
        offset=row["position"],
        length=row["length"],
        revisit_of=row["revisit_of"] and CaptureId(row["revisit_of"]),
        location=row["location"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        access=Access(row["access"]),
    )


def _to_row(tx: Tx, capture: Capture) -> dict[str, Any]:
    return {
        "record": capture.id,
        "url": capture.url,
        "key": tx.key(capture.url),
        "at": capture.at,
        "status": capture.status,
        "media_type": capture.media_type,
        "payload_sha256": capture.payload_sha256,
        "body_sha256": capture.body_sha256,
        "warc": capture.warc,
        "position": capture.offset,
        "length": capture.length,
        "revisit_of": capture.revisit_of,
        "location": capture.location,
        "etag": capture.etag,
        "last_modified": capture.last_modified,
        "access": capture.access.value,
    }


def put(tx: Tx, capture: Capture) -> int:
    """The capture's row number; it is written unless it is there."""
    there: int | None = tx.db.execute(select(captures.c.id).where(captures.c.record == capture.id)).scalar()
    if there is not None:
        return there
    made: int = tx.db.execute(insert(captures).values(_to_row(tx, capture)).returning(captures.c.id)).scalar_one()
    return made


def belong(tx: Tx, article: int, numbers: Iterable[int]) -> None:
    """These captures are of the article's pages; they come under its standing order."""
    there = set(tx.db.execute(select(pages.c.capture).where(pages.c.article == article)).scalars())
    fresh = sorted(set(numbers) - there)
    if not fresh:
        return
    tx.db.execute(insert(pages), [{"article": article, "capture": number} for number in fresh])
    order = tx.db.execute(select(articles.c.access).where(articles.c.id == article)).scalar_one()
    if order != Access.KEPT:
        withheld = update(captures).where(captures.c.id.in_(fresh), captures.c.access == Access.KEPT.value)
        tx.db.execute(withheld.values(access=Access.WITHHELD.value, access_reason=f"article {article} is {order}"))


def gather(tx: Tx, article: int) -> None:
    """Captures of the article's addresses that belong to no article become its own: whoever made them died before
    saving what they say."""
    own = select(addresses.c.key).where(addresses.c.article == article)
    of_none = ~select(pages.c.capture).where(pages.c.capture == captures.c.id).exists()
    belong(tx, article, tx.db.execute(select(captures.c.id).where(captures.c.key.in_(own), of_none)).scalars())


class Captures(Part):
    def add_capture(self, capture: Capture) -> None:
        """Keep what is known of a response on disk; of an article that is not to be shown, it is withheld at once.
        Adding it twice changes nothing."""
        with self._database.write() as tx:
            number = put(tx, capture)
            query = select(articles.c.id).join(addresses, addresses.c.article == articles.c.id)
            hidden = query.where(addresses.c.key == tx.key(capture.url), articles.c.access != Access.KEPT.value)
            for article in tx.db.execute(hidden).scalars().all():
                belong(tx, article, [number])

    def captures(self, article: ArticleId | None = None) -> tuple[Capture, ...]:
        """All captures, or those of an article's pages, oldest first."""
        query = select(captures).order_by(captures.c.at, captures.c.id)
        if article is not None:
            query = query.join(pages, pages.c.capture == captures.c.id).where(pages.c.article == article)
        with self._database.read() as db:
            return tuple(from_row(row) for row in db.execute(query).mappings())

    def capture(self, record: CaptureId) -> Capture | None:
        with self._database.read() as db:
            row = db.execute(select(captures).where(captures.c.record == record)).mappings().first()
            return from_row(row) if row else None

    def capture_by_digest(self, sha256: str) -> Capture | None:
        """The oldest capture whose payload, as stored or decoded, has this SHA-256 (hex)."""
        either = or_(captures.c.payload_sha256 == sha256.lower(), captures.c.body_sha256 == sha256.lower())
        with self._database.read() as db:
            query = select(captures).where(either).order_by(captures.c.at, captures.c.id).limit(1)
            row = db.execute(query).mappings().first()
            return from_row(row) if row else None

    def relocate(self, moved: Iterable[Capture]) -> None:
        """Take over where captures are on disk now, all in one transaction; nothing else of them changes.

        Raises:
            StoreError: one of them is not in the archive.
        """
        with self._database.write() as tx:
            for capture in moved:
                place = {"warc": capture.warc, "position": capture.offset, "length": capture.length}
                done = tx.db.execute(update(captures).where(captures.c.record == capture.id).values(place))
                if done.rowcount != 1:
                    raise StoreError(f"capture {capture.id} is not in the archive; no position was changed")

    def articles_without_capture(self) -> tuple[ArticleId, ...]:
        """Articles of which a reading stands on a capture that is none of their pages, or which have no reading."""
        page = select(pages.c.capture).where(
            pages.c.article == extractions.c.article, pages.c.capture == extractions.c.capture
        )
        read = select(extractions.c.id).where(extractions.c.article == articles.c.id)
        loose = select(articles.c.id).where(~read.exists() | read.where(~page.exists()).exists())
        with self._database.read() as db:
            return tuple(ArticleId(number) for number in db.execute(loose.order_by(articles.c.id)).scalars())
