"""`python -m scripts.bench`: measures, prints one line a figure, writes docs/benchmarks.md.

Exit 0 when everything was measured, whatever it came to; with `--check` 1 when a figure fell behind the one written
down (nothing is written then).
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scripts.bench import tantivy_part
from scripts.bench.corpus import Corpus, kept, make
from scripts.bench.figures import Figure, behind, write, written
from scripts.bench.queries import areas
from scripts.bench.stories import SEED, Stories

QUICK, FULL = 20_000, 200_000
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    asked = _arguments()
    count = asked.stories or (QUICK if asked.quick else FULL)
    with tempfile.TemporaryDirectory(prefix="warraq-bench-", dir=asked.scratch) as scratch:
        figures = list(_printed(_measured(count, asked.seed, Path(scratch), asked.keep)))
    if asked.check:
        before = written(DOCUMENT.read_text(encoding="utf-8")) if DOCUMENT.exists() else {}
        worse = behind(figures, before)
        sys.stderr.writelines(f"fell behind: {line}\n" for line in worse)
        return 1 if worse else 0
    if asked.write:
        write(DOCUMENT, _heading(count), figures)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", default=os.environ.get("QUICK") == "1", help=f"{QUICK} stories")
    parser.add_argument("--stories", type=int, help=f"how many stories (default {FULL})")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--scratch", type=Path, help="where the temporary folder is made")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="stories are kept there for the next run")
    parser.add_argument("--check", action="store_true", help="compare with what is written down, write nothing")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    return parser.parse_args()


def _measured(count: int, seed: int, scratch: Path, keep: Path | None) -> Iterator[Figure]:
    stories = Stories(seed)
    corpus: Corpus = kept(stories, count, keep) if keep else make(stories, count, scratch / "stories")
    some = next(corpus.batches(200))
    yield from tantivy_part.measured(corpus, scratch, areas(stories.words, some))


def _printed(figures: Iterator[Figure]) -> Iterator[Figure]:
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
        yield figure


def _heading(count: int) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"`{shlex.join(['python', '-m', 'scripts.bench', *sys.argv[1:]])}`: {count} stories, "
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}; "
        f"the machine's load at the end was {load:.1f} (1.0 or so is the measurement itself)."
    )


if __name__ == "__main__":
    sys.exit(main())
