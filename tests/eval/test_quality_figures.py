"""How the quality of search is measured: ranks with ties, means over queries, queries as they are typed in a hurry."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.tantivy import TantivyEngine
from indexer.query import parse
from indexer.tree import Or, Side, Word
from scripts.bench.figures import behind
from scripts.eval.archive import Archive, any_word
from scripts.eval.data import Asked, Data, Paragraph
from scripts.eval.goals import figure
from scripts.eval.metrics import Quality, quality, rank
from scripts.eval.single import SETS, measured
from scripts.eval.sloppy import typed
from scripts.eval.table import table
from scripts.eval.under_test import tantivy

PARAGRAPHS = (
    Paragraph(0, 0, {"ar": "وصلت الشاحنات إلى المخيم صباحا.", "en": "The lorries reached the camp in the morning."}),
    Paragraph(1, 1, {"ar": "أعاد الأهالي بناء مدرسة القرية.", "en": "Villagers rebuilt the school of the village."}),
    Paragraph(2, 1, {"ar": "ارتفع سعر الخبز في السوق.", "en": "The price of bread rose in the market."}),
)


def test_the_best_is_first() -> None:
    assert rank({1: 2.0, 2: 5.0, 3: 1.0}, 2) == 1


def test_a_tie_counts_as_the_average_place() -> None:
    assert rank({1: 2.0, 2: 5.0, 3: 2.0, 4: 2.0000001}, 3) == 3  # places 2, 3 and 4


def test_what_was_not_found_has_no_place() -> None:
    assert rank({1: 2.0}, 2) is None


@given(st.dictionaries(st.integers(0, 50), st.floats(0.1, 100), min_size=1))
def test_places_of_all_documents_add_up_whatever_ties(scores: dict[int, float]) -> None:
    places = [rank(scores, document) or 0 for document in scores]
    assert sum(places) == pytest.approx(len(scores) * (len(scores) + 1) / 2)


def test_means_are_over_all_queries() -> None:
    assert quality([1, 2, None, 11]) == Quality(mrr10=1.5 / 4, recall1=0.25, recall10=0.5)


def test_a_set_without_queries_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="no queries"):
        quality([])


def test_any_word_of_a_question_may_match_whatever_signs_stand_in_it() -> None:
    tree = any_word(parse('who said "clean water" -today?')).tree
    assert isinstance(tree, Or)
    assert [part.text for part in tree.parts if isinstance(part, Word)] == ["who", "said", "clean", "water", "today"]


@pytest.mark.parametrize(
    ("habit", "meant", "found"),
    [
        ("hamza", "أسئلة المسؤولين عن الأجزاء", "اسيلة المسوولين عن الاجزا"),
        ("yeh", "على المصطفى في", "علي المصطفي فى"),
        ("heh", "مدرسة كتابه", "مدرسه كتابة"),
    ],
)
def test_a_habit_of_typing_is_in_every_word(habit: str, meant: str, found: str) -> None:
    assert typed(meant, habit) == found


def test_a_joined_waw_stands_before_some_words_and_always_the_same() -> None:
    text = "السوق القرية المخيم المدرسة الشاحنات الأهالي الصباح الخبز"
    assert typed(text, "waw") == typed(text, "waw") != text


def test_an_archive_of_one_language_is_asked_in_it(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    archive = Archive(engine, tmp_path, PARAGRAPHS, ("ar",), None)
    scores = archive.scores("أين مدرسة القرية؟")
    assert max(scores, key=scores.__getitem__) == 1
    assert archive.scores("school") == {}
    engine.close()


def test_a_run_gives_a_figure_for_each_set_and_half(tmp_path: Path) -> None:
    texts: tuple[dict[Side, str], ...] = (
        {"ar": "متى وصلت الشاحنات", "en": "when did lorries come"},
        {"ar": "مدرسة", "en": "school"},
    )
    queries = [Asked(kind, side, text[side], doc) for doc, text in enumerate(texts) for side, kind in SETS]
    data = Data(PARAGRAPHS, tuple(queries))
    with tantivy(data, tmp_path) as under_test:
        figures = list(measured(under_test, data, tmp_path, None))
    values = {each.name: each.value for each in figures}
    assert values["tantivy.ar-full.mrr10"] == values["tantivy.ar-full.odd.recall10"] == 1.0
    assert values["bare-tantivy.lucene.en-kw3.mrr10"] == 1.0
    assert "| **tantivy, ours** | 1.000/1.000 |" in table(figures)


def test_a_figure_that_fell_a_little_behind_is_told() -> None:
    now = [figure("tantivy.ar-kw3.mrr10", 0.80)]
    assert behind(now, {"tantivy.ar-kw3.mrr10": 0.81}, 0.005) == ["tantivy.ar-kw3.mrr10 was 0.81 and is 0.8"]
    assert behind(now, {"tantivy.ar-kw3.mrr10": 0.803}, 0.005) == []
