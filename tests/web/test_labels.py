"""Outlets, sections, places and people are called on pages what readers call them, and are found by it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from test_pages import soup, text


@pytest.mark.parametrize(
    "typed",
    ["المصدر:السهل", "outlet:courier", "outlet:sahl", "قسم:مجتمع", "section:society", "القسم:اقتصاد OR كاتب:سحلول"],
)
def test_outlets_and_sections_are_found_by_their_names(reader: FlaskClient, typed: str) -> None:
    page = soup(reader, f"/en/search?q={quote(typed)}&versions=both")

    assert text(page, ".hits h2").startswith("Mobile library")
    answer = reader.get("/api/search", query_string={"q": typed, "versions": "both"}).get_json()
    assert answer["total"] == int(text(page, "#count").split()[0])
