"""The store's rows (14-16)."""

from __future__ import annotations

from tests.faults.ground import Ground
from tests.faults.held import hold, rows
from tests.faults.tally import Row


@rows((14, 15, 16))
def test_no_case_is_violated(ground: Ground, row: Row, on: str) -> None:
    hold(row, on, ground)
