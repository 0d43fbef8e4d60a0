"""Row 21: documents damaged at random, found by `verify` and mended."""

from __future__ import annotations

import random
from dataclasses import replace

from archive.model import Change, StoryId
from indexer.document import IndexDocument, build
from indexer.engine import SearchEngine
from indexer.sync import sync, verify
from tests.faults.ground import Ground
from tests.faults.stories import fill, out_of_step
from tests.faults.tally import Tally
from tests.store.desk import Desk

KINDS = ("missing", "text", "title", "field", "outdated", "surplus")


def run(ground: Ground, on: str, tally: Tally) -> None:
    found = repaired = damaged = 0
    with ground.desk() as desk:
        fill(desk, ground.size(24, 120))
        for seed in range(ground.size(2, 6)):
            with ground.engine(ground.place(on)) as engine:
                sync(desk.store, engine)
                hurt = _damage(desk, engine, random.Random(seed))
                told = {finding.story for finding in verify(desk.store, engine)}
                for story, kind in hurt.items():
                    tally.case(story in told, f"{on}: {kind} of story {story} was not found")
                tally.case(told <= set(hurt), f"{on}: sound stories were named: {sorted(told - set(hurt))[:5]}")
                verify(desk.store, engine, mend=True)
                left = {finding.story for finding in verify(desk.store, engine)}
                wrong = out_of_step(desk.store, engine)
                tally.case(not left and not wrong, f"{on}: not mended: {sorted(left)[:5]} {wrong}")
                damaged, found = damaged + len(hurt), found + len(told & set(hurt))
                repaired += len(set(hurt) - left)
    tally.note(f"{on}: found {found}/{damaged}, repaired {repaired}/{damaged}")


def _damage(desk: Desk, engine: SearchEngine, chance: random.Random) -> dict[StoryId, str]:
    """Writes the index anew with k of its documents as they should not be."""
    documents = [build(story) for story in desk.store.stories(desk.store.story_ids())]
    live = [document for document in documents if not document.tombstone]
    hurt = {document.story: chance.choice(KINDS) for document in chance.sample(live, len(live) // 3)}
    with engine.rebuild(archive=desk.store.archive()) as aside:
        aside.add(bad for document in live for bad in _damaged(document, hurt.get(document.story, ""), hurt))
        aside.swap(desk.store.change())
    return hurt


def _damaged(document: IndexDocument, kind: str, hurt: dict[StoryId, str]) -> list[IndexDocument]:
    first, *rest = document.sides
    bad = [document]
    match kind:
        case "missing":
            bad = []
        case "text":
            bad = [replace(document, sides=(replace(first, paragraphs=(*first.paragraphs, "زيادة")), *rest))]
        case "title":
            bad = [replace(document, sides=(replace(first, paragraphs=("", *first.paragraphs[1:])), *rest))]
        case "field":
            bad = [replace(document, outlet=document.outlet + "x")]
        case "outdated":
            bad = [replace(document, change=Change(document.change - 1), stale=not document.stale)]
        case "surplus":
            stranger = StoryId(1_000_000 + document.story)
            hurt[stranger] = hurt.pop(document.story)
            bad = [document, replace(document, story=stranger)]
    return bad
