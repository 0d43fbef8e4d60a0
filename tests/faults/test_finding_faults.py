"""What is found in an index (21, 22, 24, 26, 27)."""

from __future__ import annotations

from tests.faults.ground import Ground
from tests.faults.held import hold, rows
from tests.faults.tally import Row


@rows((21, 22, 24, 26, 27))
def test_no_case_is_violated(ground: Ground, row: Row, on: str) -> None:
    hold(row, on, ground)
