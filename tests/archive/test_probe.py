"""`warraq outlets add`: two addresses become a declaration that loads, has its reasons and finds the articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from archive.address import identity
from archive.discover import Found, discover
from archive.fetched import FetchError, Hop
from archive.model import AR, EN
from archive.probe import probe, write
from archive.publishers import load
from tests.archive.pages import Answer, Pages
from tests.site.server import Site

HOME = "https://www.rihan.example"
TEXTS = {
    "ar": "عاد أهالي الحي إلى بيوتهم بعد إصلاح شبكة المياه، وقال المجلس المحلي إن العمل سيستمر حتى آخر الشهر. ",
    "en": "Residents went back to their homes after the water network was mended, and work will go on for a month. ",
}
SLUGS = {"ar": "عودة-المياه-إلى-الحي", "en": "water-returns-to-quarter"}
LABEL = {"ar": "English version", "en": "النسخة العربية"}


def other(lang: str) -> str:
    return "en" if lang == "ar" else "ar"


def address(lang: str, number: int) -> str:
    return f"{HOME}{'/en' if lang == 'en' else ''}/2024/02/{quote(SLUGS[lang])}-{number}/"


def article(lang: str, number: int) -> str:
    hreflang = f'<link rel="alternate" hreflang="{other(lang)}-SY" href="{address(other(lang), number)}">'
    body = f"<div class='entry-content'>{'<p>' + TEXTS[lang] + '</p>'}{'<p>' + TEXTS[lang] * 2 + '</p>'}"
    body += f"<div class='sharedaddy'>x</div><a href='{address(other(lang), number)}'>{LABEL[lang]}</a></div>"
    return f"<html><head>{hreflang}</head><body><article><h1>{TEXTS[lang][:20]}</h1>{body}</article></body></html>"


def front(lang: str, numbers: range) -> str:
    name = {"ar": "ريحان", "en": "Rihan"}[lang]
    links = "".join(f"<h2><a href='{address(lang, n)}'>{TEXTS[lang][:30]}</a></h2>" for n in numbers)
    feed = f'<link rel="alternate" type="application/rss+xml" href="{HOME}/{lang}-news.rss">'
    head = f'<title>{TEXTS[lang][:9]} - {name}</title><meta property="og:site_name" content="{name}">{feed}'
    return f"<html><head>{head}</head><body><a href='/category/news/'>{name}</a>{links}</body></html>"


class Rihan(Pages):
    """One host; English below /en/; Polylang; REST on or off."""

    def __init__(self, rest: bool = True) -> None:
        super().__init__()
        self.rest = rest
        for lang, root in (("ar", f"{HOME}/"), ("en", f"{HOME}/en/")):
            self.answers[root] = front(lang, range(1, 6))
            self.answers[f"{root}page/2/"] = front(lang, range(6, 11))
            self.answers[f"{HOME}/{lang}-news.rss"] = self.feed(lang)
            self.answers |= {address(lang, n): article(lang, n) for n in range(1, 11)}
        urls = [address(lang, n) for lang in ("ar", "en") for n in range(1, 11)] + [f"{HOME}/about/"]
        self.answers[f"{HOME}/sitemap_index.xml"] = (
            "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"
        )

    def feed(self, lang: str) -> str:
        items = "".join(f"<item><link>{address(lang, n)}</link></item>" for n in range(1, 4))
        return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'

    def __call__(self, url: str) -> Hop:
        if self.rest and url.startswith(f"{HOME}/wp-json"):
            self.answers[url] = self.interface(url)
        return super().__call__(url)

    def interface(self, url: str) -> Answer:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if not urlsplit(url).path.endswith("/posts"):
            return json.dumps({"name": "Rihan", "timezone_string": "Asia/Damascus", "gmt_offset": 3})
        langs = [query["lang"]] if "lang" in query else ["ar", "en"]
        numbers = {"ar": 100, "en": 200}
        posts: list[dict[str, Any]] = [
            {
                "id": numbers[lang] + n,
                "link": address(lang, n),
                "title": {"rendered": TEXTS[lang][:30]},
                "lang": lang,
                "translations": {key: numbers[key] + n for key in numbers},
            }
            for lang in langs
            for n in range(1, 11)
        ]
        if "include" in query:
            posts = [post for post in posts if str(post["id"]) in query["include"].split(",")]
        return json.dumps(posts) if query.get("page", "1") == "1" else 400


def reload(tmp_path: Path, pages: Pages, first: str, second: str) -> tuple[Any, str]:
    outlet, evidence = probe(first, second, pages)
    path = write(outlet, tmp_path / "outlets" / f"{outlet.key}.toml", evidence)
    assert load(path) == outlet
    return outlet, path.read_text("utf-8")


def test_a_site_with_rest_is_declared(tmp_path: Path) -> None:
    outlet, text = reload(tmp_path, Rihan(), HOME, f"{HOME}/en/")
    assert outlet.key == "rihan"
    assert (outlet.name.ar, outlet.name.en) == ("ريحان", "Rihan")
    assert outlet.hosts == ("www.rihan.example",)
    assert outlet.zone == "Asia/Damascus"
    assert set(outlet.articles) == {r"/\d{4}/\d{2}/[^/]+", r"/en/\d{4}/\d{2}/[^/]+"}
    arabic, english = outlet.start
    assert (arabic.lang, english.lang) == (AR, EN)
    assert arabic.rest == f"{HOME}/wp-json/wp/v2/posts?lang=ar"
    assert arabic.sitemaps == (f"{HOME}/sitemap_index.xml",)
    assert arabic.feeds == (f"{HOME}/ar-news.rss",)
    assert english.listings == (f"{HOME}/en/page/{{page}}/",)
    assert {layout.lang: layout.body for layout in outlet.layout} == {AR: "div.entry-content", EN: "div.entry-content"}
    assert outlet.layout[0].remove == (".sharedaddy",)
    assert set(outlet.versions.anchors) == set(LABEL.values())
    assert outlet.versions.rest == "polylang"
    assert "# hreflang links on 6 of 6 articles looked at" in text
    assert "# the site's own setting, from REST" in text


def test_what_was_declared_finds_every_article_with_its_version(tmp_path: Path) -> None:
    pages = Rihan()
    outlet, _ = reload(tmp_path, pages, HOME, f"{HOME}/en/")
    told = list(discover(outlet, pages))
    found = [item for item in told if isinstance(item, Found)]
    assert {item.url: item.lang for item in found} == {
        address(lang, n): lang for lang in (AR, EN) for n in range(1, 11)
    }
    for item in found:
        number = item.url.rstrip("/").rpartition("-")[2]
        assert [link.target for link in item.versions] == [address(other(item.lang), int(number))]


def test_a_site_without_rest_is_declared_too(tmp_path: Path) -> None:
    pages = Rihan(rest=False)
    outlet, text = reload(tmp_path, pages, HOME, f"{HOME}/en/")
    assert [start.rest for start in outlet.start] == [None, None]
    assert outlet.versions.rest is None
    assert "does not list posts" in text
    assert "write the zone of the newsroom" in text
    assert len([item for item in discover(outlet, pages) if isinstance(item, Found)]) == 20


def test_articles_in_either_order_do_as_well_as_front_pages(tmp_path: Path) -> None:
    outlet, _ = reload(tmp_path, Rihan(), address("en", 3), address("ar", 3))
    assert [start.lang for start in outlet.start] == [AR, EN]
    assert outlet.start[1].listings == (f"{HOME}/en/page/{{page}}/",)
    assert outlet.layout[0].body == "div.entry-content"


def test_robots_txt_names_sitemaps_and_pages_without_known_elements_get_no_layout(tmp_path: Path) -> None:
    pages = Rihan(rest=False)
    pages.answers[f"{HOME}/map.xml"] = pages.answers.pop(f"{HOME}/sitemap_index.xml")
    pages.answers[f"{HOME}/robots.txt"] = (
        f"\ufeffUser-agent: *\nsitemap : {HOME}/map.xml\nSitemap: https://other.example/x"
    )
    for url, answer in pages.answers.items():
        pages.answers[url] = answer.replace("entry-content", "k7f3") if isinstance(answer, str) else answer
    outlet, text = reload(tmp_path, pages, HOME, f"{HOME}/en/")
    assert outlet.start[0].sitemaps == (f"{HOME}/map.xml",)
    assert outlet.layout == ()
    assert "no known element holds the text" in text
    assert not any("other.example" in url for url in pages.asked)


def test_categories_serve_where_the_front_page_has_no_older_pages(tmp_path: Path) -> None:
    pages = Rihan(rest=False)
    del pages.answers[f"{HOME}/page/2/"]
    pages.answers[f"{HOME}/category/news/page/2/"] = front("ar", range(6, 9))
    outlet, _ = reload(tmp_path, pages, HOME, f"{HOME}/en/")
    assert outlet.start[0].listings == (f"{HOME}/category/news/page/{{page}}/",)


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    outlet, evidence = probe(HOME, f"{HOME}/en/", Rihan(rest=False))
    path = tmp_path / "rihan.toml"
    path.write_text("mine", "utf-8")
    with pytest.raises(FileExistsError, match=r"rihan\.toml exists already"):
        write(outlet, path, evidence)
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("urls", "what"),
    [
        ((HOME, HOME), "is in Arabic, as the other page is"),
        ((HOME, f"{HOME}/none/"), "answered 404"),
        ((HOME, "ftp://x.example/"), "not a web address"),
    ],
)
def test_what_cannot_be_looked_at_is_told_in_one_line(urls: tuple[str, str], what: str) -> None:
    with pytest.raises(FetchError) as refusal:
        probe(*urls, Rihan())
    assert what in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_sample_outlet_is_declared_over_http(tmp_path: Path) -> None:
    def get(url: str) -> Hop:
        answer = client.get(url)
        headers = tuple(answer.headers.items())
        return Hop(
            str(answer.url), datetime.now(UTC), (), answer.status_code, "", headers, answer.content, answer.content
        )

    with Site() as site, httpx.Client(follow_redirects=True) as client:
        site.switches.translations = True
        outlet, evidence = probe(site.addresses.ar, site.addresses.en, get)
        path = write(outlet, tmp_path / "sample.toml", evidence)
        found = [item for item in discover(load(path), get) if isinstance(item, Found)]
        truth = {identity(article.url, outlet) for article in site.truth()}
    assert {identity(item.url, outlet) for item in found} == truth
    assert {layout.body for layout in outlet.layout} == {"div.content-article"}
    assert outlet.versions.rest == "polylang"
    assert any(item.versions for item in found)
