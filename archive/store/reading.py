"""Stories as they stand now, in a fixed number of queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from archive.model import (
    Access,
    Article,
    ArticleId,
    Capture,
    Change,
    Lang,
    Story,
    StoryId,
    Version,
)
from archive.pairing.link import evidence, inside, standing
from archive.store import captures, claims, revisions
from archive.store.checks import SEEN
from archive.store.part import Part, batches
from archive.store.schema import addresses, articles, changes, checks, extractions, pages
from archive.store.schema import captures as capture_rows
from archive.store.schema import revisions as revision_rows


def read_stories(db: Connection, ids: Collection[StoryId], access: Collection[Access]) -> list[Story]:
    """The stories of these ids that there are, in the order of the ids. `access`: which content is given out."""
    query = select(articles).where(articles.c.story.in_(ids)).order_by(articles.c.id)
    members: dict[StoryId, list[Row[Any]]] = defaultdict(list)
    for row in db.execute(query):
        members[StoryId(row.story)].append(row)
    parts = _Parts(db, [row for rows in members.values() for row in rows], access)
    newest = _changes(db, members)
    return [parts.story(story, members[story], newest.get(story, Change(0))) for story in ids if story in members]


def _changes(db: Connection, ids: Iterable[StoryId]) -> dict[StoryId, Change]:
    query = select(changes.c.story, func.max(changes.c.change)).where(changes.c.story.in_(list(ids)))
    return {StoryId(story): Change(change) for story, change in db.execute(query.group_by(changes.c.story))}


class _Parts:
    """All that the versions of some articles are made of."""

    def __init__(self, db: Connection, rows: Sequence[Row[Any]], access: Collection[Access]) -> None:
        self._db = db
        self._ids = [row.id for row in rows]
        self._urls = self._read_urls()
        self._revisions = self._read_revisions()
        self._captures = self._read_captures()
        self._checks = self._read_checks([row.key for row in rows])
        self._contents = self._read_contents(rows, access)
        self._claims = claims.touching(db, self._ids)
        self._decisions = claims.decided(db, self._ids)
        self._langs = self._read_langs()

    def story(self, story: StoryId, rows: Sequence[Row[Any]], change: Change) -> Story:
        own = {ArticleId(row.id) for row in rows}
        about = [c for c in self._claims if c.article in own or c.target_article in own]
        decided = [d for d in self._decisions if d.a in own or d.b in own]
        links, spare = inside(own, self._langs, evidence(self._langs, about), standing(decided))
        return Story(
            id=story,
            change=change,
            versions=tuple(self._version(row) for row in rows),
            links=links,
            day=min((row.day for row in rows if row.day and row.id in self._contents), default=None),
            spare=spare,
            open_claims=tuple(c for c in about if c.target_article is None),
        )

    def _version(self, row: Row[Any]) -> Version:
        article = ArticleId(row.id)
        content = self._contents.get(article)
        history = [revisions.from_row(one, None) for one in self._revisions[article]]
        newest = next(one for one in self._revisions[article] if one.number == row.current)
        looks, last = self._checks.get(row.key, (0, None))
        return Version(
            article=article,
            outlet=row.outlet,
            url=row.url,
            aliases=tuple(sorted(self._urls[article] - {row.url})),
            lang=Lang(row.lang),
            revision=revisions.from_row(newest, content),
            revisions=tuple(history),
            captures=tuple(self._captures[article]),
            checks=looks,
            last_check=last,
            first_seen=row.first_seen,
            removed=row.removed,
        )

    def _read_urls(self) -> Mapping[ArticleId, set[str]]:
        query = select(addresses.c.article, addresses.c.url).where(addresses.c.article.in_(self._ids))
        found: dict[ArticleId, set[str]] = defaultdict(set)
        for article, url in self._db.execute(query):
            found[ArticleId(article)].add(url)
        return found

    def _read_revisions(self) -> Mapping[ArticleId, list[Row[Any]]]:
        query = (
            select(revision_rows, extractions.c.digest, capture_rows.c.record)
            .join(extractions, extractions.c.id == revision_rows.c.reading)
            .join(capture_rows, capture_rows.c.id == revision_rows.c.capture)
            .where(revision_rows.c.article.in_(self._ids))
            .order_by(*revisions.IN_TIME)
        )
        found: dict[ArticleId, list[Row[Any]]] = defaultdict(list)
        for row in self._db.execute(query):
            found[ArticleId(row.article)].append(row)
        return found

    def _read_captures(self) -> Mapping[ArticleId, list[Capture]]:
        query = select(capture_rows, pages.c.article).join(pages, pages.c.capture == capture_rows.c.id)
        query = query.where(pages.c.article.in_(self._ids)).order_by(capture_rows.c.at, capture_rows.c.id)
        found: dict[ArticleId, list[Capture]] = defaultdict(list)
        for row in self._db.execute(query).mappings():
            found[ArticleId(row["article"])].append(captures.from_row(row))
        return found

    def _read_checks(self, keys: Collection[str]) -> dict[str, tuple[int, Any]]:
        query = select(checks.c.key, func.sum(checks.c.times), func.max(checks.c.until))
        seen = query.where(checks.c.key.in_(keys), checks.c.outcome.in_(SEEN)).group_by(checks.c.key)
        return {key: (int(count), last) for key, count, last in self._db.execute(seen)}

    def _read_contents(self, rows: Sequence[Row[Any]], access: Collection[Access]) -> dict[ArticleId, Article]:
        current = {row.id: row.current for row in rows}
        wanted = [
            one.reading
            for article, history in self._revisions.items()
            for one in history
            if one.number == current[article] and one.access in access
        ]
        query = select(extractions.c.article, extractions.c.content).where(extractions.c.id.in_(wanted))
        return {ArticleId(article): content for article, content in self._db.execute(query) if content is not None}

    def _read_langs(self) -> dict[ArticleId, Lang]:
        """Of the articles themselves and of all that claims or decisions name beside them."""
        named = {(claim.article, claim.target_article) for claim in self._claims} | {
            (d.a, d.b) for d in self._decisions
        }
        numbers = {number for pair in named for number in pair if number is not None} | set(self._ids)
        found: dict[ArticleId, Lang] = {}
        for some in batches(sorted(numbers)):
            query = select(articles.c.id, articles.c.lang).where(articles.c.id.in_(some))
            found |= {ArticleId(number): Lang(lang) for number, lang in self._db.execute(query)}
        return found


class Reading(Part):
    def story(self, story: StoryId, keeper: bool = False) -> Story | None:
        """The story as it stands now; None when no article has this id as its story's (see `story_of`).

        Withheld content only for keepers, purged content for nobody.
        """
        return next(iter(self.stories([story], keeper)), None)

    def stories(self, ids: Iterable[StoryId], keeper: bool = False) -> list[Story]:
        """The stories there are, in the order of the ids, each once."""
        access = (Access.KEPT, Access.WITHHELD) if keeper else (Access.KEPT,)
        with self._database.read() as db:
            some = batches(dict.fromkeys(ids))
            return [story for batch in some for story in read_stories(db, batch, access)]

    def story_of(self, article: ArticleId) -> StoryId | None:
        """The story that an article is in now; any member's id may be given, as in an old address."""
        with self._database.read() as db:
            found = db.execute(select(articles.c.story).where(articles.c.id == article)).scalar()
            return None if found is None else StoryId(found)

    def moved(self, story: StoryId) -> StoryId | None:
        """Where a story's address leads now, when that is another story's."""
        now = self.story_of(ArticleId(story))
        return None if now == story else now
