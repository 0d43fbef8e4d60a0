"""Saving what an extractor read: which article it is, which revision, what the page claims."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from archive.model import Access, Article, ArticleId, Capture, Claim, ClaimId
from archive.store import captures, checks, claims, links, revisions
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import addresses, articles
from archive.store.types import encode
from archive.store.values import Saved, StoreError, Unread


def keys_of(tx: Tx, asked: str, article: Article, capture: Capture) -> dict[str, str]:
    """All addresses of the page: identity -> spelling, the canonical one first."""
    found: dict[str, str] = {}
    for url in (article.url, asked, capture.url, *article.aliases):
        found.setdefault(tx.key(url), url)
    return found


def whose(tx: Tx, keys: dict[str, str], article: Article, capture: int) -> int | None:
    """The article that this page is, if it is in the archive.

    The canonical address decides. Where that is new, an article that has one of the other addresses is meant only if
    it reads alike: servers guess, and lead from a removed article to some other one; pages name wrong aliases.
    """
    read = revisions.article_of(tx, capture)
    if read is not None:
        return read
    canonical = next(iter(keys))
    query = select(addresses.c.key, addresses.c.article).where(addresses.c.key.in_(keys))
    owners: dict[str, int] = dict(tx.db.execute(query).all())
    if canonical in owners:
        return owners[canonical]
    candidates = dict.fromkeys(owners[key] for key in keys if key in owners)
    return next((number for number in candidates if _alike(revisions.shown(tx, number), article)), None)


def _alike(old: Article | None, new: Article) -> bool:
    """Whether both can be states of one article: one language, and the title or half of the shorter text in common."""
    if old is None or old.lang != new.lang:
        return False
    before, after = ({block.text for block in article.blocks} for article in (old, new))
    return old.title == new.title or 2 * len(before & after) >= max(1, min(len(before), len(after)))


def _create(tx: Tx, outlet: str, article: Article, key: str, at: datetime) -> int:
    row = {"outlet": outlet, "lang": article.lang, "key": key, "url": article.url, "first_seen": at}
    made = insert(articles).values(**row, story=0, current=0, access=Access.KEPT.value).returning(articles.c.id)
    number: int = tx.db.execute(made).scalar_one()
    tx.db.execute(update(articles).where(articles.c.id == number).values(story=number))
    return number


def _add_addresses(tx: Tx, number: int, keys: dict[str, str]) -> bool:
    """Addresses that no article has yet are this one's. Whether any was."""
    taken = set(tx.db.execute(select(addresses.c.key).where(addresses.c.key.in_(keys))).scalars())
    fresh = {key: url for key, url in keys.items() if key not in taken}
    if not fresh:
        return False
    tx.db.execute(insert(addresses), [{"key": key, "article": number, "url": url} for key, url in fresh.items()])
    claims.mend(tx, fresh)
    return True


def _look(tx: Tx, number: int, asked: str, outcome: str, at: datetime, capture: int) -> None:
    """Count the look; an address of another article that led here is that article's look too."""
    key = tx.db.execute(select(articles.c.key).where(articles.c.id == number)).scalar_one()
    checks.note(tx, key, outcome, at, capture)
    checks.settle(tx, number, key)
    other = checks.owner(tx, asked)
    if other is not None and other.id != number:
        checks.note(tx, other.key, checks.MOVED, at, None, f"led to {key}")


def _claim(tx: Tx, number: int, article: Article, at: datetime) -> ClaimId | None:
    """What the page says of its other versions. The newest new claim's id."""
    made = (
        claims.put(tx, number, link.target, link.evidence, "rest" if link.evidence == "rest" else "page", True, 1.0, at)
        for link in article.links
    )
    return max((claim for claim in made if claim is not None), default=None)


def _missing(tx: Tx, number: int) -> tuple[Claim, ...]:
    own = (claim for claim in claims.touching(tx.db, [number]) if claim.article == number)
    return tuple(claim for claim in own if claim.target_article is None and claim.broken is None)


def _refuse_unstorable(article: Article) -> None:
    try:
        encode(article)
    except ValueError as error:
        raise StoreError(str(error)) from error


class Articles(Part):
    def save(
        self, outlet_key: str, asked_url: str, article: Article, capture: Capture, extractor: str, at: datetime
    ) -> Saved:
        """Keep what `extractor` read in `capture`, with everything that follows from it, in one transaction.

        A capture's first reading counts as a look at the page. A later reading of the same capture (by a newer
        extractor) never makes a revision. Whether a new capture shows a changed text is decided between readings by
        one extractor: read the captures that `unread` names first. Where the earlier one cannot be read any more
        (damaged, purged), the readings there are get compared.
        """
        _refuse_unstorable(article)
        with self._database.write() as tx:
            seen = captures.put(tx, capture)
            keys = keys_of(tx, asked_url, article, capture)
            found = whose(tx, keys, article, seen)
            number = found or _create(tx, outlet_key, article, next(iter(keys)), capture.at)
            before = revisions.face(tx, number)
            more = _add_addresses(tx, number, keys)
            captures.belong(tx, number, [seen])
            captures.gather(tx, number)
            outcome, revision = revisions.add(tx, number, seen, capture, article, extractor, at)
            if outcome != "reread":
                _look(tx, number, asked_url, outcome, capture.at, seen)
            revisions.refresh(tx, number, outlet_key)
            claim = _claim(tx, number, article, at)
            if more or claim or revisions.face(tx, number) != before:
                links.regroup(tx, [number], at, links.Cause(claim=claim), fresh=None if found else number)
                tx.touch(links.story_of(tx.db, number), outcome)
            return Saved(ArticleId(number), outcome, revision, links.story_of(tx.db, number), _missing(tx, number))

    def find(self, url: str) -> ArticleId | None:
        """The article at an address, in any spelling."""
        with self._database.read() as db:
            return self._owner(db, url)

    def unread(self, extractor: str, outlet: str | None = None, url: str | None = None) -> tuple[Unread, ...]:
        """Captures that show a revision and were not read by this extractor yet, by article and time. With `url`:
        only those of the article at that address (to be read before a new capture of it is saved)."""
        with self._database.read() as db:
            article = self._owner(db, url) if url is not None else None
            return () if url is not None and article is None else revisions.unread(db, extractor, outlet, article)

    def _owner(self, db: Connection, url: str) -> ArticleId | None:
        found = db.execute(select(addresses.c.article).where(addresses.c.key == self._database.key(url))).scalar()
        return None if found is None else ArticleId(found)
