"""Claims and decisions as rows: what pages and makers say, what people decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, insert, or_, select

from archive.model import Actor, ArticleId, Claim, ClaimId, Decision, DecisionId, Role, Verdict
from archive.store.database import Tx
from archive.store.schema import addresses, broken, claims, decisions


def query() -> Select[Any]:
    """Claims with the article that their target is, and why it cannot be had."""
    return (
        select(claims, addresses.c.article.label("target_article"), broken.c.why)
        .outerjoin(addresses, addresses.c.key == claims.c.target_key)
        .outerjoin(broken, and_(broken.c.key == claims.c.target_key, addresses.c.article.is_(None)))
        .order_by(claims.c.id)
    )


def from_row(row: Row[Any]) -> Claim:
    return Claim(
        id=ClaimId(row.id),
        article=ArticleId(row.article),
        target=row.target,
        target_article=row.target_article,
        evidence=row.evidence,
        maker=row.maker,
        certain=row.certain,
        score=row.score,
        at=row.at,
        broken=row.why,
    )


def touching(db: Connection, articles: Collection[int]) -> tuple[Claim, ...]:
    """Claims by these articles or about them, by id."""
    rows = db.execute(query().where(or_(claims.c.article.in_(articles), addresses.c.article.in_(articles))))
    return tuple(from_row(row) for row in rows)


def decided(db: Connection, articles: Collection[int]) -> tuple[Decision, ...]:
    """Decisions on these articles, by id."""
    about = or_(decisions.c.a.in_(articles), decisions.c.b.in_(articles))
    rows = db.execute(select(decisions).where(about).order_by(decisions.c.id))
    return tuple(decision(row) for row in rows)


def decision(row: Row[Any]) -> Decision:
    actor = Actor(row.actor, Role(row.role))
    verdict = Verdict(row.verdict)
    return Decision(DecisionId(row.id), ArticleId(row.a), ArticleId(row.b), verdict, actor, row.at, row.reason)


def put(
    tx: Tx, article: int, target: str, evidence: str, maker: str, certain: bool, score: float, at: datetime
) -> ClaimId | None:
    """A new claim's id; None when the same was claimed before."""
    said = {"target": target, "evidence": evidence, "maker": maker, "certain": certain, "score": score}
    same = [claims.c[name] == value for name, value in said.items()]
    if tx.db.execute(select(claims.c.id).where(claims.c.article == article, *same)).first():
        return None
    row = insert(claims).values(article=article, target_key=tx.key(target), at=at, **said).returning(claims.c.id)
    return ClaimId(tx.db.execute(row).scalar_one())


def mend(tx: Tx, keys: Collection[str]) -> None:
    """These targets are in the archive now."""
    tx.db.execute(delete(broken).where(broken.c.key.in_(keys)))
