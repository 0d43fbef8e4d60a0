"""Outlets, sections, places and people are called on pages what readers call them, and are found by it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from newsroom import Newsroom, P, article, at
from test_pages import soup, text

from archive.model import AR, EN
from web import create_app


@pytest.mark.parametrize(
    "typed",
    ["المصدر:السهل", "outlet:courier", "outlet:sahl", "قسم:مجتمع", "section:society", "القسم:اقتصاد OR كاتب:سحلول"],
)
def test_outlets_and_sections_are_found_by_their_names(reader: FlaskClient, typed: str) -> None:
    page = soup(reader, f"/en/search?q={quote(typed)}&versions=both")

    assert text(page, ".hits h2").startswith("Mobile library")
    answer = reader.get("/api/search", query_string={"q": typed, "versions": "both"}).get_json()
    assert answer["total"] == int(text(page, "#count").split()[0])


def test_filters_name_people_and_places_as_they_are_written(room: Newsroom) -> None:
    """Also those that no story of the page in hand has."""
    farms = ((AR, "670000/مزرعة", "الغوطة الشرقية"), (EN, "archives/2010/farm", "Deir ez-Zor"))
    for lang, slug, place in farms:
        named = {"published": at(1, 9, 1, 2010), "dateline": place, "authors": ("أحمد الإدلبي", "رنا")}
        room.put(place, article(lang, slug, "farm مزرعة", [(P, "olive زيت")], **named), at(1, 9, 1, 2010))
    room.index()
    client = create_app(room.services()).test_client()

    for address in ("/en/search?sort=newest", "/ar/search?q=olive%20OR%20زيت", "/en/search?place=deir-ez-zor"):
        found = [label.get_text() for label in soup(client, address).select(".facets li bdi")]
        assert "Deir ez-Zor" in found, address
        assert "أحمد الإدلبي" in found or "place" in address, address
    assert "الغوطة الشرقية" in text(soup(client, "/en/search"), ".facets")


def test_what_no_story_has_is_shown_as_it_was_asked(reader: FlaskClient) -> None:
    assert text(soup(reader, "/en/search?author=no-body"), ".facets [aria-current] bdi") == "No Body"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_example_of_the_first_page_finds_something(reader: FlaskClient, lang: str) -> None:
    chips = [str(chip["href"]) for chip in soup(reader, f"/{lang}/").select(".tries .chip")]

    assert len(chips) >= 4
    for address in chips:
        assert soup(reader, address).select(".hits h2"), address


def test_an_index_without_the_newest_stories_gives_no_examples_of_them(room: Newsroom) -> None:
    for n in range(6):
        late = article(EN, f"archives/late-{n}", "Quinces ripen unusually early", [(P, "…")], published=at(20, 9, 4))
        room.put(f"late-{n}", late, at(20, 9, 4))

    assert soup(create_app(room.services()).test_client(), "/en/").select(".tries .chip") == []
