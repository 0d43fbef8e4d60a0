"""A query of any length gets a page of ordinary size, which says once that it was cut."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from newsroom import Newsroom
from test_pages import one, soup, text

from indexer.query import LENGTH

LONG = 100_000


@pytest.mark.parametrize("typed", ["(", ")", "library (", "الرقة ", "ه", '"'])
@pytest.mark.parametrize("path", ["/en/search", "/ar/search", "/en/story/1"])
def test_a_very_long_query_makes_no_large_page(reader: FlaskClient, path: str, typed: str) -> None:
    answer = reader.get(path, query_string={"q": (typed * LONG)[:LONG]})

    assert answer.status_code == 200
    assert len(answer.data) < 3_000_000
    assert (typed * LONG)[: LENGTH + 10] not in answer.text.replace("&#34;", '"')


def test_the_cut_is_told_once_and_headings_are_short(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=" + "(" * LONG)

    assert [note.get_text()[:22] for note in page.select(".note")] == ["The query was too long"]
    assert len(text(page, "#count")) < 300
    assert len(text(page, "title")) < 300
    assert one(page, "#q")["value"] == "(" * LENGTH


def test_links_lead_to_what_was_read(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=" + "library%20" * (LONG // 8))

    for link in page.select("main a[href]"):
        assert len(str(link["href"])) < 3 * LENGTH
    assert "too long" not in soup(reader, str(one(page, ".hits h2 a")["href"])).get_text()


def test_a_bare_address_carries_arguments_and_nothing_else(reader: FlaskClient) -> None:
    answer = reader.get("/search?q=a&_scheme=javascript&_external=1&endpoint=x")

    assert answer.headers["Location"].startswith("/en/search?q=a&")
    assert len(reader.get("/search?q=" + "%28" * LONG).headers["Location"]) < 3 * 4100


def test_arguments_of_a_former_address_do_no_harm(reader: FlaskClient, shared_room: Newsroom) -> None:
    former = shared_room.articles["library"]

    assert reader.get(f"/en/story/{former}?story=5&lang=x&q=a").headers["Location"] == "/en/story/1?q=a"
