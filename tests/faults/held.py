"""A row as a test."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests import needs
from tests.faults.ground import Ground
from tests.faults.rows import ROWS
from tests.faults.tally import Row, Tally
from tests.servers.processes import ServerMissing


def rows(numbers: Iterable[int]) -> pytest.MarkDecorator:
    """`@rows(range(14, 17))`: a test with `row` and `on` for each of these, on everything it runs on."""
    chosen = [(row, on) for row in ROWS if row.number in numbers for on in row.on]
    names = [f"{row.title}{on and '-' + on}" for row, on in chosen]
    return pytest.mark.parametrize(("row", "on"), chosen, ids=names)


def hold(row: Row, on: str, ground: Ground) -> None:
    """No violation in any case of the row. A server that this machine lacks is skipped by name, unless nothing may be
    skipped (WARRAQ_TEST_STRICT=1)."""
    tally = Tally()
    try:
        row.run(ground, on, tally)
    except ServerMissing as missing:
        needs.lacking(str(missing))
    finally:
        ground.sweep()
    assert tally.cases, "nothing was tried"
    assert not tally.violations, f"{len(tally.violations)} of {tally.cases}: " + "; ".join(tally.violations[:5])
