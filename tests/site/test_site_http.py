"""The sample outlet answers as a WordPress does, fails on demand, and runs as a command."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from archive.model import AR, EN
from archive.publishers.declaration import Outlet
from tests.site.extra import page_from_seed, story_from_segments
from tests.site.looking import canonical, of
from tests.site.outlet import toml
from tests.site.pages import ANCHOR
from tests.site.server import Site
from tests.site.switches import challenge


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
