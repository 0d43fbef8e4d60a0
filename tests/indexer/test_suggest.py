"""What to ask instead of a query that found nothing: a small archive of texts, searched by real trees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.expand import Knowledge
from indexer.query import parse
from indexer.suggest import Failed, Found, Suggestion, suggestions
from indexer.tree import Alternative, And, InField, Node, Not, Or, Phrase, Side, Word
from language.spelling import edits
from language.tokens import Term, folded, words

TEXTS = ("المكتبة المتنقلة تعود إلى الرقة", "Mobile library returns to Raqqa", "سبعة أفران جديدة", "New bread prices")
MET = {folded(word): word for text in TEXTS for word in words(text)}


def nearly(side: Side, word: str, wrong: int, limit: int) -> list[tuple[str, int]]:
    near = sorted((edits(word, form, wrong), form) for form in MET if form.isascii() == (side == "en"))
    return [(form, 1) for far, form in near if far <= wrong][:limit]


def holds(node: Node, there: dict[str, str]) -> bool:
    match node:
        case And(parts):
            return all(holds(part, there) for part in parts)
        case Or(parts):
            return any(holds(part, there) for part in parts)
        case Not(inside):
            return not holds(inside, there)
        case InField(_, Word(text)) | Word(text):
            return folded(text) in there
        case _:
            return isinstance(node, Phrase) and all(folded(text) in there for text in node.words)


def find(suggestion: Suggestion) -> Found:
    """The first text that holds what is asked, in folded spelling, with its words that were asked for."""
    asked = [folded(word) for word in words(suggestion.text)]
    for text in TEXTS:
        there = {folded(word): word for word in words(text)}
        if holds(parse(suggestion.text).tree, there):
            return Found(1, tuple(there[word] for word in asked if word in there))
    return Found(0)


def called(term: Term, side: Side) -> list[Alternative]:
    names = {"افران": Alternative("en", "folded", ("bread",), "learned", 0.6, "bread")}
    return [names[term.folded]] if term.folded in names else []


def suggested(text: str, *, table: bool = True, knowledge: Knowledge | None = None, **more: object) -> list[Suggestion]:
    failed = Failed(parse(text), **more)  # type: ignore[arg-type]
    known = replace(knowledge or Knowledge(), nearly=nearly if table else None)
    return list(suggestions(failed, known, find))


def texts(found: list[Suggestion], kind: str) -> list[str]:
    return [each.text for each in found if each.kind == kind]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mobil libary", "Mobile library"),
        ('"mobil libary"', '"Mobile library"'),
        ("المكتبه المتنقلىة", "المكتبة المتنقلة"),
        ("title:libary", "title:library"),
        ("libary -bread", "library -bread"),
    ],
)
def test_lost_words_are_replaced_by_the_archives_own_as_it_writes_them(typed: str, meant: str) -> None:
    assert texts(suggested(typed), "spelling")[0] == meant


def test_without_a_table_of_words_spelling_tolerance_is_offered_if_it_finds_something() -> None:
    asked: list[str] = []

    def told(suggestion: Suggestion) -> Found:
        asked.append(suggestion.text)
        return Found(int(suggestion.text == "libary~"))

    found = suggestions(Failed(parse("libary")), Knowledge(), told)
    assert [(each.kind, each.text, each.total) for each in found] == [("spelling", "libary~", 1)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hgvrm", "الرقة"),
        ("قشّضشة~", None),
        ("ةخلاهمث", "Mobile"),
        ("hg;jfm", "الكتبة"),
        ("vrm library", None),
        ("المكتبو hgvrm", "المكتبة الرقة"),
    ],
)
def test_the_other_keyboard_layout_is_tried_on_what_the_archive_has_not(typed: str, meant: str | None) -> None:
    found = texts(suggested(typed), "keyboard")
    if meant == "الكتبة":
        assert found == ["المكتبة"]  # and then the nearest spelling
    else:
        assert found == ([meant] if meant else [])


def test_words_that_are_there_are_left_alone() -> None:
    assert {each.kind for each in suggested("bread library")} == {"any"}
    assert texts(suggested("bread library"), "any") == ["bread OR library"]


def test_the_same_in_the_other_language_by_the_heaviest_of_what_each_word_is_called() -> None:
    knowledge = Knowledge(related=called)
    assert texts(suggested('"أفران في"', knowledge=knowledge), "language") == ["bread"]
    assert texts(suggested("=أفران", knowledge=knowledge), "language") == ["bread"]
    assert texts(suggested("أفران زنبق", knowledge=knowledge), "language") == []


def test_filters_are_named_one_by_one_and_all_together() -> None:
    found = suggested("library", filters=("section", "dates"))
    assert [(each.kind, each.without) for each in found] == [
        ("filter", ("section",)), ("filter", ("dates",)), ("filters", ("section", "dates")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "part", "rest"),
    [
        ("library outlet:bbc", "outlet:bbc", "library"),
        ("library 1990..1991", "1990..1991", "library"),
        ('author:"nobody at all" library', 'author:"nobody at all"', "library"),
        ("mobile section: (a OR b) library", "section: (a OR b)", "mobile library"),
        ("library -outlet:library", "-outlet:library", "library"),
        ("المكتبة الكاتب:زنبق", "الكاتب:زنبق", "المكتبة"),
        ("library date:١٩٩٠", "date:١٩٩٠", "library"),
        ("library AND outlet:bbc AND mobile", "outlet:bbc", "library AND mobile"),
        ("place:Homs AND library", "place:Homs", "library"),
        ("library NOT title:library mobile", "NOT title:library", "library mobile"),
    ],
)
def test_a_field_or_date_typed_into_the_query_is_named_when_the_rest_finds_something(
    typed: str, part: str, rest: str
) -> None:
    found = [(each.parts, each.text) for each in suggested(typed) if each.kind == "part"]
    assert found == [((part,), rest)]


def test_fields_are_left_out_one_by_one_and_together() -> None:
    found = suggested("library outlet:bbc author:nobody")
    assert [each.parts for each in found if each.parts] == [("outlet:bbc", "author:nobody")]
    assert not any(each.parts for each in suggested("outlet:bbc"))
    assert not any(each.parts for each in suggested("bread library said:no"))


def test_what_is_found_only_without_the_filters_says_so() -> None:
    def told(suggestion: Suggestion) -> Found:
        return find(suggestion) if suggestion.without else Found(0)

    found = suggestions(Failed(parse("libary"), ("dates",)), Knowledge(nearly=nearly), told)
    assert [(each.kind, each.text, each.without) for each in found] == [("spelling", "library", ("dates",))]


def test_a_search_of_the_spelling_alone_offers_all_that_is_related() -> None:
    assert [(each.kind, each.related) for each in suggested("library", steered=True)] == [("related", True)]


@pytest.mark.parametrize(
    "text", ["", "x" * 10_000, "ك" * 2000, "\u202e\u202d", "َُِ", "( OR )", "-a", "a " * 900, "2024-03", "12 15"]
)
def test_whatever_was_typed_there_is_an_answer_of_what_finds_something(text: str) -> None:
    assert all(each.total for each in suggested(text))
