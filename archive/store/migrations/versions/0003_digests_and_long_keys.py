"""Captures are found by their digests; keys that an index of PostgreSQL does not take are shortened."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DIGESTS = ("payload_sha256", "body_sha256")
KEYS = (
    ("articles", "key"),
    ("addresses", "key"),
    ("captures", "key"),
    ("checks", "key"),
    ("claims", "target_key"),
    ("broken", "key"),
    ("frontier", "key"),
    ("problems", "place"),
)
LONGEST = 2000  # bytes


def upgrade() -> None:
    for column in DIGESTS:
        op.create_index(f"ix_captures_{column}", "captures", [column], unique=False)
    for table, column in KEYS:
        _shorten(sa.table(table, sa.column(column, sa.Text())), column)


def downgrade() -> None:
    """The shortened keys stay: their addresses are in columns of their own."""
    for column in DIGESTS:
        op.drop_index(f"ix_captures_{column}", "captures")


def _shorten(table: sa.TableClause, column: str) -> None:
    db, key = op.get_bind(), table.c[column]
    for long in db.execute(sa.select(key).distinct().where(sa.func.length(key) > LONGEST // 4)).scalars().all():
        encoded = long.encode()
        if len(encoded) > LONGEST:
            short = f"{encoded[:200].decode(errors='ignore')}…sha256:{hashlib.sha256(encoded).hexdigest()}"
            db.execute(sa.update(table).where(key == long).values({column: short}))
