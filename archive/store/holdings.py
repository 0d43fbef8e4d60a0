"""What the archive holds, counted and listed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, case, extract, func, select

from archive.model import AR, EN, Access, ArticleId, Lang, Story, StoryId
from archive.store.part import Part
from archive.store.reading import read_stories
from archive.store.schema import articles, captures
from archive.store.values import Counts, Listed

READABLE = articles.c.access == Access.KEPT.value


class Holdings(Part):
    _counted: Counts | None = None

    def counts(self) -> Counts:
        """Counted anew when something changed since the last time."""
        with self._database.read() as db:
            change = self._database.change(db)
            number = db.execute(select(func.count()).select_from(captures)).scalar_one()
            kept = self._counted
            if kept is None or (kept.change, kept.captures) != (change, number):
                kept = self._counted = Counts(**_stories(db), captures=number, change=change)
            return kept

    def count_articles(self, outlet: str) -> int:
        with self._database.read() as db:
            query = select(func.count()).select_from(articles).where(articles.c.outlet == outlet)
            return db.execute(query).scalar_one()

    def articles(self, outlet: str | None = None) -> tuple[Listed, ...]:
        """All articles, or an outlet's, by id."""
        query = select(articles).order_by(articles.c.id)
        if outlet is not None:
            query = query.where(articles.c.outlet == outlet)
        with self._database.read() as db:
            return tuple(_listed(row) for row in db.execute(query))

    def latest(self, n: int) -> list[Story]:
        """The stories with the latest published readable versions."""
        found: list[StoryId] = []
        query = select(articles.c.story).where(READABLE, articles.c.published.is_not(None))
        query = query.order_by(articles.c.published.desc(), articles.c.id.desc())
        with self._database.read() as db:
            for story in db.execute(query.limit(n * 8)).scalars():  # a story has far fewer versions than eight
                if story not in found and len(found) < n:
                    found.append(StoryId(story))
            return read_stories(db, found, (Access.KEPT,))


def _stories(db: Connection) -> dict[str, Any]:
    """Stories by the languages that can be read, and by the year of their day."""
    arabic, english = (func.max(case((articles.c.lang == lang, 1), else_=0)) for lang in (AR, EN))
    each = (
        select(arabic.label("ar"), english.label("en"), func.min(articles.c.day).label("day"))
        .where(READABLE)
        .group_by(articles.c.story)
        .subquery()
    )
    year = extract("year", each.c.day)
    query = select(each.c.ar, each.c.en, year, func.count()).group_by(each.c.ar, each.c.en, year)
    sides: Counter[tuple[int, int]] = Counter()
    years: Counter[int | None] = Counter()
    for has_arabic, has_english, in_year, count in db.execute(query):
        sides[has_arabic, has_english] += count
        years[None if in_year is None else int(in_year)] += count
    undated = years.pop(None, 0)
    return {
        "stories": sides.total(),
        "both": sides[1, 1],
        "ar": sides[1, 0],
        "en": sides[0, 1],
        "other": sides[0, 0],
        "years": tuple(sorted((found, count) for found, count in years.items() if found is not None)),
        "undated": undated,
    }


def _listed(row: Any) -> Listed:
    return Listed(
        id=ArticleId(row.id),
        outlet=row.outlet,
        lang=Lang(row.lang),
        url=row.url,
        story=StoryId(row.story),
        access=Access(row.access),
        published=row.published,
        removed=row.removed,
    )
