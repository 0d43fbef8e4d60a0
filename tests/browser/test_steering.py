"""What a query is expanded by, in a real Chromium: off, shared, on again, by keyboard, narrow, without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from known import known
from newsroom import Newsroom
from playwright.sync_api import Browser, expect
from test_reading import CONTRAST, OVERFLOW, opened
from waitress.server import create_server

from web import create_app

pytestmark = pytest.mark.browser

QUERY = "/{lang}/search?q=" + quote("displaced OR الرقه OR خبز")
OFF = "&x=" + quote("learned:نازحون")


@pytest.fixture(scope="module")
def knowing(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Pages of an archive that knows names and words of the other language."""
    knowledge = known(tmp_path_factory.mktemp("names"))
    server = create_server(create_app(room.services(knowledge=lambda: knowledge)), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.mark.parametrize("script", [True, False])
def test_a_chip_goes_off_the_address_is_shared_and_back_brings_it_on(
    browser: Browser, knowing: str, script: bool
) -> None:
    with opened(browser, java_script_enabled=script) as (page, complaints):
        page.goto(knowing + "/en/search?q=displaced")
        expect(page.locator("#count")).to_have_text("3 stories")
        page.get_by_role("link", name="Search without نازحون").click()
        expect(page.locator("#count")).to_have_text("2 stories")
        shared = page.url
        page.go_back()
        expect(page.locator("#count")).to_have_text("3 stories")
        page.goto(shared)
        expect(page.locator("#count")).to_have_text("2 stories")
        page.get_by_role("link", name="Search again with نازحون").click()
        expect(page.locator("#count")).to_have_text("3 stories")
        assert complaints == []


def test_chips_and_switch_are_reached_and_pressed_by_keyboard(browser: Browser, knowing: str) -> None:
    with opened(browser) as (page, _):
        page.goto(knowing + "/en/search?q=displaced")
        for _step in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.chip[href*=learned]')"):
                break
        page.keyboard.press("Enter")
        expect(page.locator("#count")).to_have_text("2 stories")
        for _step in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "As typed":
                break
        page.keyboard.press("Enter")
        expect(page.locator(".seg [aria-current]")).to_have_text("As typed")
        assert "x=learned" in page.url


def test_what_is_more_opens_the_table(browser: Browser, knowing: str) -> None:
    with opened(browser) as (page, _):
        page.goto(knowing + "/en/search?q=displaced")
        expect(page.locator("#widened")).to_be_hidden()
        page.get_by_role("link", name="More: +4").click()
        expect(page.locator("#widened")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_at_320_pixels_expansions_fit_and_can_be_read(browser: Browser, knowing: str, lang: str, theme: str) -> None:
    long = quote("وبالمستشفياتهم" * 4 + " displacedpersonsandfamilies" * 3)
    paths = [QUERY + OFF, "/{lang}/search?q=" + long, "/{lang}/search?q=mobyle+libary&from=2001", "/{lang}/help"]
    with opened(browser, viewport={"width": 320, "height": 640}, color_scheme=theme) as (page, complaints):
        for path in paths:
            page.goto(knowing + path.format(lang=lang))
            if page.locator(".widened").count():
                page.locator(".widened summary").click()
            assert page.evaluate(OVERFLOW) == {"page": 0, "cut": []}, path
            assert page.evaluate(CONTRAST) == [], path
        assert complaints == []


def test_kinds_of_match_differ_without_colour(browser: Browser, knowing: str) -> None:
    """Each has a line of its own under the word, in headings too."""
    with opened(browser) as (page, _):
        page.goto(knowing + "/en/help#marks")
        lines = page.eval_on_selector_all("#marks mark", "all => all.map((e) => getComputedStyle(e).textDecoration)")
        assert len(lines) == 5
        assert len({line.split(" rgb")[0] for line in lines}) == 5
