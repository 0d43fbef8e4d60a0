"""`python -m tests.faults [ROW…] [--quick] [--no-write]`: runs the rows, prints a figure each, writes docs/faults.md.

QUICK=1 in the environment means --quick.

Exit 0: everything was measured and nothing was violated; 1: a violation, or something could not be measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback

from tests.faults import report
from tests.faults.ground import Ground
from tests.faults.rows import ROWS
from tests.faults.tally import Row, Tally
from tests.servers.processes import ServerMissing

SHOWN = 5  # violations printed of a row


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="only these rows (default: all)")
    quick = os.environ.get("QUICK") == "1"
    parser.add_argument("--quick", action="store_true", default=quick, help="the sizes of the tests")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    given = parser.parse_args(arguments)
    chosen = [row for row in ROWS if not given.rows or row.number in given.rows]
    if unknown := set(given.rows) - {row.number for row in ROWS}:
        parser.error(
            f"no row {', '.join(map(str, sorted(unknown)))}; there are {', '.join(str(r.number) for r in ROWS)}"
        )
    good = True
    with Ground.scratch(quick=given.quick) as ground:
        for row in chosen:
            tally = run(row, ground)
            good = good and tally is not None and not tally.violations
            if tally is not None and given.write:
                report.write([report.line(row, tally, given.quick)])
    return 0 if good else 1


def run(row: Row, ground: Ground) -> Tally | None:
    """The row on everything it runs on; None when a part could not be measured."""
    tally, began, measured = Tally(), time.monotonic(), True
    for on in row.on:
        try:
            row.run(ground, on, tally)
        except ServerMissing as missing:
            print(f"faults.{row.title}: not measured on {on}: {missing}", file=sys.stderr)  # noqa: T201
            measured = False
        except Exception:
            print(f"faults.{row.title}: not measured{on and ' on ' + on}", file=sys.stderr)  # noqa: T201
            traceback.print_exc()
            measured = False
        ground.sweep()
    for violation in tally.violations[:SHOWN]:
        print(f"  {violation}", file=sys.stderr)  # noqa: T201
    print(report.figure(row, tally if measured else None), flush=True)  # noqa: T201
    tally.note(f"{time.monotonic() - began:.0f} s")
    return tally if measured and tally.cases else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
