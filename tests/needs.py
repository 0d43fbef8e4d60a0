"""What a test may lack: it is skipped by name, or fails where nothing may be skipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

DATA = Path(os.environ.get("WARRAQ_EVAL_DATA", Path(__file__).resolve().parents[2] / "shared"))


def lacking(what: str) -> NoReturn:
    if os.environ.get("WARRAQ_TEST_STRICT") == "1":
        pytest.fail(what)
    pytest.skip(what)


def data(name: str) -> Path:
    """A file of the evaluation data."""
    if not (DATA / name).exists():
        lacking(f"no evaluation data {name} in {DATA} (WARRAQ_EVAL_DATA)")
    return DATA / name


def program(name: str) -> None:
    """A program on the PATH."""
    if shutil.which(name) is None:
        lacking(f"{name} is not installed")
