"""Frozen pages, one for each language and layout: what is read from them must not change unnoticed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.extract import Page, extract
from archive.publishers import builtin

CASES = sorted((Path(__file__).parent.parent / "golden").glob("*/page.html"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_page_is_read_as_it_was_frozen(path: Path) -> None:
    """`expected.json` holds every field of the article, reviewed by hand."""
    expected = json.loads((path.parent / "expected.json").read_text("utf-8"))
    url = expected["url"]
    page = Page(url, url, path.read_bytes(), "text/html", datetime(2026, 1, 1, tzinfo=UTC))
    read = json.loads(json.dumps(asdict(extract(page, builtin()["enabbaladi"])), default=str))
    assert read == expected


def test_there_are_cases() -> None:
    """The folder was found."""
    assert CASES
