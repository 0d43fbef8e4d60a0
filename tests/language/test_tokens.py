"""One tokenizer for both languages, and the analysis of each token."""

from __future__ import annotations

from unicodedata import normalize

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from language.tokens import PATTERN, analyse, folded, form, spans, terms, tokens, words_and_terms
from language.tokens import words as cut

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


def test_folding_is_stable_for_every_letter_that_is_made_of_others() -> None:
    """But for Hangul, for the time it takes, and mathematical Arabic letters, which are no Arabic to the tokenizer."""
    left_out = {*range(0xAC00, 0xD7B0), *range(0x1EE00, 0x1EF00)}
    letters = [chr(code) for code in range(0x110000) if chr(code).isalpha() and code not in left_out]
    made = [start + letter for letter in letters if normalize("NFKD", letter) != letter for start in ("", "0")]
    assert [letter for letter in made if folded(folded(letter)) != folded(letter)] == []


SPACES = " \t\n\r\u00a0\u0085\u2003\u2028\u202f\u3000\x1c"
TEXTS = (
    st.text()
    | st.text(alphabet=ALPHABET + SPACES + '«»()[]"“”;:!?؛؟–12,,..٫٬')
    | st.text(alphabet="ab1٣.,٫٬،'ا\u200b ")
)


@settings(deadline=None, max_examples=500)
@given(TEXTS)
def test_a_text_cut_run_by_run_has_the_tokens_that_the_pattern_finds_in_the_whole(text: str) -> None:
    whole = list(regex.finditer(f"(?V1){PATTERN}", text))
    assert spans(text) == [match.span() for match in whole]
    assert cut(text) == [token.text for token in tokens(text)] == [match.group() for match in whole]


@settings(deadline=None)
@given(TEXTS)
def test_terms_are_those_of_the_analysis_joined_by_spaces(text: str) -> None:
    forms = [form(word) for word in cut(text)]
    assert terms(text) == (" ".join(f.folded for f in forms), " ".join(f.stem for f in forms))
    assert words_and_terms(text) == (cut(text), terms(text))
    assert [(term.folded, term.stem) for term in analyse(text)] == [(f.folded, f.stem) for f in forms]


def test_more_different_runs_than_are_remembered_are_cut_alike() -> None:
    runs = [f"«كلمة{number}»" for number in range(40_000)]
    assert cut(" ".join([*runs, runs[0]])) == [part for run in [*runs, runs[0]] for part in ("كلمة", run[5:-1])]


def test_long_input_takes_linear_time() -> None:
    for text in ("a" * 100_000, "1" * 100_000, "1." * 50_000, "a'" * 50_000, "ا\u200b" * 50_000, "(" * 100_000):
        tokens(text)
