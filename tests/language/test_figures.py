"""Figures in both digit sets, with scale words and in words."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.figures import figures


def values(text: str) -> list[Decimal]:
    return [figure.value for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قتل ١٢ مدنيًا و3 أطفال", ["12", "3"]),
        ("12,500 و١٢٬٥٠٠ و12،500", ["12500", "12500", "12500"]),
        ("1,250,000.5", ["1250000.5"]),
        ("3.5 و٣٫٥ و3,5", ["3.5", "3.5", "3.5"]),
        ("2.5.2014", ["2", "5", "2014"]),
        ("18/8/2020 at 12:30", ["18", "8", "2020", "12", "30"]),
        ("COVID-19, COVID19, H1N1, F16", ["19"]),
        ("192.168.1.10", ["192", "168", "1", "10"]),
        ("لا أرقام", []),
    ],
)
def test_figures_are_read_by_value(text: str, expected: list[str]) -> None:
    assert values(text) == [Decimal(v) for v in expected]
    assert not any(figure.spelled for figure in figures(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("46 ألف دولار، ٤٦ ألفًا، 46الف", ["46000", "46000", "46000"]),
        ("$46,000 or 46 thousand", ["46000", "46000"]),
        ("٣٫٥ مليون و3.5 million", ["3500000", "3500000"]),
        ("5 آلاف و3 ملايين و500 ألف", ["5000", "3500000"]),
        ("1200 مليار ليرة و1.2 trillion", ["1200000000000", "1200000000000"]),
        ("3 مئات", ["300"]),
        ("عام 2020 آلاف النازحين", ["2020"]),
        ("10,000 and 5 people", ["10000", "5"]),
        ("5 thousand and 20", ["5000", "20"]),
    ],
)
def test_scale_words_count_with_the_digits_before_them(text: str, expected: list[str]) -> None:
    assert values(text) == [Decimal(v) for v in expected]
    assert not any(figure.spelled for figure in figures(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خمسة وعشرين عاملًا، twenty-five workers, Twenty five", ["25", "25", "25"]),
        ("ثلاث نساء وثلاثة رجال والخمسة الآخرون", ["3", "3", "5"]),
        ("خمسًا وعشرين ساعة، واحدًا وثلاثين", ["25", "31"]),
        ("أحد عشر شهرًا، اثنتي عشرة ساعة، ثلاثَ عشرةَ", ["11", "12", "13"]),
        ("مئة وخمسة وعشرون، مائتين، مئتا شجرة، ثلاثمئة، أربع مئة", ["125", "200", "200", "300", "400"]),
        ("ألفين وأحد عشر، ألفي شجرة، بألف ليرة", ["2011", "2000", "1000"]),
        ("ثلاثمئة وخمسون ألفًا، مليونين ونصف المليون، نصف مليون", ["350000", "2500000", "500000"]),
        ("a hundred and five, two thousand five hundred", ["105", "2500"]),
        ("half a million, two and a half million, one million", ["500000", "2500000", "1000000"]),
        ("between two and five", ["2", "5"]),
    ],
)
def test_number_words_are_figures_marked_as_spelled(text: str, expected: list[str]) -> None:
    assert values(text) == [Decimal(v) for v in expected]
    assert all(figure.spelled for figure in figures(text))


@pytest.mark.parametrize(
    "text",
    [
        "مئات القتلى وآلاف الجرحى ومئات الآلاف",
        "hundreds, several thousand, a few million, one of the half",
        "يوم الاثنين والأحد والثلاثاء والأربعاء",
        "واحد منهم",
        "لست هنا",
        "الساعة الخامسة والعشرات",
        "في المئة، بالمئة",
        "someone often weighs tons",
    ],
)
def test_rough_counts_weekdays_and_ordinals_are_no_figures(text: str) -> None:
    assert values(text) == []


def test_percent_is_told_apart() -> None:
    text = "5% 5 % ٥٪ 5 percent 5 في المئة 5 بالمئة خمسة بالمئة five per cent 5 people"
    assert [f.percent for f in figures(text)] == [True] * 8 + [False]
    assert values(text) == [5] * 9


def test_offsets_point_into_the_text() -> None:
    text = "بين ٢٫٥ و1.2.2020 وكلف ٤٦ ألفًا وستة وعشرين، about two and a half million"
    assert [text[f.start : f.end] for f in figures(text)] == [
        "٢٫٥", "1", "2", "2020", "٤٦ ألفًا وستة وعشرين", "two and a half million",
    ]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0, max_value=10**15))
def test_every_spelling_of_a_number_has_its_value(number: int) -> None:
    indic = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
    for text in (str(number), f"{number:,}", f"{number:,}".translate(indic)):
        assert values(f"بلغ {text} ليرة") == [Decimal(number)]


_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_AHAD = ["واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"]
_USHR = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]


def english(n: int) -> str:
    """1..999999 in words."""
    if n >= 1000:
        return f"{english(n // 1000)} thousand" + (f" {english(n % 1000)}" if n % 1000 else "")
    if n >= 100:
        return f"{_ONES[n // 100 - 1]} hundred" + (f" and {english(n % 100)}" if n % 100 else "")
    if n >= 20:
        return _TENS[n // 10 - 2] + (f"-{_ONES[n % 10 - 1]}" if n % 10 else "")
    return _TEENS[n - 10] if n >= 10 else _ONES[n - 1]


def arabic(n: int) -> str:
    """20..999 in words."""
    parts = [{1: "مئة", 2: "مئتان"}.get(n // 100) or f"{_AHAD[n // 100 - 1][:-1]}مئة"] if n >= 100 else []
    if n % 100 >= 20:
        parts += [_AHAD[n % 10 - 1]] if n % 10 else []
        parts += [_USHR[n % 100 // 10 - 2]]
    elif n % 100 > 10:
        parts += [f"{ {1: 'أحد', 2: 'اثنا'}.get(n % 10) or _AHAD[n % 10 - 1] } عشر"]
    elif n % 100:
        parts += ["عشرة" if n % 100 == 10 else _AHAD[n % 10 - 1]]
    return " و".join(parts)


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=2, max_value=999_999))
def test_every_number_in_english_words_has_its_value(number: int) -> None:
    assert values(f"They counted {english(number)}, it says.") == [number]


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=3, max_value=999))
def test_every_number_in_arabic_words_has_its_value(number: int) -> None:
    assert values(f"بلغ عددهم {arabic(number)} شخصًا") == [number]
    assert values(f"بلغ عددهم {arabic(number)} ألفًا") == [number * 1000]


WORDS = [
    "0",
    "5",
    "٤٦",
    "2020",
    "3.5",
    "1.2.3",
    "نصف",
    "واحد",
    "وخمسة",
    "عشر",
    "عشرين",
    "ومئة",
    "مئة",
    "آلاف",
    "ألف",
    "وألفين",
    "مليون",
    "و",
    "-",
    ",",
    "%",
    "م",
    "a",
    "one",
    "two",
    "and",
    "twenty",
    "hundred",
    "half",
    "thousand",
    "million",
]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_any_row_of_numbers_is_read_without_loss_of_digits_or_order(parts: list[str]) -> None:
    text = " ".join(parts)
    found = figures(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for figure in found:
        assert text[figure.start : figure.end].strip() == text[figure.start : figure.end] != ""
    digits = [i for i, c in enumerate(text) if c.isdecimal()]
    assert all(any(f.start <= i < f.end for f in found) for i in digits)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="0123٤٥٦.,٫٬،%٪ aمف"))
def test_nothing_raises(text: str) -> None:
    for figure in figures(text):
        assert text[figure.start : figure.end].strip() == text[figure.start : figure.end]
