"""Every page of the sample outlet's stories is read exactly, as article and as AMP page, with few or many selectors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from archive.extract import Page, extract
from archive.model import Article, BlockKind
from archive.publishers import builtin
from archive.publishers.declaration import Outlet
from tests.site.content import ENAB_BALADI, NARANJ, Addresses, Brand, Side, Story, Truth, load, truth
from tests.site.outlet import declare, loopback
from tests.site.pages import Theme

AT = datetime(2027, 1, 1, tzinfo=UTC)
SAMPLE = loopback(8001, 8002)
REAL = Addresses("https://www.enabbaladi.net", "https://english.enabbaladi.net", "https://enabbaladi.net")
STORIES = load()
READ = ("url", "lang", "title", "blocks", "published", "authors", "issue", "dateline")
HEAD = ("updated", "kicker", "section", "tags", "image", "links")


def outlets() -> list[tuple[Brand, Addresses, Outlet]]:
    """The declaration with all selectors, and the built-in one, which knows little more than the body."""
    return [(NARANJ, SAMPLE, declare(SAMPLE, NARANJ)), (ENAB_BALADI, REAL, builtin()["enabbaladi"])]


def story_side(wanted: Truth) -> tuple[Story, Side]:
    story = next(story for story in STORIES if story.key == wanted.story)
    side = story.side(wanted.lang)
    assert side is not None
    return story, side


def values(of: Article | Truth, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(of, name) for name in names}
    return found | {name: frozenset(found[name]) for name in ("tags", "links") if name in found}


@pytest.mark.parametrize(("brand", "at", "outlet"), outlets(), ids=["selectors", "enabbaladi"])
def test_every_article_is_read_exactly(brand: Brand, at: Addresses, outlet: Outlet) -> None:
    """Blocks, authors, times, links and all the rest, in the page's own encoding; no tail line is left."""
    theme = Theme(at, brand)
    for wanted in truth(STORIES, at, brand):
        story, side = story_side(wanted)
        neighbours = [(other, twin) for other in STORIES[:4] for twin in other.sides if twin.host == side.host]
        html = theme.article(story, side, side.charset, neighbours, 2)
        body = html.encode(side.charset, "xmlcharrefreplace")
        read = extract(Page(wanted.url, wanted.url, body, "text/html", AT), outlet)
        assert values(read, READ + HEAD) == values(wanted, READ + HEAD), wanted.url


def test_every_amp_page_is_read_exactly() -> None:
    """With and without the header; without it, the time and the lead caption are not there to be read."""
    brand, at, outlet = outlets()[1]
    theme = Theme(at, brand)
    for wanted in truth(STORIES, at, brand):
        story, side = story_side(wanted)
        url = f"{wanted.url}amp/"
        read = extract(Page(url, url, theme.amp(story, side).encode(), "text/html; charset=utf-8", AT), outlet)
        got, expected = values(read, READ), values(wanted, READ)
        if "amp-headless" in side.features:
            expected["published"] = None
            if expected["blocks"][0].kind is BlockKind.CAPTION:
                expected["blocks"] = expected["blocks"][1:]
        assert got == expected, url
        assert url in read.aliases
