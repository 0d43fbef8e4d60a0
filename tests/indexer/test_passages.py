"""What is marked, which passage is shown, and why a text matched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import IndexedSide
from indexer.engine import Piece, Reason
from indexer.passages import Wanted, mark, present, wanted
from indexer.query import parse
from language.tokens import tokens

FILLER = "نشرت الجريدة تقريرا طويلا عن أحوال السوق والطقس والطرق والمواصلات والأعياد في البلاد خلال العام الماضي كله."


def marked(query: str, text: str, lang: str = "ar") -> list[tuple[str, str]]:
    return [(p.text, p.match) for p in mark(text, lang, wanted(parse(query).tree)) if p.match]


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def arabic(*paragraphs: str) -> IndexedSide:
    return IndexedSide("ar", "https://outlet.example/1", paragraphs, (), None)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("إدلب", "في إِدلب وادلب", [("إِدلب", "exact"), ("وادلب", "stem")]),
        ("ادلب", "ريف إدلب", [("إدلب", "spelling")]),
        ("١٥", "عن 15 مدنيا", [("15", "spelling")]),
        ("نازح", "عودة النازحين", [("النازحين", "stem")]),
        ("=نازح", "عودة النازحين", []),
        ('"ريف دمشق"', "ريف حلب وريف دمشق ثم ريف دِمَشق", [("ريف", "exact"), ("دِمَشق", "exact")]),
        ("نازح*", "نازحون ونازح", [("نازحون", "exact")]),
        ("الرقه~", "مدينة الرقة", [("الرقة", "spelling")]),
        ("حلب -دمشق", "حلب دمشق", [("حلب", "exact")]),
        ("author:حلب", "حلب", []),
        ("title:حلب", "حلب", [("حلب", "exact")]),
        ("قصف في حلب", "قصف في حلب", [("قصف", "exact"), ("حلب", "exact")]),
        ("في", "قصف في حلب", [("في", "exact")]),
        ("في Idlib", "قصف في حلب", []),
        ('"حلب قصف"~2', "قصف في ريف حلب", [("قصف", "exact"), ("حلب", "exact")]),
        ('"حلب قصف"~1', "قصف في ريف حلب", []),
    ],
)
def test_whole_words_are_marked_with_the_kind_of_match(query: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert marked(query, text) == expected


def test_english_words_are_marked_in_english_text() -> None:
    assert marked("displaced", "Displacement of the DISPLACED; Raqqa", "en") == [
        ("Displacement", "stem"),
        ("DISPLACED", "exact"),
    ]
    assert marked("Assad", "Assad’s army", "en") == [("Assad’s", "spelling")]
    assert marked("displaced", "Displaced النازحين", "ar") == []


def test_each_side_has_its_own_words() -> None:
    words = wanted(parse("قصف shelling 2020 -حلب").tree)
    assert words["ar"].folded == {"قصف", "2020"}
    assert words["en"].folded == {"shelling", "2020"}


def test_the_passage_is_where_most_of_the_words_stand() -> None:
    near_end = "وقال شهود إن القصف طال المدرسة في مدينة إدلب صباح اليوم."
    side = arabic("عنوان عن القصف", FILLER, f"القصف. {FILLER} {FILLER} {FILLER} {near_end}", FILLER)
    title, passage, why = present(side, wanted(parse("قصف المدرسة ادلب").tree)["ar"])
    text = shown(passage)
    assert shown(title) == "عنوان عن القصف"
    assert text.startswith("… ") and text.endswith(near_end)
    assert [p.text for p in passage if p.match] == ["القصف", "المدرسة", "إدلب"]
    assert why == (Reason("exact", ("المدرسة",)), Reason("spelling", ("إدلب",)), Reason("stem", ("القصف",)))
    assert len(tokens(text)) == 40


def test_of_passages_alike_the_first_is_shown() -> None:
    _, passage, _ = present(
        arabic("عنوان", "القصف أولا", FILLER, "القصف ثانيا", FILLER), wanted(parse("القصف").tree)["ar"]
    )
    assert shown(passage) == "القصف أولا"


SENTENCE = (
    "وقال مصدر طبي إن القصف أصاب السوق القديمة وأوقع جرحى بين الباعة والمارة "
    "قبل أن تصل سيارات الإسعاف والدفاع المدني إلى المكان."
)


@pytest.mark.parametrize("short", ["القصف", "القصف على السوق", "صورة: آثار القصف والقصف في السوق"])
def test_a_paragraph_of_real_length_is_shown_before_a_kicker_subheading_or_caption(short: str) -> None:
    """However often these name what was asked for, and wherever they stand."""
    words = wanted(parse("قصف").tree)["ar"]
    for paragraphs in [(short, FILLER, SENTENCE), (FILLER, SENTENCE, short), (short, SENTENCE, short)]:
        _, passage, _ = present(arabic("القصف", *paragraphs), words)
        assert shown(passage) == SENTENCE


def test_a_short_sentence_is_shown_before_a_subheading() -> None:
    sentence = "قال شهود إن القصف طال صباح اليوم أحياء سكنية عدة."
    _, passage, _ = present(arabic("عنوان", "القصف", sentence), wanted(parse("قصف").tree)["ar"])
    assert shown(passage) == sentence


def test_more_of_the_words_asked_for_go_before_length() -> None:
    _, passage, _ = present(arabic("عنوان", SENTENCE, "القصف على المدرسة"), wanted(parse("قصف مدرسة").tree)["ar"])
    assert shown(passage) == "القصف على المدرسة"


def test_two_spellings_of_one_word_asked_for_count_once() -> None:
    words = wanted(parse("displaced").tree)["en"]
    long = "The ministry said on Sunday that displaced people had begun to return to the villages they left in winter."
    side = IndexedSide("en", "https://outlet.example/1", ("News", "Displaced by displacement", long), (), None)
    assert shown(present(side, words)[1]) == long


def test_a_title_is_never_the_passage() -> None:
    side = arabic(SENTENCE, "السوق", FILLER)
    assert shown(present(side, wanted(parse("القصف").tree)["ar"])[1]) == FILLER


def test_without_a_match_the_first_paragraph_of_real_length_is_shown() -> None:
    side = arabic("عنوان", "ملفات", "تصوير: مراسلنا", SENTENCE, FILLER)
    assert shown(present(side, Wanted())[1]) == SENTENCE


def test_a_passage_has_as_many_words_as_the_paragraph_allows_wherever_the_match_stands() -> None:
    for place in range(60):
        row = ["كلمة"] * 60
        row[place] = "قصف"
        _, passage, _ = present(arabic("عنوان", " ".join(row)), wanted(parse("قصف").tree)["ar"])
        assert len(tokens(shown(passage))) == 40


def test_a_cut_passage_has_its_ellipses_outside_the_marks() -> None:
    side = arabic("عنوان", " ".join([FILLER, "«قصف»", FILLER]))
    _, passage, _ = present(side, wanted(parse("قصف").tree)["ar"], 1)
    assert passage == (Piece("… «"), Piece("قصف", "exact"), Piece("» …"))


def test_without_a_match_the_beginning_of_the_text_is_shown() -> None:
    side = arabic("عنوان", FILLER * 4, "قصف")
    title, passage, why = present(side, Wanted())
    assert title == (Piece("عنوان"),)
    assert shown(passage).startswith("نشرت الجريدة") and shown(passage).endswith(" …")
    assert why == ()


def test_a_text_with_only_a_title_has_no_passage() -> None:
    title, passage, why = present(arabic("قصف"), wanted(parse("قصف").tree)["ar"])
    assert (title, passage, why) == ((Piece("قصف", "exact"),), (), (Reason("exact", ("قصف",)),))


def test_a_third_languages_words_are_not_stemmed() -> None:
    side = IndexedSide("tr", "https://outlet.example/2", ("Haber", "families living"), (), None)
    _, passage, _ = present(side, wanted(parse("families lives").tree)["en"])
    assert [p for p in passage if p.match] == [Piece("families", "exact")]


TEXTS = st.text(alphabet="قصف ادلبإأةهي abcs'«»،.\u200f\u064b\n٣3", max_size=300)
QUERIES = st.sampled_from(["قصف ادلب", '"قصف ادلب"', "a b", "a* ق*", '"a b"~3 قصف~', "3", ""])


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5), QUERIES, st.integers(min_value=1, max_value=50))
def test_pieces_join_to_the_text_and_marks_are_whole_words(texts: list[str], query: str, length: int) -> None:
    words = wanted(parse(query).tree)
    for text in texts:
        pieces = mark(text, "ar", words)
        assert shown(pieces) == text
        surfaces = {t.text for t in tokens(text)}
        assert all(p.text in surfaces for p in pieces if p.match)
    title, passage, _ = present(arabic(*texts), words["ar"], length)
    assert shown(title) == texts[0]
    assert not passage or any(shown(passage).removeprefix("… ").removesuffix(" …") in text for text in texts[1:])


def test_a_long_article_takes_a_few_milliseconds_at_most() -> None:
    side = arabic("عنوان", *[f"{FILLER} قصف {n}" for n in range(40)])
    words = wanted(parse("قصف إدلب السوق").tree)["ar"]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        present(side, words)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02
