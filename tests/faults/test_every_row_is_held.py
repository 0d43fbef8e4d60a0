"""Every row is a test; the figures are printed and written as promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults import __main__ as command
from tests.faults import report
from tests.faults.rows import ROWS
from tests.faults.tally import Row, Tally

ROW = Row(14, "failing-writes", "The disk is full | read-only.", lambda ground, on, tally: None, ("sqlite",))


def test_every_row_is_a_test() -> None:
    """The numbers named in the test files are those of the rows, each once."""
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*_faults.py")]
    named = [
        int(n) for text in texts for found in re.findall(r"@rows\((.*)\)", text) for n in re.findall(r"\d+", found)
    ]

    assert sorted(named) == [row.number for row in ROWS]


def test_a_figure_says_what_was_violated_of_what() -> None:
    """One violation is short of the goal; nothing measured is too."""
    tally = Tally()
    tally.case(True, "fine")
    assert report.figure(ROW, tally) == "faults.14-failing-writes  0/1  0  met"
    tally.case(False, "lost")
    assert report.figure(ROW, tally) == "faults.14-failing-writes  1/2  0  short"
    assert report.figure(ROW, None) == "faults.14-failing-writes  -  0  short"


def test_a_case_that_raises_is_violated() -> None:
    tally = Tally()
    with tally.guarded("reading"):
        raise ValueError("half a line")
    assert (tally.cases, tally.violations) == (1, ["reading: ValueError: half a line"])


def test_a_row_measured_again_takes_the_place_of_its_line(tmp_path: Path) -> None:
    """The others stay, in order of their numbers; a bar in a text does not break the table."""
    file = tmp_path / "faults.md"
    other = Row(9, "other", "Something else.", ROW.run)
    report.write([report.line(ROW, Tally(cases=3))], file)
    report.write([report.line(other, Tally(cases=5)), report.line(ROW, Tally(cases=4, violations=["lost"]))], file)
    lines = [line.split(" | ") for line in file.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]

    assert [line[0] for line in lines] == ["| 9-other", "| 14-failing-writes"]
    assert [line[2:4] for line in lines] == [["5", "0"], ["4", "1"]]
    assert all(len(line) == 8 for line in lines)


def test_rows_can_be_run_without_writing_the_table_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """QUICK=1, as make says it, is --quick."""
    row = Row(14, "failing-writes", "Nothing.", lambda ground, on, tally: tally.case(ground.quick, "not quick"))
    written: list[str] = []
    monkeypatch.setattr(command, "ROWS", [row])
    monkeypatch.setattr(report, "write", written.extend)
    monkeypatch.setenv("QUICK", "1")
    assert command.main(["14", "--no-write"]) == 0 and not written
    assert command.main(["14"]) == 0 and "--quick" in written[0]
    monkeypatch.delenv("QUICK")
    assert command.main(["14", "--no-write"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "faults.14-failing-writes  1/1  0  short"
