"""What all the ways of matching cost: a query expanded by everything, by the same query in the one field as typed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from math import exp, log
from pathlib import Path
from random import Random
from statistics import mean, median

from indexer.engine import Request
from indexer.expand import Match, expand
from indexer.query import parse
from language.morphology import Readings
from scripts.bench.figures import Figure
from scripts.eval.archive import Archive, any_word
from scripts.eval.data import Data, Paragraph
from scripts.eval.under_test import UnderTest

SEED = 5
STORIES, PARAGRAPHS = 500, 4  # each story is made of so many paragraphs
QUERIES, ROUNDS = 8, 3
MEAN, MOST = 2.5, 6.0  # the goals


def measured(under_test: UnderTest, data: Data, folder: Path, dictionary: Readings | None) -> Iterator[Figure]:
    """Ratios of the medians of ROUNDS calls that take turns; the geometric mean over the queries of a kind.

    `remembered`: of words that were asked for a moment ago; else their relations are looked up as for the first time.
    """
    rng = Random(SEED)
    stories = [_story(number, rng.sample(data.paragraphs, PARAGRAPHS)) for number in range(STORIES)]
    engine = under_test.fresh()
    archive = Archive(engine, folder / f"{under_test.name}-cost", stories, ("ar", "en"), dictionary)
    kinds = _kinds(data, rng)
    for name, fresh in (("cost", True), ("cost.remembered", False)):
        means = []
        for kind, texts in kinds.items():
            ratios = [_ratio(archive, text, kind.startswith("question"), fresh) for text in texts]
            means.append(_geometric(ratios))
            figure = f"{under_test.name}.{name}.{kind}"
            yield Figure(figure, means[-1], "x", f"<={MOST:g}x", means[-1] <= MOST, checked=False)
        value = _geometric(means)
        yield Figure(f"{under_test.name}.{name}.mean", value, "x", f"<={MEAN:g}x", value <= MEAN, checked=False)
    engine.close()


def _story(number: int, paragraphs: Sequence[Paragraph]) -> Paragraph:
    return Paragraph(number, 0, {side: "\n".join(p.texts[side] for p in paragraphs) for side in ("ar", "en")})


def _kinds(data: Data, rng: Random) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for side in ("ar", "en"):
        three = [query.text for query in rng.sample(data.asked("kw3", side), QUERIES)]
        found[f"word-{side}"] = [rng.choice(text.split()) for text in three]
        found[f"two-words-{side}"] = [" ".join(text.split()[:2]) for text in three]
        found[f"phrase-and-word-{side}"] = [f'"{text.split()[0]}" {text.split()[-1]}' for text in three]
        found[f"question-{side}"] = [query.text for query in rng.sample(data.asked("full", side), QUERIES)]
    return found


def _ratio(archive: Archive, text: str, whole: bool, fresh: bool) -> float:
    """whole: any word of the question may match. fresh: nothing is remembered of its words."""

    def search(match: Match) -> float:
        if fresh:
            archive.known.forget()
        known = archive.known()
        began = time.perf_counter()
        query = any_word(parse(text)) if whole else parse(text)
        archive.engine.search(Request(expand(query, known, match), facets=False, passages=False))
        return time.perf_counter() - began

    search("related"), search("exact")
    rounds = [(search("related"), search("exact")) for _ in range(ROUNDS)]
    return median(all_ways for all_ways, _ in rounds) / median(one for _, one in rounds)


def _geometric(values: Sequence[float]) -> float:
    return exp(mean(map(log, values)))
