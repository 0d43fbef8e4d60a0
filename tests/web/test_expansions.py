"""What a query is expanded by is told, can be switched off and on in the address, and is said of each hit."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from known import known, related
from newsroom import EDITOR, Newsroom
from test_pages import one, soup, text
from werkzeug.datastructures import MultiDict

from indexer.expand import Knowledge
from language.tokens import folded
from web import create_app
from web.params import LONGEST_OFF, LONGEST_VALUE, MOST_OFF, SearchParams


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return known(tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def knowing(shared_room: Newsroom, knowledge: Knowledge) -> FlaskClient:
    """A reader of an archive that knows names and some words of the other language."""
    return create_app(shared_room.services(knowledge=lambda: knowledge)).test_client()


def found(client: FlaskClient, **asked: object) -> list[int]:
    answer = client.get("/api/search", query_string=asked).get_json()
    return sorted(story["story"] for story in answer["stories"])


def chips(client: FlaskClient, address: str) -> dict[str, str]:
    """What each chip shows, with its address."""
    return {one(a, "bdi").get_text(): str(a["href"]) for a in soup(client, address).select(".heard a.chip")}


def test_a_word_finds_stories_of_the_other_language_unless_the_switch_says_otherwise(
    knowing: FlaskClient, shared_room: Newsroom
) -> None:
    bread, rent = shared_room.stories["bread"], shared_room.stories["rent"]

    assert bread in found(knowing, q="displaced")
    assert found(knowing, q="displaced", match="inflected") == [1, rent]
    assert found(knowing, q="displace", match="exact") == []
    assert found(knowing, q="displace", match="inflected") == [1, rent]
    assert found(knowing, q="displaced", match="nonsense") == found(knowing, q="displaced")


def test_the_line_tells_forms_names_and_translations_of_each_word(knowing: FlaskClient) -> None:
    line = one(soup(knowing, "/en/search?q=displaced+Raqqa"), ".heard")
    words = [one(word, "b").get_text() for word in line.select(".word")]
    said = " ".join(line.select(".word")[0].get_text(" ").split())

    assert words == ["displaced", "Raqqa"]
    assert said.startswith(
        "displaced form Search without displac… stem 1 × translation Search without نازحون learned 0.62 ×"
    )
    assert "+4" in said  # the lightest stand in the table alone
    assert "الرقة" in chips(knowing, "/ar/search?q=displaced+Raqqa")
    rows = line.select(".widened tbody tr")
    assert len(rows) == 1 + 8 + 1 + 2
    assert one(line.select(".word")[1], ".group:last-child a.chip:last-child")["title"].endswith("weight 0.8")


def test_a_chip_switches_off_in_every_link_and_back_on(knowing: FlaskClient, shared_room: Newsroom) -> None:
    bread = shared_room.stories["bread"]
    without = chips(knowing, "/en/search?q=displaced&sort=newest")["نازحون"]
    page = soup(knowing, without)

    assert parse_qs(urlsplit(without).query) == {"q": ["displaced"], "x": ["learned:نازحون"], "sort": ["newest"]}
    assert bread not in found(knowing, q="displaced", x="learned:نازحون")
    chip = one(page, ".heard a.chip.off")
    assert " ".join(chip.get_text(" ").split()) == "Search again with نازحون learned 0.62 +"
    assert str(chip["href"]) == "/en/search?q=displaced&sort=newest"
    for link in page.select(".facets a, .chart a, .seg a, .menu a[href*=search], .hits h2 a, .head .btn[href]"):
        assert parse_qs(urlsplit(str(link["href"])).query)["x"] == ["learned:نازحون"], link
    assert "x" in {i["name"] for i in page.select(".facets input[type=hidden]")}
    assert "x=learned" in str(one(page, ".switch")["href"])


def test_a_shared_address_without_language_keeps_what_is_switched_off(knowing: FlaskClient) -> None:
    asked = "q=displaced&match=inflected&x=stem:displaced&x=learned:%D8%A3"
    where = knowing.get(f"/search?{asked}").headers["Location"]

    assert parse_qs(urlsplit(where).query)["x"] == ["stem:displaced", "learned:أ"]


def test_the_switch_has_three_links_one_of_them_current(knowing: FlaskClient) -> None:
    switch = one(soup(knowing, "/en/search?q=displaced&match=inflected"), ".head .seg")

    assert [a.get_text() for a in switch.select("a")] == ["As typed", "Any form", "Related"]
    assert text(switch, "[aria-current]") == "Any form"
    assert [str(a["href"]) for a in switch.select("a")] == [
        "/en/search?q=displaced&match=exact", "/en/search?q=displaced&match=inflected", "/en/search?q=displaced",
    ]  # fmt: skip
    assert soup(knowing, "/en/search").select(".seg") == []


def test_exact_says_that_it_is_exact_and_shows_no_expansion(knowing: FlaskClient) -> None:
    page = soup(knowing, "/en/search?q=displaced&match=exact")

    assert page.select("a.chip") == []
    assert text(page, ".heard .chip") == "displaced exactly this form"


def test_every_hit_says_by_what_it_was_found(knowing: FlaskClient, shared_room: Newsroom) -> None:
    page = soup(knowing, "/en/search?q=displaced+Raqqa")
    bread = one(page, f"[aria-labelledby=s{shared_room.stories['bread']}]")
    why = {one(span, "b").get_text(): span for span in bread.select(".why > span:not(.vh)")}

    assert set(why) == {"name", "translation"}
    assert one(why["translation"], "b")["title"] == "learned from translated stories"
    assert {mark.get_text() for mark in bread.select("[lang=ar] mark.na")} == {"الرقة"}
    assert "نازحي" in {mark.get_text() for mark in bread.select("h2 mark.tr, .hl mark.tr")}


def test_a_story_is_marked_on_both_sides_by_what_found_it(knowing: FlaskClient) -> None:
    address = "/en/story/1?q=displaced+Raqqa"
    page = soup(knowing, address)

    assert {m.get_text() for m in page.select(".folio [lang=ar] mark.na")} == {"الرقة"}
    assert "المهجّرين" in {m.get_text() for m in page.select(".opening [lang=ar] mark.tr")}
    assert soup(knowing, f"{address}&match=exact").select(".folio [lang=ar] mark") == []
    without = soup(knowing, f"{address}&x=" + quote("name:الرقة"))
    assert without.select(".folio [lang=ar] mark.na") == []
    assert "x=name" in str(one(without, "main > .row a")["href"])
    assert all("x=name" in str(a["href"]) for a in without.select(".tools .seg a"))


def test_json_tells_expansions_and_takes_the_same_switches(knowing: FlaskClient) -> None:
    answer = knowing.get("/api/search?q=Raqqa&x=" + quote("name:الرقة")).get_json()
    by_source = {each["source"]: each for each in answer["expansions"] if each["kind"] == "name"}

    assert by_source["الرقة"] == {
        "typed": "Raqqa", "kind": "name", "source": "الرقة", "side": "ar", "terms": ["الرقه"], "weight": 0.8,
        "off": True,
    }  # fmt: skip
    assert by_source["Ar-Raqqah"]["off"] is False
    assert knowing.get("/api/search?q=Raqqa&match=exact").get_json()["expansions"] == []


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize(
    ("lack", "command"), [("dictionary", "warraq morphology install"), ("rebuild", "warraq index rebuild")]
)
def test_what_keeps_words_from_being_found_is_told_to_the_desk_and_not_to_the_world(
    shared_room: Newsroom, lang: str, lack: str, command: str
) -> None:
    """A dictionary that is not there, or one that the index was not made with."""
    desk = create_app(shared_room.services(lacking=lambda: lack)).test_client()
    world = create_app(shared_room.services(lacking=lambda: lack, open_to_world=True)).test_client()
    full = create_app(shared_room.services(lacking=lambda: "")).test_client()

    assert text(soup(desk, f"/{lang}/search?q=Raqqa"), ".hint code") == command
    for client in (world, full):
        assert soup(client, f"/{lang}/search?q=Raqqa").select(".hint") == []


def offers(client: FlaskClient, address: str) -> dict[str, str]:
    return {one(a, "bdi, span").get_text(): str(a["href"]) for a in soup(client, address).select(".tries a")}


def test_the_nearest_words_of_the_archive_are_offered_with_what_they_find(knowing: FlaskClient) -> None:
    page = soup(knowing, "/en/search?q=mobyle+libary")
    link = one(page, ".tries a")

    assert " ".join(link.get_text(" ").split()) == "mobile library 1"
    assert text(soup(knowing, str(link["href"])), "#count") == "1 story"
    assert "Raqqa" in offers(knowing, "/en/search?q=Raqka")


def test_words_of_the_other_keyboard_layout_are_recognised(knowing: FlaskClient) -> None:
    assert "الرقة" in offers(knowing, "/ar/search?q=hgvrm")
    assert "Homs" in offers(knowing, "/ar/search?q=اخةس")


def test_the_other_language_and_the_switches_are_offered(knowing: FlaskClient) -> None:
    found = offers(knowing, "/en/search?q=" + quote('"خبز"~5 -ربطة'))
    assert found["rent"] == "/en/search?q=rent"
    page = soup(knowing, "/en/search?q=displace&match=exact&versions=both")
    texts = {" ".join(a.get_text(" ").split()): a["href"] for a in page.select(".tries a")}
    assert texts["names and translations too 1"] == "/en/search?q=displace&versions=both"


@pytest.mark.parametrize("part", ["outlet:bbc", "1990..1991", "author:nobody"])
def test_what_limits_the_query_is_named_when_it_empties_the_result(knowing: FlaskClient, part: str) -> None:
    page = soup(knowing, "/en/search?q=" + quote(f"olive {part}"))
    texts = {" ".join(a.get_text(" ").split()): a["href"] for a in page.select(".tries a")}
    assert texts[f"without \u2068{part}\u2069 12"] == "/en/search?q=olive"
    assert "من دون" in soup(knowing, "/ar/search?q=" + quote(f"olive {part}")).select(".tries")[-1].get_text()
    answer = knowing.get("/api/search", query_string={"q": f"olive {part}"}).get_json()
    assert {"kind": "part", "query": "olive", "without": [part], "total": 12} in answer["suggestions"]


def test_json_suggests_the_same(knowing: FlaskClient) -> None:
    answer = knowing.get("/api/search?q=hgvrm&from=1999&to=1999").get_json()
    assert [(each["kind"], each["without"]) for each in answer["suggestions"]] == [("keyboard", ["dates"])]
    answer = knowing.get("/api/search?q=olive&from=1999&to=1999").get_json()
    assert answer["suggestions"] == [{"kind": "filter", "query": "olive", "without": ["dates"], "total": 12}]


@pytest.mark.parametrize("typed", ["x" * 10_000, "ك" * 10_000, "\u202eab\u202d", "َُِ", "a\u0651", "displaced " * 300])
@pytest.mark.parametrize("path", ["/en/search", "/ar/search", "/api/search", "/en/story/1"])
def test_hundreds_of_switches_and_odd_words_make_no_large_page(knowing: FlaskClient, path: str, typed: str) -> None:
    off = [f"learned:{'و' * 30}{n}" for n in range(400)] + ["name:" + "x" * 1000, "no-kind:x", ":", "\u202e", "name:"]
    answer = knowing.get(path, query_string={"q": typed, "x": off})

    assert answer.status_code == 200
    assert len(answer.data) < 3_000_000


def test_no_more_is_switched_off_than_one_address_can_hold(knowing: FlaskClient) -> None:
    off = "".join(f"&x=name:{n}" for n in range(400))
    page = soup(knowing, f"/en/search?q=displaced{off}&x=name:{'y' * LONGEST_VALUE}")
    kept = parse_qs(urlsplit(str(one(page, ".head .btn[href]")["href"])).query)["x"]

    assert kept == [f"name:{n}" for n in range(MOST_OFF)]


@pytest.mark.parametrize("junk", ["x", "name:{}", f"learned:{'و' * 90}{{}}"])
@pytest.mark.parametrize("path", ["/en/search", "/ar/story/1"])
def test_no_address_on_a_page_holds_more_than_that(knowing: FlaskClient, path: str, junk: str) -> None:
    page = soup(knowing, f"{path}?q=displaced" + "".join(f"&x={quote(junk.format(n))}" for n in range(300)))
    addresses = [str(tag[name]) for name in ("href", "value") for tag in page.select(f"[{name}*='x=']")]

    assert all(address.count("&x=") <= MOST_OFF and len(unquote(address)) < 3000 for address in addresses)
    assert len(str(page)) < 1_000_000


def test_what_was_switched_off_last_stays_when_no_more_fits() -> None:
    params = SearchParams.read(MultiDict({"q": "a", "x": [f"name:{'x' * 90}{n}" for n in range(30)]}))
    more = params.switched("name:last")
    assert sum(map(len, params.off)) <= LONGEST_OFF < sum(map(len, (*params.off, *params.off[:2])))
    assert more.off[-1] == "name:last"
    assert SearchParams.read(MultiDict(more.arguments)).off == more.off
    assert more.switched("name:last").off == more.off[:-1]


def test_an_editor_keeps_two_words_apart_for_good_and_lets_them_again(room: Newsroom, knowledge: Knowledge) -> None:
    def known_now() -> Knowledge:
        off = {folded(switch.ar) for switch in room.store.words_off()}
        return replace(
            knowledge, related=lambda term, side: [o for o in related(term, side) if folded(o.source) not in off]
        )

    client = create_app(room.services(knowledge=known_now)).test_client()
    address = "/en/search?q=displaced"
    page = soup(client, address)
    rows = {one(row, "td:nth-child(2)").get_text(): row for row in page.select(".widened tbody tr")}
    assert [name for name, row in rows.items() if row.select("button")][:2] == ["نازحون", "مهجَّر"]

    def press(row: Tag) -> BeautifulSoup:
        form = one(row, "form")
        values = {str(i["name"]): str(i["value"]) for i in form.select("[name]")}
        answer = client.post(str(form["action"]), data=values)
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
        return soup(client, address)

    page = press(rows["نازحون"])
    assert text(page, ".note") == "نازحون and displaced do not stand for each other from now on."
    assert "نازحون" not in [one(a, "bdi").get_text() for a in page.select("a.chip")]
    assert (room.store.audit()[0].actor, room.store.audit()[0].action) == (EDITOR, "words off")
    last = page.select(".widened tbody tr")[-1]
    assert "off for good: desk, 12 Mar 2025" in text(last, "[colspan]")
    assert "again" in text(press(last), ".note")
    assert "نازحون" in chips(client, address)


def test_the_world_switches_nothing_off_for_good(shared_room: Newsroom, knowledge: Knowledge) -> None:
    client = create_app(shared_room.services(knowledge=lambda: knowledge, open_to_world=True)).test_client()
    page = soup(client, "/en/search?q=displaced")
    token = str(one(page, "[name=csrf_token]")["value"])

    assert page.select(".widened form") == []
    form = {"csrf_token": token, "do": "off", "ar": "نازح", "en": "displaced"}
    assert client.post("/en/words", data=form).status_code == 403


@pytest.mark.parametrize(
    ("form", "status"),
    [({"do": "burn"}, 400), ({"do": "off", "ar": "", "en": "x"}, 303), ({"do": "on", "ar": "س", "en": "x"}, 303)],
)
def test_what_cannot_be_switched_is_told(shared_room: Newsroom, form: dict[str, str], status: int) -> None:
    client = create_app(shared_room.services()).test_client()
    token = str(one(soup(client, "/en/"), "[name=csrf_token]")["value"])

    assert client.post("/en/words", data={**form, "csrf_token": token}).status_code == status
    if status == 303:
        assert "Nothing was changed" in text(soup(client, "/en/search?q=x"), ".note")


def test_places_of_the_table_are_named_in_the_readers_language(shared_room: Newsroom, knowledge: Knowledge) -> None:
    client = create_app(shared_room.services(knowledge=lambda: knowledge)).test_client()

    assert text(soup(client, "/ar/search?place=raqqa"), ".facets [aria-current] bdi") == "الرقة"
    assert text(soup(client, "/en/search?place=raqqa"), ".facets [aria-current] bdi") == "Raqqa"
