"""Outlets and sections are found by what readers call them, in both languages, though the index has their keys."""

from __future__ import annotations

import pytest

from archive.publishers.declaration import Name, Outlet, Section
from indexer.named import resolved
from indexer.query import parse
from indexer.tree import And, InField, Not, Or, Phrase, Word

OUTLETS = {
    "naranj": Outlet(
        key="naranj",
        name=Name(ar="بيت نارنج", en="Bitter Orange"),
        hosts=("naranj.example",),
        zone="Asia/Damascus",
        sections={
            "society": Section(label=Name(ar="مجتمع", en="Society")),
            "daily-life": Section(label=Name(ar="الحياة اليومية", en="Everyday")),
        },
    )
}


@pytest.mark.parametrize(
    "text",
    ["المصدر:نارنج", "مصدر:نـارنج", "outlet:orange", 'outlet:"بيت نارنج"', "outlet:oran*", 'outlet:"orange bitter"~3'],
)
def test_an_outlet_is_asked_for_by_its_name(text: str) -> None:
    query = parse(text)

    assert resolved(query, OUTLETS).tree == Or((query.tree, InField("outlet", Word("naranj", "en", exact=True))))


@pytest.mark.parametrize("text", ["القسم:مجتمع", "قسم:المجتمع", "section:society", "section:societies"])
def test_a_section_is_asked_for_by_its_labels(text: str) -> None:
    query = parse(text)

    assert resolved(query, OUTLETS).tree == Or((query.tree, InField("section", Word("society", "en", exact=True))))


def test_a_key_of_two_words_is_asked_for_as_both() -> None:
    tree = resolved(parse("section:اليومية"), OUTLETS).tree

    assert isinstance(tree, Or)
    assert tree.parts[1] == InField("section", Phrase(("daily", "life"), "en"))


@pytest.mark.parametrize(
    "text", ["outlet:courier", "section:نارنج", "author:نارنج", "نارنج", 'outlet:"نارنج بيت"', "", "()"]
)
def test_other_queries_stay_as_they_are(text: str) -> None:
    assert resolved(parse(text), OUTLETS) == parse(text)


def test_names_are_found_within_brackets_and_after_a_minus() -> None:
    named = Or((InField("outlet", Word("نارنج", "ar")), InField("outlet", Word("naranj", "en", exact=True))))
    bread = Word("bread", "en")

    assert resolved(parse("bread -outlet:نارنج"), OUTLETS).tree == And((bread, Not(named)))
    assert resolved(parse("(bread OR outlet:نارنج)"), OUTLETS).tree == Or((bread, named))
