"""Figures in both digit sets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.figures import figures


@pytest.mark.parametrize(
    ("text", "values"),
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
def test_figures_are_read_by_value(text: str, values: list[str]) -> None:
    assert [f.value for f in figures(text)] == [Decimal(v) for v in values]


def test_percent_is_told_apart() -> None:
    assert [f.percent for f in figures("5% 5 % ٥٪ 5 percent 5 في المئة 5 people")] == [True] * 5 + [False]


def test_offsets_point_into_the_text() -> None:
    text = "بين ٢٫٥ و1.2.2020"
    assert [text[f.start : f.end] for f in figures(text)] == ["٢٫٥", "1", "2", "2020"]


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_every_spelling_of_a_number_has_its_value(number: int) -> None:
    indic = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
    for text in (str(number), f"{number:,}", f"{number:,}".translate(indic)):
        assert [f.value for f in figures(f"بلغ {text} ليرة")] == [Decimal(number)]


@settings(deadline=None)
@given(st.text(alphabet="0123٤٥٦.,٫٬،%٪ aم"))
def test_nothing_raises(text: str) -> None:
    for figure in figures(text):
        assert text[figure.start : figure.end].strip() == text[figure.start : figure.end]
