"""What was published, how it belongs together, and the order of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "counter",
    "changes",
    "audit",
    "articles",
    "addresses",
    "captures",
    "pages",
    "revisions",
    "extractions",
    "checks",
    "claims",
    "broken",
    "decisions",
    "events",
)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    _counter()
    _changes()
    _audit()
    _articles()
    _addresses()
    _captures()
    _pages()
    _revisions()
    _extractions()
    _checks()
    _claims()
    _broken()
    _decisions()
    _events()
    op.execute("INSERT INTO counter (id, change) VALUES (1, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("change", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("change", name="pk_changes"),
    )
    op.create_index("ix_changes_story_change", "changes", ["story", "change"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("outlet", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("published", INSTANT, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("removed", INSTANT, nullable=True),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("key", name="uq_articles_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_published", "articles", ["published"], unique=False)
    op.create_index("ix_articles_story", "articles", ["story"], unique=False)


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_addresses_article"),
        sa.PrimaryKeyConstraint("key", name="pk_addresses"),
    )
    op.create_index("ix_addresses_article", "addresses", ["article"], unique=False)


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("warc", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("revisit_of", sa.String(length=64), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("access_reason", sa.Text(), nullable=True),
        sa.Column("access_actor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("record", name="uq_captures_record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_captures_key", "captures", ["key"], unique=False)


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("article", ID, nullable=False),
        sa.Column("capture", ID, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_pages_article"),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name="fk_pages_capture"),
        sa.PrimaryKeyConstraint("article", "capture", name="pk_pages"),
    )
    op.create_index("ix_pages_capture", "pages", ["capture"], unique=False)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("capture", ID, nullable=False),
        sa.Column("reading", ID, nullable=True),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("access_reason", sa.Text(), nullable=True),
        sa.Column("access_actor", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_revisions_article"),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name="fk_revisions_capture"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint("article", "number", name="uq_revisions_article_number"),
        sqlite_autoincrement=True,
    )


def _extractions() -> None:
    op.create_table(
        "extractions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("capture", ID, nullable=False),
        sa.Column("revision", ID, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_extractions_article"),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name="fk_extractions_capture"),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name="fk_extractions_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_extractions"),
        sa.UniqueConstraint("article", "capture", "extractor", name="uq_extractions_article_capture_extractor"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_extractions_capture", "extractions", ["capture"], unique=False)
    op.create_index("ix_extractions_revision", "extractions", ["revision"], unique=False)


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("capture", ID, nullable=True),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name="fk_checks_capture"),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_checks_key", "checks", ["key"], unique=False)


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_claims_article"),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claims_article", "claims", ["article"], unique=False)
    op.create_index("ix_claims_target_key", "claims", ["target_key"], unique=False)


def _broken() -> None:
    op.create_table(
        "broken",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_broken"),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("a", ID, nullable=False),
        sa.Column("b", ID, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["a"], ["articles.id"], name="fk_decisions_a"),
        sa.ForeignKeyConstraint(["b"], ["articles.id"], name="fk_decisions_b"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_a", "decisions", ["a"], unique=False)
    op.create_index("ix_decisions_b", "decisions", ["b"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("other", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("claim", ID, nullable=True),
        sa.Column("decision", ID, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_events_article"),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name="fk_events_claim"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name="fk_events_decision"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_story", "events", ["story"], unique=False)
