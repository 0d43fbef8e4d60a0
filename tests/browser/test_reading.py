"""The pages in a real Chromium: narrow, wide, light, dark, without JavaScript, by keyboard, against hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from newsroom import HOSTILE, Newsroom
from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.browser

PATHS = {
    "home": "/{lang}/",
    "results": "/{lang}/search?q=" + quote("displaced OR الرقه"),
    "story": "/{lang}/story/1?q=" + quote("Raqqa الرقه"),
    "revisions": "/{lang}/story/1/ar/revisions",
    "none": "/{lang}/search?q=zzzq&from=2001",
    "help": "/{lang}/help",
    "lost": "/{lang}/nowhere",
}

# Contrast by WCAG 2: each text against the nearest opaque ground behind it. Returns what falls short.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3] === 255) return c; } return rgba(getComputedStyle(document.documentElement).backgroundColor); };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest('svg, .vh, script, option')) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const words = walker.currentNode.data.trim().slice(0, 30);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${e.tagName}.${e.className} ${words}`);
  }
  return poor;
}"""

OVERFLOW = """() => ({
  page: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  cut: [...document.querySelectorAll('main *, header *, footer *')].filter((e) => {
    if (!e.checkVisibility() || e.closest('.scroll, .vh, pre')) return false;
    const box = e.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  }).map((e) => `${e.tagName}.${e.className}`).slice(0, 5),
})"""


def noted(complaints: list[str], request: Request) -> None:
    if not left_behind(request):
        complaints.append(f"failed: {request.url}")


def left_behind(request: Request) -> bool:
    """The icon of a page that the test has left: the browser gives up loading it, which is no fault of the page."""
    return "/static/icon.svg" in request.url and request.failure == "net::ERR_ABORTED"


@contextmanager
def opened(browser: Browser, **settings: object) -> Iterator[tuple[Page, list[str]]]:
    """A page, and all that it complains of: console errors, CSP reports, script errors, failed requests."""
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "requestfailed", lambda request: None if left_behind(request) else complaints.append(f"failed: {request.url}")
    )
    yield page, complaints
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_at_320_pixels_nothing_overflows_and_all_text_can_be_read(
    browser: Browser, site: str, lang: str, theme: str
) -> None:
    with opened(browser, viewport={"width": 320, "height": 640}, color_scheme=theme) as (page, complaints):
        for name, path in PATHS.items():
            page.goto(site + path.format(lang=lang))
            assert page.evaluate(OVERFLOW) == {"page": 0, "cut": []}, name
            assert page.evaluate(CONTRAST) == [], name
        assert [c for c in complaints if "404" not in c] == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_narrow_screen_the_newest_year_and_all_of_help_are_in_sight(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport={"width": 320, "height": 640}) as (page, _):
        page.goto(site + PATHS["home"].format(lang=lang))
        years = page.locator(".chart a text:first-of-type")
        box, around = years.last.bounding_box(), page.locator(".plot").bounding_box()
        assert box is not None
        assert around is not None
        assert around["x"] <= box["x"]
        assert box["x"] + box["width"] <= around["x"] + around["width"]
        page.goto(site + PATHS["help"].format(lang=lang))
        cut = "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth).length"
        assert page.evaluate(cut) == 0


def test_the_search_field_has_borders_whatever_is_typed(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{site}/en/search?q=" + quote("نازحين"))
        sides = "(() => { const s = getComputedStyle(document.querySelector('.find'));"
        sides += " return ['Top', 'Right', 'Bottom', 'Left'].map((side) => s[`border${side}Width`]); })()"
        assert page.evaluate(sides) == ["1px"] * 4


def test_one_version_stands_under_its_headline(browser: Browser, site: str, room: Newsroom) -> None:
    with opened(browser, viewport={"width": 1360, "height": 900}) as (page, _):
        for lang, name in (("en", "rent"), ("ar", "rent"), ("en", "bread"), ("ar", "bread")):
            page.goto(f"{site}/{lang}/story/{room.stories[name]}")
            head, body = page.locator("h1").bounding_box(), page.locator("#r1 .side").bounding_box()
            assert head is not None
            assert body is not None
            middles = [box["x"] + box["width"] / 2 for box in (head, body)]
            assert all((middle < 680) == (name == "rent") for middle in middles), (lang, name)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_wide_pages_have_both_columns_and_no_complaints(browser: Browser, site: str, lang: str) -> None:
    with opened(browser, viewport={"width": 1360, "height": 900}) as (page, complaints):
        for name, path in PATHS.items():
            page.goto(site + path.format(lang=lang))
            assert page.evaluate(OVERFLOW) == {"page": 0, "cut": []}, name
        page.goto(site + PATHS["story"].format(lang=lang))
        english = page.locator("#r1 [lang=en]").bounding_box()
        arabic = page.locator("#r1 [lang=ar]").bounding_box()
        assert english is not None
        assert arabic is not None
        assert english["x"] + english["width"] <= arabic["x"]  # the open book: English on the left in both interfaces
        assert [c for c in complaints if "404" not in c] == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_fonts_come_from_here(browser: Browser, site: str, lang: str) -> None:
    with opened(browser) as (page, _):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site + PATHS["story"].format(lang=lang))
        page.evaluate("document.fonts.ready.then(() => true)")

        assert all(address.startswith(site) for address in asked)
        assert any("noto-naskh-arabic" in address for address in asked)


def test_everything_works_without_javascript(browser: Browser, site: str) -> None:
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(f"{site}/en/")
        page.fill("#q", "displaced Raqqa")
        page.click("form.find button")
        assert page.locator("#count").inner_text() == "2 stories"
        page.click(".hits h2 a >> nth=0")
        assert page.locator("h1").inner_text().startswith(("Mobile", "Explainer"))
        page.click(".switch")
        assert page.locator("html").get_attribute("dir") == "rtl"
        page.click(".prefs summary")
        page.select_option("#theme", "dark")
        page.click(".prefs button")
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_keys_lead_to_search_and_through_results(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{site}/en/search?q=olive")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        page.keyboard.press("j")
        second = page.locator(".hits article >> nth=1")
        assert second.evaluate("e => e === document.activeElement")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/story/**")


def test_keys_can_be_switched_off(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{site}/en/help")
        page.click(".prefs summary")
        page.uncheck(".prefs [name=keys][type=checkbox]")
        page.click(".prefs button")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") != "q"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_focus_is_always_seen(browser: Browser, site: str, lang: str) -> None:
    with opened(browser) as (page, _):
        page.goto(site + PATHS["results"].format(lang=lang))
        seen = set()
        for _step in range(40):
            page.keyboard.press("Tab")
            style = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e), z = e.querySelector('.zone');"
                " return [e.tagName + e.className, s.outlineStyle, parseFloat(s.outlineWidth),"
                " z ? getComputedStyle(z).stroke : 'none']; })()"
            )
            seen.add(style[0])
            assert (style[1] != "none" and style[2] >= 2) or style[3] != "none" or style[0].startswith("BODY"), style
        assert len(seen) > 3


def test_hostile_text_runs_nothing(browser: Browser, site: str, room: Newsroom) -> None:
    payload = quote(HOSTILE)
    with opened(browser) as (page, complaints):
        for path in (
            f"/en/story/{room.stories['hostile']}?q={payload}",
            f"/ar/search?q=hostile&section={payload}&from={payload}",
            f"/en/search?q={payload}",
            f"/en/{payload}",
        ):
            page.goto(site + path)
            assert page.title() != "owned"
        assert [c for c in complaints if "404" not in c] == []


def test_printing_keeps_both_columns_and_the_proof(browser: Browser, site: str) -> None:
    with opened(browser, viewport={"width": 1000, "height": 900}) as (page, _):
        page.goto(f"{site}/en/story/1")
        page.emulate_media(media="print")

        assert page.locator("#r1 .side").count() == 2
        assert page.locator("#proof code").first.is_visible()
        assert not page.locator(".tools").is_visible()
