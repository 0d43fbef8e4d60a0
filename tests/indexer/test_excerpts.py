"""What is shown of an indexed text is what cutting the text anew would show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import IndexedSide
from indexer.excerpts import excerpt, indexed, joined, separated
from indexer.passages import Wanted, present, wanted
from indexer.places import bounds, places
from indexer.query import parse
from indexer.streams import side_analysis
from indexer.wanted import Other
from language.tokens import tokens, words

TEXTS = st.text(alphabet="قصف ادلبإأةهي abcABs'«»،.\u200f\u064b\u0640\n\f٣3é\x00", max_size=200)
QUERIES = (
    "قصف ادلب", '"قصف ادلب"', "a b", "a* ق*", "ab ab*", '"a b"~3 قصف~', '"a b"~0', '"قصف a"~para ادلب', "3", "",
    "=قصف", '"a a"', "ا* اد*", "إدلب أدلب",
)  # fmt: skip


def side(*paragraphs: str, lang: str = "ar") -> IndexedSide:
    return IndexedSide(lang, "https://outlet.example/1", paragraphs, (), None)


@pytest.mark.parametrize("query", QUERIES)
@settings(deadline=None, max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=5), st.integers(min_value=1, max_value=50), st.sampled_from(("ar", "tr")))
def test_title_passage_and_reasons_are_those_of_the_text_cut_anew(
    query: str, texts: list[str], length: int, lang: str
) -> None:
    version = side(*texts, lang=lang)
    for asked in wanted(parse(query).tree).values():
        assert excerpt(version, indexed(side_analysis(version)), asked, length) == present(version, asked, length)


def test_words_beside_a_nearly_spelt_one_keep_their_reasons() -> None:
    """Lemma and root are looked for in what is indexed, whatever else is asked for."""
    version = side("خبر", "عادت البيوت إلى الحسكه")
    analysis = side_analysis(version)
    streams = analysis.streams._replace(lemma=("خبر", "عاد بَيْت إِلَى حَسَكَة"))
    words = Wanted(
        fuzzy=("الحسكا",), typed=frozenset({"بيت", "الحسكا"}), others=(Other("lemma", ("بَيْت",), "lemma", "بيت"),)
    )
    _, _, why = excerpt(version, indexed(analysis._replace(streams=streams)), words)
    assert {(reason.kind, reason.words) for reason in why} == {("spelling", ("الحسكه",)), ("lemma", ("البيوت",))}


@settings(deadline=None)
@given(TEXTS)
def test_places_are_where_the_tokens_stand(text: str) -> None:
    expected = [bound for token in tokens(text) for bound in (token.start, token.end)]
    assert bounds(text, places(text, words(text))) == expected


def test_words_very_far_apart_or_very_long_keep_their_places() -> None:
    for text in ("a" + "." * 60_000 + "b", "قصف " + "a" * 60_000 + " ادلب", "a" + "،" * 500 + "b"):
        written = places(text, words(text))
        assert "\n" not in written and "\f" not in written
        assert bounds(text, written) == [bound for token in tokens(text) for bound in (token.start, token.end)]


def test_a_text_without_words_is_shown_from_its_beginning() -> None:
    version = side("…", "— … —" * 200)
    assert excerpt(version, indexed(side_analysis(version)), Wanted()) == present(version, Wanted())


@given(st.lists(st.sampled_from(("", "a", "a b", "قصف ادلب")), min_size=1))
def test_joined_terms_come_apart_again(paragraphs: list[str]) -> None:
    assert separated(joined(paragraphs)) == paragraphs
