"""What readers get: pages in both languages on a real archive."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from babel import Locale
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from newsroom import LIBRARY_AR, LIBRARY_EN, RENT_EN, Newsroom, at

from archive.model import Access, Actor, Role
from indexer.engine import EngineUnavailable, Request, Results
from web import create_app
from web.words import Words


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:300]
    return BeautifulSoup(answer.text, "lxml")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def text(page: BeautifulSoup | Tag, selector: str) -> str:
    return " ".join(one(page, selector).get_text(" ").split())


def test_home_counts_what_the_archive_holds_and_lists_the_latest(reader: FlaskClient) -> None:
    page = soup(reader, "/en/")

    assert "17 stories" in text(page, ".block .meta")
    assert text(page, ".hits li").endswith("المكتبة المتنقلة تعود إلى مخيمات المهجّرين قرب الرقة")
    assert one(page, ".chart a")["href"] == "/en/search?from=2016&to=2016"


def test_arabic_home_is_arabic_and_runs_from_the_right(reader: FlaskClient) -> None:
    page = soup(reader, "/ar/")

    assert (one(page, "html")["lang"], one(page, "html")["dir"]) == ("ar", "rtl")
    assert "17 مادة" in text(page, ".block .meta")
    assert float(str(one(page, ".chart .zone")["x"]).rstrip("%")) > 80  # 2016, the first year, stands on the right


def test_a_result_has_both_headlines_passages_and_the_reason(reader: FlaskClient) -> None:
    hit = one(soup(reader, "/en/search?q=displaced+Raqqa"), ".hits article")
    sides = hit.select(".two > div")

    assert [side["lang"] for side in sides] == ["en", "ar"]
    assert [mark.get_text() for mark in sides[0].select("h2 mark")] == ["displaced", "Raqqa"]
    assert one(hit, "h2 a")["href"] == "/en/story/1?q=displaced+Raqqa"
    assert text(hit, ".why").startswith("Why it matched: exact")


def test_the_chart_and_the_filters_count_what_their_links_find(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search")
    links = [
        (a["href"], a.select("text")[-1].get_text()) for a in page.select(".chart a") if len(a.select("text")) == 2
    ]
    links += [(a["href"], one(a, "span").get_text()) for a in page.select(".facets a") if one(a, "span").get_text()]

    assert len(links) > 6
    for address, promised in links:
        assert text(soup(reader, str(address)), "#count").split()[0] == promised


def test_filters_keep_the_query_and_can_be_taken_off(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=الرقة&versions=ar&sort=newest")

    assert text(page, "#count") == "1 story"
    assert unquote(str(one(page, ".facets [aria-current]")["href"])) == "/en/search?q=الرقة&sort=newest"
    assert {str(i["name"]): i["value"] for i in page.select(".facets input[type=hidden]")} == {
        "q": "الرقة", "versions": "ar", "sort": "newest",
    }  # fmt: skip


def test_pages_of_results_go_on_and_back(reader: FlaskClient) -> None:
    first, second = soup(reader, "/en/search?q=olive"), soup(reader, "/en/search?q=olive&page=2")

    assert [len(page.select(".hits article")) for page in (first, second)] == [10, 2]
    assert one(first, "[rel=next]")["href"] == "/en/search?q=olive&page=2"
    assert one(second, "[rel=prev]")["href"] == "/en/search?q=olive"


def test_no_result_offers_what_would_be_found_without_each_filter(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=bread+Homs+olive&from=1999&to=1999")
    offers = [(" ".join(a.get_text(" ").split()), a["href"]) for a in page.select(".tries a")]

    assert offers == [("any of the words, no filters at all 12", "/en/search?q=bread+OR+Homs+OR+olive")]
    dated = soup(reader, "/en/search?q=olive&from=1999&to=1999")
    assert [(" ".join(a.get_text(" ").split()), a["href"]) for a in dated.select(".tries a")] == [
        ("all years 12", "/en/search?q=olive")
    ]


def test_a_date_that_cannot_be_is_explained_and_the_rest_searched(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=olive&from=2021-13-45")

    assert "2021-13-45 is not a date" in text(page, ".note")
    assert text(page, "#count") == "12 stories"


def test_arabic_digits_make_dates(reader: FlaskClient) -> None:
    assert text(soup(reader, "/ar/search?q=olive&from=٢٠٢١&to=٢٠٢١"), "#count") == "مادتان"


@pytest.mark.parametrize("junk", ["page=-1", "page=²", "page=99999999999", "sort=up", "versions=xx", "no=1&no=2"])
def test_unknown_values_are_ignored(reader: FlaskClient, junk: str) -> None:
    assert soup(reader, f"/en/search?q=olive&{junk}")


def test_a_repaired_query_says_what_was_repaired(reader: FlaskClient) -> None:
    assert "An opening bracket has no closing one" in text(soup(reader, "/en/search?q=(olive"), ".note")


@pytest.mark.parametrize(
    ("typed", "lang"),
    [
        (LIBRARY_EN.url, "en"),
        (LIBRARY_EN.url.replace("https", "http") + "/?utm_source=x#top", "en"),
        (LIBRARY_AR.url, "ar"),
        ("sahl.example/651204/مكتبة", "ar"),
    ],
)
def test_a_pasted_address_finds_its_story(reader: FlaskClient, typed: str, lang: str) -> None:
    answer = reader.get(f"/{lang}/search", query_string={"q": typed})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{lang}/story/1")


def test_an_address_that_is_not_here_says_how_to_add_it_safely(reader: FlaskClient) -> None:
    page = soup(reader, "/en/search?q=https://sahl.example/9/x';rm", 404)

    assert "not in the archive" in text(page, "h1")
    assert text(page, "pre").startswith("warraq add 'https://sahl.example/9/x")


def test_a_story_stands_side_by_side_with_one_sided_rows(reader: FlaskClient) -> None:
    page = soup(reader, "/en/story/1")
    rows = page.select(".folio > .pair[id]")

    assert text(page, "h1") == LIBRARY_EN.title
    english = [b.get_text() for b in page.select("[id^=en-]")]
    assert english == [block.text for block in LIBRARY_EN.blocks]
    assert all(len(row.select(".side")) == 2 for row in rows)
    assert "Not in the Arabic version" in {text(row, ".empty") for row in rows if row.select(".empty")}


def test_the_interface_language_comes_first_in_the_source_and_texts_keep_theirs(reader: FlaskClient) -> None:
    page = soup(reader, "/ar/story/1")

    assert [s["lang"] for s in page.select("#r1 .side")] == ["ar", "en"]
    assert [s["dir"] for s in page.select("#r1 .side")] == ["rtl", "ltr"]


def test_query_words_are_marked_on_both_sides(reader: FlaskClient) -> None:
    page = soup(reader, "/ar/story/1?q=الرقه+Raqqa")

    assert {m.get_text() for m in page.select(".folio [lang=ar] mark.sp")} == {"الرقة"}
    assert {m.get_text() for m in page.select(".folio [lang=en] mark")} == {"Raqqa"}
    assert text(page, "[data-next=hit]").startswith("مطابقتان")


@pytest.mark.parametrize(("view", "sides"), [("en", 1), ("ar", 1), ("both", 2), ("xx", 2)])
def test_one_version_or_both(reader: FlaskClient, view: str, sides: int) -> None:
    assert len(soup(reader, f"/en/story/1?view={view}").select("#r1 .side")) == sides


def test_a_change_after_the_translation_is_told_with_its_time_in_damascus(reader: FlaskClient) -> None:
    note = one(soup(reader, "/en/story/1"), ".note")

    assert "The Arabic was changed on 9 Mar 2025, 19:05, after the English was published." in note.get_text()
    assert one(note, "a")["href"] == "/en/story/1/ar/revisions"


def test_times_are_given_in_damascus_and_utc(reader: FlaskClient) -> None:
    assert "7 Mar 2025, 14:05 Damascus 7 Mar 2025, 11:05 UTC" in text(soup(reader, "/en/story/1"), ".opening [lang=en]")


def test_revisions_show_whole_words_that_changed(reader: FlaskClient) -> None:
    page = soup(reader, "/en/story/1/ar/revisions")

    assert [d.get_text() for d in page.select("del")] == ["النازحين", "21"]
    assert [i.get_text() for i in page.select("ins")] == ["المهجّرين", "12"]
    backwards = soup(reader, "/en/story/1/ar/revisions?from=2&to=1")
    assert [d.get_text() for d in backwards.select("del")] == ["المهجّرين", "12"]


def test_an_imported_older_text_comes_before_the_current_one(room: Newsroom) -> None:
    """It has the higher number, which is its name for good; its place is that of its time."""
    older = replace(RENT_EN, title="Explainer: an earlier headline")
    room.put("rent", older, at(13, 10, 5, 2023))
    client, story = create_app(room.services()).test_client(), room.stories["rent"]
    for query in ("", "?from=2&to=1", "?from=7&to=x"):
        page = soup(client, f"/en/story/{story}/en/revisions{query}")
        assert "an earlier headline" in text(page, ".diff .a h2")
        assert RENT_EN.title in text(page, ".diff .b h2")
    assert "changed on" in text(soup(client, f"/en/story/{story}"), ".opening")


def test_the_proof_names_digest_file_and_state(reader: FlaskClient, shared_room: Newsroom) -> None:
    page = soup(reader, "/en/story/1")
    version = shared_room.store.story(shared_room.stories["library"]).versions[0]  # type: ignore[union-attr]

    digests = {code.get_text().replace(" ", "") for code in page.select("#proof code")}
    assert {capture.body_sha256 for capture in version.captures} <= digests
    assert "intact" in text(page, "#h-proof + span")
    assert "unchanged since this archive captured it" in text(page, "#proof > p")


def test_citations_stand_in_both_languages(reader: FlaskClient) -> None:
    english, arabic = soup(reader, "/en/story/1").select("#cite .quote")

    assert english.get_text().startswith(
        "\nLamar Sahloul." if english.get_text()[0] == "\n" else "Lamar Sahloul. “Mobile"
    )
    assert "Sahl Courier, 7 March 2025." in english.get_text()
    assert "بريد السهل، 6 آذار 2025، الإصدار 2 (9 آذار 2025)." in arabic.get_text()


def test_a_damaged_capture_is_told_and_not_handed_out(room: Newsroom) -> None:
    story = room.store.story(room.stories["rent"])
    assert story is not None
    capture = story.versions[0].captures[0]
    room.captures.close()
    file = room.folder / "captures" / capture.warc
    data = bytearray(file.read_bytes())
    data[capture.offset + capture.length // 2] ^= 0xFF
    file.write_bytes(data)
    client = create_app(room.services()).test_client()

    page = soup(client, f"/en/story/{story.id}")
    assert "The proof for this version is damaged." in text(page, "#proof .note")
    assert client.get(f"/capture/{capture.id}.warc").status_code == 500


def test_a_member_leads_to_its_story_for_good(reader: FlaskClient) -> None:
    answer = reader.get("/ar/story/2?q=x&view=ar")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/ar/story/1?q=x&view=ar")


def test_one_sided_and_proposed_stories_say_so(reader: FlaskClient, shared_room: Newsroom) -> None:
    alone = soup(reader, f"/en/story/{shared_room.stories['bread']}")
    proposed = soup(reader, f"/ar/story/{shared_room.stories['school']}")

    assert text(alone, ".note").startswith("Arabic only. No English version was found. Last looked for on 2 Mar 2025.")
    assert text(proposed, ".note").startswith("ربط مقترح، 0.91.")


def test_withheld_text_is_not_shown(room: Newsroom) -> None:
    number = room.articles["rent"]
    room.store.set_access(number, Access.WITHHELD, "court order", Actor("keeper", Role.KEEPER), room.clock.now())
    client = create_app(room.services()).test_client()

    page = client.get(f"/en/story/{room.stories['rent']}")
    assert page.status_code == 200
    assert "withheld" in page.text
    assert "housing office" not in page.text
    assert "housing office" not in client.get(f"/api/stories/{room.stories['rent']}").text


class Down:
    """An engine that is out of reach."""

    def search(self, request: Request) -> Results:
        raise EngineUnavailable("nobody answers at 127.0.0.1:9")


def test_reading_works_while_search_is_down(shared_room: Newsroom) -> None:
    client = create_app(shared_room.services(engine=Down(), behind=lambda: 0)).test_client()
    answer = client.get("/ar/search?q=خبز")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "البحث متوقف الآن" in answer.text
    assert 'value="خبز"' in answer.text
    assert client.get("/ar/story/1").status_code == 200
    assert "سبعة أفران" in client.get("/ar/").text


def test_an_index_that_is_behind_says_by_how_much(shared_room: Newsroom) -> None:
    client = create_app(shared_room.services(behind=lambda: 12)).test_client()

    assert "The index is 12 changes behind" in client.get("/en/search?q=olive").text
    assert "بـ12 تغييرًا" in client.get("/ar/search?q=olive").text


def test_a_partial_answer_is_not_shown_as_complete(shared_room: Newsroom) -> None:
    class Half:
        def search(self, request: Request) -> Results:
            found = shared_room.engine.search(request)
            return Results(found.total, found.hits, found.facets, found.years, complete=False)

    client = create_app(shared_room.services(engine=Half(), behind=lambda: 0)).test_client()
    assert "Partial results." in client.get("/en/search?q=olive").text


@pytest.mark.parametrize(("headers", "cookie", "lang"), [
    ({"Accept-Language": "ar-SY,ar;q=0.9,en;q=0.5"}, None, "ar"),
    ({"Accept-Language": "fr"}, None, "en"),
    ({"Accept-Language": "en"}, "ar", "ar"),
])  # fmt: skip
def test_bare_addresses_lead_to_the_readers_language(
    shared_room: Newsroom, headers: dict[str, str], cookie: str | None, lang: str
) -> None:
    client = create_app(shared_room.services()).test_client()
    if cookie:
        client.set_cookie("lang", cookie)

    assert client.get("/search?q=a+b&page=2", headers=headers).headers["Location"] == f"/{lang}/search?q=a+b&page=2"
    assert client.get("/", headers=headers).headers["Location"] == f"/{lang}/"


def test_display_preferences_change_digits_months_and_theme(shared_room: Newsroom) -> None:
    client = create_app(shared_room.services()).test_client()
    token = one(soup(client, "/ar/"), "[name=csrf_token]")["value"]
    form = {
        "csrf_token": token,
        "next": "/ar/?x=1",
        "theme": "dark",
        "digits": "arab",
        "months": "gregorian",
        "keys": "off",
    }
    answer = client.post("/ar/display", data=form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ar/?x=1")
    page = soup(client, "/ar/")
    assert (one(page, "html")["data-theme"], one(page, "html")["data-keys"]) == ("dark", "off")
    assert "١٧ مادة" in text(page, ".block .meta")
    assert text(page, ".hits time") == "٦ مارس ٢٠٢٥"
    assert "17 stories" in client.get("/en/").text


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 1000])
def test_arabic_counts_follow_the_six_forms(n: int) -> None:
    forms = {
        "zero": "لا مواد",
        "one": "مادة واحدة",
        "two": "مادتان",
        "few": "{} مواد",
        "many": "{} مادة",
        "other": "{} مادة",
    }
    expected = forms[Locale.parse("ar").plural_form(n)].format(f"{n:,}")
    assert Words("ar").count("%(num)s story", "%(num)s stories", n) == expected


def test_json_gives_the_same_stories_as_the_page(reader: FlaskClient) -> None:
    page, data = soup(reader, "/en/search?q=olive"), reader.get("/api/search?q=olive").json
    assert data is not None
    shown = [re.sub(r"\D", "", str(a["id"])) for a in page.select(".hits h2")]

    assert [str(story["story"]) for story in data["stories"]] == shown
    assert (data["total"], data["next"]) == (12, "2")
    more = reader.get(f"/api/search?q=olive&cursor={data['next']}").json
    assert more is not None
    assert (len(more["stories"]), more["next"]) == (2, None)
    assert reader.get("/search.json?q=olive").json == data


def test_json_of_a_story_has_blocks_alignment_links_and_captures(reader: FlaskClient) -> None:
    data = reader.get("/api/stories/1").json
    assert data is not None

    assert {version["lang"]: len(version["blocks"]) for version in data["versions"]} == {"ar": 7, "en": 7}
    assert sorted(i for row in data["alignment"] for i in row["ar"]) == list(range(7))
    assert data["links"][0]["evidence"] == "in-text link"
    assert data["versions"][0]["captures"]
    assert reader.get("/api/stories/2").headers["Location"] == "/api/stories/1"


def test_json_errors_have_one_shape(reader: FlaskClient) -> None:
    for address, status in (("/api/stories/999", 404), ("/api/nothing", 404), ("/api/search?q=a&from=x", 400)):
        answer = reader.get(address)
        assert answer.status_code == status
        assert answer.json is not None
        assert set(answer.json["error"]) == {"status", "code", "message"}
