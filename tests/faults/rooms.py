"""A small archive with its pages, ready to lose a part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.ground import Ground
from tests.web.newsroom import Newsroom, copied, newsroom


@contextmanager
def room(ground: Ground) -> Iterator[Newsroom]:
    """An archive that may be harmed: a copy of one that is made once."""
    whole = ground.folder / "room"
    if not whole.exists():
        whole.mkdir()
        with newsroom(whole) as made:
            ground.kept["room"] = made
    kept = ground.kept["room"]
    assert isinstance(kept, Newsroom)
    with copied(kept, ground.fresh("room")) as copy:
        yield copy
