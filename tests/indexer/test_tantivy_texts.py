"""What is written of a story is read back, whatever is in it, and of it only what is asked for."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.model import Change
from indexer.document import IndexDocument
from indexer.engine import EngineUnavailable, Request
from indexer.engines.tantivy import TantivyEngine
from indexer.engines.tantivy_texts import Texts, TextsWriter
from indexer.excerpts import joined
from indexer.hits import Stored
from indexer.streams import side_analysis
from indexer.tree import Query, Word
from tests.contracts.corpus import side, story

ARABIC = side("ar", "عودة النازحين إلى «إدلب»", "عاد ٣٢٠ نازحًا.\nثم عاد\fآخرون", "", "وقال مسؤولٌ: لم ينتهِ الأمر")
ENGLISH = side("en", "Displaced people return", "Some 320 people returned.", "It is not over")


def written(path: Path, *documents: IndexDocument) -> list[int]:
    with closing(TextsWriter(path)) as writer:
        places = [writer.add(document) for document in documents]
        writer.keep()
    return places


def read(stored: Stored) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.lang, each.url, tuple(each.paragraphs)) for each in stored.sides]


def test_each_story_is_read_back_from_its_place_after_several_writers(tmp_path: Path) -> None:
    first = written(tmp_path / "texts", story(1, ARABIC, ENGLISH), story(2, ENGLISH))
    texts = Texts(tmp_path / "texts")
    second = written(tmp_path / "texts", story(3, ARABIC))
    for number, at, sides in ((1, first[0], (ARABIC, ENGLISH)), (2, first[1], (ENGLISH,)), (3, second[0], (ARABIC,))):
        stored, terms = texts.whole(at)
        assert (stored.story, read(stored)) == (number, [(each.lang, each.url, each.paragraphs) for each in sides])
        for version, (searched, found) in zip(sides, terms, strict=True):
            streams, places = side_analysis(version)
            assert searched == version.lang
            assert (found.folded(), found.stem()) == (joined(streams.folded), joined(streams.stem))
            assert tuple(found.places) == places
            assert list(texts.folded(at, searched)) == [list(streams.folded)]


def test_headlines_are_titles_alone(tmp_path: Path) -> None:
    (at,) = written(tmp_path / "texts", story(1, ARABIC, ENGLISH))
    stored = Texts(tmp_path / "texts").headlines(at)
    assert read(stored) == [(each.lang, each.url, each.paragraphs[:1]) for each in (ARABIC, ENGLISH)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paragraphs=st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=3000), min_size=1, max_size=5))
def test_any_text_is_read_back_as_it_was(tmp_path: Path, paragraphs: list[str]) -> None:
    """Line breaks and control characters, and titles that are longer than what is read at first."""
    version = side("en", *paragraphs)
    (at,) = written(tmp_path / "texts", story(7, version, side("ar", "ع" * len(paragraphs[0]))))
    stored, _ = Texts(tmp_path / "texts").whole(at)
    assert tuple(stored.sides[0].paragraphs) == tuple(paragraphs)
    assert Texts(tmp_path / "texts").headlines(at).sides[0].paragraphs == (paragraphs[0],)


def test_texts_that_were_cut_off_are_told_and_mended_by_a_rebuild(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.apply([story(1, ENGLISH)], Change(1))
    (path,) = tmp_path.glob("g-*/texts")
    os.truncate(path, 100)
    with pytest.raises(EngineUnavailable, match="the search failed"):
        engine.search(Request(Query("", Word("people", "en"))))
    with engine.rebuild() as aside:
        aside.add([story(1, ENGLISH)])
        aside.swap(Change(1))
    assert engine.search(Request(Query("", Word("people", "en")))).hits[0].sides["en"].passage


def test_what_an_unfinished_writer_added_is_written_over_by_nobody(tmp_path: Path) -> None:
    """It stays as waste; the next story is written behind it."""
    engine = TantivyEngine(tmp_path)
    engine.apply([story(1, ENGLISH)], Change(1))
    (path,) = tmp_path.glob("g-*/texts")
    with path.open("ab") as file:
        file.write(b"half a record")
    engine.apply([story(2, ARABIC)], Change(2))
    found = [engine.search(Request(Query("", Word(*word)))).hits[0] for word in (("people", "en"), ("نازحًا", "ar"))]
    assert [hit.story for hit in found] == [1, 2] and all(hit.why for hit in found)
