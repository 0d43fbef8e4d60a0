"""The frontier keeps what discovery says of a page beside its address: when it was published, its other versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("frontier", sa.Column("published", sa.BigInteger(), nullable=True))
    op.add_column("frontier", sa.Column("versions", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("versions", "published"):
        op.drop_column("frontier", column)
