"""What the parts of the store share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from archive.store.database import Database

T = TypeVar("T")

BATCH = 400  # ids in one query


class Part:
    """One matter's public methods; `Store` is all parts together."""

    _database: Database


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
