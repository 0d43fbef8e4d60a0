"""The table of forms goes with its index: it has the words of all stories that came, and none of those purged before
the index was made anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from archive.model import Access, Change, StoryId
from archive.store import Store
from indexer.analyst import Analyst, counted
from indexer.document import IndexDocument, IndexedSide
from indexer.engine import Request
from indexer.engines.tantivy import TantivyEngine
from indexer.expand import Knowledge, expand
from indexer.query import parse
from indexer.sync import Report, outgrown, rebuild, sync, verify
from indexer.tree import Side
from language.forms import FormsTable
from language.morphology import DictionaryError, Reading
from tests.store.desk import Clock, Desk

DISPLACED = Reading("نازِح", "نزح", "noun", ("displaced person",))
LOAF = Reading("رَغِيف", "رغف", "noun", ("loaf",))


class Dictionary:
    version = "tiny"
    words: ClassVar[dict[str, Reading]] = {"النازحون": DISPLACED, "نازحين": DISPLACED, "الارغفه": LOAF, "رغيف": LOAF}

    def __init__(self) -> None:
        self.fails = False

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        if self.fails:
            raise DictionaryError("it is gone")
        return [(self.words[form],) if form in self.words else () for form in forms]


class Newsroom:
    """An archive, its index and the tables that go with it."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(Store.open(f"sqlite:///{folder / 'warraq.db'}", Clock()), Clock(), "")
        self.store, self.engine = self.desk.store, TantivyEngine(folder / "index")
        self.dictionary, self.folder = Dictionary(), folder / "analysis"
        self.analyst = Analyst(self.folder, self.dictionary)

    @property
    def table(self) -> FormsTable:
        found = self.analyst.table(self.engine.forms())
        assert found
        return found

    def met(self, side: Side, *forms: str) -> set[str]:
        return self.table.met(side, forms)

    def sync(self) -> Report:
        return sync(self.store, self.engine, self.analyst)

    def rebuild(self) -> Report:
        return rebuild(self.store, self.engine, self.analyst)

    def found(self, typed: str) -> set[int]:
        """As a reader finds it, by the lemmas of the table in use."""
        knowledge = Knowledge(choose=self.table.chosen, rarity=self.table.rarity, met=self.table.met)
        return {hit.story for hit in self.engine.search(Request(expand(parse(typed), knowledge))).hits}

    def close(self) -> None:
        self.engine.close()
        self.desk.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path)
    yield opened
    opened.close()


def test_words_are_counted_by_the_side_whose_queries_search_them() -> None:
    """A paragraph without words has none, not an empty one."""
    sides = (
        IndexedSide("ar", "https://ar.sada.example/1", ("عاد النازحون", "…", "النازحون"), (), None),
        IndexedSide("en", "https://en.sada.example/1", ("Bread", "* * *"), (), None),
    )
    found = counted([IndexDocument(StoryId(1), Change(1), sides, versions="both")])

    assert found == {"ar": {"عاد": 1, "النازحون": 2}, "en": {"bread": 1}}


def test_the_words_of_a_purged_text_are_gone_after_a_rebuild(room: Newsroom) -> None:
    """Also those that no dictionary knows and those of the other language, and whatever other texts have in common;
    another purge leaves as many stories as there were."""
    room.desk.save("ar/1", "النازحون في المدينة", title="خبر")
    purged = room.desk.save("en/2", "Bread said secretwitness", title="News").article
    room.rebuild()
    assert room.met("en", "secretwitness") and room.table.beginning("en", "secret", 5)
    forms = room.engine.forms()

    room.desk.access(purged, Access.PURGED)
    room.sync()
    room.rebuild()

    assert room.engine.forms() != forms
    assert room.met("en", "secretwitness", "bread") == set() and room.table.beginning("en", "secret", 5) == []
    assert room.met("ar", "النازحون") == {"النازحون"}
    assert not any(b"secretwitness" in file.read_bytes() for file in room.folder.iterdir())


def test_the_table_in_use_alone_is_kept(room: Newsroom) -> None:
    """Also what a rebuild left that was killed at any point is deleted; nothing else in the folder is."""
    room.desk.save("ar/1", "النازحون")
    room.rebuild()
    room.analyst.make({"ar": {"خبز": 1}}, 1)
    (room.folder / "making-0123456789ab.new").write_bytes(b"half")
    (room.folder / "lexicon.sqlite3").write_bytes(b"")
    room.rebuild()

    kept = {file.name.removesuffix("-wal").removesuffix("-shm") for file in room.folder.iterdir()}
    assert kept == {f"forms-{room.engine.forms()}.sqlite3", "lexicon.sqlite3"}
    assert room.met("ar", "النازحون") and room.analyst.stories(room.engine.forms()) == 1


def test_a_sync_learns_the_words_of_what_is_new(room: Newsroom) -> None:
    """They are found by their lemma, by a table that other processes have open too."""
    room.desk.save("ar/1", "عاد النازحون")
    room.rebuild()
    reader = Analyst(room.folder, None).table(room.engine.forms())
    assert reader
    story = room.desk.save("ar/2", "أزمة الأرغفة").article
    room.sync()

    assert reader.met("ar", ["الارغفه"]) == {"الارغفه"} and reader.chosen(["الارغفه"])["الارغفه"].lemma == LOAF.lemma
    assert room.found("رغيف") == {story} and room.found("نازحين") == {1}


def test_words_are_learned_before_the_index_notes_that_it_has_them(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed while it writes is run again; one killed after it wrote is not."""
    room.desk.save("ar/1", "عاد النازحون")
    room.rebuild()
    room.desk.save("ar/2", "أزمة الأرغفة")
    apply = TantivyEngine.apply

    def killed(engine: TantivyEngine, documents: Sequence[IndexDocument], change: Change) -> None:
        apply(engine, documents, change)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(TantivyEngine, "apply", killed)
        room.sync()

    assert room.engine.status().change == room.store.change()
    assert room.met("ar", "الارغفه") == {"الارغفه"}


def test_stories_that_change_during_a_rebuild_are_met(room: Newsroom) -> None:
    """New ones, and new words of one that was counted already."""
    for number in range(3):
        room.desk.save(f"ar/{number}", "عاد النازحون", title="خبر")

    def change(done: int, of: int) -> None:
        if done == of:
            room.desk.save("ar/0", "أزمة الأرغفة", title="خبر")
            room.desk.save("en/9", "Queues for flour", title="News")

    rebuild(room.store, room.engine, room.analyst, progress=change)

    assert room.met("ar", "الارغفه") == {"الارغفه"} and room.met("en", "flour") == {"flour"}
    assert room.found("رغيف") == {1}


def test_in_a_large_archive_each_story_is_counted_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the table is made of by it, the others as they are written."""
    monkeypatch.setattr("indexer.sync.COUNTED", 2)
    for number in range(7):
        room.desk.save(f"ar/{number}", f"عاد النازحون {'ابتثجحخ'[number] * 3}", title="خبر")
    room.rebuild()

    assert room.table.beginning("ar", "النازحون", 1) == [("النازحون", 7)]
    assert len(room.met("ar", *(letter * 3 for letter in "ابتثجحخ"))) == 7


def test_what_is_mended_is_met(room: Newsroom) -> None:
    room.desk.save("ar/1", "عاد النازحون")
    room.rebuild()
    story = room.desk.save("ar/2", "أزمة الأرغفة").article
    room.engine.apply([], room.store.change())  # an index that says it has what it has not

    assert [found.difference for found in verify(room.store, room.engine, mend=True, analyst=room.analyst)] == [
        "missing"
    ]
    assert room.met("ar", "الارغفه") == {"الارغفه"} and room.found("رغيف") == {story}
    assert verify(room.store, room.engine, analyst=room.analyst) == []


def test_a_dictionary_that_fails_delays_lemmas_only(room: Newsroom) -> None:
    """The story is found by its words; the next one with them brings their lemma."""
    room.desk.save("ar/1", "عاد النازحون")
    room.rebuild()
    room.dictionary.fails = True
    story = room.desk.save("ar/2", "أزمة الأرغفة").article
    room.sync()
    assert room.found("الأرغفة") == {story}

    room.dictionary.fails = False
    other = room.desk.save("ar/3", "سعر الأرغفة").article
    room.sync()
    assert room.table.chosen(["الارغفه"])["الارغفه"].lemma == LOAF.lemma
    assert room.found("رغيف") >= {other}


def test_an_archive_outgrows_its_table(room: Newsroom) -> None:
    room.desk.save("ar/0", "عاد النازحون")
    assert outgrown(room.store, room.engine, room.analyst)
    room.rebuild()
    for number in range(1, 4):
        room.desk.save(f"ar/{number}", "خبز")
    assert not outgrown(room.store, room.engine, room.analyst)
    room.desk.save("ar/4", "خبز")
    assert outgrown(room.store, room.engine, room.analyst)
