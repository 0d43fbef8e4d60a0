"""`python -m scripts.bench`: measures, prints one line a figure, writes docs/benchmarks.md.

Exit 0 when everything was measured, whatever it came to; with `--check` 1 when a figure fell behind the one written
down, or those written down are of another number of stories (nothing is written then).
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

from scripts.bench import elasticsearch_part, tantivy_part
from scripts.bench.corpus import kept
from scripts.bench.figures import Figure, behind, block, stories_of, write, written
from scripts.bench.queries import areas
from scripts.bench.stories import SEED, Stories

QUICK, FULL = 20_000, 200_000
PARTS = {"tantivy": tantivy_part.measured, "elasticsearch": elasticsearch_part.measured}
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    asked = _arguments()
    count = asked.stories or (QUICK if asked.quick else FULL)
    worse: list[str] = []
    with tempfile.TemporaryDirectory(prefix="warraq-bench-", dir=asked.scratch) as scratch:
        stories = Stories(asked.seed)
        keep = asked.keep or Path(scratch)
        corpus = kept(stories, count, keep)
        queries = areas(stories.words, next(corpus.batches(200)))
        for name in asked.engines.split(","):
            page = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
            if asked.check and (last := stories_of(block(page, name))) != count:
                worse.append(f"{name}: the figures written down are of {last} stories, so they say nothing of {count}")
                continue
            figures = list(_printed(PARTS[name](corpus, Path(scratch), queries)))
            if asked.check:
                worse += behind(figures, written(block(page, name)))
            elif asked.write:
                write(DOCUMENT, name, _heading(count), figures)
    sys.stderr.writelines(f"fell behind: {line}\n" for line in worse)
    return 1 if worse else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", default=os.environ.get("QUICK") == "1", help=f"{QUICK} stories")
    parser.add_argument("--stories", type=int, help=f"how many stories (default {FULL})")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--scratch", type=Path, help="where the temporary folder is made")
    parser.add_argument("--engines", default=_engines(), help="which parts are measured (default %(default)s)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="stories are kept there for the next run")
    parser.add_argument("--check", action="store_true", help="compare with what is written down, write nothing")
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    return parser.parse_args()


def _engines() -> str:
    return "tantivy,elasticsearch" if elasticsearch_part.installed() else "tantivy"


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
