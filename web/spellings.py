"""How names of people and places are written, for the keys that the index counts them by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archive.model import Article, Change, Story
from archive.store import Store
from indexer.engine import Request, SearchEngine
from indexer.tree import Everything, Query
from language.names import key

MOST_KEPT = 5000


@dataclass(slots=True)
class Spellings:
    """Looks into the newest story that has the name, once, so that a name is written one way on every page; again for
    a name that was not found as soon as the archive has changed."""

    store: Store
    engine: SearchEngine
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _unknown: dict[tuple[str, str], Change] = field(default_factory=dict)

    def __call__(self, kind: str, value: str) -> str:
        """The name as its publisher writes it; kind: "author" or "place". Empty when no story found has it."""
        asked = (kind, value)
        if asked in self._known:
            return self._known[asked]
        change = self.store.change()
        name = "" if self._unknown.get(asked) == change else self._looked_up(kind, value)
        kept: dict[tuple[str, str], Any] = self._known if name else self._unknown
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[asked] = name or change
        return name

    def _looked_up(self, kind: str, value: str) -> str:
        author, place = (value, None) if kind == "author" else (None, value)
        request = Request(
            Query("", Everything()), author=author, place=place, sort="newest", limit=1, facets=False, passages=False
        )
        stories = self.store.stories([hit.story for hit in self.engine.search(request).hits])
        merged = self.store.author_aliases() if kind == "author" else {}
        named = ((name, key(name)) for story in stories for name in _names(story, kind))
        return next((name for name, own in named if merged.get(own, own) == value), "")


def _names(story: Story, kind: str) -> list[str]:
    texts = [version.content for version in story.versions if version.readable]
    return [name for text in texts for name in _in_text(text, kind)]


def _in_text(text: Article, kind: str) -> tuple[str, ...]:
    return text.authors if kind == "author" else (text.dateline,) if text.dateline else ()
