"""How names of people and places are written, for the keys that the index counts them by."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.model import Article, Story
from archive.store import Store
from indexer.engine import Request, SearchEngine
from indexer.tree import Everything, Query
from language.names import key

MOST_KEPT = 5000


@dataclass(slots=True)
class Spellings:
    """Looks into the newest story that has the name, once, so that a name is written one way on every page."""

    store: Store
    engine: SearchEngine
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, kind: str, value: str) -> str:
        """The name as its publisher writes it; kind: "author" or "place". Empty when no story found has it."""
        asked = (kind, value)
        if asked not in self._known:
            name = self._looked_up(kind, value)
            if not name:
                return ""
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[asked] = name
            return name
        return self._known[asked]

    def _looked_up(self, kind: str, value: str) -> str:
        author, place = (value, None) if kind == "author" else (None, value)
        request = Request(
            Query("", Everything()), author=author, place=place, sort="newest", limit=1, facets=False, passages=False
        )
        stories = self.store.stories([hit.story for hit in self.engine.search(request).hits])
        return next((name for story in stories for name in _names(story, kind) if key(name) == value), "")


def _names(story: Story, kind: str) -> list[str]:
    texts = [version.content for version in story.versions if version.readable]
    return [name for text in texts for name in _in_text(text, kind)]


def _in_text(text: Article, kind: str) -> tuple[str, ...]:
    return text.authors if kind == "author" else (text.dateline,) if text.dateline else ()
