"""What a request gets from an engine: operators on written stories, filters, facets, sorts, windows, passages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from archive.model import Change
from indexer.engine import Request, Results, SearchEngine
from indexer.query import parse
from indexer.tree import And, DateRange, Everything, Near, Node, Not, Or, Phrase, Prefix, Query, Word
from tests.contracts.corpus import corpus, side, story

ALL = Query("", Everything())


def ask(engine: SearchEngine, typed: str | Node = ALL.tree, **rest: Any) -> Results:
    query = parse(typed) if isinstance(typed, str) else Query("", typed)
    return engine.search(Request(query, **({"limit": 100} | rest)))


def found(engine: SearchEngine, typed: str | Node, **rest: Any) -> set[int]:
    """The hand-written stories among the hits (their ids are below 100)."""
    return {hit.story for hit in ask(engine, typed, **rest).hits if hit.story < 100}


@pytest.mark.parametrize(
    ("typed", "stories"),
    [
        ("النازحين", {1}),
        ("عائلة", {1}),
        ("عَائِلَـــة", {1}),
        ("احمد ادلب", {1}),
        ("displacing", {1}),
        ("=displacing", set()),
        ("=displaced", {1}),
        ('"ريف دمشق"', {1}),
        ('"دمشق ريف"', set()),
        ('"ريف حلب ودمشق"', {2}),
        ("مؤتمر", {4}),
        ("1250", {4}),
        ("١٢٥٠", {4}),
        ("1,250 students", {4}),
        ("2023 OR olives", {4, 6}),
        ("2023 -students", set()),
        ("olive*", {6}),
        ("shellin~", {3}),
        ("olvies~", {6}),
        ("title:olives", set()),
        ("title:idlib", {1}),
        ("author:الخطيب", {2}),
        ("author:huda", {3}),
        ("place:دمشق", {1}),
        ("outlet:times", {3}),
        ("tag:نزوح", {1}),
        ("issue:512", {1}),
        ("issue:١٩٨٠", {2}),
        ("section:human", {3}),
        ("date:2024-12-31", {2}),
        ("2024-12..2025-01", {2, 3}),
        ("fiyatlari", {5}),
        ("((( OR ) -", set()),
    ],
)
def test_what_a_reader_types_finds(filled: SearchEngine, typed: str, stories: set[int]) -> None:
    """Any form of a word, exact spelling, phrases, both digit sets, fields and days find what they should."""
    assert found(filled, typed) == stories


def test_a_phrase_and_a_nearness_do_not_reach_across_paragraphs(filled: SearchEngine) -> None:
    assert found(filled, Phrase(("prices", "rose"), "en")) == {1}
    assert found(filled, Near(("prices", "rose"), "en", 50)) == {1}
    assert found(filled, Near(("prices", "water"), "en", None)) == {1, 3}


@pytest.mark.parametrize(("distance", "stories"), [(0, set()), (1, set()), (2, {3}), (3, {3}), (4, {1, 3})])
def test_nearness_counts_the_words_between_in_any_order(filled: SearchEngine, distance: int, stories: set[int]) -> None:
    """ "Water, he said, and bread prices" has four words between, "Water was cut. Prices" two."""
    assert found(filled, Near(("prices", "water"), "en", distance)) == stories


def test_a_prefix_of_too_many_words_takes_the_most_frequent_ones_and_says_so(opened: Any) -> None:
    """The 500 most frequent words are searched, and a note tells it; a list is of all words. Words of stories that were
    written anew count once, so that those of one story that is revised again and again do not drive others out."""
    revised = [story(n, side("en", "t", " ".join(f"xr{n}a{i}" for i in range(60)))) for n in range(1, 11)]
    first = [story(n, side("en", "t", f"xa{n}")) for n in range(20, 40)]  # as frequent, and first by their letters
    common = [story(n, side("en", "t", "xzcommon")) for n in range(50, 53)]
    engine = opened()
    engine.apply([*revised, *first, *common], Change(60))
    for turn in range(1, 4):
        engine.apply(
            [replace(document, change=Change(turn * 100 + document.story)) for document in revised], Change(60)
        )
    results = ask(engine, Prefix("x", "en"))
    stories = {hit.story for hit in results.hits}
    assert [note.key for note in results.notes] == ["prefix-cut"]
    assert stories >= {*range(20, 40), 50, 51, 52} and len(stories & {*range(1, 11)}) == 8, "479 words of 60 a story"
    assert len(list(engine.scan(Request(Query("", Prefix("x", "en")))))) == 33
    assert not ask(engine, Prefix("xr1a", "en")).notes and ask(engine, Prefix("xz", "en")).total == 3
    engine.close()


def test_words_of_former_states_alone_do_not_cut_a_prefix(opened: Any) -> None:
    engine = opened()
    for turn in range(4):
        text = " ".join(f"x{turn}a{i}" for i in range(200))
        engine.apply(
            [story(1, side("en", "t", text), change=turn + 1), story(100 + turn, side("en", "t"))], Change(turn)
        )
    results = ask(engine, Prefix("x", "en"))
    assert results.total == 1 and not results.notes
    engine.close()


@pytest.mark.parametrize("versions", ["both", "ar", "en", "stale"])
def test_versions_filter(filled: SearchEngine, versions: Any) -> None:
    expected = {
        document.story
        for document in corpus()
        if (document.stale if versions == "stale" else document.versions == versions)
    }
    results = ask(filled, versions=versions)
    assert {hit.story for hit in results.hits} == expected and results.total == len(expected)
    assert all(hit.stale for hit in results.hits) or versions != "stale"


def test_every_filter_takes_and_joins_with_the_others(filled: SearchEngine) -> None:
    documents = [document for document in corpus() if not document.tombstone]
    for name, values, of in (
        ("section", {d.section for d in documents} - {None}, lambda d: [d.section]),
        ("place", {p for d in documents for p in d.places}, lambda d: d.places),
        ("author", {a for d in documents for a in d.authors}, lambda d: d.authors),
        ("outlet", {d.outlet for d in documents}, lambda d: [d.outlet]),
    ):
        for value in values:
            hits = {hit.story for hit in ask(filled, **{name: value}).hits}
            assert hits == {d.story for d in documents if value in of(d)} and hits
            both = {hit.story for hit in ask(filled, **{name: value}, versions="both").hits}
            assert both == {d.story for d in documents if value in of(d) and d.versions == "both"}


def test_days_are_both_included(filled: SearchEngine) -> None:
    assert found(filled, ALL.tree, start=date(2024, 12, 31), end=date(2025, 1, 1)) == {2, 3}
    assert found(filled, ALL.tree, start=date(2025, 1, 1)) == {3}
    assert 6 not in found(filled, ALL.tree, end=date(2030, 1, 1)), "a story without a day is in no range"


def test_facets_count_exactly(filled: SearchEngine) -> None:
    documents = [document for document in corpus() if not document.tombstone]
    facets = ask(filled, limit=0).facets
    assert Counter(dict(facets["outlet"])) == Counter(d.outlet for d in documents)
    assert Counter(dict(facets["section"])) == Counter(d.section for d in documents if d.section)
    assert Counter(dict(facets["author"])) == Counter(a for d in documents for a in d.authors)
    assert Counter(dict(facets["place"])) == Counter(p for d in documents for p in d.places)
    kinds = Counter(d.versions for d in documents) + Counter(stale=sum(d.stale for d in documents))
    assert Counter(dict(facets["versions"])) == kinds
    assert [count for _, count in facets["author"]] == sorted((c for _, c in facets["author"]), reverse=True)


def test_a_filtered_facet_counts_without_its_own_filter(filled: SearchEngine) -> None:
    """What a reader would find by changing the one filter; every other facet counts with it."""
    free, held = ask(filled, limit=0), ask(filled, limit=0, section="news", outlet="sada")
    assert held.facets["section"] == ask(filled, limit=0, outlet="sada").facets["section"]
    assert held.facets["outlet"] == ask(filled, limit=0, section="news").facets["outlet"]
    assert dict(held.facets["versions"]) != dict(free.facets["versions"])
    assert list(held.facets) == list(free.facets) == ["versions", "section", "place", "author", "outlet"]
    for value, count in held.facets["section"]:
        assert ask(filled, section=value, outlet="sada").total == count


def test_a_bar_of_the_years_counts_what_its_days_find(filled: SearchEngine) -> None:
    years = ask(filled, limit=0, start=date(2021, 1, 1), end=date(2021, 12, 31)).years
    assert years == ask(filled, limit=0).years and [each.year for each in years] == sorted(each.year for each in years)
    for each in years:
        days = {"start": date(each.year, 1, 1), "end": date(each.year, 12, 31)}
        for versions, count in (("both", each.both), ("ar", each.ar), ("en", each.en)):
            assert ask(filled, limit=0, versions=versions, **days).total == count


def test_no_facets_where_none_are_wanted(filled: SearchEngine) -> None:
    results = ask(filled, facets=False)
    assert results.facets == {} and results.years == ()


def test_sorts(filled: SearchEngine) -> None:
    """Equal days go by story id; stories without a day come last both ways."""
    documents = {d.story: d for d in corpus() if not d.tombstone}
    dated = [d for d in documents.values() if d.day]
    undated = {d.story for d in documents.values() if not d.day}
    for sort, order in (
        ("newest", sorted(dated, key=lambda d: (d.day, d.story), reverse=True)),
        ("oldest", sorted(dated, key=lambda d: (d.day, d.story))),
    ):
        hits = [hit.story for hit in ask(filled, sort=sort).hits]
        assert hits[: len(dated)] == [d.story for d in order] and set(hits[len(dated) :]) == undated
    changed = [hit.story for hit in ask(filled, sort="changed").hits]
    assert changed == sorted(documents, key=lambda story: (documents[story].changed, story), reverse=True)


def test_without_words_relevance_means_the_newest_first(filled: SearchEngine) -> None:
    for tree in (ALL.tree, DateRange(date(2021, 1, 1), None), And((Everything(), Not(Word("water", "en"))))):
        assert ask(filled, tree).hits == ask(filled, tree, sort="newest").hits


def test_relevance_prefers_the_title_and_the_spelling_as_typed(opened: Any) -> None:
    rest = "and other words that stand here to fill the line"
    engine = opened()
    engine.apply(
        [
            story(1, side("en", "Plain", f"schools {rest}")),
            story(2, side("en", "Plain", f"school {rest}")),
            story(3, side("en", "School", f"nothing {rest}")),
        ],
        3,
    )
    assert [hit.story for hit in ask(engine, "school").hits] == [3, 2, 1]
    engine.close()


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "changed"])
def test_pages_lose_nothing_and_double_nothing(filled: SearchEngine, sort: Any) -> None:
    query = Or((Word("مياه", "ar"), Word("water", "en"), Word("2024", None), Word("school", "en")))
    whole = [hit.story for hit in ask(filled, query, sort=sort).hits]
    pages = [ask(filled, query, sort=sort, offset=offset, limit=3, facets=False) for offset in range(0, 40, 3)]
    assert [hit.story for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)} and len(whole) > 9


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (10**6, 10), (10**15, 10), (0, 10**15), (-5, 3), (3, -1)])
def test_a_window_that_cannot_be_still_has_the_total(filled: SearchEngine, offset: int, limit: int) -> None:
    expected = ask(filled).total
    results = ask(filled, offset=offset, limit=limit)
    assert results.total == expected and len(results.hits) <= max(0, min(limit, expected))


def test_a_scan_gives_every_story_once_in_order(filled: SearchEngine) -> None:
    live = sorted(document.story for document in corpus() if not document.tombstone)
    assert list(filled.scan(Request(ALL))) == live
    assert list(filled.scan(Request(ALL, versions="both", section="news"))) == sorted(
        hit.story for hit in ask(filled, versions="both", section="news").hits
    )


def test_hits_carry_both_sides_and_the_pieces_give_the_text(filled: SearchEngine) -> None:
    """Titles are whole, passages are parts of the article, marks are whole words, there is one reason a kind."""
    documents = {document.story: document for document in corpus()}
    results = ask(filled, "النازحين displaced مياه water")
    results = replace(results, hits=results.hits + ask(filled, Or((Word("مياه", "ar"), Word("water", "en")))).hits)
    assert results.hits
    for hit in results.hits:
        document = documents[hit.story]
        assert (hit.day, hit.outlet, hit.section) == (document.day, document.outlet, document.section)
        assert set(hit.sides) == {version.lang for version in document.sides}
        for version in document.sides:
            shown = hit.sides[version.lang]
            assert "".join(piece.text for piece in shown.title) == version.paragraphs[0]
            text = "".join(piece.text for piece in shown.passage).strip(" …")
            assert text in " ".join(version.paragraphs) or any(text in each for each in version.paragraphs)
            assert (shown.url, shown.authors) == (version.url, version.authors)
            marked = {piece.text for piece in (*shown.title, *shown.passage) if piece.match}
            words = {word for each in version.paragraphs for word in each.replace(",", " ").replace(".", " ").split()}
            assert marked <= words, "a mark is a whole word"
        assert hit.why and len({reason.kind for reason in hit.why}) == len(hit.why)


def test_hits_without_passages_are_the_same_stories_with_plain_titles(filled: SearchEngine) -> None:
    query = Or((Word("مياه", "ar"), Word("water", "en"), Word("fiyatlari", "en")))
    whole, bare = ask(filled, query), ask(filled, query, passages=False)
    assert [hit.story for hit in bare.hits] == [hit.story for hit in whole.hits] and bare.total == whole.total
    for hit, same in zip(bare.hits, whole.hits, strict=True):
        assert (hit.day, hit.outlet, hit.section, hit.stale) == (same.day, same.outlet, same.section, same.stale)
        assert hit.why == () and set(hit.sides) == set(same.sides)
        for lang, shown in hit.sides.items():
            assert "".join(p.text for p in shown.title) == "".join(p.text for p in same.sides[lang].title)
            assert (shown.url, shown.authors, shown.published, shown.passage) == (
                same.sides[lang].url,
                same.sides[lang].authors,
                same.sides[lang].published,
                (),
            )


def test_status_tells_documents_and_change(filled: SearchEngine) -> None:
    status = filled.status()
    assert status.documents == sum(not document.tombstone for document in corpus())
    assert status.change == 200 and status.name and status.analysis
