"""Row 27: the index made from nothing but the store, and from a restored backup of it."""

from __future__ import annotations

import random

from archive.backup import backup
from archive.restoring import restore
from archive.store import Store
from indexer.engine import Request, SearchEngine
from indexer.query import parse
from indexer.sync import rebuild, sync
from tests.faults.ground import Ground
from tests.faults.stories import WORDS, alter, fill, out_of_step
from tests.faults.tally import Tally
from tests.store.desk import Clock


def run(ground: Ground, on: str, tally: Tally) -> None:
    with ground.desk() as desk:
        fill(desk, stories := ground.size(16, 100))
        with ground.engine(ground.place(on)) as grown, ground.engine(ground.place(on)) as made:
            chance = random.Random(27)
            for _ in range(ground.size(10, 60)):
                alter(desk, chance, stories)
                sync(desk.store, grown, batch=3)
            rebuild(desk.store, made)
            _compare(grown, made, ground.size(60, 400), tally, f"{on}: made anew")
            rebuild(desk.store, grown)
            tally.case(not (wrong := out_of_step(desk.store, grown)), f"{on}: made anew in place: {wrong}")
            with ground.engine(ground.place(on)) as again:
                _restored(ground, desk.store, again, tally, on)
                _compare(grown, again, ground.size(60, 400), tally, f"{on}: from a restored backup")


def _restored(ground: Ground, store: Store, engine: SearchEngine, tally: Tally, on: str) -> None:
    """The archive is wiped and comes back from its backup alone."""
    place = ground.fresh("wiped")
    backup(store, place / "no-captures", place / "no-outlets", place / "file", Clock())  # type: ignore[arg-type]
    url = ground.blank("sqlite")
    restore(place / "file", url, place / "captures", place / "outlets", Clock())  # type: ignore[arg-type]
    restored = Store.open(url, Clock())
    try:
        rebuild(restored, engine)
        tally.case(not (wrong := out_of_step(restored, engine)), f"{on}: restored: {wrong}")
    finally:
        restored.close()


def _compare(one: SearchEngine, other: SearchEngine, queries: int, tally: Tally, told: str) -> None:
    chance = random.Random(3)
    signs = ("{} {}", '"{} {}"', "{} OR {}", "{}* -{}", "={} {}~", '"{} {}"~para', "title:{} OR {}")
    for _ in range(queries):
        words = chance.sample(WORDS[chance.choice(("ar", "en"))].split(), 2)
        request = Request(parse(chance.choice(signs).format(*words)), limit=1000)
        found = [sorted(hit.story for hit in engine.search(request).hits) for engine in (one, other)]
        tally.case(found[0] == found[1], f"{told}: {request.query.text} found {len(found[0])} and {len(found[1])}")
    tally.case(sorted(one.versions_of()) == sorted(other.versions_of()), f"{told}: documents differ")
