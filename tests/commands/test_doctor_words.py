"""`warraq doctor` on what words are looked up in: the dictionary, the table of forms, the lexicon, the names."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store import Store
from language.dictionary import supplement
from language.forms import FormsTable
from language.morphology import Reading, version
from tests.morphology import dictionary
from tests.store.desk import Clock, Desk
from warraq.cli import main
from warraq.dictionary import lacking


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive with one story, indexed without a dictionary."""
    home = tmp_path / "archive"
    home.mkdir()
    desk = Desk(Store.open(f"sqlite:///{home / 'warraq.sqlite3'}", Clock()), Clock(), "")
    desk.save("ar/1", "عاد الأهالي إلى جرجناز", title="خبر")
    desk.close()
    done = CliRunner().invoke(main, ["--home", str(home), "index", "rebuild"])
    assert done.exit_code == 0, done.output
    return home


def told(home: Path, check: str, **variables: str) -> str:
    done = CliRunner().invoke(main, ["--home", str(home), "doctor"], env=variables)
    return next(line for line in done.stdout.splitlines() if line[5:].startswith(f"{check} "))


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


class Words:
    """A dictionary of one word."""

    def __init__(self, version: str) -> None:
        self.version = version

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        return [(Reading("خُبْز", "خبز", "noun", ("bread",)),) for _ in forms]


def test_no_dictionary_is_told_apart_from_an_index_made_without_it(home: Path) -> None:
    assert told(home, "words").startswith("ok ") and "`warraq morphology install`" in told(home, "words")
    there = told(home, "words", WARRAQ_MORPHOLOGY=str(dictionary()))
    assert there.startswith("BAD") and "`warraq index rebuild`" in there


def test_an_index_made_with_another_dictionary_is_to_be_made_anew(tmp_path: Path) -> None:
    """With the one that is there it lacks nothing; what one that is gone has said is still known."""
    file = tmp_path / "morphology.db"
    file.write_bytes(b"one")
    with FormsTable.make(tmp_path / "forms", {"ar": {"خبز": 1}}, Words(version(file, supplement.FILE))) as table:
        assert lacking(file, table) == ""
        file.write_bytes(b"another")
        assert lacking(file, table) == "rebuild"
        assert lacking(file, None) == "rebuild"
        file.unlink()
        assert lacking(file, table) == ""
    assert lacking(file, None) == "dictionary"


def test_damaged_files_of_words_are_named_with_what_makes_them_anew(home: Path) -> None:
    assert told(home, "forms").startswith("ok ") and told(home, "learned").startswith("ok ")
    (table,) = (home / "analysis").glob("forms-*.sqlite3")
    overwritten(table, "form")
    overwritten(home / "analysis" / "lexicon.sqlite3", "terms")
    forms, learned = told(home, "forms"), told(home, "learned")
    assert forms.startswith("BAD") and str(table) in forms and "`warraq index rebuild`" in forms
    assert learned.startswith("BAD") and "`warraq lexicon learn --anew`" in learned


def test_a_mistake_in_the_names_is_told(home: Path) -> None:
    assert told(home, "names").startswith("ok ")
    (home / "names.txt").write_text("village | Nawa | نوى\n", encoding="utf-8")
    assert told(home, "names").startswith("BAD") and "names.txt:1: unknown kind 'village'" in told(home, "names")
