"""The sample outlet is what the archive is tried on, so it is held to what its README promises."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from archive.model import AR, EN, BlockKind
from archive.publishers.declaration import Outlet
from tests.site.content import Truth, load
from tests.site.editions import PAGE_SIZE
from tests.site.extra import page_from_seed, story_from_segments
from tests.site.outlet import toml
from tests.site.pages import ANCHOR
from tests.site.server import Site
from tests.site.switches import challenge

README = Path(__file__).parent / "README.md"
INVENTED = ("مخترع", "invented")


@pytest.fixture(scope="module")
def shared() -> Iterator[Site]:
    """One site for the tests that change nothing."""
    with Site() as site:
        yield site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def pages(shared: Site, web: httpx.Client) -> dict[str, BeautifulSoup]:
    """Every article's page, by address."""
    return {truth.url: soup(web.get(truth.url)) for truth in shared.truth()}


def of(site: Site, key: str, lang: str) -> Truth:
    return next(t for t in site.truth() if t.story.startswith(key) and t.lang == lang)


def soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def body(page: BeautifulSoup) -> str:
    """The text of the article's body, blanks as one."""
    return " ".join(page.select_one("div.content-article").get_text(" ").split())  # type: ignore[union-attr]


def canonical(response: httpx.Response) -> str | None:
    found = re.search(r'<link rel="canonical" href="([^"]+)">', response.text)
    return found[1] if found else None


class TestStories:
    def test_there_are_enough_in_both_and_in_one_language(self) -> None:
        kinds = [tuple(side.lang for side in story.sides) for story in load()]
        assert kinds.count((AR, EN)) >= 36
        assert kinds.count((AR,)) >= 5
        assert kinds.count((EN,)) >= 3

    def test_no_two_share_an_id_an_address_or_a_title(self) -> None:
        sides = [side for story in load() for side in story.sides]
        for values in ([(s.host, s.id) for s in sides], [(s.host, s.slug) for s in sides], [s.title for s in sides]):
            assert len(values) == len(set(values))

    def test_ids_grow_with_time_in_each_edition(self) -> None:
        for host in ("ar", "en"):
            sides = [s for story in load() for s in story.sides if s.host == host]
            assert [s.id for s in sorted(sides, key=lambda s: s.published)] == sorted(s.id for s in sides)

    def test_they_spread_over_the_years_and_the_english_comes_later(self) -> None:
        stories = load()
        years = {side.published.year for story in stories for side in story.sides}
        assert {2012, 2026} <= years
        assert len(years) >= 12
        for story in stories:
            if len(story.sides) == 2:
                assert 0 < (story.sides[1].published - story.sides[0].published).total_seconds() / 3600 <= 72, story.key

    def test_each_is_written_in_its_language_and_has_a_body(self) -> None:
        for truth in _truths():
            text = "".join(block.text for block in truth.blocks) + truth.title
            arabic, latin = len(re.findall(r"[\u0621-\u064a]", text)), len(re.findall(r"[A-Za-z]", text))
            assert (arabic > 20 * latin) if truth.lang == AR else (latin > 20 * arabic), truth.url
            assert sum(block.kind is BlockKind.PARAGRAPH for block in truth.blocks) >= 3, truth.url

    def test_the_arabic_has_what_makes_it_hard(self) -> None:
        text = " ".join(b.text for t in _truths() if t.lang == AR for b in t.blocks)
        for need in ("ـ", "َ", "٤", "كانون", "آذار/مارس", "2024", "2023"):
            assert need in text, need

    def test_every_block_is_one_clean_line(self) -> None:
        for truth in _truths():
            for block in truth.blocks:
                assert block.text == " ".join(block.text.split())
                assert "{outlet}" not in block.text

    def test_truth_is_complete(self) -> None:
        for truth in _truths():
            missing = {f.name for f in fields(truth) if not getattr(truth, f.name)}
            optional = {"updated", "kicker", "authors", "issue", "dateline", "image", "links", "counterpart"}
            assert missing <= optional, (truth.url, missing)
            assert truth.published.tzinfo is not None
            assert truth.published.utcoffset() == datetime.now(UTC).utcoffset()

    def test_readme_names_a_story_for_every_variant(self) -> None:
        table = dict(re.findall(r"^\| (\d+) \| [^|]* \| ([^|]+) \|", README.read_text("utf-8"), re.MULTILINE))
        stories = load()
        for number in range(1, 28):
            keys = [story.key for story in stories if number in story.shows]
            served_by_listings = number in (17, 18)
            assert served_by_listings or any(key in table[str(number)] for key in keys), number


def _truths() -> tuple[Truth, ...]:
    from tests.site.content import NARANJ, truth
    from tests.site.outlet import loopback

    return truth(load(), loopback(1, 2), NARANJ)


class TestArticles:
    def test_every_article_page_shows_exactly_what_truth_says(
        self, shared: Site, pages: dict[str, BeautifulSoup]
    ) -> None:
        for truth in shared.truth():
            page = pages[truth.url]
            head = {str(m.get("property") or m.get("name")): str(m["content"]) for m in page.select("meta[content]")}
            assert head["og:title"] == truth.title
            assert head["og:url"] == truth.url
            assert datetime.fromisoformat(head["article:published_time"]) == truth.published
            assert head.get("og:image") == truth.image
            seen = " ".join(page.get_text(" ").split())
            for block in truth.blocks:
                start = block.text[:30].rsplit(" ", 1)[0]
                assert start in seen, (truth.url, start)

    def test_every_page_says_in_both_languages_that_it_is_invented(self, shared: Site, web: httpx.Client) -> None:
        paths = ["/", "/page/2/", "/about/", "/archives/category/news/society/", "/nothing-here/"]
        addresses = [base + path for base in (shared.ar_base, shared.en_base) for path in paths]
        addresses += [truth.url + amp for truth in shared.truth()[::6] for amp in ("", "amp/")]
        addresses += [f"{shared.en_base}/embed/video/"]
        for address in addresses:
            page = soup(web.get(address))
            for article in page.select(".content-article"):
                article.extract()
            assert all(word in page.get_text() for word in INVENTED), address

    def test_no_page_loads_anything_from_elsewhere(self, shared: Site, pages: dict[str, BeautifulSoup]) -> None:
        for page in pages.values():
            sources = [str(e.get("src") or e.get("data-src")) for e in page.select("img, script[src], iframe")]
            sources += [str(e["href"]) for e in page.select("link[rel=stylesheet]")]
            own = (shared.ar_base, shared.en_base, "data:")
            assert all(source.startswith(own) for source in sources), sources

    def test_all_aliases_lead_to_the_article(self, shared: Site, web: httpx.Client) -> None:
        for truth in shared.truth()[::7]:
            for alias in truth.aliases:
                response = web.get(alias, follow_redirects=True)
                assert response.status_code == 200
                assert canonical(response) == truth.url, alias

    def test_link_lines_lead_to_the_arabic_version_in_every_form(
        self, shared: Site, web: httpx.Client, pages: dict[str, BeautifulSoup]
    ) -> None:
        forms = {}
        truths = {(truth.story, truth.lang): truth for truth in shared.truth()}
        for story in load():
            for side in story.sides:
                truth = truths[story.key, side.lang]
                anchors = [a for a in pages[truth.url].select(".content-article a") if a.get_text() == ANCHOR]
                targets = [link.target for link in truth.links if link.evidence == "in-text link"]
                assert [str(a["href"]) for a in anchors] == targets
                if targets and side.link != "broken":
                    final = web.get(targets[0], follow_redirects=True)
                    assert canonical(final) == truth.counterpart
                forms[side.link] = targets[:1]
        assert set(forms) == {"new", "upper", "id", "old", "encoded", "bare", "broken", None}
        assert web.get(forms["broken"][0], follow_redirects=True).status_code == 404

    def test_tails_drift_but_are_there(self, shared: Site, pages: dict[str, BeautifulSoup]) -> None:
        tails = {AR: set(), EN: set()}  # type: ignore[var-annotated]
        for truth in shared.truth():
            text = body(pages[truth.url])
            begin = re.search(r"Propaganda +distorts" if truth.lang == EN else r"الإ?ا?علام الموج", text)
            assert begin, truth.url
            tails[truth.lang].add(re.sub(r"\s+", " ", text[begin.start() :][:40]))
        assert all(len(drifts) >= 3 for drifts in tails.values())

    def test_related_items_and_comments_change_on_every_request(self, shared: Site, web: httpx.Client) -> None:
        truth = of(shared, "10-", EN)
        pages = [web.get(truth.url) for _ in range(3)]
        assert len({page.text for page in pages}) == 3
        assert len({body(soup(page)) for page in pages}) == 1
        assert len({page.headers["ETag"] for page in pages}) == 1


class TestVariants:
    def test_feature_header_comes_twice(self, shared: Site, web: httpx.Client) -> None:
        page = soup(web.get(of(shared, "02-", EN).url))
        assert [len(page.select(f".article-{part}")) for part in ("title", "kicker")] == [2, 2]
        assert len(page.select(".article-caption")) == 3

    def test_arabic_without_image_says_so(self, shared: Site, web: httpx.Client) -> None:
        page = soup(web.get(of(shared, "03-", AR).url))
        assert "no image" in page.get_text()
        assert not page.select(".article-image")

    def test_issue_line_and_place_stand_in_the_body(self, shared: Site, web: httpx.Client) -> None:
        text = body(soup(web.get(of(shared, "03-", AR).url)))
        assert text.startswith("جريدة نارنج – العدد 19 – الأحد – 10-6-2012 نارنج – داريا")

    def test_amp_pages_with_and_without_header(self, shared: Site, web: httpx.Client) -> None:
        new, old = of(shared, "07-", EN), of(shared, "03-", EN)
        text = soup(web.get(new.url + "amp")).get_text(" ")
        assert "2024/02/14" in text
        assert "7:41 pm" in text  # Damascus
        assert text.count(new.blocks[0].text) == 2
        bare = soup(web.get(old.url + "amp/"))
        assert not bare.select("h1, .amp-wp-meta, meta[property]")
        assert body(soup(web.get(old.url + "?amp=1"))).startswith("Naranj – Darayya")

    def test_old_arabic_addresses_redirect_and_some_still_answer(self, shared: Site, web: httpx.Client) -> None:
        new, old = of(shared, "31-", AR), of(shared, "03-", AR)
        identifier = urlsplit(new.url).path.split("/")[1]
        moved = web.get(f"{shared.ar_base}/archives/{identifier}")
        assert (moved.status_code, moved.headers["Location"]) == (301, new.url)
        assert web.get(f"{shared.ar_base}/archives/2119").status_code == 200
        assert web.get(f"{shared.ar_base}/2119/").status_code == 200
        assert "%25" in old.aliases[-1]

    def test_english_post_on_the_arabic_host(self, shared: Site) -> None:
        truth = of(shared, "28-", EN)
        assert truth.url.startswith(shared.ar_base)

    def test_nested_paragraphs_and_spans(self, shared: Site, web: httpx.Client) -> None:
        nested, spans = of(shared, "04-", EN), of(shared, "05-", AR)
        page = soup(web.get(nested.url))
        assert page.select(".content-article blockquote div p")
        assert page.select(".content-article li p")
        assert soup(web.get(spans.url)).select(".content-article > p > span + span")

    def test_embeds_and_lazy_images(self, shared: Site, web: httpx.Client) -> None:
        page = soup(web.get(of(shared, "01-", AR).url))
        assert page.select(".content-article blockquote.twitter-tweet")
        assert soup(web.get(of(shared, "01-", EN).url)).select(".content-article iframe")
        assert soup(web.get(of(shared, "02-", EN).url)).select("img.lazy[data-src] + noscript img")

    def test_a_page_in_windows_1256(self, shared: Site, web: httpx.Client) -> None:
        truth = of(shared, "18-", AR)
        response = web.get(truth.url)
        assert response.headers["Content-Type"] == "text/html; charset=windows-1256"
        assert truth.title in response.content.decode("windows-1256")

    def test_a_story_edited_in_one_language(self, site: Site, web: httpx.Client) -> None:
        before, arabic = of(site, "08-", EN), of(site, "08-", AR)
        first = web.get(before.url)
        after = site.edit("08-idlib-bakery")
        again = web.get(before.url, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert "$465" in again.text
        assert after.blocks != before.blocks
        assert after.updated == datetime(2024, 7, 11, 9, tzinfo=UTC)
        assert of(site, "08-", AR) == arabic
        assert "أضيفت" in site.edit("16-tartus-greenhouse", AR).blocks[-1].text


class TestListings:
    def test_featured_posts_carry_no_date(self, shared: Site, web: httpx.Client) -> None:
        for base in (shared.ar_base, shared.en_base):
            posts = soup(web.get(base + "/")).select("div.one-post")
            assert [bool(p.select("div.item-content > samp")) for p in posts] == [False] * 5 + [True] * 6
            assert all(p.select("div.item-content > a > h3") for p in posts)
            assert all(p.select("samp") for p in soup(web.get(base + "/page/2/")).select("div.one-post"))

    def test_arabic_dates_are_gregorian_months(self, shared: Site, web: httpx.Client) -> None:
        dates = [s.get_text() for s in soup(web.get(shared.ar_base + "/page/2/")).select("samp")]
        assert all(re.fullmatch(r"\d{1,2} [ء-ي]+ \d{4}", date) for date in dates)

    def test_paging_reaches_every_article_and_ends(self, shared: Site, web: httpx.Client) -> None:
        found, urls = set(), {truth.url for truth in shared.truth()}
        for base in (shared.ar_base, shared.en_base):
            for page in range(1, 20):
                response = web.get(f"{base}/page/{page}/")
                if response.status_code == 404:
                    break
                found |= {str(a["href"]) for a in soup(response).select(".item-content > a")}
        assert found == urls

    def test_english_listing_has_one_empty_page_at_the_end(self, shared: Site, web: httpx.Client) -> None:
        count = sum(truth.url.startswith(shared.en_base) for truth in shared.truth())
        last = -(-count // PAGE_SIZE)
        empty = web.get(f"{shared.en_base}/page/{last + 1}/")
        assert (empty.status_code, len(soup(empty).select(".one-post"))) == (200, 0)
        assert web.get(f"{shared.en_base}/page/{last + 2}/").status_code == 404

    def test_categories_and_tags(self, shared: Site, web: httpx.Client) -> None:
        economy = [t.url for t in shared.truth() if t.section == "economy" and t.url.startswith(shared.ar_base)]
        links = []
        for page in (1, 2):
            response = web.get(f"{shared.ar_base}/archives/category/economy/page/{page}/")
            links += [str(a["href"]) for a in soup(response).select(".item-content > a")]
        assert sorted(links) == sorted(economy)
        tag = web.get(f"{shared.ar_base}/archives/tag/{quote('نازحون')}/")
        assert len(soup(tag).select(".one-post")) == 2


class TestWordPress:
    def test_unknown_slugs_are_guessed_and_removed_posts_may_lead_astray(self, site: Site, web: httpx.Client) -> None:
        truth = of(site, "10-", EN)
        guess = web.get(f"{site.en_base}/archives/2001/01/damascus-exhibition")
        assert (guess.status_code, guess.headers["Location"]) == (301, truth.url)
        wrong = web.get(f"{site.ar_base}/1/{unquote(of(site, '31-', AR).url.rsplit('/', 2)[1])}/")
        assert (wrong.status_code, wrong.headers["Location"]) == (301, of(site, "31-", AR).url)

    @pytest.mark.parametrize("status", [404, 410])
    def test_removed_articles(self, site: Site, web: httpx.Client, status: int) -> None:
        site.switches.removed = {41055: status, 2119: status}
        assert web.get(of(site, "10-", EN).url).status_code == status
        assert web.get(of(site, "03-", AR).url).status_code == status
        assert of(site, "10-", EN).url not in web.get(site.en_base + "/").text

    def test_rest_pages_hold_all_posts_with_local_and_utc_dates(self, shared: Site, web: httpx.Client) -> None:
        address = f"{shared.ar_base}/wp-json/wp/v2/posts"
        first = web.get(address, params={"per_page": 30})
        rows = first.json() + web.get(address, params={"per_page": 30, "page": 2}).json()
        assert first.headers["X-WP-TotalPages"] == "2"
        assert len(rows) == int(first.headers["X-WP-Total"])
        row = next(row for row in rows if row["id"] == 699004)
        assert (row["date_gmt"], row["date"]) == ("2024-04-17T10:20:00", "2024-04-17T13:20:00")
        assert row["link"] == of(shared, "31-", AR).url
        assert "الموج" not in row["content"]["rendered"]  # no tail
        past = web.get(address, params={"page": 99})
        assert (past.status_code, past.json()["code"]) == (400, "rest_post_invalid_page_number")

    def test_rest_titles_hold_entities_and_bodies_the_link_line(self, shared: Site, web: httpx.Client) -> None:
        rows = web.get(f"{shared.en_base}/wp-json/wp/v2/posts", params={"include": "20410"}).json()
        assert rows[0]["title"]["rendered"].startswith("Aleppo&#8217;s laurel")
        assert ANCHOR in rows[0]["content"]["rendered"]

    def test_rest_finds_edits(self, site: Site, web: httpx.Client) -> None:
        address = f"{site.en_base}/wp-json/wp/v2/posts?modified_after=2026-06-01T00:00:00Z"
        assert web.get(address).json() == []
        site.edit("16-tartus-greenhouse", at=datetime(2026, 7, 1, tzinfo=UTC))
        assert [row["id"] for row in web.get(address).json()] == [20007]

    def test_rest_off_and_translations(self, site: Site, web: httpx.Client) -> None:
        site.switches.translations = True
        row = web.get(f"{site.en_base}/wp-json/wp/v2/posts", params={"include": "31204"}).json()[0]
        assert (row["lang"], row["translations"]) == ("en", {"ar": 651728, "en": 31204})
        site.switches.rest = False
        assert web.get(f"{site.en_base}/wp-json/wp/v2/posts").status_code == 401

    def test_feed_has_ten_excerpts(self, shared: Site, web: httpx.Client) -> None:
        assert web.get(shared.en_base + "/feed").status_code == 301
        items = BeautifulSoup(web.get(shared.en_base + "/feed/").content, "xml").find_all("item")
        assert len(items) == 10
        assert all("[…]" in item.description.get_text() for item in items)

    def test_sitemaps_list_every_post_and_other_things(self, site: Site, web: httpx.Client) -> None:
        index = BeautifulSoup(web.get(site.ar_base + "/wp-sitemap.xml").content, "xml")
        parts = [loc.get_text() for loc in index.find_all("loc")]
        assert [urlsplit(p).path for p in parts[-3:]] == [
            "/wp-sitemap-posts-page-1.xml",
            "/wp-sitemap-taxonomies-category-1.xml",
            "/wp-sitemap-users-1.xml",
        ]
        xml = [BeautifulSoup(web.get(part).content, "xml") for part in parts]
        urls = {loc.get_text() for part in xml for loc in part.find_all("loc")}
        assert {t.url for t in site.truth() if t.url.startswith(site.ar_base)} < urls
        assert any("/private/" in url for url in urls)
        assert xml[0].find("lastmod")
        site.switches.lastmod = False
        assert "lastmod" not in web.get(parts[0]).text

    def test_robots_allows_after_disallow_and_has_variants(self, site: Site, web: httpx.Client) -> None:
        text = web.get(site.ar_base + "/robots.txt").text
        assert text.index("Disallow: /wp-admin/") < text.index("Allow: /wp-admin/admin-ajax.php")
        seen = {}
        for variant in ("missing", "error", "deny", "delay", "bom", "html"):
            site.switches.robots = variant
            response = web.get(site.ar_base + "/robots.txt")
            seen[variant] = (
                response.status_code,
                response.content[:3] == b"\xef\xbb\xbf",
                "Crawl-delay" in response.text,
            )
        assert seen["missing"][0] == 404
        assert seen["error"][0] == 500
        assert seen["bom"][1]
        assert seen["delay"][2]


class TestHttp:
    def test_conditional_requests(self, site: Site, web: httpx.Client) -> None:
        truth = of(site, "01-", EN)
        first = web.get(truth.url).headers
        for name, value in (("If-None-Match", first["ETag"]), ("If-Modified-Since", first["Last-Modified"])):
            again = web.get(truth.url, headers={name: value})
            assert (again.status_code, again.content) == (304, b"")
        assert [entry.conditional for entry in site.log] == [False, True, True]
        assert len(site.bodies()) == 1

    def test_behind_gzip_only_the_date_helps(self, site: Site, web: httpx.Client) -> None:
        site.switches.gzip = True
        truth = of(site, "01-", EN)
        first = web.get(truth.url)
        assert first.headers["Content-Encoding"] == "gzip"
        assert first.headers["ETag"].startswith("W/")
        assert truth.title in first.text
        tag, since = first.headers["ETag"], first.headers["Last-Modified"]
        assert web.get(truth.url, headers={"If-None-Match": tag}).status_code == 200
        assert web.get(truth.url, headers={"If-Modified-Since": since}).status_code == 304

    def test_failures_by_switch(self, site: Site, web: httpx.Client) -> None:
        trouble = site.switches.fail(429, every=2, paths="/archives/", retry_after="3")
        url = of(site, "01-", EN).url
        assert [web.get(url).status_code for _ in range(4)] == [200, 429, 200, 429]
        assert web.get(url).status_code == 200
        assert web.get(url).headers["Retry-After"] == "3"
        site.switches.troubles.remove(trouble)
        site.switches.troubles.append(challenge(edition="en"))
        assert web.get(url).status_code == 403
        assert web.get(of(site, "01-", AR).url).status_code == 200

    def test_slow_answers_and_an_early_end(self, site: Site, web: httpx.Client) -> None:
        site.switches.slow = 0.2
        began = time.monotonic()
        web.get(site.en_base + "/about/")
        assert time.monotonic() - began >= 0.2
        site.switches.slow, site.switches.stop_after = 0, 2
        web.get(site.en_base + "/about/")
        with pytest.raises(httpx.TransportError):
            web.get(site.en_base + "/about/")

    def test_stopping_cuts_open_connections_and_it_starts_again(self, web: httpx.Client) -> None:
        site = Site().start()
        address = site.en_base + "/about/"
        web.get(address)
        site.stop()
        with pytest.raises(httpx.TransportError):
            web.get(address)
        with site:
            assert web.get(site.en_base + "/about/").status_code == 200

    def test_wrong_charsets_by_switch(self, site: Site, web: httpx.Client) -> None:
        site.switches.charsets = {651728: ("windows-1256", "utf-8"), 699004: ("utf-8", None)}
        wrong, silent = web.get(of(site, "01-", AR).url), web.get(of(site, "31-", AR).url)
        assert wrong.headers["Content-Type"].endswith("utf-8")
        with pytest.raises(UnicodeDecodeError):
            wrong.content.decode("utf-8")
        assert silent.headers["Content-Type"] == "text/html"

    def test_the_log_tells_what_came(self, site: Site, web: httpx.Client) -> None:
        response = web.get(of(site, "01-", EN).url + "?so=related", headers={"User-Agent": "tester"})
        entry = site.log[-1]
        assert (entry.edition, entry.status, entry.agent) == ("en", 200, "tester")
        assert entry.path.endswith("/?so=related")
        assert entry.bytes == len(response.content)


class TestPosing:
    def test_it_can_pose_as_another_outlet_behind_a_host_map(self, web: httpx.Client) -> None:
        with Site.as_enab_baladi() as site:
            assert set(site.host_map) == {"www.enabbaladi.net", "enabbaladi.net", "english.enabbaladi.net"}
            truth = of(site, "10-", EN)
            assert truth.url.startswith("https://english.enabbaladi.net/archives/2025/04/")
            there = "http://" + site.host_map["english.enabbaladi.net"] + urlsplit(truth.url).path
            page = web.get(there, headers={"Host": "english.enabbaladi.net"})
            assert canonical(page) == truth.url
            assert "Enab Baladi" in page.text
            assert truth.links[0].target.startswith("https://enabbaladi.net/760871/")
            bare = "http://" + site.host_map["enabbaladi.net"] + "/760871/"
            moved = web.get(bare, headers={"Host": "enabbaladi.net"})
            assert (moved.status_code, moved.headers["Location"]) == (301, "https://www.enabbaladi.net/760871/")

    def test_the_declaration_is_valid(self, shared: Site) -> None:
        outlet = shared.outlet()
        assert isinstance(outlet, Outlet)
        patterns = [re.compile(pattern) for pattern in outlet.articles]
        for truth in shared.truth():
            assert any(p.fullmatch(urlsplit(truth.url).path) for p in patterns)
            assert truth.section in outlet.sections
        assert "gap = 0.0" in toml(8101, 8102)

    def test_other_texts_in_the_same_theme(self, web: httpx.Client) -> None:
        caption = "A caption - May 1, 2024 (X)"
        text = "\n\n".join(["A title", caption, caption, "One.", "Head", "Two.", ANCHOR, "Tail"])
        stories = [story_from_segments(n, [f"English {n}.", "More."], [f"عربي {n}.", "مزيد."]) for n in range(3)]
        with Site(stories=(), extra=[*stories, page_from_seed(text)]) as site:
            truths = {(t.story, t.lang): t for t in site.truth()}
            assert len(truths) == 8
            assert all(web.get(t.url).status_code == 200 for t in truths.values())
            seed = truths["seed", EN]
            kinds = [(block.kind.value, block.text) for block in seed.blocks]
            assert kinds == [
                ("caption", caption),
                ("paragraph", "One."),
                ("subheading", "Head"),
                ("paragraph", "Two."),
            ]
            assert seed.links[0].target == truths["seed", AR].url
        with pytest.raises(ValueError, match="copied page"):
            page_from_seed("too short")


class TestCommand:
    def test_it_prints_its_addresses_and_ends_on_sigterm(self, tmp_path: Path) -> None:
        file = tmp_path / "sample.toml"
        command = [
            sys.executable,
            "-m",
            "tests.site",
            "--arabic-port",
            "0",
            "--english-port",
            "0",
            "--declaration",
            str(file),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            assert process.stdout
            arabic = process.stdout.readline().split()[-1]
            assert httpx.get(arabic).status_code == 200
            process.terminate()
            assert process.wait(10) == 0
        assert arabic.split("//")[1].rstrip("/") in file.read_text("utf-8")

    def test_a_taken_port_gets_one_clear_line(self, shared: Site) -> None:
        port = urlsplit(shared.ar_base).port
        command = [sys.executable, "-m", "tests.site", "--arabic-port", str(port), "--english-port", "0"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
        assert done.returncode == 1
        assert done.stderr.strip().splitlines()[-1].startswith(f"error: port {port} of 127.0.0.1 is taken")
