"""Authors: the keys of their bylines, and which keys are one person, as somebody decided."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import JSON, Connection, Text, cast, func, insert, select, type_coerce

from archive.model import Access, Actor, Role, StoryId
from archive.store import audit
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import articles, author_merges, extractions, revisions
from archive.store.values import Author, AuthorMerge, StoreError
from language.names import key as key_of


class Authors(Part):
    def authors(self) -> tuple[Author, ...]:
        """Of all articles that can be read now, by key."""
        spelt: dict[str, Counter[str]] = defaultdict(Counter)
        stories: dict[str, set[StoryId]] = defaultdict(set)
        with self._database.read() as db:
            for story, name in _bylines(db):
                if key := key_of(name):
                    spelt[key][name] += 1
                    stories[key].add(story)
        names = {key: tuple(name for name, _ in found.most_common()) for key, found in spelt.items()}
        return tuple(Author(key, names[key], len(stories[key])) for key in sorted(names))

    def author_aliases(self) -> dict[str, str]:
        """The key that each merged key stands for, at the end of all merges: what an index puts in its place."""
        with self._database.read() as db:
            return _resolved({merge.key: merge.target for merge in _standing(db)})

    def author_merges(self) -> tuple[AuthorMerge, ...]:
        """The decisions that hold, oldest first."""
        with self._database.read() as db:
            return tuple(_standing(db))

    def merge_author(self, key: str, target: str, actor: Actor, at: datetime) -> int:
        """From now on both keys are one author, under `target`. Returns how many stories this changes; each gets a line
        in the change log. The newest merge of a key holds; `split_author` takes it back.

        Raises:
            StoreError: a key is no author's, both are one already, or the actor is a reader.
        """
        key, target = key_of(key), key_of(target)
        with self._database.write() as tx:
            _may(actor)
            before = {merge.key: merge.target for merge in _standing(tx.db)}
            there = {key_of(name) for _, name in _bylines(tx.db)} | set(before.values())
            for one in (key, target):
                if one not in there:
                    raise StoreError(f"there is no author {one!r}; `warraq names authors` lists them")
            ends = _resolved(before)
            if ends.get(key, key) == ends.get(target, target):
                raise StoreError(f"{key!r} and {target!r} are one author already; nothing was changed")
            return _decide(tx, before, key, target, actor, at)

    def split_author(self, key: str, actor: Actor, at: datetime) -> int:
        """Take the merge of `key` back. Returns how many stories this changes.

        Raises:
            StoreError: the key is not merged, or the actor is a reader.
        """
        key = key_of(key)
        with self._database.write() as tx:
            _may(actor)
            before = {merge.key: merge.target for merge in _standing(tx.db)}
            if key not in before:
                raise StoreError(f"{key!r} is merged into no author; nothing was changed")
            return _decide(tx, before, key, None, actor, at)


def _may(actor: Actor) -> None:
    if actor.role is Role.READER:
        raise StoreError(f"{actor.name} is a reader; only editors and keepers decide on authors")


def _decide(tx: Tx, before: Mapping[str, str], key: str, target: str | None, actor: Actor, at: datetime) -> int:
    who = {"actor": actor.name, "role": actor.role.value}
    tx.db.execute(insert(author_merges).values(key=key, target=target, at=at, **who))
    action = "merge author" if target else "split author"
    audit.write(tx, actor, action, f"author {key}", f"into {target}" if target else f"from {before[key]}", at)
    after = {merge.key: merge.target for merge in _standing(tx.db)}
    was, now = _resolved(before), _resolved(after)
    changed = {one for one in (*was, *now) if was.get(one) != now.get(one)}
    touched = {story for story, name in _bylines(tx.db) if key_of(name) in changed}
    for story in touched:
        tx.touch(story, "author")
    return len(touched)


def _standing(db: Connection) -> list[AuthorMerge]:
    """The newest decision on each key, unless it was taken back."""
    newest = select(func.max(author_merges.c.id)).group_by(author_merges.c.key)
    query = select(author_merges).where(author_merges.c.id.in_(newest), author_merges.c.target.is_not(None))
    rows = db.execute(query.order_by(author_merges.c.id))
    return [AuthorMerge(row.key, row.target, Actor(row.actor, Role(row.role)), row.at) for row in rows]


def _resolved(targets: Mapping[str, str]) -> dict[str, str]:
    """The last key of each chain of merges."""
    out: dict[str, str] = {}
    for key in targets:
        seen = [key]
        while (following := targets.get(seen[-1])) is not None and following not in seen:
            seen.append(following)
        out[key] = seen[-1]
    return out


def _bylines(db: Connection) -> Iterator[tuple[StoryId, str]]:
    """Every name in a byline of what can be read now, with its story. The database takes the names out of the contents:
    that is many times quicker than reading these."""
    if db.dialect.name == "sqlite":
        names = func.json_extract(type_coerce(extractions.c.content, Text), "$.authors")
    else:
        names = func.json_extract_path_text(cast(type_coerce(extractions.c.content, Text), JSON), "authors")
    query = (
        select(articles.c.story, type_coerce(names, Text))
        .join(revisions, (revisions.c.article == articles.c.id) & (revisions.c.number == articles.c.current))
        .join(extractions, extractions.c.id == revisions.c.reading)
        .where(revisions.c.access == Access.KEPT.value, extractions.c.content.is_not(None))
        .order_by(articles.c.id)
    )
    for story, found in db.execute(query):
        for name in json.loads(found):
            yield StoryId(story), name
