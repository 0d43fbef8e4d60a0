"""What queries are expanded by follows its files while it is in use, and outlives damage to them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import Change
from indexer.analyst import Analyst, Counts
from indexer.engines.tantivy import TantivyEngine
from indexer.expand import Knowledge, alternatives, expand
from indexer.knowledge import FRESH, Known, Names
from indexer.query import parse
from indexer.streams import asked
from language.lexicon import Lexicon
from language.tokens import form

MISTAKE = "village | Nawa | نوى\n"


class Place:
    """A folder with an index, a table of forms and what else queries are expanded by; time passes by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.time = folder, 0.0
        self.engine = TantivyEngine(folder / "index")
        self.analyst = Analyst(folder / "analysis")
        self.lexicon = folder / "analysis" / "lexicon"
        self.names = folder / "names.txt"
        self.off: list[tuple[str, str]] = []
        self.known = Known(
            self.engine,
            self.analyst,
            names=Names(self.names),
            lexicon=self.lexicon,
            words_off=lambda: self.off,
            now=lambda: self.time,
        )

    def later(self) -> Knowledge:
        self.time += FRESH
        return self.known()

    def index(self, **words: list[str]) -> None:
        """An index made with a table of these words."""
        counts: Counts = {"ar": dict.fromkeys(words.get("ar", ()), 2), "en": dict.fromkeys(words.get("en", ()), 2)}  # type: ignore[dict-item]
        with self.engine.rebuild(self.analyst.make(counts, len(counts["ar"]))) as aside:
            aside.swap(Change(1))

    def teach(self, story: int, ar: list[str], en: list[str]) -> None:
        with Lexicon.open(self.lexicon) as lexicon:
            lexicon.learn(story, story, [*[(ar, en)] * 3, *[(["بيت"], ["hous"])] * 9])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.engine.close()


def called(knowledge: Knowledge, word: str) -> set[str]:
    """The English words that an Arabic one is searched by too."""
    assert knowledge.related
    return {" ".join(other.terms) for other in knowledge.related(asked(word)[0], "ar")}


def spelt(knowledge: Knowledge, name: str) -> bool:
    """Whether the table of names has it."""
    assert knowledge.names
    return bool(knowledge.names.find(form(name).folded.split()))


def overwritten(path: Path, table: str) -> None:
    """The first page of one of its tables."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x7f" * size)


def test_names_that_the_keeper_adds_are_known_within_a_second(place: Place) -> None:
    assert not spelt(place.known(), "Jarjnaz")
    place.names.write_text("place | Jarjanaz, Jarjnaz | جرجناز\n", encoding="utf-8")
    assert not spelt(place.known(), "Jarjnaz")
    assert spelt(place.later(), "Jarjnaz")


def test_a_mistake_in_the_names_keeps_the_last_good_ones(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.names.write_text("place | Jarjanaz, Jarjnaz | جرجناز\n", encoding="utf-8")
    assert spelt(place.known(), "Jarjnaz")
    place.names.write_text(MISTAKE, encoding="utf-8")
    assert spelt(place.later(), "Jarjnaz")
    assert spelt(place.later(), "Jarjnaz")
    (told,) = caplog.messages
    assert f"{place.names}:1: unknown kind 'village'" in told
    place.names.write_text("place | Nawa, Naweh | نوى\n", encoding="utf-8")
    assert spelt(place.later(), "Naweh") and not spelt(place.later(), "Jarjnaz")


def test_a_mistake_in_the_first_names_leaves_those_built_in(place: Place) -> None:
    place.names.write_text(MISTAKE, encoding="utf-8")
    assert spelt(place.known(), "Homs")


def test_a_new_index_brings_its_table_of_forms(place: Place) -> None:
    place.index(ar=["خبز"])
    known = place.known()
    assert known.met and known.met("ar", ["خبز", "جسر"]) == {"خبز"}
    place.index(ar=["خبز", "جسر"])
    assert place.known() is known
    known = place.later()
    assert known.met and known.met("ar", ["خبز", "جسر"]) == {"خبز", "جسر"}


def test_a_lexicon_that_comes_later_and_what_it_learns_then_is_used(place: Place) -> None:
    place.index(ar=["خبز"])
    assert called(place.known(), "خبز") == set()
    place.teach(1, ["خبز"], ["bread"])
    assert called(place.later(), "خبز") == {"bread"}
    place.teach(2, ["جسر"], ["bridg"])
    assert called(place.later(), "جسر") == {"bridg"}


def test_words_that_an_editor_sets_apart_are_apart_within_a_second(place: Place) -> None:
    place.teach(1, ["خبز"], ["bread"])
    assert called(place.known(), "خبز") == {"bread"}
    place.off.append(("خبز", "bread"))
    assert called(place.later(), "خبز") == set()


def test_as_long_as_nothing_changes_it_stays_the_same(place: Place) -> None:
    place.index(ar=["خبز"])
    assert place.known() is place.later() is place.later()


def test_a_damaged_table_of_forms_is_done_without(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """What was learned is used all the same; the log tells it once."""
    caplog.set_level(logging.WARNING)
    place.index(ar=["خبز"], en=["bread"])
    place.teach(1, ["خبز"], ["bread"])
    (table,) = (place.folder / "analysis").glob("forms-*.sqlite3")
    overwritten(table, "form")
    known = place.known()
    assert "bread" in called(known, "خبز")
    assert expand(parse("خبز جسر"), known)
    assert known.nearly and known.nearly("ar", "خبر", 1, 5) == []
    (told,) = caplog.messages
    assert "`warraq index rebuild`" in told


def test_a_lexicon_that_is_damaged_inside_is_done_without(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    place.index(ar=["خبز", "كوتشلي"], en=["bread", "kuechly"])
    place.teach(1, ["خبز"], ["bread"])
    overwritten(place.lexicon, "terms")
    known = place.known()
    assert called(known, "كوتشلي") == {"kuechly"}
    assert called(known, "خبز") == set()
    assert len(caplog.messages) == 1


def test_files_that_are_something_else_are_done_without(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.lexicon.parent.mkdir(parents=True)
    place.lexicon.write_text("قائمة كلمات\n" * 100, encoding="utf-8")
    assert called(place.known(), "خبز") == set()
    assert "warraq lexicon learn --anew" in caplog.text


def test_a_company_is_found_in_both_of_its_arabic_spellings(place: Place) -> None:
    """غوغل and جوجل are one name in the table that is built in; without an index both are looked for."""
    for typed, other in (("غوغل", "جوجل"), ("جوجل", "غوغل"), ("Google", "جوجل")):
        found = alternatives(expand(parse(typed), place.known()).tree)
        assert other in {" ".join(each.terms) for _, each in found if each.kind == "name"}
