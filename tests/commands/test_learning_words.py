"""The lexicon is kept by whoever writes the index: by one process, also when the index could not be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.model import Access, Change
from archive.store import Store
from indexer.document import IndexDocument
from indexer.engine import DocumentsRefused, Refused
from indexer.engines.tantivy import TantivyEngine
from language.lexicon import ALGORITHM, Lexicon, LexiconError
from tests.store.desk import Clock, Desk
from warraq.cli import main
from warraq.home import Home
from warraq.indexing import bring_up_to_date
from warraq.leases import INDEXER
from warraq.settings import Settings

PAIRS = [
    ("ارتفع سعر الخبز في 3 مدن", "The price of bread rose in 3 cities"),
    ("غاب الخبز عن 20 مخيما", "There was no bread in 20 camps"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store.open(f"sqlite:///{tmp_path / 'warraq.sqlite3'}", Clock()), Clock(), "")
    for number, (arabic, english) in enumerate(PAIRS):
        desk.save(f"ar/{number}", arabic, title="خبر")
        desk.save(f"en/{number}", english, to=f"ar/{number}", title="News")
    yield desk
    desk.close()


@pytest.fixture
def home(desk: Desk, tmp_path: Path) -> Iterator[Home]:
    with Home(Settings(home=tmp_path)) as home:
        bring_up_to_date(home)
        yield home


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.path), *arguments])


def teaching(home: Home) -> int:
    with Lexicon.open(home.lexicon) as words:
        return len(words.stories())


def analysed_with(home: Home) -> str:
    with closing(sqlite3.connect(home.lexicon)) as file:
        return str(file.execute("SELECT value FROM meta WHERE name = 'forms'").fetchone()[0])


def purge(desk: Desk) -> None:
    found = desk.store.find(desk.url("en/0"))
    assert found
    desk.access(found, Access.PURGED)


def test_a_purged_text_takes_its_words_back_with_the_next_writing(home: Home, desk: Desk) -> None:
    assert teaching(home) == 2
    purge(desk)
    bring_up_to_date(home)
    assert teaching(home) == 1


def test_a_purged_text_takes_its_words_back_when_the_engine_refuses_another_story(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index then stands at the store's change, so that nothing would bring the lexicon in step."""
    apply = TantivyEngine.apply

    def refusing(engine: TantivyEngine, documents: Sequence[IndexDocument], change: Change) -> None:
        apply(engine, documents, change)
        raise DocumentsRefused([Refused(documents[-1].story, "too long")])

    purge(desk)
    with monkeypatch.context() as patched, pytest.raises(DocumentsRefused):
        patched.setattr(TantivyEngine, "apply", refusing)
        bring_up_to_date(home)
    assert home.behind() == 0 and teaching(home) == 1


def test_the_command_and_the_index_know_the_table_of_forms_by_one_name(home: Home) -> None:
    """Else each would analyse every word anew after the other."""
    assert analysed_with(home) == home.engine.forms() != ""
    assert run(home, "lexicon", "learn").exit_code == 0
    assert analysed_with(home) == home.engine.forms()


def test_nothing_is_learned_or_deleted_while_another_process_writes(home: Home) -> None:
    with home.store.lease(INDEXER, "another host:1 x", 60) as lease:
        assert lease
        refused = run(home, "lexicon", "learn", "--anew")
    assert refused.exit_code == 1 and "another process is writing" in refused.stderr
    assert refused.stderr.count("\n") == 1 and teaching(home) == 2
    assert run(home, "lexicon", "learn", "--anew").exit_code == 0 and teaching(home) == 2


def test_a_lexicon_in_use_is_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise LexiconError("it is locked")

    before = home.lexicon.stat().st_ino
    with monkeypatch.context() as patched, pytest.raises(LexiconError, match="it is locked"):
        patched.setattr(Lexicon, "taught_by", locked)
        bring_up_to_date(home)
    assert home.lexicon.stat().st_ino == before and teaching(home) == 2


def test_one_of_another_algorithm_or_damaged_is_learned_anew(home: Home) -> None:
    with closing(sqlite3.connect(home.lexicon, isolation_level=None)) as file:
        file.execute("UPDATE meta SET value = 'lexicon-0' WHERE name = 'algorithm'")
    bring_up_to_date(home)
    assert teaching(home) == 2
    with closing(sqlite3.connect(home.lexicon, isolation_level=None)) as file:
        assert file.execute("SELECT value FROM meta WHERE name = 'algorithm'").fetchone() == (ALGORITHM,)
        page = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'stories'").fetchone()[0]
    with home.lexicon.open("r+b") as content:
        content.seek((page - 1) * 4096)
        content.write(b"\xff" * 4096)
    bring_up_to_date(home)
    assert teaching(home) == 2
