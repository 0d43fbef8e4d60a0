"""`warraq names` as people type it."""

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

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("archive")
    desk = Desk(Store.open(f"sqlite:///{home / 'warraq.sqlite3'}", Clock()), Clock(), "")
    desk.save("ar/1", "عاد الأهالي إلى جرجناز", title="خبر", authors=("سلمى العلي",))
    desk.save("en/2", "Families returned to Jarjanaz", title="News", authors=("Salma al-Ali", "Raed Haddad"))
    desk.close()
    return home


@pytest.fixture
def home(archive: Path, tmp_path: Path) -> Path:
    return shutil.copytree(archive, tmp_path / "home")


@pytest.fixture
def run(home: Path) -> Run:
    def call(*arguments: str) -> Result:
        done = CliRunner().invoke(main, ["--home", str(home), *arguments], env={"WARRAQ_EDITOR": "سلمى"})
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return call


def test_the_table_is_listed_with_the_homes_own_names(run: Run, home: Path) -> None:
    (home / "names.txt").write_text("place | Jarjanaz, Jarjnaz | جرجناز\n", encoding="utf-8")
    listed = [json.loads(line) for line in run("names", "list", "--kind", "place", "--json").stdout.splitlines()]
    assert {"key": "jarjanaz", "kind": "place", "en": ["Jarjanaz", "Jarjnaz"], "ar": ["جرجناز"]} in listed
    assert {name["kind"] for name in listed} == {"place"}
    assert "deir-ezzor" in run("names", "list").stdout


def test_a_word_is_explained_by_the_table_or_by_ear(run: Run) -> None:
    assert "in the table as place deir-ezzor" in run("names", "explain", "Deir", "al-Zor").stdout
    assert run("index", "rebuild").exit_code == 0
    assert "جرجناز" in run("names", "explain", "Jarjanaz").stdout
    (heard,) = [json.loads(line) for line in run("names", "explain", "بجرجناز", "--json").stdout.splitlines()]
    assert [form for form, _ in heard["by_ear"]] == ["jarjanaz"]
    assert "no word of the archive" in run("names", "explain", "said").stdout


def test_a_file_is_checked_line_by_line(run: Run, home: Path) -> None:
    assert "built-in table is used" in run("names", "check").stdout
    (home / "names.txt").write_text("place | Homs\nvillage | Nawa | نوى\nplace | Raqqqqa\n", encoding="utf-8")
    done = run("names", "check")
    assert done.exit_code == 1
    assert f"{home / 'names.txt'}:2: unknown kind 'village'" in done.stderr
    assert f"{home / 'names.txt'}:3: no Arabic spelling" in done.stderr
    assert run("search", "Nawa").exit_code == 0  # with the names as they are built in
    (home / "names.txt").write_text("place | Jarjanaz | جرجناز\n", encoding="utf-8")
    done = run("names", "check")
    assert (done.exit_code, done.stderr) == (0, "")
    (home / "names.txt").write_text("person | Ahmad Daraa | درعا\n", encoding="utf-8")
    done = run("names", "check")
    assert (done.exit_code, "no mistake" in done.stdout) == (0, True)
    assert f"warning: {home / 'names.txt'}:1: takes the last Arabic spelling of 'Daraa'" in done.stderr


def test_authors_are_merged_and_split(run: Run) -> None:
    done = run("names", "merge-author", "سلمى العلي", "salma-al-ali")
    assert (done.exit_code, "1 story has changed" in done.stdout) == (0, True), done.output
    listed = {
        told["key"]: told
        for line in run("names", "authors", "--json").stdout.splitlines()
        for told in [json.loads(line)]
    }
    assert (listed["سلمي-العلي"]["into"], listed["سلمي-العلي"]["by"]) == ("salma-al-ali", "سلمى")
    assert "salma-al-ali" in run("names", "authors").stdout
    (raed,) = [line for line in run("names", "authors").stdout.splitlines() if "Raed" in line]
    assert raed.endswith("  1 story")
    assert run("names", "split-author", "سلمى العلي").exit_code == 0
    assert "into" not in run("names", "authors", "--json").stdout
    unknown = run("names", "merge-author", "nobody", "salma-al-ali")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (1, 1)
