"""An archive with stories of every kind, what an index of it must hold, and whether it does."""

from __future__ import annotations

import random

from archive.model import Access, Change, StoryId, Verdict
from archive.store import Store
from indexer.document import build, digest
from indexer.engine import Request, SearchEngine
from indexer.tree import Everything, Query
from tests.store.desk import EDITOR, KEEPER, START, Desk

ALL = Request(Query("", Everything()), limit=10, facets=False)
WORDS = {
    "ar": "النازحون عادوا إلى الرقّة بعد ارتفاع أسعار المياه في ريف دمشق والمدارس مغلقة",
    "en": "displaced families returned to Raqqa after water prices rose and the schools stayed closed",
}


def text(chance: random.Random, lang: str) -> str:
    words = WORDS[lang].split()
    return "\n".join(" ".join(chance.choices(words, k=chance.randint(4, 12))) for _ in range(chance.randint(1, 3)))


def fill(desk: Desk, stories: int, seed: int = 1) -> None:
    """Arabic, English and paired stories; some were revised, merged by hand, withheld or purged."""
    chance = random.Random(seed)
    for n in range(stories):
        desk.wait(0.1)
        ar = desk.save(f"ar/{seed}-{n}", text(chance, "ar")).article if n % 4 != 1 else None
        en = desk.save(f"en/{seed}-{n}", text(chance, "en"), to=f"ar/{seed}-{n}" if n % 4 else None).article
        if n % 8 == 4 and ar:
            desk.store.decide(ar, en, Verdict.SAME, EDITOR, "one report", START)
        if n % 7 == 3:
            desk.save(f"en/{seed}-{n}", text(chance, "en"))
        if n % 9 == 5:
            desk.access(en, Access.PURGED if n % 2 else Access.WITHHELD)


def alter(desk: Desk, chance: random.Random, stories: int, seed: int = 1) -> None:
    """One of the things that happen to an archive."""
    n, lang = chance.randrange(stories), chance.choice(("ar", "en"))
    article = desk.store.find(desk.url(f"{lang}/{seed}-{n}"))
    desk.wait(0.1)
    match chance.randrange(5):
        case 0 | 1 if article is None or not _purged(desk, article):
            desk.save(f"{lang}/{seed}-{n}", text(chance, lang))
        case 2 if article is not None:
            desk.access(article, Access.PURGED)
        case 3:
            desk.save(f"{lang}/{seed}-new-{chance.random()}", text(chance, lang))
        case _:
            pair = [desk.store.find(desk.url(f"{lang}/{seed}-{n}")) for lang in ("ar", "en")]
            if pair[0] and pair[1]:
                verdict = chance.choice((Verdict.SAME, Verdict.APART))
                desk.store.decide(pair[0], pair[1], verdict, EDITOR, "", START)


def _purged(desk: Desk, article: object) -> bool:
    return any(listed.id == article and listed.access is Access.PURGED for listed in desk.store.articles())


def wanted(store: Store) -> dict[StoryId, tuple[Change, str]]:
    """story -> (change, digest) that an index in step holds."""
    built = (build(story) for story in store.stories(store.story_ids()))
    return {document.story: (document.change, digest(document)) for document in built if not document.tombstone}


def out_of_step(store: Store, engine: SearchEngine) -> str:
    """What is lost, doubled, stale or too much in an index that should be in step; "" when nothing is."""
    listed = list(engine.versions_of())
    there, right = {story: (number, content) for story, number, content in listed}, wanted(store)
    scanned, total = list(engine.scan(ALL)), engine.search(ALL).total
    problems = [
        *(f"story {story} doubled" for story in there if sum(one[0] == story for one in listed) > 1),
        *(f"story {story} lost" for story in right if story not in there),
        *(f"story {story} surplus" for story in there if story not in right),
        *(f"story {story} stale or wrong" for story in right if there.get(story, right[story]) != right[story]),
    ]
    if scanned != sorted(right) or total != len(right):
        problems.append(f"{total} found and {len(scanned)} listed of {len(right)}")
    if engine.status().change != store.change():
        problems.append(f"stands at {engine.status().change} of {store.change()}")
    return "; ".join(problems[:3])


__all__ = ["ALL", "KEEPER", "alter", "fill", "out_of_step", "text", "wanted"]
