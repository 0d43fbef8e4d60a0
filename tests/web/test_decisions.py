"""Editors join and part versions through the pages; everything can be undone and is kept with its actor."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from newsroom import BREAD_AR, Newsroom

from web import create_app


@pytest.fixture
def editor(room: Newsroom) -> FlaskClient:
    return create_app(room.services()).test_client()


def decide(client: FlaskClient, story: int, lang: str = "en", **form: str) -> str:
    """Post a decision as a page's form does; the text of the page that follows."""
    token = BeautifulSoup(client.get(f"/{lang}/story/{story}").text, "lxml").select("[name=csrf_token]")[0]["value"]
    answer = client.post(f"/{lang}/story/{story}/decisions", data={"csrf_token": token, **form}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_unlinking_makes_two_stories_and_says_so_at_both_addresses(room: Newsroom, editor: FlaskClient) -> None:
    page = decide(editor, 1, do="unlink", a="1", b="2", reason="two events")

    assert "The two versions are separate stories now." in page
    assert room.store.story_of(room.articles["library"]) == 2
    assert "A version was taken out of this story" in page
    other = editor.get("/en/story/2")
    assert other.status_code == 200
    assert "This was part of another story until" in other.text


@pytest.mark.parametrize("where", [1, 2])
def test_unlinking_is_undone_by_the_button_of_either_page(room: Newsroom, editor: FlaskClient, where: int) -> None:
    decide(editor, 1, do="unlink", a="1", b="2")
    forms = BeautifulSoup(editor.get(f"/en/story/{where}").text, "lxml").select("#link form")
    undo = next(form for form in forms if "Undo" in form.get_text())
    values = {str(i["name"]): str(i["value"]) for i in undo.select("input[name=a], input[name=b]")}

    assert "The two are versions of one story now." in decide(editor, where, do="confirm", **values)
    assert room.store.story_of(room.articles["library"]) == 1


def test_confirming_a_proposal_ends_the_proposal_and_names_who(room: Newsroom, editor: FlaskClient) -> None:
    story = room.stories["school"]
    page = decide(editor, story, do="confirm", a=str(room.articles["school"]), b=str(room.articles["school-ar"]))

    assert "Proposed link" not in page
    assert "Confirmed by desk on 12 Mar 2025, 12:30" in page


@pytest.mark.parametrize("named", ["number", "address"])
def test_joining_two_stories_by_number_or_address(room: Newsroom, editor: FlaskClient, named: str) -> None:
    rent, bread = room.stories["rent"], room.stories["bread"]
    other = str(bread) if named == "number" else BREAD_AR.url
    page = decide(editor, rent, do="join", other=other, reason="same queue")

    assert "The two are versions of one story now." in page
    assert room.store.story_of(room.articles["rent"]) == room.store.story_of(room.articles["bread"]) == bread
    assert editor.get(f"/en/story/{rent}").headers["Location"] == f"/en/story/{bread}"


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("", "write a story’s number"),
        ("nonsense", "“nonsense” is neither a story’s number nor an article’s address"),
        ("-1", "“-1” is neither"),
        ("999", "there is no story 999"),
        ("https://sahl.example/none/1", "the archive has no such article"),
        ("٤", "in this story already"),
        ("5", "stories 4 and 5 both have an English version"),
    ],
)
def test_what_cannot_be_joined_is_explained(room: Newsroom, editor: FlaskClient, other: str, told: str) -> None:
    assert told in decide(editor, room.stories["rent"], do="join", other=other)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_stories_with_the_same_language_are_not_torn_apart(room: Newsroom, editor: FlaskClient, lang: str) -> None:
    """Joining them would have to leave a version out of each: it is refused, and nothing is recorded."""
    school = room.stories["school"]
    before, told = room.store.change(), {"en": "Nothing was joined", "ar": "لم يُجمع شيء"}[lang]
    page = decide(editor, 1, do="join", other=str(school), lang=lang)

    assert told in page
    assert f"{school}" in page
    assert room.store.change() == before
    assert room.store.audit() == ()
    assert room.store.story_of(room.articles["library"]) == 1
    assert room.store.story_of(room.articles["school-ar"]) == school


def test_a_parting_keeps_the_reason_that_was_given(room: Newsroom, editor: FlaskClient) -> None:
    form = BeautifulSoup(editor.get("/en/story/1").text, "lxml").select_one("#link form:has([value=unlink])")
    assert form is not None
    assert form.select_one("input[name=reason]") is not None
    decide(editor, 1, do="unlink", a="1", b="2", reason="two events")

    assert room.store.audit()[0].detail == "two events"


@pytest.mark.parametrize("form", [{}, {"do": "burn"}, {"do": "unlink", "a": "1"}, {"do": "unlink", "a": "1", "b": "1"}])
def test_an_unreadable_decision_is_a_bad_request(editor: FlaskClient, form: dict[str, str]) -> None:
    token = BeautifulSoup(editor.get("/en/story/1").text, "lxml").select("[name=csrf_token]")[0]["value"]

    assert editor.post("/en/story/1/decisions", data={"csrf_token": token, **form}).status_code == 400
