"""The figures as lines, and docs/faults.md: one table, a line a row, kept from run to run until it is measured anew."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.tally import Row, Tally

FILE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
HEAD = """\
# Faults

What goes wrong in a news archive, tried for real: `make faults` runs every row and writes this table, `python -m
tests.faults ROW…` some of them, `--quick` (`QUICK=1`) at the sizes of the tests, `--no-write` without writing. A case
in which something was lost, doubled, hidden, garbled or told wrongly is a violation; the goal is none.

| row | what is tried | cases | violations | also | command | date | machine |
|---|---|---|---|---|---|---|---|
"""


def figure(row: Row, tally: Tally | None) -> str:
    """`faults.14-failing-writes  0/312  0  met`; short when a case was violated or nothing could be measured."""
    if tally is None or not tally.cases:
        return f"faults.{row.title}  -  0  short"
    met = "short" if tally.violations else "met"
    return f"faults.{row.title}  {len(tally.violations)}/{tally.cases}  0  {met}"


def line(row: Row, tally: Tally, quick: bool = False) -> str:
    cells = (
        f"{row.title}",
        f"{row.tried}{' On ' + ' and '.join(row.on) + '.' if row.on[0] else ''}",
        str(tally.cases),
        str(len(tally.violations)),
        "; ".join(tally.notes),
        f"`python -m tests.faults {row.number}{' --quick' if quick else ''}`",
        datetime.now(UTC).date().isoformat(),
        machine(),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def write(lines: list[str], file: Path = FILE) -> None:
    """Put these lines into the table, each in place of the row's earlier one."""
    before = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    kept = {_number(text): text for text in [*before, *lines] if _number(text)}
    file.write_text(HEAD + "".join(f"{kept[number]}\n" for number in sorted(kept)), encoding="utf-8")


def _number(text: str) -> int:
    found = re.match(r"\| (\d+)-", text)
    return int(found[1]) if found else 0
