"""Every kind of alternative finds the same stories for the same reasons on each engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pytest

from archive.model import Change, StoryId
from indexer.analyst import Analyst, counted
from indexer.document import IndexDocument, IndexedSide
from indexer.engine import Request, SearchEngine
from indexer.expand import Knowledge, Match, expand
from indexer.query import parse
from indexer.tree import Alternative, Expanded, Query, Side, Word
from language.morphology import Reading
from language.nametable import NameTable
from language.tokens import Term
from tests.contracts.conftest import ENGINES, PARAMS, Open

TEXTS: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        "ar": ("عودة النازحين إلى دير الزور", "وصل نازحون من الحسكة إلى بيوتهم المهدّمة، وزار وفد المدينة."),
        "en": ("Return to Deir ez-Zor", "Displaced families reached their ruined homes."),
    },
    2: {"ar": ("نزوح جديد من القرى", "ينزح الأهالي من ريف الحسكة بعد القصف.")},
    3: {"en": ("Raqqa rebuilds its bridges", "Engineers opened the old bridge in al-Raqqah on Monday.")},
    4: {"ar": ("جسر الرقّة يُفتح من جديد", "عاد الناس إلى عبور الجسر بالرقة صباحاً.")},
    5: {"en": ("Bakeries short of flour", "Bread queues grew longer, residents said.")},
    6: {"ar": ("أزمة خبز في المدينة", "تقف العائلات في طوابير الخبز منذ الفجر.")},
}
READINGS = {
    "النازحين": [Reading("نازِح", "نزح", "noun", ("displaced person",))],
    "نازحون": [Reading("نازِح", "نزح", "noun", ("displaced person",))],
    "ينزح": [Reading("نَزَح", "نزح", "verb", ("be displaced",))],
    "نزوح": [Reading("نُزُوح", "نزح", "noun", ("displacement",))],
    "بيوتهم": [Reading("بَيْت", "بيت", "noun", ("house", "home"))],
    "بيت": [Reading("بَيْت", "بيت", "noun", ("house", "home"))],
    "خبز": [Reading("خُبْز", "خبز", "noun", ("bread",))],
    "الخبز": [Reading("خُبْز", "خبز", "noun", ("bread",))],
}


class Dictionary:
    version = "tiny"

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        return [tuple(READINGS.get(form, ())) for form in forms]


def related(term: Term, side: Side) -> Iterable[Alternative]:
    if side == "en" and term.stem == "bread":
        yield Alternative("ar", "lemma", ("خُبْز",), "gloss", 0.6, "خبز")
    if side == "ar" and term.stem == "خبز":
        yield Alternative("en", "stem", ("bread",), "learned", 0.7, "bread")


def documents() -> list[IndexDocument]:
    return [
        IndexDocument(
            StoryId(story),
            Change(story),
            tuple(
                IndexedSide(lang, f"https://{lang}.sada.example/{story}", paragraphs, (), None)
                for lang, paragraphs in sides.items()
            ),
            versions="both" if len(sides) == 2 else next(iter(sides)),
        )
        for story, sides in TEXTS.items()
    ]


@pytest.fixture(scope="module", params=PARAMS)
def archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SearchEngine, Knowledge]]:
    folder = tmp_path_factory.mktemp("expansions")
    (folder / "names.txt").write_text(
        "place | Deir Ezzor, Deir ez-Zor | دير الزور\nplace | Raqqa, Raqqah | الرقة\n", encoding="utf-8"
    )
    analyst = Analyst(folder / "analysis", Dictionary())
    with ENGINES[request.param](request, folder) as opened:
        engine = opened()
        forms = analyst.make(counted(documents()), len(TEXTS))
        with engine.rebuild(forms) as aside:
            aside.add(analyst.prepared(documents(), forms))
            aside.count()
            aside.swap(Change(6))
        table = analyst.table(engine.forms())
        assert table and table.lemmas
        yield (
            engine,
            Knowledge(
                choose=table.chosen,
                rarity=table.rarity,
                met=table.met,
                names=NameTable.read(folder / "names.txt"),
                related=related,
            ),
        )
        engine.close()


ASKED = [
    ("نازح", "related", {1: {"stem"}}),
    ("النازحين", "related", {1: {"exact", "stem"}, 2: {"root"}}),
    ("النازحين", "inflected", {1: {"exact", "stem"}, 2: {"root"}}),
    ("النازحين", "exact", {1: {"exact"}}),
    ("بيت", "related", {1: {"lemma"}}),
    ("بيت", "exact", {}),
    ("Deir Ezzor", "related", {1: {"exact", "name"}}),
    ("دير الزور", "related", {1: {"exact", "name"}}),
    ("Raqqa", "related", {3: {"exact", "name"}, 4: {"name"}}),
    ("Raqqa", "exact", {3: {"exact"}}),
    ("والرقه", "related", {3: {"name"}, 4: {"stem"}}),
    ("bread", "related", {5: {"exact"}, 6: {"gloss"}}),
    ("bread", "inflected", {5: {"exact"}}),
    ("خبز", "related", {5: {"learned"}, 6: {"exact", "stem"}}),
    ("خبز -queues", "related", {6: {"exact", "stem"}}),
    ("title:Raqqa", "related", {3: {"exact", "name"}, 4: {"name"}}),
    ("bread OR Raqqa", "related", {3: {"exact", "name"}, 4: {"name"}, 5: {"exact"}, 6: {"gloss"}}),
]


@pytest.mark.parametrize(("typed", "match", "expected"), ASKED)
def test_stories_and_reasons(
    archive: tuple[SearchEngine, Knowledge], typed: str, match: Match, expected: dict[int, set[str]]
) -> None:
    """Hits, and by which kinds each matched."""
    engine, knowledge = archive
    results = engine.search(Request(expand(parse(typed), knowledge, match)))
    assert {hit.story: {reason.kind for reason in hit.why} for hit in results.hits} == expected
    assert results.total == len(expected)
    assert sorted(engine.scan(Request(expand(parse(typed), knowledge, match)))) == sorted(expected)


def test_what_stands_as_typed_comes_before_what_is_only_related(archive: tuple[SearchEngine, Knowledge]) -> None:
    engine, knowledge = archive
    for typed, first in (("خبز", 6), ("النازحين", 1), ("Raqqa", 3)):
        assert engine.search(Request(expand(parse(typed), knowledge))).hits[0].story == first


def test_the_words_that_matched_are_marked_in_the_passage(archive: tuple[SearchEngine, Knowledge]) -> None:
    engine, knowledge = archive
    (hit,) = (hit for hit in engine.search(Request(expand(parse("bread"), knowledge))).hits if hit.story == 6)
    pieces = hit.sides["ar"].passage
    assert [piece.text for piece in pieces if piece.match == "gloss"] == ["الخبز"]
    assert hit.why[0].words == ("خبز", "الخبز")


def test_of_two_ways_of_matching_a_word_the_best_counts_and_not_their_sum(opened: Open) -> None:
    """A text with the word itself comes before one with two lighter alternatives, which comes before one with one."""
    texts = {1: "رغيف وحده", 2: "رغيف طحين", 3: "خبز وحده"}
    engine = opened()
    sides = {
        story: IndexedSide("ar", f"https://ar.sada.example/{story}", (text,), (), None) for story, text in texts.items()
    }
    engine.apply(
        [IndexDocument(StoryId(story), Change(3), (side,), versions="ar") for story, side in sides.items()], Change(3)
    )
    lighter = tuple(Alternative("ar", "folded", (word,), "name", 0.8, word) for word in ("رغيف", "طحين"))
    tree = Expanded(Word("خبز", "ar"), 1.0, lighter)
    assert [hit.story for hit in engine.search(Request(Query("خبز", tree))).hits] == [3, 2, 1]
    engine.close()
