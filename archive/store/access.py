"""Withholding, purging, showing again: by a keeper, with a reason, audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from archive.model import Access, Actor, ArticleId, Role
from archive.store import audit, links
from archive.store.captures import gather
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import articles, captures, extractions, pages, revisions
from archive.store.values import StoreError


class Accesses(Part):
    def set_access(self, article: ArticleId, access: Access, reason: str, actor: Actor, at: datetime) -> None:
        """Set whether an article's revisions and captures may be shown; what comes later is withheld until KEPT.

        PURGED deletes the text for good (digests stay) and tells nothing of the WARC files: give those of
        `captures(article)` that are PURGED now to whoever writes those files, then `relocate`.

        Raises:
            StoreError: no such article, the actor is no keeper, or all that could be shown again is purged; or the
                text is deleted, but still in a file that another process holds on to: purge it again.
        """
        with self._database.write() as tx:
            _may(tx, article, access, actor)
            gather(tx, article)
            mark = {"access": access.value, "access_reason": reason, "access_actor": actor.name}
            unpurged = captures.c.access != Access.PURGED.value
            tx.db.execute(update(captures).where(captures.c.id.in_(_own(article)), unpurged).values(mark))
            mine = revisions.c.article == article
            tx.db.execute(update(revisions).where(mine, revisions.c.access != Access.PURGED.value).values(mark))
            own_row: dict[str, Any] = {"access": access.value}
            if access is Access.PURGED:
                tx.db.execute(update(extractions).where(extractions.c.article == article).values(content=None))
                own_row |= {"published": None, "day": None}
            tx.db.execute(update(articles).where(articles.c.id == article).values(own_row))
            audit.write(tx, actor, access.value, f"article {article}", reason, at)
            tx.touch(links.story_of(tx.db, article), "access")
        if access is Access.PURGED:
            self._database.scrub()


def _own(article: ArticleId) -> Select[Any]:
    """The captures of an article's pages, but those in which another article was read: its address led there."""
    others = select(extractions.c.id).where(
        extractions.c.capture == pages.c.capture, extractions.c.article != pages.c.article
    )
    return select(pages.c.capture).where(pages.c.article == article, ~others.exists())


def _may(tx: Tx, article: ArticleId, access: Access, actor: Actor) -> None:
    if actor.role not in (Role.KEEPER, Role.SYSTEM):
        raise StoreError(f"{actor.name} is no keeper; only keepers set who may read article {article}")
    newest = select(revisions.c.access).join(articles, articles.c.id == revisions.c.article)
    current = newest.where(articles.c.id == article, revisions.c.number == articles.c.current)
    there = tx.db.execute(current).scalar()
    if there is None:
        raise StoreError(f"there is no article {article}; nothing was changed")
    if there == Access.PURGED and access is not Access.PURGED:
        raise StoreError(f"article {article} is purged: its text is gone; `warraq add` captures the page anew")
