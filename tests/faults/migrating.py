"""Row 16: the schema down and up again on a filled database, and killed at every statement."""

from __future__ import annotations

from itertools import count

from sqlalchemy import Engine

from archive.store import scripts, upgrade
from tests.faults.ground import Ground
from tests.faults.killed import killed
from tests.faults.snapshot import Rows, beside, everything
from tests.faults.stories import fill
from tests.faults.tally import Tally
from tests.faults.victims import migrates


def run(ground: Ground, on: str, tally: Tally) -> None:
    url = ground.database(on)
    with ground.desk(url) as desk:
        fill(desk, ground.size(8, 60))
        desk.store.add_problem("daily", desk.url("ar/1"), "answered 500", desk.clock.at)
    with beside(url) as look:
        for older in reversed(scripts.history()[:-1]):
            filled, told = everything(look), f"{on}: {upgrade.SCHEMA} to {older}"
            _down_and_up(url, look, older, filled, tally, told)
            step = ground.size(7, 1)
            _killed(url, look, older, step, tally, f"{told}: down")
            _killed(url, look, upgrade.SCHEMA, step, tally, f"{told}: up")
            tally.case(_kept(filled, everything(look), older), f"{told}: rows changed after kills")


def _down_and_up(url: str, look: Engine, older: str, filled: Rows, tally: Tally, told: str) -> None:
    migrates(url, older, 0)
    down = everything(look)
    tally.case(_schema(down) == older, f"{told}: schema {_schema(down)}")
    migrates(url, upgrade.SCHEMA, 0)
    tally.case(_kept(filled, everything(look), older), f"{told} and up again: rows changed")


def _kept(filled: Rows, after: Rows, older: str) -> bool:
    """Every row of every table that the older schema has too. The archive's id is made anew with its table."""
    gone = {"archive"} | ({"frontier", "leases", "problems"} if older == "0001" else set())
    return filled.keys() == after.keys() and all(after[name] == filled[name] for name in filled.keys() - gone)


def _schema(found: Rows) -> str:
    ((schema,),) = found["alembic_version"]
    return str(schema)


def _killed(url: str, look: Engine, target: str, step: int, tally: Tally, told: str) -> None:
    """At the first statement, the second …, until it comes to its end: whatever is left is the state before."""
    before = everything(look)
    for n in count(1, step):
        if not killed(migrates, url, target, n):
            break
        tally.case(everything(look) == before, f"{told}: killed at statement {n}")
    tally.case(_schema(everything(look)) == target, f"{told}: not there in the end")
