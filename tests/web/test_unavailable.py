"""A version that may not be read is named as such, with day and reason for the archive's own people only."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from newsroom import Newsroom
from test_pages import one, soup, text

from archive.model import Access, Actor, Role
from web import create_app

KEEPER = Actor("keeper", Role.KEEPER)


@pytest.mark.parametrize(("access", "said"), [(Access.WITHHELD, "is withheld since"), (Access.PURGED, "was purged on")])
def test_a_version_that_is_taken_out_leaves_its_column_and_the_reason(
    room: Newsroom, access: Access, said: str
) -> None:
    room.store.set_access(room.articles["library"], access, "حكم محكمة", KEEPER, room.clock.now())
    own, outside = (create_app(room.services(open_to_world=world)).test_client() for world in (False, True))

    page = soup(own, "/en/story/1")
    assert text(page, ".opening .a.empty") == f"The English version {said} 12 Mar 2025: حكم محكمة"
    assert "المكتبة" in text(page, ".opening .b h1")
    assert "No English version" not in page.get_text()
    assert "النسخة الإنجليزية" in text(soup(own, "/ar/story/1"), ".opening .b.empty")
    open_page = soup(outside, "/en/story/1")
    assert text(open_page, ".opening .empty") == "The English version is not available."
    assert "حكم محكمة" not in open_page.get_text()
    assert "The English version is not available." in text(soup(own, "/en/"), ".hits")


def test_a_story_of_which_nothing_may_be_read_still_says_why(room: Newsroom) -> None:
    room.store.set_access(room.articles["rent"], Access.WITHHELD, "court order", KEEPER, room.clock.now())
    page = soup(create_app(room.services()).test_client(), f"/en/story/{room.stories['rent']}")

    assert text(page, "#title") == "The English version is withheld since 12 Mar 2025: court order"
    assert "English only." not in page.get_text()


@pytest.mark.parametrize(("lang", "name", "column"), [("en", "rent", "a"), ("ar", "rent", "b"), ("en", "bread", "b")])
def test_a_story_in_one_language_stands_in_that_languages_column(
    reader: FlaskClient, shared_room: Newsroom, lang: str, name: str, column: str
) -> None:
    page = soup(reader, f"/{lang}/story/{shared_room.stories[name]}")

    assert one(page, f".opening .{column} h1")
    assert {tuple(side["class"]) for side in page.select("ol.folio .side")} == {("side", column)}
    assert "calm" in one(page, ".note")["class"]
