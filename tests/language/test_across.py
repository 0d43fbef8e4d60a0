"""What a word may be in the other language, from all sources together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from language.across import GLOSS, MOST, Other, Sources, across
from language.forms import FormsTable
from language.lexicon import Lexicon, pair_key
from language.morphology import Reading
from language.tokens import Script, form

GLOSSES = {
    "مدارس": Reading("مَدْرَسَة", "درس", "noun", ("school",)),
    "المدرسه": Reading("مَدْرَسَة", "درس", "noun", ("school",)),
    "هدنه": Reading("هُدْنَة", "هدن", "noun", ("truce", "cease fire")),
}
MET = {
    "ar": ["مدارس", "المدرسه", "هدنه", "كوتشلي", "خبز", "في"],
    "en": ["school", "schools", "kuechly", "bread", "the"],
}


class Dictionary:
    version = "0" * 12

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        return [(GLOSSES[one],) if one in GLOSSES else () for one in forms]


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    table = FormsTable.make(
        tmp_path / "forms", {"ar": dict.fromkeys(MET["ar"], 3), "en": dict.fromkeys(MET["en"], 3)}, Dictionary()
    )
    with Lexicon.open(tmp_path / "lexicon") as lexicon, table:
        rows = [(["خبز"], ["bread"]), (["مدارس"], ["school"]), (["هدنه"], ["truce"])]
        lexicon.learn(1, 1, rows * 3)
        lexicon.analyse(table.chosen, table.version)
        yield Sources(table, lexicon)


def ask(word: str, side: Script, sources: Sources) -> tuple[Other, ...]:
    return across(form(word).folded, form(word).stem, side, sources)


def found(word: str, side: Script, sources: Sources) -> set[tuple[str, str, str]]:
    return {(one.kind, one.stream, " ".join(one.terms)) for one in ask(word, side, sources)}


def test_learned_words_glosses_and_names_are_found_in_their_streams(sources: Sources) -> None:
    assert ("learned", "stem", "خبز") in found("bread", "en", sources)
    assert ("learned", "root", "درس") in found("schools", "en", sources)
    assert {one[1:] for one in found("schools", "en", sources)} >= {("lemma", "مَدْرَسَة"), ("stem", form("مدارس").stem)}
    assert ("name", "folded", "كوتشلي") in found("Kuechly", "en", sources)
    assert ("gloss", "stem", "ceas") in found("هدنة", "ar", sources)
    assert ("stem", "school") in {one[1:] for one in found("المدرسة", "ar", sources)}
    assert ("name", "folded", "kuechly") in found("كوتشلي", "ar", sources)


def test_the_heaviest_come_first_and_each_term_once(sources: Sources) -> None:
    for word, side in (("school", "en"), ("هدنة", "ar"), ("المدرسة", "ar")):
        others = ask(word, side, sources)  # type: ignore[arg-type]
        assert [one.weight for one in others] == sorted((one.weight for one in others), reverse=True)
        assert len({(one.stream, one.terms) for one in others}) == len(others) <= MOST


def test_a_word_of_a_longer_gloss_weighs_its_part(sources: Sources) -> None:
    weights = {one.terms: one.weight for one in ask("هدنة", "ar", Sources(sources.table))}
    assert weights[("truce",)] == GLOSS
    assert weights[("fire",)] == GLOSS / 2


def test_learned_words_are_shown_as_they_are_written(sources: Sources) -> None:
    (bread,) = [one for one in ask("خبز", "ar", sources) if one.kind == "learned"]
    assert bread.source == "bread"


def test_stop_words_are_nothing_in_the_other_language(sources: Sources) -> None:
    assert ask("the", "en", sources) == ask("في", "ar", sources) == ()


def test_without_sources_there_is_nothing() -> None:
    assert ask("bread", "en", Sources()) == ()


def test_pairs_that_are_switched_off_are_left_out_whatever_their_source(sources: Sources) -> None:
    off = Sources(sources.table, sources.lexicon, frozenset({pair_key("الهدنة", "truces"), pair_key("خبز", "bread")}))
    assert ask("bread", "en", off) == ()
    assert ask("خبز", "ar", off) == ()
    assert all(one.terms not in (("truce",),) for one in ask("هدنة", "ar", off))
    assert ("gloss", "stem", "fire") in found("هدنة", "ar", off)
    assert all(one.kind == "name" for one in ask("truce", "en", off))


def test_a_word_that_one_story_alone_taught_is_not_sure(sources: Sources) -> None:
    """A second story makes it so."""
    assert sources.lexicon
    once = [one.sure for one in ask("bread", "en", sources) if one.kind == "learned"]
    sources.lexicon.learn(2, 2, [(["خبز"], ["bread"]), (["جسر"], ["bridge"])])
    twice = [one.sure for one in ask("bread", "en", sources) if one.terms == ("خبز",) and one.kind == "learned"]
    assert once and not any(once)
    assert twice and all(twice)
    assert all(one.sure for one in ask("truce", "en", sources) if one.terms == ("هُدْنَة",))  # its gloss says so too


def test_a_gloss_of_several_words_is_switched_off_as_it_is_shown(sources: Sources) -> None:
    table = sources.table
    off = Sources(table, off=frozenset({pair_key("هدنة", "cease fire")}))
    assert {one.source for one in ask("هدنة", "ar", off)} == {"truce"}


def test_a_word_that_the_dictionary_knows_is_searched_by_no_merely_similar_sound(tmp_path: Path) -> None:
    """One that it does not know is, and one that is surely the same name."""
    met = {"ar": ["هدنه", "حدنه", "مدارس"], "en": ["hadna", "hudna", "madaris", "madras"]}
    counts = {side: dict.fromkeys(words, 3) for side, words in met.items()}
    with FormsTable.make(tmp_path / "known", counts, Dictionary()) as table:  # type: ignore[arg-type]
        known = Sources(table)
        assert {one.terms for one in ask("هدنة", "ar", known) if one.kind == "name"} == set()
        assert {one.terms for one in ask("مدارس", "ar", known) if one.kind == "name"} == {("madaris",)}
    with FormsTable.make(tmp_path / "unknown", counts) as table:  # type: ignore[arg-type]
        heard = {one.terms for one in ask("هدنة", "ar", Sources(table)) if one.kind == "name"}
        assert heard == {("hadna",), ("hudna",)}


def test_a_name_is_found_in_its_other_arabic_spelling(tmp_path: Path) -> None:
    """If no dictionary knows either, and it has enough consonants to be known by."""
    met = ["انستغرام", "انستجرام", "مدارس", "مدرسو", "غوغل", "جوجل"]
    with FormsTable.make(tmp_path / "forms", {"ar": dict.fromkeys(met, 3)}, Dictionary()) as table:
        assert {one[:3] for one in ask("إنستغرام", "ar", Sources(table))} == {("ar", "folded", ("انستجرام",))}
        assert ask("مدرسو", "ar", Sources(table)) == ()  # المدارس is a word of the dictionary
        assert ask("غوغل", "ar", Sources(table)) == ()  # two consonants; the table of names has it
