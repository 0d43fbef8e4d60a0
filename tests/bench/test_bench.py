"""The benchmark: invented stories, the same queries for every column, figures and what falls behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from indexer.engines.tantivy import TantivyEngine
from language.script import side_of
from language.tokens import words
from scripts.bench import __main__ as command
from scripts.bench import reading
from scripts.bench.bare_tantivy import BareTantivy
from scripts.bench.building import applied, filled_fts5, rebuilt, rebuilt_bare
from scripts.bench.corpus import Corpus, kept, make
from scripts.bench.figures import Figure, at_least, at_most, behind, block, plain, stories_of, write, written
from scripts.bench.fts5 import Fts5, translated
from scripts.bench.queries import areas, sides_of
from scripts.bench.stories import Stories
from scripts.bench.timing import in_turns


@pytest.fixture(scope="module")
def stories() -> Stories:
    return Stories()


@pytest.fixture(scope="module")
def corpus(stories: Stories, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return make(stories, 60, tmp_path_factory.mktemp("bench") / "stories")


def test_stories_are_the_same_for_the_same_seed_and_of_real_lengths(stories: Stories) -> None:
    found = list(stories.documents(40))
    assert found[30:] == list(stories.documents(10, first=31))
    assert {document.versions for document in found} == {"both", "ar", "en"}
    for side in (side for document in found for side in document.sides):
        title, *body = side.paragraphs
        assert side_of(title) == side.lang
        assert 8 <= len(title.split()) <= 14 and 6 <= len(body) <= 20
        assert all(20 <= len(paragraph.split()) <= 80 for paragraph in body)


def test_a_few_words_are_very_common_and_most_are_rare(stories: Stories) -> None:
    for side in ("ar", "en"):
        texts = (side_ for document in stories.documents(60) for side_ in document.sides if side_.lang == side)
        counts = Counter(word for text in texts for paragraph in text.paragraphs for word in words(paragraph.lower()))
        most = sum(count for _, count in counts.most_common(50))
        assert 0.25 < most / counts.total() < 0.75
        assert sum(count == 1 for count in counts.values()) > len(counts) / 4


def test_kept_stories_are_used_again(stories: Stories, tmp_path: Path) -> None:
    first = kept(stories, 5, tmp_path)
    assert kept(stories, 5, tmp_path) == first
    assert sum(len(batch) for batch in first.batches(3)) == 3


def test_every_column_finds_the_same_stories(stories: Stories, corpus: Corpus, tmp_path: Path) -> None:
    """FTS5 looks words up by spelling where it makes passages, so its totals are compared for the other areas."""
    assert rebuilt(corpus, tmp_path / "ours") > 0 and rebuilt_bare(corpus, tmp_path / "bare") > 0
    filled_fts5(corpus, tmp_path / "fts5")
    engine, bare, table = TantivyEngine(tmp_path / "ours"), BareTantivy(tmp_path / "bare"), Fts5(tmp_path / "fts5")
    asked = areas(stories.words, next(corpus.batches(60)))
    assert len(asked) == 11
    for area, requests in asked.items():
        for request in requests:
            sides = sides_of(request.query.tree)
            results = engine.search(request)
            answer = bare.search(bare.compiled(request), request, sides)
            assert answer.total == results.total, request
            if results.total <= request.limit:  # more may tie, and ties have no order
                assert {story for story, *_ in answer.hits} == {hit.story for hit in results.hits}
            if request.facets:
                places = {bucket["key"]: bucket["doc_count"] for bucket in answer.facets["place"]["buckets"]}
                assert places == dict(results.facets["place"])
            if area not in ("passages", "page", "common-page"):
                assert table.search(translated(request), request, sides)[0] == results.total, request
    table.close()


def test_what_is_applied_in_batches_is_all_there(corpus: Corpus, tmp_path: Path) -> None:
    assert applied(corpus, tmp_path) > 0
    assert TantivyEngine(tmp_path).status().documents == 60


def test_fewer_stories_than_are_asked_for_are_all_there_are(corpus: Corpus) -> None:
    assert sum(len(batch) for batch in corpus.batches(1000)) == 60


def test_a_reader_is_measured_beside_a_writer_that_writes(
    stories: Stories, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not at all beside one that has died."""
    monkeypatch.setattr(reading, "_WINDOW", 0.1)
    applied(corpus, tmp_path / "index")
    opened = partial(TantivyEngine, tmp_path / "index")
    asked = areas(stories.words, next(corpus.batches(60)))["page"]
    assert reading.while_writing(corpus, opened, asked) > 0
    assert opened().status().change > 60
    lost = replace(corpus, path=tmp_path / "nowhere")
    with pytest.raises(RuntimeError, match="has written nothing"):
        reading.while_writing(lost, opened, asked)


def test_calls_take_turns_after_a_warm_up() -> None:
    order: list[str] = []
    times = in_turns([[lambda: order.append("a"), lambda: order.append("b")]], rounds=3)
    assert order == ["a", "b"] * 4
    assert len(times) == 2 and times[0].ratio(times[0]) == 1


def test_figures_are_lines_that_can_be_read_back(tmp_path: Path) -> None:
    figures = [at_most("a.page", 0.5, 0.8), at_least("a.reader", 0.5, 0.8), plain("a.p50", 1.25, "ms")]
    lines = [str(figure) for figure in figures]
    assert lines == ["a.page  0.5x  <=0.8x  met", "a.reader  0.5x  >=0.8x  short", "a.p50  1.25ms  -  none"]
    page = tmp_path / "page.md"
    page.write_text("# Title\n<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nend\n<!-- /b -->\n")
    write(page, "a", "`python -m scripts.bench --stories 7`: 300 stories, 2026-11-22", figures)
    assert (stories_of(block(page.read_text(), "a")), stories_of(block(page.read_text(), "b"))) == (300, 0)
    assert "old" not in page.read_text() and block(page.read_text(), "b") == "end\n"
    assert written(block(page.read_text(), "a")) == {"a.page": 0.5, "a.reader": 0.5, "a.p50": 1.25}


def test_figures_of_another_number_of_stories_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- tantivy -->\n`bench`: 200 stories, today\n\na.page  0.5x  <=0.8x  met\n<!-- /tantivy -->\n")
    monkeypatch.setattr(command, "DOCUMENT", page)
    monkeypatch.setitem(command.PARTS, "tantivy", lambda corpus, folder, queries: iter([at_most("a.page", 0.6, 0.8)]))
    for stories, code in (("100", 1), ("200", 0)):
        monkeypatch.setattr("sys.argv", ["bench", "--check", "--engines", "tantivy", "--stories", stories])
        assert command.main() == code
    assert "are of 200 stories, so they say nothing of 100" in capsys.readouterr().err


def test_what_is_worse_by_more_than_runs_differ_fell_behind() -> None:
    def short(value: float) -> Figure:
        return at_most("a.page", value, 0.8)

    assert behind([short(1.2)], {"a.page": 1.0}) == []
    assert behind([short(1.3)], {"a.page": 1.0}) == ["a.page was 1 and is 1.3"]
    assert behind([short(0.7)], {"a.page": 0.1}) == []  # it is within its goal
    assert behind([at_least("a.reader", 0.5, 0.8)], {"a.reader": 0.7}) == ["a.reader was 0.7 and is 0.5"]
    assert behind([plain("a.p50", 9, "ms")], {"a.p50": 1}) == []
    assert behind([], {"a.page": 1.0}) == ["a.page is no longer measured"]
