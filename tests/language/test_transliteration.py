"""Names of which no table says how they are spelt: alike by ear, found among the words of the other language."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.names import skeleton
from language.tokens import Script, folded
from language.transliteration import candidates, likelihood, odds

NAMES = """
كوتشلي Kuechly, القامشلي Qamishli, القامشلي al-Qamishly, خالد Khaled, حدّاد Haddad, ياسين Yassin, يوسف Youssef
جرجناز Jarjanaz, سرغايا Serghaya, شتاينماير Steinmaier, غوتيريش Guterres, فيلهلم Wilhelm, الشرع al-Sharaa
بورديو Bourdieu, شيكاغو Chicago, دونوفان Donovan, هتشينسون Hutchinson, الغامدي Ghamidi, قبّاسين Qabasin
"""
PAIRS = [(arabic, latin) for pair in NAMES.strip().replace("\n", ", ").split(", ") for arabic, latin in [pair.split()]]
OTHERS = "سد said|كان Ken|من man|في if|قال call|مات met|صقلية scale|كتاب kitchen|حرب hurry|ماء may|سوريا sorry"


def alike(arabic: str, latin: str) -> float:
    """How likely both are one name, 0 to 1, in any spelling; without the Latin article."""
    return likelihood(odds(folded(arabic), folded(latin).split()[-1]))


@pytest.mark.parametrize(("arabic", "latin"), PAIRS)
def test_one_name_is_alike(arabic: str, latin: str) -> None:
    assert alike(arabic, latin) >= 0.5


@pytest.mark.parametrize(("arabic", "latin"), [pair.split() for pair in OTHERS.split("|")])
def test_words_that_share_some_letters_are_not(arabic: str, latin: str) -> None:
    """Short words are worth little even where every letter agrees."""
    assert alike(arabic, latin) < 0.2


def test_each_name_is_likest_to_itself() -> None:
    for arabic, latin in PAIRS:
        alone = [other for own, other in PAIRS if skeleton(own) == skeleton(arabic)]
        assert max((other for _, other in PAIRS), key=lambda other: alike(arabic, other)) in alone, latin


def test_the_spelling_of_either_side_does_not_matter() -> None:
    """Vowel signs, tatweel, hamza, ta marbuta, capitals, accents, apostrophes, articles."""
    assert alike("جَرْجَنازُ", "JARJANAZ") == alike("جرجنـاز", "Járjanáz") == alike("جرجناز", "Jar’janaz")
    assert alike("أسامة", "Osama") == alike("اسامه", "Osama")
    assert alike("القامشلي", "al-Qamishli") == alike("القامشلي", "el-Qamishli") == alike("القامشلي", "Qamishli")


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_text_has_a_likeness(one: str, other: str) -> None:
    assert 0.0 <= likelihood(odds(one, other)) <= 1.0


def test_words_of_ten_thousand_letters_are_no_names() -> None:
    assert alike("ا" * 10_000, "a" * 10_000) == 0.0
    assert odds("", "x") == odds("س", "") == float("-inf")
    assert candidates("a" * 10_000, "en", sounding({"ar": ["سامي"], "en": []})) == ()


def sounding(words: dict[Script, list[str]]):  # type: ignore[no-untyped-def]
    """What a table of forms gives, for words that were met less and less often."""
    by_skeleton: dict[tuple[Script, str], list[tuple[str, int]]] = defaultdict(list)
    for side, forms in words.items():
        for place, word in enumerate(forms):
            form = folded(word)
            by_skeleton[side, skeleton(form)].append((form, 1000 - place))
    return lambda side, bones, limit: by_skeleton[side, bones][:limit]


MET_ARABIC = "قال كان وبالقامشلي للقامشلي القامشلي كوتشلي جرجناز لجرجناز صيد وخالد كتاب الكتاب ملح"
MET_ENGLISH = "said Ken Qamishli Qamishly Kuechly Jarjanaz Khaled kitchen Yassin call the of Qamishlo Ghanem"
MET: dict[Script, list[str]] = {"ar": MET_ARABIC.split(), "en": MET_ENGLISH.split()}


@pytest.mark.parametrize(
    ("word", "side", "found"),
    [
        ("qamishli", "en", {"القامشلي", "وبالقامشلي", "للقامشلي"}),
        ("khaled", "en", {"وخالد"}),
        ("jarjanaz", "en", {"جرجناز", "لجرجناز"}),
        ("والقامشلي", "ar", {"qamishli", "qamishly", "qamishlo"}),
        ("للقامشلي", "ar", {"qamishli", "qamishly", "qamishlo"}),
        ("ياسين", "ar", {"yassin"}),
        ("غانم", "ar", {"ghanem"}),
        ("said", "en", set()),
        ("ken", "en", set()),
        ("salt", "en", set()),
        ("كان", "ar", set()),
        ("2011", "en", set()),
        ("", "en", set()),
    ],
)
def test_names_are_found_among_the_words_of_the_other_language(word: str, side: Script, found: set[str]) -> None:
    assert {form for form, _ in candidates(word, side, sounding(MET))} == found


def test_candidates_are_few_and_the_likest_come_first() -> None:
    spellings = [
        "".join(parts) for parts in product("kq", ["a", "aa", "e"], ["m", "mm"], "ie", ["shl"], ["i", "y", "ee"])
    ]
    found = candidates("القامشلي", "ar", sounding({"ar": [], "en": spellings}))
    assert len(found) == 8
    assert [likeness for _, likeness in found] == sorted((likeness for _, likeness in found), reverse=True)
    assert all(0.2 <= likeness <= 1.0 for _, likeness in found)
    assert found[0][0].startswith("qa")


@given(st.permutations(MET["ar"]))
def test_the_order_in_which_words_were_met_changes_no_likeness(words: list[str]) -> None:
    assert dict(candidates("qamishli", "en", sounding({"ar": words, "en": []}))) == dict(
        candidates("qamishli", "en", sounding(MET))
    )
