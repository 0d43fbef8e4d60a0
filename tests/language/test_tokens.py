"""One tokenizer for both languages, and the analysis of each token."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.tokens import analyse, folded, form, tokens

ALPHABET = "ابتةىأإؤئءٱکیabcXYZé'’ʿـًُّ\u200b\u200e\u202b\u202c019٣٤۵.,،٫- \n\u0301ﷺﻣﺼﺮﱟİßﾞ"


def words(text: str) -> list[str]:
    return [t.text for t in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قالت عنب بلدي، أمس: «قصف»", ["قالت", "عنب", "بلدي", "أمس", "قصف"]),
        ("الـBBC وWHO", ["الـ", "BBC", "و", "WHO"]),
        ("ب15 ألفًا عام 2020م", ["ب", "15", "ألفًا", "عام", "2020", "م"]),
        ("Assad’s Qur'an 'quoted' F16 1980s", ["Assad’s", "Qur'an", "quoted", "F16", "1980s"]),
        ("COVID-19 / كوفيد-١٩", ["COVID", "19", "كوفيد", "١٩"]),
        ("1,250.5 و٢٬٠٠٠ و12،000", ["1,250.5", "و", "٢٬٠٠٠", "و", "12،000"]),
        ("2011,2012 1,0000", ["2011", "2012", "1", "0000"]),
        ("2.5.2014 18-8-2020 5،10", ["2", "5", "2014", "18", "8", "2020", "5", "10"]),
        ("one\u200btwo \u202bقصف\u202c", ["one\u200btwo", "قصف"]),
        ("ـــ ًٌ ʿ ' - ٪", []),
    ],
)
def test_where_words_begin_and_end(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ["مُحَمَّد", "محمد", "محـــمد", "مح\u200bمد", "م\u200fحمد"],
        ["إدلب", "ادلب", "أدلب", "آدلب"],
        ["مستشفى", "مستشفي", "مستشفی"],
        ["غوطة", "غوطه"],
        ["مسؤول", "مسوول"],
        ["كيك", "کیک"],
        ["ﻣﺼﺮ", "مصر"],
        ["1,000", "١٬٠٠٠", "1000", "۱۰۰۰", "１０００", "1،000"],
        ["3.5", "٣٫٥"],
        ["Sana'a", "Sana’a", "sanaa", "SANAA"],
        ["Assad's", "assad", "ASSAD’S"],
        ["Erdoğan", "Erdogan"],
        ["Kılıçdaroğlu", "Kilicdaroglu"],
    ],
)
def test_spellings_of_one_word_fold_alike(spellings: list[str]) -> None:
    assert len({form(s).folded for s in spellings}) == 1


def test_different_words_stay_apart() -> None:
    assert form("علي").folded != form("علم").folded
    assert form("1.5").folded != form("15").folded


def test_a_word_is_analysed_by_its_own_script_on_either_side() -> None:
    text = "قصفت الطائرات displaced families"
    assert analyse(text, "ar") == analyse(text, "en")
    assert [t.stem for t in analyse(text, "ar")] == ["قصفت", "طاير", "displac", "famili"]


def test_a_third_language_is_folded_but_not_stemmed() -> None:
    assert [t.stem for t in analyse("haberler families", "tr")] == ["haberler", "families"]


@settings(deadline=None)
@given(st.text(alphabet=ALPHABET) | st.text())
def test_offsets_point_into_the_text_as_it_was_given(text: str) -> None:
    last = 0
    for token, term in zip(tokens(text), analyse(text, "ar"), strict=True):
        assert text[token.start : token.end] == token.text
        assert (term.start, term.end) == (token.start, token.end)
        assert last <= token.start < token.end
        assert term.folded and " " not in term.folded
        last = token.end


@settings(deadline=None)
@given(st.text(alphabet=ALPHABET))
def test_folding_is_stable(text: str) -> None:
    """What was folded once does not change when it is folded again."""
    once = folded(text)
    assert folded(once) == once


def test_long_input_takes_linear_time() -> None:
    for text in ("a" * 100_000, "1" * 100_000, "1." * 50_000, "a'" * 50_000, "ا\u200b" * 50_000, "(" * 100_000):
        tokens(text)
