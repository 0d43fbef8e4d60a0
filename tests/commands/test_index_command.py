"""`warraq index` as a keeper types it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.model import Change
from archive.store import Store
from indexer.document import build
from indexer.engines.tantivy import TantivyEngine
from tests.store.desk import Clock, Desk
from warraq.cli import main

Run = Callable[..., Result]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Store.open(f"sqlite:///{tmp_path / 'warraq.sqlite3'}", Clock()), Clock(), "")
    for number in range(3):
        desk.save(f"en/{number}", f"Bread {number}", title="News")
    yield desk
    desk.close()


@pytest.fixture
def run(desk: Desk, tmp_path: Path) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(tmp_path), "index", *arguments])

    assert call("rebuild").exit_code == 0
    return call


def test_only_what_is_in_step_afterwards_is_called_mended(run: Run, desk: Desk, tmp_path: Path) -> None:
    """A document that is ahead of the store stays: it needs a rebuild, and says so."""
    engine = TantivyEngine(tmp_path / "index")
    first, second, _ = (build(story) for story in desk.store.stories(desk.store.story_ids()))
    engine.apply([replace(first, outlet="x")], desk.store.change())
    mended = run("verify", "--mend")
    assert mended.exit_code == 0 and "1 stories differ" in mended.output and "all of them are mended" in mended.output
    engine.apply([replace(first, outlet="x"), replace(second, change=Change(500))], desk.store.change())
    mended = run("verify", "--mend")
    assert mended.exit_code == 1 and f"story {second.story}: ahead" in mended.output
    assert "1 of them still differ" in mended.output and "warraq index rebuild" in mended.output
    assert run("rebuild").exit_code == 0 and "0 stories differ" in run("verify").output
    engine.close()


def test_an_index_of_another_archive_is_told_and_left_until_it_is_made_anew(run: Run, tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    with engine.rebuild(engine.forms(), "another archive") as aside:
        aside.swap(Change(1))
    for command in (("sync",), ("status",), ("verify", "--mend")):
        assert "was not made from this archive: run `warraq index rebuild`" in run(*command).output, command
    assert engine.status().archive == "another archive"
    assert run("rebuild").exit_code == 0 and "not made from" not in run("status").output
    engine.close()
