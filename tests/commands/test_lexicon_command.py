"""`warraq lexicon` as people type it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Store
from tests.store.desk import Clock, Desk
from warraq.cli import main

PAIRS = [
    ("ارتفع سعر الخبز في 3 مدن", "The price of bread rose in 3 cities"),
    ("غاب الخبز عن 20 مخيما", "There was no bread in 20 camps"),
    ("عاد 90 نازحا إلى المخيمات", "To the camps 90 displaced people returned"),
    ("الخبز والماء لكل نازح، 7 أيام", "Bread and water for the displaced, 7 days"),
]

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("archive")
    desk = Desk(Store.open(f"sqlite:///{home / 'warraq.sqlite3'}", Clock()), Clock(), "")
    for number, (arabic, english) in enumerate(PAIRS):
        desk.save(f"ar/{number}", arabic, title="خبر")
        desk.save(f"en/{number}", english, to=f"ar/{number}", title="News")
    desk.close()
    return home


@pytest.fixture
def run(archive: Path, tmp_path: Path) -> Run:
    home = shutil.copytree(archive, tmp_path / "home")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(home), "lexicon", *arguments], env={"WARRAQ_EDITOR": "سلمى"})

    learned = call("learn")
    assert learned.exit_code == 0, learned.output
    assert "4 stories learned" in learned.output
    return call


def test_the_pairs_are_listed_the_surest_first(run: Run) -> None:
    listed = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert ("خبز", "bread", 3) in [(pair["ar"], pair["en"], pair["stories"]) for pair in listed[:3]]
    assert [pair["score"] for pair in listed] == sorted((pair["score"] for pair in listed), reverse=True)
    assert len(run("list", "--limit", "2").stdout.splitlines()) == 2


@pytest.mark.parametrize("word", ["للخبز", "الخُبْز"])
def test_a_word_in_any_form_is_explained_with_its_stories(run: Run, word: str) -> None:
    first = json.loads(run("explain", word, "--json").stdout.splitlines()[0])
    assert (first["term"], first["stories"]) == ("bread", [7, 3, 1])
    assert "from 3 stories: 7, 3, 1" in run("explain", word).stdout


def test_a_word_never_learned_is_told_so(run: Run) -> None:
    assert "nothing was learned" in run("explain", "parliament").stdout
    assert run("explain", "two words").exit_code == 2
    assert run("explain", "2019").exit_code == 2


def test_a_pair_is_switched_off_and_stays_so_when_all_is_learned_anew(run: Run) -> None:
    assert run("off", "Breads=الخبز").exit_code == 0
    assert run("learn", "--anew").exit_code == 0
    assert "switched off by" in run("explain", "خبز").stdout
    assert "سلمى" in run("explain", "bread").stdout
    listed = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [pair["en"] for pair in listed if pair["off"]] == ["bread"]
    again = run("off", "خبز=bread")
    assert again.exit_code == 1
    assert "switched off already" in again.stderr
    assert run("on", "خبز=bread").exit_code == 0
    assert "switched off" not in run("explain", "خبز").stdout


def test_pairs_that_are_switched_off_are_listed_first_learned_or_not(run: Run) -> None:
    run("off", "رغيف=loaves")  # never learned: of the dictionary
    run("off", "bread=خبز")
    listed = run("list", "--limit", "1").stdout.splitlines()
    assert ["رغيف" in listed[0], "loaves" in listed[0], "خبز" in listed[1]] == [True] * 3
    assert all("switched off by \u2068سلمى\u2069, 20" in line for line in listed[:2])
    assert not any("خبز" in line and "bread" in line for line in listed[2:])
    told = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [(pair["ar"], pair["by"]) for pair in told if pair["off"]] == [("رغيف", "سلمى"), ("خبز", "سلمى")]
    assert "  1 story\n" in run("list").stdout


@pytest.mark.parametrize("pair", ["خبز", "bread=loaf", "خبز=رغيف", "خبز=bread=loaf", "=", "خبز="])
def test_what_is_no_pair_is_refused(run: Run, pair: str) -> None:
    refused = run("off", pair)
    assert refused.exit_code == 2
    assert "with = between them" in refused.stderr


def test_a_damaged_file_gets_one_line_and_is_learned_anew(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home" / "analysis" / "lexicon.sqlite3").write_text("تلف\n" * 500, encoding="utf-8")
    refused = run("list")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "warraq lexicon learn --anew" in refused.stderr
    assert "4 stories learned" in run("learn", "--anew").output
