"""The house's own rules, held by tests: one-way imports, small modules, documented settings, no foreign addresses."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from warraq.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("language", "archive", "indexer", "web", "warraq")  # each may import itself and what stands before it
MODULES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]
MEDIAN_LINES, MOST_LINES, MOST_LINES_OF_A_FUNCTION = 150, 400, 60


def imported(path: Path) -> set[str]:
    """Top packages that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    """warraq -> web -> indexer -> archive -> language, and never back."""
    layer = path.relative_to(ROOT).parts[0]
    above = set(LAYERS[LAYERS.index(layer) + 1 :]) | {"tests"}

    assert imported(path) & above == set()


def test_the_environment_is_read_in_one_place() -> None:
    """Only warraq/ knows environment variables; the layers below take values."""
    readers = [
        path
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "warraq"
        and re.search(r"\bos\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]

    assert [] == readers


def test_modules_stay_small() -> None:
    """At most 150 lines in the median, 400 in the largest."""
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    written = [count for count in lines.values() if count > 3]

    assert {} == {name: count for name, count in lines.items() if count > MOST_LINES}
    assert statistics.median(written) <= MEDIAN_LINES


def test_functions_stay_small() -> None:
    """At most 60 lines each."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]

    assert [] == long


def test_every_setting_is_documented() -> None:
    """docs/settings.md has a row with the variable's name for each."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [] == [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in text]


def test_every_dependency_is_explained() -> None:
    """docs/dependencies.md names each package of the *.in files."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    named = [
        re.split(r"[=<>\[]", line)[0].strip().lower()
        for file in ("run", "camel", "morphology", "dev")
        for line in (ROOT / "requirements" / f"{file}.in").read_text(encoding="utf-8").splitlines()
        if line and line[0].isalpha()
    ]

    assert [] == [name for name in named if not name.startswith(("types-", "lxml-stubs")) and name not in text]


def test_locks_hold_hashes_and_no_addresses() -> None:
    """A lock tells what to install, not where from."""
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text(encoding="utf-8")

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
