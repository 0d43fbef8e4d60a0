"""The change log: what an index has to take over, in commit order."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from archive.model import Change, StoryId
from archive.store.part import Part
from archive.store.schema import archive, articles, changes


class Changes(Part):
    def archive(self) -> str:
        """A random id, made with the tables and anew by each restore: from then on the two archives differ."""
        with self._database.read() as db:
            found: str = db.execute(select(archive.c.id)).scalar_one()
            return found

    def change(self) -> Change:
        """The newest change's number; 0 in an empty archive."""
        with self._database.read() as db:
            return self._database.change(db)

    def changes(self, after: Change, limit: int = 1000) -> list[tuple[Change, StoryId]]:
        """The log's next lines, oldest first. What a story is now is asked of the store, never of the log; a story
        that is no more (merged into another) has a line too."""
        query = select(changes.c.change, changes.c.story).where(changes.c.change > after)
        with self._database.read() as db:
            rows = db.execute(query.order_by(changes.c.change).limit(limit))
            return [(Change(row.change), StoryId(row.story)) for row in rows]

    def story_ids(self) -> Iterator[StoryId]:
        """All stories, by id. Stories made meanwhile may or may not be among them: the change log has them."""
        last = 0
        while True:
            query = select(articles.c.story).where(articles.c.story > last).distinct()
            with self._database.read() as db:
                page = db.execute(query.order_by(articles.c.story).limit(5000)).scalars().all()
            if not page:
                return
            yield from (StoryId(story) for story in page)
            last = page[-1]
