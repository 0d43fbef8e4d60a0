"""What can be typed into the search box, and what becomes of it."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query import DEPTH, LEAVES, LENGTH, parse
from indexer.tree import (
    FIELDS,
    And,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Word,
)
from indexer.understood import Said, describe


def en(text: str) -> Word:
    return Word(text, "en")


def ar(text: str) -> Word:
    return Word(text, "ar")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("نازح الرقة", And((ar("نازح"), ar("الرقة")))),
        ('"ريف دمشق"', Phrase(("ريف", "دمشق"), "ar")),
        ("“ريف دمشق”", Phrase(("ريف", "دمشق"), "ar")),
        ("«ريف دمشق»", Phrase(("ريف", "دمشق"), "ar")),
        ("„water prices“", Phrase(("water", "prices"), "en")),
        ('"قصف"', Word("قصف", "ar", exact=True)),
        ("=قصف", Word("قصف", "ar", exact=True)),
        ("raqa~", Fuzzy("raqa", "en")),
        ("displac*", Prefix("displac", "en")),
        ("نازح*،", Prefix("نازح", "ar")),
        ("al-Shar*", And((en("al"), Prefix("Shar", "en")))),
        ('"water prices"~5', Near(("water", "prices"), "en", 5)),
        ('"أسعار المياه"~٥', Near(("أسعار", "المياه"), "ar", 5)),
        ('"water prices"~para', Near(("water", "prices"), "en", None)),
        ("al-Shara", Phrase(("al", "Shara"), "en", joined=True)),
        ("كوفيد-19", Phrase(("كوفيد", "19"), "ar", joined=True)),
        ("الـBBC", Phrase(("الـ", "BBC"), None, joined=True)),
        ("قصف Idlib 15", And((ar("قصف"), en("Idlib"), Word("15", None)))),
        ("and/or", And((en("and"), en("or")))),
        ("قصف،إدلب؟ حلب؛", And((ar("قصف"), ar("إدلب"), ar("حلب")))),
        ("أو و ليس or not", And((ar("أو"), ar("و"), ar("ليس"), en("or"), en("not")))),
        ("water - prices", And((en("water"), en("prices")))),
        ("", Everything()),
        (" \n", Everything()),
        ("؟ … -", Nothing()),
    ],
)
def test_words_and_their_marks(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b OR c", Or((And((en("a"), en("b"))), en("c")))),
        ("a AND b|c", Or((And((en("a"), en("b"))), en("c")))),
        ("a (b OR c)", And((en("a"), Or((en("b"), en("c")))))),
        ("قصف -إدلب", And((ar("قصف"), Not(ar("إدلب"))))),
        ("قصف NOT (إدلب OR حلب)", And((ar("قصف"), Not(Or((ar("إدلب"), ar("حلب"))))))),
        ('a -"b c"', And((en("a"), Not(Phrase(("b", "c"), "en"))))),
        ("-a", And((Everything(), Not(en("a"))))),
        ("-a -b", And((Everything(), Not(en("a")), Not(en("b"))))),
        ("(-a -b) c", And((Not(en("a")), Not(en("b")), en("c")))),
        ("a OR -b", Or((en("a"), And((Everything(), Not(en("b"))))))),
        ("NOT NOT a", en("a")),
        ("-(-a)", en("a")),
    ],
)
def test_operators_and_brackets(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


def test_fields_have_names_in_both_languages() -> None:
    for english, arabic in zip(
        FIELDS, ["العنوان", "الكاتب", "القسم", "المكان", "الوسم", "المصدر", "العدد"], strict=True
    ):
        expected = InField(english, ar("حلب"))
        assert parse(f"{english}:حلب").tree == expected
        assert parse(f"{arabic}: حلب").tree == expected
        assert parse(f"{arabic.removeprefix('ال')}:حلب").tree == expected
        assert parse(f"{english.upper()}:حلب").tree == expected


def test_a_field_reaches_into_brackets_and_quotes() -> None:
    assert parse('title:"a b"').tree == InField("title", Phrase(("a", "b"), "en"))
    assert parse("title:(a OR b)").tree == Or((InField("title", en("a")), InField("title", en("b"))))
    assert parse("a -title:b").tree == And((en("a"), Not(InField("title", en("b")))))
    assert parse('a title:-"b c"').tree == And((en("a"), Not(InField("title", Phrase(("b", "c"), "en")))))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-03", date(2024, 3, 1), date(2024, 3, 31)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-03..2025-01", date(2024, 3, 1), date(2025, 1, 31)),
        ("2025-01..2024-03", date(2024, 3, 1), date(2025, 1, 31)),
        ("٢٠٢٤-٠٣..٢٠٢٥-٠١", date(2024, 3, 1), date(2025, 1, 31)),
        ("2023..", date(2023, 1, 1), None),
        ("..2023", None, date(2023, 12, 31)),
        ("date:2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("التاريخ: ٢٠٢٤", date(2024, 1, 1), date(2024, 12, 31)),
        ('date:"18 آب 2020"', date(2020, 8, 18), date(2020, 8, 18)),
    ],
)
def test_dates_and_ranges(text: str, start: date | None, end: date | None) -> None:
    assert parse(text).tree == DateRange(start, end)
    assert parse(f"قصف {text}").tree == And((ar("قصف"), DateRange(start, end)))


def keys(text: str) -> list[str]:
    return [note.key for note in parse(text).notes]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('"ريف دمشق', "unclosed-quote"),
        ("(a b", "unclosed-bracket"),
        ("a) b", "stray-bracket"),
        ("a ()", "empty-brackets"),
        ("colour:red", "unknown-field"),
        ("2024-13", "bad-date"),
        ("date:tomorrow", "bad-date"),
        ("-a", "lone-not"),
        ("*", "lone-prefix"),
        ("*word", "lone-prefix"),
        ("2024", "offer-date"),
        ("OR a", "dangling-operator"),
        ("a AND", "dangling-operator"),
        ("title:", "dangling-operator"),
        ("()", "no-words"),
        ("a" * (LENGTH + 1), "too-long"),
        ("(" * (DEPTH + 1) + "a" + ")" * (DEPTH + 1), "too-deep"),
        ("a " * (LEAVES + 1), "too-many"),
        ('"' + "a " * (LEAVES + 1) + '"', "too-many"),
    ],
)
def test_what_was_repaired_is_said(text: str, key: str) -> None:
    assert key in keys(text)


def test_a_repaired_query_still_finds_its_words() -> None:
    assert parse('"ريف دمشق').tree == Phrase(("ريف", "دمشق"), "ar")
    assert parse("((a b").tree == parse("a) b").tree == parse("a () b").tree == And((en("a"), en("b")))
    assert parse("OR a AND").tree == en("a")
    assert parse("(" * 99 + "a").tree == en("a")


def test_a_good_query_has_no_notes() -> None:
    assert keys('title:(قصف OR "ريف دمشق") -حلب displac* 2024-03..2025') == []
    assert keys("Idlib: two killed at 12:30") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.enabbaladi.net/123456/", "https://www.enabbaladi.net/123456/"),
        (" <http://enabbaladi.net/a?so=1#top> ", "http://enabbaladi.net/a?so=1#top"),
        ("english.enabbaladi.net/archives/2020/08/a", "https://english.enabbaladi.net/archives/2020/08/a"),
        ("https%3A%2F%2Fenabbaladi.net%2F1", "https://enabbaladi.net/1"),
        ("https://www.enabbaladi.net/1/قصف-إدلب", "https://www.enabbaladi.net/1/قصف-إدلب"),
        ("\u202ahttps://enabbaladi.net/1\u202c", "https://enabbaladi.net/1"),
        ("http://127.0.0.1:8101/1/", "http://127.0.0.1:8101/1/"),
    ],
)
def test_an_address_is_looked_up(text: str, address: str) -> None:
    assert parse(text).address == address


@pytest.mark.parametrize("around", ["%s.", "%s,", "(%s)", "%s).", "«%s»،", "“%s”.", "[%s]", "%s؟", "‘%s’!", "%s:"])
def test_an_address_is_found_as_a_sentence_had_it(around: str) -> None:
    assert parse(around % "https://enabbaladi.net/1/قصف").address == "https://enabbaladi.net/1/قصف"
    assert parse(around % "https://enabbaladi.net/a_(b)").address == "https://enabbaladi.net/a_(b)"


@pytest.mark.parametrize("text", ["قصف https://enabbaladi.net/1", "and/or", "سوريا/حلب", "enabbaladi.net", "5/2"])
def test_other_text_is_no_address(text: str) -> None:
    assert parse(text).address is None


def test_the_reading_can_be_told() -> None:
    told = describe(parse('نازح -(title:"a b" OR =c) "x y"~5 2024-03 d* e~').tree)
    assert told == (
        Said("word", "نازح"), Said("and"), Said("not"), Said("open"), Said("field", "title"), Said("phrase", "a b"),
        Said("or"), Said("exact", "c"), Said("close"), Said("and"), Said("near", "x y", "5"), Said("and"),
        Said("date", "2024-03-01..2024-03-31"), Said("and"), Said("prefix", "d"), Said("and"), Said("fuzzy", "e"),
    )  # fmt: skip
    assert describe(parse("").tree) == (Said("everything"),)
    assert describe(parse("()").tree) == ()


def well_formed(node: Node, negatable: bool = False) -> bool:
    """As the parser promises: Not only beside something else in an And, one leaf in a field, no lone And or Or."""
    match node:
        case And(parts):
            return (
                len(parts) > 1
                and not all(isinstance(p, Not) for p in parts)
                and all(well_formed(p, True) for p in parts)
            )
        case Or(parts):
            return len(parts) > 1 and all(well_formed(p) for p in parts)
        case Not(inside):
            return negatable and well_formed(inside)
        case InField(name, inside):
            return name in FIELDS and isinstance(inside, Word | Phrase | Near | Prefix | Fuzzy)
    return True


SIGNS = (*'()"«»“|-=~*:. ،\n', "AND ", "OR ", "NOT ", " title:", "العنوان:", "date:", "..", "\ud800", "\x00", "http://")
PARTS = st.sampled_from([*SIGNS, "2024-03", "2024", "قصف", "a b"])


@settings(deadline=None)
@given(st.text() | st.lists(PARTS, max_size=40).map("".join))
def test_nothing_typed_raises(text: str) -> None:
    query = parse(text)
    assert well_formed(query.tree)
    describe(query.tree)
    assert not text.strip() or query.tree != Everything()


@pytest.mark.parametrize(
    "unit", ["(", ")", '"', "-", "a ", "()", "(a", "~*", "title:", "NOT ", "a|", "1-", ".", "1.", "؟", "\u200f"]
)
def test_a_hundred_thousand_characters_are_read_quickly(unit: str) -> None:
    start = time.perf_counter()
    query = parse(unit * (100_000 // len(unit)))
    assert time.perf_counter() - start < 0.2
    assert "too-long" in [note.key for note in query.notes]
