"""What was typed with the other keyboard layout on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.keyboard import MOST_READINGS, other_layout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hgvrm", "الرقة"),
        ("]lar", "دمشق"),
        ("Hgl", "ألم"),
        ("hg-vrm", "ال-رقة"),
        ("اخةس", "homs"),
        ("لاقثشي", "bread"),
    ],
)
def test_each_key_gives_the_letter_of_the_other_layout(typed: str, meant: str) -> None:
    assert other_layout(typed)[0] == meant


def test_the_key_that_writes_lam_alif_leaves_two_readings() -> None:
    assert other_layout("ىهلاف") == ("nibt", "night")


@pytest.mark.parametrize("text", ["", "2024", "الرقة homs", "…"])
def test_what_is_of_neither_or_both_layouts_has_no_other_reading(text: str) -> None:
    assert other_layout(text) == ()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=30))
def test_the_way_back_leads_to_what_was_meant(word: str) -> None:
    (arabic,) = other_layout(word)
    back = other_layout(arabic)
    assert 0 < len(back) <= MOST_READINGS
    if "gh" not in word and "b" not in word:
        assert word in back
