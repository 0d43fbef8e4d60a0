"""What else a query may match, and how that is steered."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.expand import MATCHES, Knowledge, alternatives, expand, key
from indexer.query import parse
from indexer.tree import Alternative, And, Expanded, Node, Not, Or, Phrase, Side, Word
from indexer.weights import COMMON
from language.nametable import NameTable
from language.tokens import Term

LEMMAS = {"النازحين": ("نازِح", "نزح"), "نازحون": ("نازِح", "نزح"), "زار": ("زارَ", "زور")}


def choose(forms: Iterable[str]) -> dict[str, tuple[str, str]]:
    return {form: LEMMAS[form] for form in forms if form in LEMMAS}


def related(term: Term, side: Side) -> Iterable[Alternative]:
    if side == "en" and term.stem == "displac":
        yield Alternative("ar", "lemma", ("نازِح",), "gloss", 0.6, "نازح")
        yield Alternative("ar", "stem", ("نازح",), "learned", 0.7, "نازح")


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    file = tmp_path_factory.mktemp("names") / "names.txt"
    file.write_text("place | Deir Ezzor, Deir ez-Zor | دير الزور\nplace | Raqqa, Raqqah | الرقة\n", encoding="utf-8")
    return Knowledge(choose=choose, names=NameTable.read(file), related=related)


def found(tree: Node) -> set[tuple[str, str, str, str]]:
    return {(typed, each.kind, each.stream, " ".join(each.terms)) for typed, each in alternatives(tree)}


def test_an_arabic_word_is_also_searched_by_stem_lemma_and_root(knowledge: Knowledge) -> None:
    tree = expand(parse("النازحين"), knowledge).tree
    assert found(tree) == {
        ("النازحين", "stem", "stem", "نازح"),
        ("النازحين", "lemma", "lemma", "نازِح"),
        ("النازحين", "root", "root", "نزح"),
    }


def test_an_english_word_is_also_searched_by_what_it_is_called_in_arabic(knowledge: Knowledge) -> None:
    assert found(expand(parse("displaced"), knowledge).tree) == {
        ("displaced", "stem", "stem", "displac"),
        ("displaced", "gloss", "lemma", "نازِح"),
        ("displaced", "learned", "stem", "نازح"),
    }


def test_neighbouring_words_that_are_a_name_are_searched_in_its_other_spellings(knowledge: Knowledge) -> None:
    """Also with a word before and after, and the words apart are still searched in any form."""
    tree = expand(parse("قصف دير الزور اليوم"), knowledge).tree
    assert isinstance(tree, And)
    name = tree.parts[1]
    assert isinstance(name, Or) and len(tree.parts) == 3
    apart, together = name.parts
    assert isinstance(apart, And) and len(apart.parts) == 2
    assert isinstance(together, Expanded) and together.typed == Phrase(("دير", "الزور"), "ar")
    assert {(each.side, each.terms) for each in together.others} == {
        ("en", ("deir", "ezzor")),
        ("en", ("deir", "ez", "zor")),
    }


def test_a_name_is_known_by_words_that_are_joined_but_not_by_words_in_quotes(knowledge: Knowledge) -> None:
    tree = expand(parse("Deir ez-Zor water"), knowledge).tree
    assert isinstance(tree, And) and len(tree.parts) == 2
    assert {each.terms for _, each in alternatives(tree.parts[0]) if each.kind == "name"} == {
        ("دير", "الزور"),
        ("deir", "ezzor"),
    }
    assert not list(alternatives(expand(parse('"Deir ez-Zor"'), knowledge).tree))


def test_a_name_is_searched_only_in_spellings_that_the_archive_has(knowledge: Knowledge) -> None:
    """With what Arabic writes to the word before it."""
    there = {"ar": {"بالرقه", "للرقه", "الرقه"}, "en": {"raqqah"}}
    met = Knowledge(names=knowledge.names, met=lambda side, words: there[side].intersection(words))
    names = {each.terms for _, each in alternatives(expand(parse("Raqqa"), met).tree) if each.kind == "name"}
    assert names == {("بالرقه",), ("للرقه",), ("الرقه",), ("raqqah",)}


def test_exact_searches_the_spelling_alone_and_inflected_no_other_word(knowledge: Knowledge) -> None:
    assert expand(parse("النازحين Raqqa"), knowledge, "exact").tree == And(
        (Word("النازحين", "ar", exact=True), Word("Raqqa", "en", exact=True))
    )
    kinds = {
        each.kind for _, each in alternatives(expand(parse("النازحين Raqqa displaced"), knowledge, "inflected").tree)
    }
    assert kinds == {"stem", "lemma", "root"}


def test_what_is_quoted_or_exact_or_a_beginning_stays_as_typed(knowledge: Knowledge) -> None:
    for text in ('"دير الزور"', "=displaced", "displac*", "displaced~", '"Raqqa displaced"~5', "2024"):
        query = parse(text)
        assert expand(query, knowledge).tree == query.tree


def test_an_alternative_that_is_switched_off_is_not_searched(knowledge: Knowledge) -> None:
    every = expand(parse("displaced"), knowledge)
    off = {key(each) for _, each in alternatives(every.tree) if each.kind == "gloss"}
    assert off == {"gloss:نازح"}
    assert found(expand(parse("displaced"), knowledge, off=off).tree) == {
        row for row in found(every.tree) if row[1] != "gloss"
    }


def test_a_word_that_must_not_be_there_takes_no_translation_with_it(knowledge: Knowledge) -> None:
    tree = expand(parse("Raqqa -displaced"), knowledge).tree
    assert isinstance(tree, And) and isinstance(tree.parts[1], Not)
    assert {kind for _, kind, *_ in found(tree.parts[1])} == {"stem"}


def test_stop_words_have_forms_and_no_relations() -> None:
    asked: list[str] = []

    def everything(term: Term, side: Side) -> Iterable[Alternative]:
        asked.append(term.folded)
        return ()

    expand(parse("the school"), Knowledge(related=everything))
    assert asked == ["school"]


def test_common_words_weigh_less() -> None:
    """Stop words, and what the archive writes in every story."""
    knowledge = Knowledge(rarity=lambda _, word: 0.4 if word == "water" else 1.0)
    tree = expand(parse("the water pipes"), knowledge).tree
    assert isinstance(tree, And)
    assert [part.scale for part in tree.parts if isinstance(part, Expanded)] == [COMMON, 0.4, 1.0]


def test_any_of_the_words_is_any_word_of_a_name_too(knowledge: Knowledge) -> None:
    tree = expand(parse("دير OR الزور"), knowledge).tree
    assert isinstance(tree, Or)
    name = tree.parts[0]
    assert isinstance(name, Or) and len(name.parts) == 3


def test_of_the_same_terms_the_heavier_alternative_stays() -> None:
    def twice(term: Term, side: Side) -> Iterable[Alternative]:
        yield Alternative("ar", "stem", ("مدرس",), "gloss", 0.2, "مدرسة")
        yield Alternative("ar", "stem", ("مدرس",), "learned", 0.9, "مدارس")

    kept = [each for _, each in alternatives(expand(parse("school"), Knowledge(related=twice)).tree)]
    assert [each.kind for each in kept if each.side == "ar"] == ["learned"]


def test_a_name_of_the_table_is_not_searched_by_its_sound(knowledge: Knowledge) -> None:
    def sounding(term: Term, side: Side) -> Iterable[Alternative]:
        yield Alternative("ar", "folded", ("رقاع",), "name", 1.2, "رقاع")

    heard = Knowledge(names=knowledge.names, related=sounding)
    assert not any(each.source == "رقاع" for _, each in alternatives(expand(parse("Raqqa"), heard).tree))
    assert any(each.source == "رقاع" for _, each in alternatives(expand(parse("Riqa"), heard).tree))


def test_a_part_of_a_name_is_not_searched_by_its_root(knowledge: Knowledge) -> None:
    roots = Knowledge(choose=lambda forms: dict.fromkeys(forms, ("لما", "جذر")), names=knowledge.names)
    kinds = [each.kind for _, each in alternatives(expand(parse("دير الزور"), roots).tree)]
    assert "lemma" in kinds and "root" not in kinds


def test_what_is_hardly_related_only_ranks_stories_of_any_of_the_words() -> None:
    def weak(term: Term, side: Side) -> Iterable[Alternative]:
        yield Alternative("ar", "stem", ("مشلب",), "learned", 0.03, "المشلب")
        yield Alternative("ar", "stem", ("صهريج",), "learned", 0.7, "صهريج", sure=False)

    knowledge = Knowledge(related=weak)

    def learned(text: str) -> int:
        return sum(each.kind == "learned" for _, each in alternatives(expand(parse(text), knowledge).tree))

    assert (learned("water"), learned("water pipes"), learned("water OR pipes")) == (0, 0, 4)


@given(text=st.text(max_size=200), match=st.sampled_from(MATCHES))
def test_any_query_can_be_expanded(text: str, match: str) -> None:
    """Whatever is typed, and without any knowledge."""
    expand(parse(text), Knowledge(choose=choose, related=related), match)  # type: ignore[arg-type]
