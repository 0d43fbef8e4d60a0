"""An index while it is written (17-20)."""

from __future__ import annotations

import pytest

from tests.faults.ground import Ground
from tests.faults.held import hold, rows
from tests.faults.tally import Row

pytestmark = pytest.mark.timeout(300)  # a server under trouble, on a machine that does other work too


@rows((17, 18, 19, 20))
def test_no_case_is_violated(ground: Ground, row: Row, on: str) -> None:
    hold(row, on, ground)
