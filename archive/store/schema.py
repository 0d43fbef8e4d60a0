"""The tables. Migrations make them (migrations/versions); a test holds both to be the same.

Writers are serialised (see database.py), so ids, claims and changes are numbered in commit order on every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from archive.store.types import Content, Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _article(nullable: bool = False) -> Column[int]:
    return Column("article", Id, ForeignKey("articles.id"), nullable=nullable)


# --- what was published ---------------------------------------------------------------------------------------------

articles = Table(
    "articles",
    metadata,
    _id(),
    Column("outlet", String(40), nullable=False),
    Column("lang", String(35), nullable=False),
    Column("key", Text, nullable=False, unique=True),  # identity of the first canonical address
    Column("url", Text, nullable=False),  # canonical address as the newest reading has it
    Column("story", Id, nullable=False, index=True),  # derived from claims and decisions
    Column("current", Integer, nullable=False),  # number of the newest revision
    Column("published", Instant, index=True),  # of the newest revision's reading
    Column("day", Date),  # the same in the outlet's zone
    Column("first_seen", Instant, nullable=False),
    Column("removed", Instant),
    Column("access", String(10), nullable=False),  # the keeper's standing order
    sqlite_autoincrement=True,
)

addresses = Table(
    "addresses",
    metadata,
    Column("key", Text, primary_key=True),  # archive.address.identity
    _article(),
    Column("url", Text, nullable=False),  # as it was met
    Index("ix_addresses_article", "article"),
)

captures = Table(
    "captures",
    metadata,
    _id(),
    Column("record", String(64), nullable=False, unique=True),  # the WARC record's UUID: model.CaptureId
    Column("url", Text, nullable=False),
    Column("key", Text, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("payload_sha256", String(64), nullable=False, index=True),
    Column("body_sha256", String(64), nullable=False, index=True),
    Column("warc", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("revisit_of", String(64)),
    Column("location", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("access", String(10), nullable=False),
    Column("access_reason", Text),
    Column("access_actor", Text),
    sqlite_autoincrement=True,
)

pages = Table(
    "pages",
    metadata,
    Column("article", Id, ForeignKey("articles.id"), primary_key=True),
    Column("capture", Id, ForeignKey("captures.id"), primary_key=True),
    Index("ix_pages_capture", "capture"),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    _article(),
    Column("number", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("capture", Id, ForeignKey("captures.id"), nullable=False),  # the first that showed it
    Column("reading", Id),  # the extraction that is shown: the newest extractor's, of the newest capture
    Column("access", String(10), nullable=False),
    Column("access_reason", Text),
    Column("access_actor", Text),
    Column("last_seen", Instant, nullable=False),  # the newest capture that shows it, or 304 that confirms it
    UniqueConstraint("article", "number"),
    sqlite_autoincrement=True,
)

extractions = Table(
    "extractions",
    metadata,
    _id(),
    _article(),
    Column("capture", Id, ForeignKey("captures.id"), nullable=False),
    Column("revision", Id, ForeignKey("revisions.id"), nullable=False),
    Column("extractor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("digest", String(64), nullable=False),  # stays when the content is purged
    Column("content", Content),
    UniqueConstraint("article", "capture", "extractor"),
    Index("ix_extractions_capture", "capture"),
    Index("ix_extractions_revision", "revision"),
    sqlite_autoincrement=True,
)

# A run of looks with one outcome is one row: when the first and the last were, how many there were.
checks = Table(
    "checks",
    metadata,
    _id(),
    Column("key", Text, nullable=False, index=True),  # the article's key, or the address's while no article is there
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("times", Integer, nullable=False),
    Column("capture", Id, ForeignKey("captures.id")),  # of the last look
    sqlite_autoincrement=True,
)

# --- how the versions belong together -------------------------------------------------------------------------------

claims = Table(
    "claims",
    metadata,
    _id(),
    _article(),
    Column("target", Text, nullable=False),  # raw
    Column("target_key", Text, nullable=False, index=True),
    Column("evidence", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("score", Double, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_claims_article", "article"),
    sqlite_autoincrement=True,
)

broken = Table(  # targets that could not be had
    "broken",
    metadata,
    Column("key", Text, primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    Column("a", Id, ForeignKey("articles.id"), nullable=False, index=True),  # the smaller id
    Column("b", Id, ForeignKey("articles.id"), nullable=False, index=True),
    Column("verdict", String(10), nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

events = Table(  # what happened to a story's address
    "events",
    metadata,
    _id(),
    Column("story", Id, nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # values.EventKind
    Column("article", Id, ForeignKey("articles.id"), nullable=False),  # that moved
    Column("other", Id, nullable=False),  # the story at the other end of the move
    Column("at", Instant, nullable=False),
    Column("claim", Id, ForeignKey("claims.id")),
    Column("decision", Id, ForeignKey("decisions.id")),
    sqlite_autoincrement=True,
)

# --- the order of changes -------------------------------------------------------------------------------------------

counter = Table(
    "counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("change", BigInteger, primary_key=True, autoincrement=False),
    Column("story", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_changes_story_change", "story", "change"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("action", String(30), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

author_merges = Table(  # append-only; the newest row of a key holds
    "author_merges",
    metadata,
    _id(),
    Column("key", Text, nullable=False),  # language.names.key
    Column("target", Text),  # the key that it stands for; None: for itself again
    Column("actor", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

word_switches = Table(  # append-only; the newest row of a pair holds
    "word_switches",
    metadata,
    _id(),
    Column("ar", Text, nullable=False),  # folded
    Column("en", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

# --- collecting: what is to be fetched, who does it, what went wrong -------------------------------------------------

frontier = Table(
    "frontier",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("outlet", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("lang", String(35)),
    Column("modified", Instant),  # the newest hint from the publisher
    Column("fetched_modified", Instant),  # the hint that was in force at the last success
    Column("state", String(10), nullable=False),  # "open" | "done" | "dropped"
    Column("tries", Integer, nullable=False),  # without success since the last one
    Column("next_try", Instant),
    Column("done_at", Instant),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("capture", String(64)),  # that a 304 confirms
    Column("validated_url", Text),  # where that came from
    Column("error", Text),
    Column("published", Instant),  # as discovery has it
    Column("versions", Text),  # JSON: what discovery said of the page's other versions
    Index("ix_frontier_outlet_state", "outlet", "state"),
    sqlite_autoincrement=True,
)

archive = Table(
    "archive",
    metadata,
    Column("id", String(32), primary_key=True),  # one row: random, so that no other archive has it
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    _id(),
    Column("outlet", String(40), nullable=False),
    Column("place", Text, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("times", Integer, nullable=False),
    sqlite_autoincrement=True,
)
