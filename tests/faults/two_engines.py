"""Row 26: both engines asked the same."""

from __future__ import annotations

import random

from archive.model import Change
from indexer.engine import Request, Results
from indexer.query import parse
from indexer.tree import Query, scored
from tests.contracts.corpus import ARABIC, ENGLISH, corpus, drawn
from tests.contracts.test_query_trees import random_tree
from tests.faults.ground import Ground
from tests.faults.tally import Tally

SIGNS = (
    "{} {}",
    '"{} {}"',
    "{} OR {}",
    "{} -{}",
    "={} {}",
    "{}* {}",
    "{}~ {}",
    '"{} {}"~5',
    '"{} {}"~para',
    "title:{} {}",
)
SORTS = ("relevance", "newest", "oldest", "changed")


def run(ground: Ground, on: str, tally: Tally) -> None:
    documents = [*corpus(), *drawn(ground.size(20, 200), seed=26, first=1000)]
    with ground.engine(ground.place("tantivy")) as one, ground.engine(ground.place("elasticsearch")) as other:
        for engine in (one, other):
            engine.apply(documents, Change(5_000))
        for request in _requests(ground.size(500, 1_500)):
            hits = [list(engine.scan(request)) for engine in (one, other)]
            told = f"{request.query.text or request.query.tree} found {len(hits[0])} and {len(hits[1])}"
            tally.case(hits[0] == hits[1], told)
            answers = [engine.search(request) for engine in (one, other)]
            tally.case(_counts(answers[0]) == _counts(answers[1]), f"{told}: totals, facets or years differ")
            tally.case(
                _order(answers[0], request) == _order(answers[1], request), f"{told}: {request.sort}: other hits"
            )


def _requests(count: int) -> list[Request]:
    """Half of them trees of every operator, half typed; some with filters."""
    chance = random.Random(26)
    requests = []
    for n in range(count):
        if n % 2:
            query = Query("", random_tree(chance, 3))
        else:
            words = chance.sample(ARABIC if chance.random() < 0.5 else ENGLISH, 2)
            query = parse(chance.choice(SIGNS).format(*words))
        versions = chance.choice((None, None, "both", "ar", "en", "stale"))
        section = chance.choice((None, None, None, "news", "رأي"))
        requests.append(Request(query, versions=versions, section=section, sort=SORTS[n // 2 % 4]))  # type: ignore[arg-type]
    return requests


def _counts(results: Results) -> object:
    return results.total, {field: dict(counts) for field, counts in results.facets.items()}, results.years


def _order(results: Results, request: Request) -> object:
    """The stories shown: in order, but by relevance only whether they are the same where all are shown, since each
    engine's scores are its own."""
    shown = [hit.story for hit in results.hits]
    if request.sort != "relevance" or not scored(request.query.tree):
        return shown
    return sorted(shown) if results.total <= request.limit else len(shown)
