"""What must never happen: foreign scripts, forged posts, missing headers, whole texts given to the world."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from newsroom import HOSTILE, LIBRARY_AR, Newsroom

from archive.model import Access, Actor, Role
from indexer.engine import Request, Results
from web import create_app
from web.render import Page, render
from web.security import HEADERS

ADDRESSES = {
    "/en/": 200, "/ar/search?q=الرقة": 200, "/en/story/1": 200, "/en/story/2": 308, "/en/story/1/ar/revisions": 200,
    "/ar/help": 200, "/": 302, "/en/no": 404, "/no": 404, "/api/search?q=a": 200, "/api/no": 404, "/api/stories/1": 200,
    "/en/display": 405, "/en/story/99999999999999999999": 404, "/static/warraq.css": 200, "/static/no": 404,
    "/capture/none.warc": 404, "/en/search?q=sahl.example/none/1": 404,
}  # fmt: skip


@pytest.mark.parametrize(("address", "status"), ADDRESSES.items())
def test_every_answer_carries_the_headers(reader: FlaskClient, address: str, status: int) -> None:
    answer = reader.get(address)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_an_unexpected_error_is_an_honest_page_with_headers(shared_room: Newsroom) -> None:
    class Broken:
        def search(self, request: Request) -> Results:
            raise RuntimeError("secret detail")

    client = create_app(shared_room.services(engine=Broken(), behind=lambda: 0)).test_client()
    answer = client.get("/ar/search?q=a")

    assert answer.status_code == 500
    assert "حدث خطأ هنا" in answer.text
    assert "secret detail" not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_lets_nothing_inline_run_and_templates_have_none(reader: FlaskClient) -> None:
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    for address in ADDRESSES:
        answer = reader.get(address)
        page = BeautifulSoup(answer.text if answer.mimetype == "text/html" else "", "lxml")
        assert page.select("[style], style, script:not([src]), [onclick], [onerror], [onload]") == []


def posts(app: Flask) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def test_every_post_wants_a_token(shared_room: Newsroom) -> None:
    app = create_app(shared_room.services())
    found = posts(app)
    assert len(found) >= 2

    for rule in found:
        address = re.sub(r"<int:\w+>", "1", rule).replace("<any(en, ar):lang>", "en")
        answer = app.test_client().post(address, data={"do": "unlink", "a": "1", "b": "2"})
        assert answer.status_code == 400, rule
    assert shared_room.store.story_of(shared_room.articles["library"]) == 1


@pytest.mark.parametrize(
    "away", ["//evil.example", "https://evil.example", "/\\evil.example", "\t//evil.example", "", "/\n"]
)
def test_display_never_leads_to_another_site(shared_room: Newsroom, away: str) -> None:
    client = create_app(shared_room.services()).test_client()
    page = BeautifulSoup(client.get("/en/").text, "lxml")
    token = page.select("[name=csrf_token]")[0]["value"]

    assert client.post("/en/display", data={"csrf_token": token, "next": away}).headers["Location"] == "/en/"


def test_hostile_text_is_text(reader: FlaskClient, shared_room: Newsroom) -> None:
    story = shared_room.stories["hostile"]
    for address in (f"/en/story/{story}?q=hostile", "/en/search?q=hostile", "/en/"):
        page = BeautifulSoup(reader.get(address).text, "lxml")
        assert [s.get("src", "")[:15] for s in page.select("script")] == ["/static/warraq."], address
        assert page.select("main img, main b > script") == []
        assert "<script>" in page.get_text()


@pytest.mark.parametrize(
    "payload",
    [
        HOSTILE,
        '"><svg onload=alert(1)>',
        "' autofocus onfocus=alert(1) x='",
        "javascript:alert(1)",
        "{{7*7}}%s%(q)s",
        "\u202e\u0000",
    ],
)
def test_a_hostile_query_is_text_everywhere(reader: FlaskClient, payload: str) -> None:
    for path in ("search", "story/1", "no-such-page"):
        for name in ("q", "section", "author", "from", "view"):
            answer = reader.get(f"/ar/{path}", query_string={name: payload})
            page = BeautifulSoup(answer.text, "lxml")
            assert answer.status_code in (200, 404)
            assert page.select("main img, main [onload], main [onfocus], main script") == []
            assert not any(str(a.get("href", "")).startswith("javascript:") for a in page.select("a"))


def test_a_capture_comes_as_a_file_only(reader: FlaskClient, shared_room: Newsroom) -> None:
    story = shared_room.store.story(shared_room.stories["library"])
    assert story is not None
    capture = story.versions[0].captures[0]
    answer = reader.get(f"/capture/{capture.id}.warc")

    assert answer.mimetype == "application/warc"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"WARC/1.1\r\n")
    assert LIBRARY_AR.digest.encode() in answer.data


def test_a_withheld_capture_is_not_given_out(room: Newsroom) -> None:
    number = room.articles["rent"]
    story = room.store.story(room.stories["rent"])
    assert story is not None
    room.store.set_access(number, Access.WITHHELD, "court order", Actor("keeper", Role.KEEPER), room.clock.now())
    client = create_app(room.services()).test_client()

    assert client.get(f"/capture/{story.versions[0].captures[0].id}.warc").status_code == 404


def test_the_world_gets_the_beginning_only_and_decides_nothing(shared_room: Newsroom) -> None:
    client = create_app(shared_room.services(open_to_world=True)).test_client()
    page = client.get("/en/story/1").text
    story = shared_room.store.story(shared_room.stories["library"])
    assert story is not None

    assert "went back on the road" in page
    assert "moved at least twice" not in page
    assert "Unlink" not in page
    assert "moved at least twice" not in client.get("/api/stories/1").text
    assert client.get("/en/story/1/ar/revisions").status_code == 403
    assert client.get(f"/capture/{story.versions[0].captures[0].id}.warc").status_code == 403
    token = BeautifulSoup(client.get("/en/").text, "lxml").select("[name=csrf_token]")[0]["value"]
    assert client.post("/en/story/1/decisions", data={"csrf_token": token, "do": "unlink"}).status_code == 403


def test_an_outlet_may_let_the_world_read_it_whole(shared_room: Newsroom) -> None:
    open_outlet = shared_room.services().outlets["sahl"].model_copy(update={"public": "full"})
    services = shared_room.services(open_to_world=True, outlets={"sahl": open_outlet})

    assert "moved at least twice" in create_app(services).test_client().get("/en/story/1").text


def test_an_instance_for_this_machine_answers_to_its_names_only(reader: FlaskClient) -> None:
    assert reader.get("/en/", headers={"Host": "evil.example"}).status_code == 400
    assert reader.get("/en/", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_a_page_without_what_its_template_asks_for_fails(shared_room: Newsroom) -> None:
    """Templates see typed contexts only: what is not there is an error, not an empty place."""
    from jinja2 import UndefinedError

    app = create_app(shared_room.services())
    with app.test_request_context("/en/search"), pytest.raises(UndefinedError):
        render("results.html", Page(title="x", kind="results"))
