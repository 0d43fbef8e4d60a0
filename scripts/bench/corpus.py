"""The stories of one run: drawn and analysed once, kept in a file of the run's temporary folder, read back in order."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from indexer.document import IndexDocument
from indexer.streams import ANALYSIS, analysed
from scripts.bench.stories import Stories

BATCH = 500
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Corpus:
    """analysis: seconds of one processor that the analysis of all stories took; words: of all texts together."""

    path: Path
    stories: int
    words: int
    analysis: float

    def batches(self, most: int | None = None) -> Iterator[list[IndexDocument]]:
        """Documents with their streams, in batches of BATCH, the first `most` of them, or all where there are fewer."""
        with self.path.open("rb") as file:
            left = self.stories if most is None else min(most, self.stories)
            while left > 0:
                batch = pickle.load(file)
                yield batch[:left]
                left -= len(batch)


def kept(source: Stories, count: int, folder: Path) -> Corpus:
    """The corpus of this seed, size and analysis that is in `folder`, made when it is not."""
    path = folder / f"stories-{source.seed}-{count}-{ANALYSIS}"
    note = path.with_suffix(".note")
    if note.exists():
        found: Corpus = pickle.loads(note.read_bytes())
        return replace(found, path=path)
    corpus = make(source, count, path)
    note.write_bytes(pickle.dumps(corpus))
    return corpus


def make(source: Stories, count: int, path: Path) -> Corpus:
    """Draws and analyses `count` stories, one batch in memory at a time."""
    analysis, words = 0.0, 0
    with path.open("wb") as file:
        for drawn in chunks(source.documents(count), BATCH):
            begun = time.thread_time()
            ready = [analysed(document) for document in drawn]
            analysis += time.thread_time() - begun
            sides = [side for document in ready for side in document.sides]
            words += sum(paragraph.count(" ") + 1 for side in sides for paragraph in side.paragraphs)
            pickle.dump(ready, file, protocol=pickle.HIGHEST_PROTOCOL)
    return Corpus(path, count, words, analysis)


def chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while chosen := list(islice(rest, size)):
        yield chosen
