"""`python -m scripts.eval`: measures, prints one line a figure and the table, writes docs/search-quality.md.

Exit 0 when everything was measured, whatever it came to, 1 when something could not be; with `--check` 1 also when a
figure fell behind the one written down (nothing is written then).
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from language.morphology import Readings
from scripts.bench.figures import Figure, behind, block, write, written
from scripts.eval import across, cost, pairing, single, sloppy
from scripts.eval.data import Data, read
from scripts.eval.table import table
from scripts.eval.under_test import ENGINES, UnderTest, installed
from tests import morphology

DOCUMENT = Path(__file__).parents[2] / "docs" / "search-quality.md"
DATA = Path(os.environ.get("WARRAQ_EVAL_DATA", DOCUMENT.parents[2] / "shared"))
TOLERANCE = 0.005  # runs of one version give the same figures, but for ties that another version of an engine orders
PARTS: dict[str, Callable[[UnderTest, Data, Path, Readings | None], Iterator[Figure]]] = {
    "single": single.measured,
    "across": across.measured,
    "sloppy": sloppy.measured,
    "cost": cost.measured,
}


def main() -> int:
    asked = _arguments()
    try:
        blocks = dict(_measured(asked.engines.split(","), asked.parts.split(",")))
    except (OSError, pytest.skip.Exception, pytest.fail.Exception) as error:
        sys.stderr.write(f"eval: {error}\n")
        return 1
    page = DOCUMENT.read_text(encoding="utf-8")
    worse = []
    for name, figures in blocks.items():
        if asked.check:
            worse += behind(figures, written(block(page, name)), TOLERANCE)
        elif asked.write:
            write(DOCUMENT, name, _heading(figures), figures)
    sys.stderr.writelines(f"fell behind: {line}\n" for line in worse)
    return 1 if worse else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.eval", description=__doc__)
    parser.add_argument("--engines", default=",".join(installed()), help="which are measured (default %(default)s)")
    parser.add_argument("--parts", default=",".join([*PARTS, "pairing"]), help="what is (default %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare with what is written down, write nothing")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    return parser.parse_args()


def _measured(engines: Iterable[str], parts: list[str]) -> Iterator[tuple[str, list[Figure]]]:
    """The blocks of the page with their figures."""
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="warraq-eval-")))
        if chosen := [PARTS[name] for name in parts if name in PARTS]:
            data = read(DATA / "eval")
            dictionary = opened.enter_context(morphology.readings())
            for name in engines:
                under_test = opened.enter_context(ENGINES[name](data, scratch))
                figures = [
                    figure for part in chosen for figure in _printed(part(under_test, data, scratch, dictionary))
                ]
                sys.stdout.write(f"{table(figures)}\n")
                yield name, figures
        if "pairing" in parts:
            yield "pairing", list(_printed(pairing.measured(DATA / "pairs")))


def _printed(figures: Iterator[Figure]) -> Iterator[Figure]:
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
        yield figure


def _heading(figures: list[Figure]) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    run = (
        f"`{shlex.join(['python', '-m', 'scripts.eval', *sys.argv[1:]])}`, {datetime.now(UTC):%Y-%m-%d}, "
        f"{os.cpu_count()} cores, {memory:.0f} GB."
    )
    compared = any(figure.name.startswith("bare-") for figure in figures)
    return f"{run}\n\n{table(figures)}" if compared else run


if __name__ == "__main__":
    sys.exit(main())
