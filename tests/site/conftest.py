"""Running sample outlets for the tests."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.site.looking import soup
from tests.site.server import Site


@pytest.fixture(scope="module")
def shared() -> Iterator[Site]:
    """One site for the tests that change nothing."""
    with Site() as site:
        yield site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def pages(shared: Site, web: httpx.Client) -> dict[str, BeautifulSoup]:
    """Every article's page, by address."""
    return {truth.url: soup(web.get(truth.url)) for truth in shared.truth()}
