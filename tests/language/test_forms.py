"""Folding, stems and the side of a text."""

from __future__ import annotations

import pytest

from language import arabic, english
from language.script import detect, side_of


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("النازحين", "نازح"),
        ("نازحون", "نازح"),
        ("والمدارس", "مدارس"),
        ("للمدينة", "مدين"),
        ("وزارة", "زار"),  # light10 takes the و of a word of four letters or more, as Lucene does
        ("ولد", "ولد"),
        ("سوريا", "سوريا"),
        ("بيوتها", "بيوت"),
    ],
)
def test_light_stem_is_light10_on_folded_words(word: str, stem: str) -> None:
    assert arabic.light_stem(arabic.fold(word)) == stem


@pytest.mark.parametrize(("word", "stem"), [("displacement", "displac"), ("displaced", "displac"), ("cities", "citi")])
def test_english_stem_is_porter2(word: str, stem: str) -> None:
    assert english.stem(english.fold(word)) == stem


def test_an_absurdly_long_word_keeps_its_spelling() -> None:
    assert english.stem("s" * 5000) == "s" * 5000


def test_folding_a_line_keeps_its_spaces() -> None:
    assert arabic.fold("إلى الأعلى ١٢") == "الي الاعلي 12"
    assert english.fold("Café de Aleppo’s") == "cafe de aleppo"


def test_side_is_the_script_with_more_letters() -> None:
    assert side_of("قصف على إدلب") == "ar"
    assert side_of("Idlib قصف shelling") == "en"
    assert side_of("2020-05-01 ؟") is None
    assert side_of("ab قص") is None


def test_detection_of_a_body_is_the_same_every_time() -> None:
    arabic_body = "قال وزير الدفاع إن القوات انسحبت من المدينة بعد معارك استمرت يومين كاملين."
    english_body = "The minister said that the troops left the city after two days of fighting."
    assert detect(arabic_body)[0] == "ar"
    assert detect(english_body)[0] == "en"
    assert len({detect("Ankara news today") for _ in range(5)}) == 1
    assert detect("12 — 34") == (None, 0.0)
