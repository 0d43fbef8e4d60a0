"""One language asked for in the other: only the other one is indexed, and words were learned from other topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.pairing.learning import rows
from indexer.tree import Side
from language.lexicon import Lexicon
from language.morphology import Readings
from scripts.bench.figures import Figure
from scripts.eval.archive import LEXICON, Archive
from scripts.eval.data import Data, Paragraph
from scripts.eval.goals import figure
from scripts.eval.metrics import quality, rank
from scripts.eval.under_test import UnderTest

# By the end of a figure's name, where words of the other language come from.
SOURCES = {
    "": None,
    ".without-glosses": ("name", "learned"),
    ".names-alone": ("name",),
    ".learned-alone": ("learned",),
    ".glosses-alone": ("gloss",),
}
DIRECTIONS: tuple[tuple[Side, Side], ...] = (("en", "ar"), ("ar", "en"))


def measured(under_test: UnderTest, data: Data, folder: Path, dictionary: Readings | None) -> Iterator[Figure]:
    """Of the odd topics, with words learned from the even ones, and the reverse."""
    for odd in (True, False):
        for asked, indexed in DIRECTIONS:
            name = f"{under_test.name}.across.{asked}-{indexed}" + ("" if odd else ".even")
            _learn(folder / name, data.half(not odd).paragraphs)
            engine = under_test.fresh()
            archive = Archive(engine, folder / name, data.half(odd).paragraphs, (indexed,), dictionary)
            yield from _asked(name, archive, data.half(odd), asked, indexed)
            engine.close()


def _learn(folder: Path, paragraphs: Iterable[Paragraph]) -> None:
    with Lexicon.open(folder / LEXICON) as lexicon:
        for paragraph in paragraphs:
            lexicon.learn(paragraph.id, 1, rows([paragraph.texts["ar"]], [paragraph.texts["en"]]))


def _asked(name: str, archive: Archive, data: Data, asked: Side, indexed: Side) -> Iterator[Figure]:
    for label, kinds in SOURCES.items():
        found = quality([rank(archive.scores(query.text, kinds), query.doc) for query in data.asked("full", asked)])
        yield figure(f"{name}{label}.mrr10", found.mrr10)
        yield figure(f"{name}{label}.recall10", found.recall10)
    own = quality([rank(archive.scores(query.text), query.doc) for query in data.asked("full", indexed)])
    yield Figure(f"{name}.ceiling.recall10", own.recall10)
