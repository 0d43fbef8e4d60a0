"""Row 22: more than ten thousand hits, all equal, listed whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from archive.model import Change, StoryId
from indexer.engine import Request, SearchEngine
from indexer.tree import DateRange, Everything, Query, Word
from tests.contracts.corpus import side, story
from tests.faults.ground import Ground
from tests.faults.tally import Tally

OVER = 10_050  # Elasticsearch lists 10,000 by itself
DAY = date(2024, 3, 5)
QUERIES = {
    "a word": Query("", Word("maize", "en")),
    "a day": Query("", DateRange(DAY, DAY)),
    "everything": Query("", Everything()),
}


def run(ground: Ground, on: str, tally: Tally) -> None:
    stories = ground.size(OVER, 2 * OVER)
    document = story(1, side("en", "Maize"), day=DAY)
    with ground.engine(ground.place(on)) as engine:
        with engine.rebuild() as aside:
            for start in range(1, stories + 1, 2_500):
                numbers = range(start, min(start + 2_500, stories + 1))
                aside.add(replace(document, story=StoryId(n), change=Change(1)) for n in numbers)
            aside.swap(Change(1))
        for name, query in QUERIES.items():
            request = Request(query, facets=False)
            listed = Counter(engine.scan(request))
            total = engine.search(request).total
            doubled = sum(times > 1 for times in listed.values())
            tally.case(len(listed) == stories, f"{on}, {name}: {stories - len(listed)} missing")
            tally.case(not doubled, f"{on}, {name}: {doubled} doubled")
            tally.case(list(listed) == sorted(listed), f"{on}, {name}: not in order")
            tally.case(total == stories, f"{on}, {name}: {total} shown of {stories}")
            _pages(engine, request, stories, f"{on}, {name}", tally)


def _pages(engine: SearchEngine, request: Request, stories: int, told: str, tally: Tally) -> None:
    """Pages over the edge of ten thousand follow one another, or the reader is told that there are no more."""
    seen: list[int] = []
    for offset in range(9_960, 10_040, 20):
        results = engine.search(replace(request, offset=offset, limit=20))
        tally.case(results.total == stories, f"{told}: {results.total} in all at {offset}")
        if len(results.hits) != 20:
            tally.case(False, f"{told}: {len(results.hits)} hits at {offset}, complete {results.complete}")
        seen += [hit.story for hit in results.hits]
    tally.case(len(set(seen)) == len(seen), f"{told}: {len(seen) - len(set(seen))} doubled on deep pages")
