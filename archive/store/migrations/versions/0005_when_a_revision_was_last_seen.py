"""Revisions know when they were last seen: the newest capture that shows them, or a 304 that confirms it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEEN = ("new", "revised", "unchanged")


def upgrade() -> None:
    op.add_column("revisions", sa.Column("last_seen", sa.BigInteger(), nullable=False, server_default="0"))
    _newest_captures()
    _newest_looks()


def downgrade() -> None:
    op.drop_column("revisions", "last_seen")


def _newest_captures() -> None:
    op.execute(
        "UPDATE revisions SET last_seen = (SELECT max(captures.at) FROM captures JOIN extractions"
        " ON extractions.capture = captures.id WHERE extractions.revision = revisions.id)"
    )


def _newest_looks() -> None:
    """At an article's page, which showed its current revision if that is the last one in time."""
    numbers = sa.table("articles", *map(sa.column, ("id", "key", "current")))
    revisions = sa.table("revisions", *map(sa.column, ("article", "number", "last_seen")))
    checks = sa.table("checks", *map(sa.column, ("key", "outcome", "until")))
    looks = (
        sa.select(sa.func.max(checks.c.until))
        .join(numbers, numbers.c.key == checks.c.key)
        .where(numbers.c.id == revisions.c.article, numbers.c.current == revisions.c.number)
        .where(checks.c.outcome.in_(SEEN))
        .correlate(revisions)
        .scalar_subquery()
    )
    op.execute(sa.update(revisions).where(looks > revisions.c.last_seen).values(last_seen=looks))
