"""Discovery: every source of an outlet is read, each page comes once, and what is wrong is told without stopping."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from archive.discover import Found, Problem, discover
from archive.discovery.search import Search
from archive.model import AR, EN, Lang, VersionLink
from archive.publishers.declaration import Name, Outlet, Start, Versions
from tests.archive.pages import Answer, Pages, unreachable

HOME = "https://warda.example"
REST = f"{HOME}/wp-json/wp/v2/posts"
SITEMAP = f"{HOME}/sitemap.xml"
FEED = f"{HOME}/feed/"
LISTING = f"{HOME}/archives/category/news/page/{{page}}"


def outlet(**start: Any) -> Outlet:
    return Outlet(
        key="warda",
        name=Name(ar="وردة", en="Warda"),
        hosts=("warda.example", "en.warda.example"),
        zone="Asia/Damascus",
        articles=(r"/\d+(/[^/]+)?", r"/archives/\d{4}/\d{2}/[^/]+"),
        identity=(r"/(\d+)(?:/[^/]+)?",),
        start=(Start(lang="ar", **start),),
        versions=Versions(rest="polylang"),
    )


def run(
    pages: Pages, declared: Outlet, since: date | None = None, until: date | None = None
) -> tuple[list[Found], list[Problem]]:
    told = list(discover(declared, pages, since, until))
    return [x for x in told if isinstance(x, Found)], [x for x in told if isinstance(x, Problem)]


def urls(found: list[Found]) -> list[str]:
    return [item.url for item in found]


# REST


def post(number: int, day: str = "2024-02-05", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "link": f"{HOME}/{number}/khabar/",
        "date": f"{day}T01:30:00",  # local, and so another day
        "date_gmt": f"{day}T22:30:00",
        "modified_gmt": f"{day}T23:00:00",
        **more,
    }


class Collection(Pages):
    """A posts collection that pages as WordPress does."""

    def __init__(self, posts: list[dict[str, object]], counted: bool = True) -> None:
        super().__init__()
        self.posts, self.counted = posts, counted

    def __call__(self, url: str) -> Any:
        if url.startswith(REST):
            self.answers[url] = self.page({name: values[0] for name, values in parse_qs(urlsplit(url).query).items()})
        return super().__call__(url)

    def page(self, query: dict[str, str]) -> Answer:
        if "include" in query:
            numbers = {int(number) for number in query["include"].split(",")}
            return json.dumps([p for p in self.posts if p["id"] in numbers])
        shown = [p for p in self.posts if not p.get("hidden")]
        size, page = int(query["per_page"]), int(query["page"])
        part = shown[(page - 1) * size : page * size]
        if not part and page > 1:
            return 400, {}, json.dumps({"code": "rest_post_invalid_page_number"})
        return 200, {"X-WP-TotalPages": str(-(-len(shown) // size))} if self.counted else {}, json.dumps(part)


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_rest_is_read_to_its_end(count: int, counted: bool) -> None:
    pages = Collection([post(number) for number in range(1, count + 1)], counted)
    found, problems = run(pages, outlet(rest=REST))
    assert urls(found) == [f"{HOME}/{number}/khabar/" for number in range(1, count + 1)]
    assert problems == []


def test_rest_times_are_the_gmt_ones() -> None:
    [found], _ = run(Collection([post(1)]), outlet(rest=REST))
    assert found.published == datetime(2024, 2, 5, 22, 30, tzinfo=UTC)
    assert found.modified == datetime(2024, 2, 5, 23, 0, tzinfo=UTC)


def test_polylang_translations_become_links_even_when_not_on_the_page() -> None:
    english = f"{HOME}/en/water/"
    shown = post(1, lang="ar", translations={"ar": 1, "en": 2, "tr": 3})
    hidden = post(2, hidden=True) | {"link": english}
    [found], problems = run(Collection([shown, hidden]), outlet(rest=f"{REST}?lang=ar"))
    assert found.lang == AR
    assert found.versions == (VersionLink(english, "rest", EN), VersionLink(f"{HOME}/?p=3", "rest", Lang("tr")))
    assert problems == []


def test_wpml_translations_become_links() -> None:
    other = {
        "locale": "en_US",
        "id": 9,
        "post_title": "Water &amp; bread",
        "href": "https://en.warda.example/water?so=x",
    }
    pages = Collection([post(1, wpml_current_locale="ar", wpml_translations=[other])])
    declared = outlet(rest=REST).model_copy(update={"versions": Versions(rest="wpml")})
    [found], _ = run(pages, declared)
    assert found.versions == (VersionLink("https://en.warda.example/water", "rest", EN),)


def test_rest_is_asked_for_a_day_more_and_filtered_by_the_outlets_days() -> None:
    # 22:30 UTC is already the next day in Damascus.
    pages = Collection([post(3, "2024-02-06"), post(2, "2024-02-05"), post(1, "2024-02-04")])
    found, _ = run(pages, outlet(rest=REST), since=date(2024, 2, 6), until=date(2024, 2, 6))
    assert urls(found) == [f"{HOME}/2/khabar/"]
    assert "modified_after=2024-02-05T00:00:00" in pages.asked[0]
    assert "before=2024-02-08T00:00:00" in pages.asked[0]


def test_an_old_post_that_was_edited_is_found() -> None:
    edited = post(1, "2019-01-01") | {"modified_gmt": "2024-02-05T10:00:00"}
    found, _ = run(Collection([edited]), outlet(rest=REST), since=date(2024, 2, 1))
    assert urls(found) == [f"{HOME}/1/khabar/"]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (401, "switched off"),
        (403, "switched off"),
        (404, "answered 404"),
        (400, "answered 400"),
        ("<html>", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe[", "not JSON"),
        ('{"code": "rest_disabled"}', "not a list of posts"),
        (unreachable, "no connection"),
    ],
)
def test_rest_that_does_not_answer_is_told_and_the_other_sources_are_read(answer: Answer, what: str) -> None:
    class Off(Pages):
        def __call__(self, url: str) -> Any:
            self.answers.update({url: answer} if url.startswith(REST) else {})
            return super().__call__(url)

    pages = Off({SITEMAP: sitemap("/1/a"), LISTING.replace("{page}", "1"): "<a href=/2/b>"})
    found, [problem] = run(pages, outlet(rest=REST, sitemaps=(SITEMAP,), listings=(LISTING,)))
    assert what in problem.what
    assert "\n" not in problem.what
    assert urls(found) == [f"{HOME}/1/a", f"{HOME}/2/b"]


def test_odd_posts_are_passed_over() -> None:
    odd: list[Any] = ["x", None, {"id": 1}, {"link": 5, "id": 2}, post(3) | {"link": "https://other.example/3/a"}]
    odd += [post(4) | {"date_gmt": "0000-00-00T00:00:00", "modified_gmt": None, "translations": [1], "lang": False}]

    class Odd(Collection):
        def page(self, query: dict[str, str]) -> Answer:
            return (
                200,
                {"X-WP-TotalPages": "many"} if query["page"] != "1" else {"X-WP-TotalPages": "1"},
                json.dumps(odd),
            )

    [found], problems = run(Odd([]), outlet(rest=REST))
    assert problems == []
    assert found == Found(f"{HOME}/4/khabar/", AR, "rest", modified=found.modified)
    assert found.modified is None


# Sitemaps


def sitemap(*paths: str, root: str = "urlset", entry: str = "url", lastmod: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entries = "".join(f"<{entry}><loc>{HOME}{path}</loc>{changed}</{entry}>" for path in paths)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'


def index(*paths: str, lastmod: str = "") -> str:
    return sitemap(*paths, root="sitemapindex", entry="sitemap", lastmod=lastmod)


def test_an_index_is_followed_and_what_is_no_article_dropped() -> None:
    pages = Pages(
        {
            SITEMAP: index("/posts.xml", "/wp-sitemap-users-1.xml", "/more.xml.gz", "/pages.xml"),
            f"{HOME}/posts.xml": sitemap("/1/a", "/about/", "/2/b/", "/1/a?so=related", "/archives/category/news"),
            f"{HOME}/more.xml.gz": gzip.compress(sitemap("/3/" + quote("خبر")).encode()),
            f"{HOME}/pages.xml": sitemap("/contact/", "/"),
        }
    )
    found, problems = run(pages, outlet(sitemaps=(SITEMAP,)))
    assert urls(found) == [f"{HOME}/1/a", f"{HOME}/2/b/", f"{HOME}/3/" + quote("خبر")]
    assert problems == []
    assert f"{HOME}/wp-sitemap-users-1.xml" not in pages.asked


def test_an_index_that_contains_itself_ends() -> None:
    pages = Pages({SITEMAP: index("/sitemap.xml", "/a.xml"), f"{HOME}/a.xml": index("/sitemap.xml", "/a.xml")})
    found, problems = run(pages, outlet(sitemaps=(SITEMAP,)))
    assert (found, problems) == ([], [])
    assert len(pages.asked) == 2


def test_endless_indexes_end() -> None:
    class Endless(Pages):
        def __call__(self, url: str) -> Any:
            self.answers[url] = index(f"/s{len(self.asked)}.xml")
            return super().__call__(url)

    pages = Endless()
    _, [problem] = run(pages, outlet(sitemaps=(SITEMAP,)))
    assert "deep" in problem.what
    assert len(pages.asked) < 10


def test_a_sitemap_elsewhere_is_not_fetched() -> None:
    pages = Pages({SITEMAP: index("/a.xml").replace(HOME, "http://169.254.169.254")})
    _, [problem] = run(pages, outlet(sitemaps=(SITEMAP,)))
    assert pages.asked == [SITEMAP]
    assert "not the outlet's" in problem.what


@pytest.mark.parametrize("cut", range(60, 400, 7))
def test_a_truncated_sitemap_gives_what_was_whole_and_a_problem(cut: int) -> None:
    whole = sitemap("/1/aaaaaaaa", "/2/bbbbbbbb", "/3/cccccccc", "/4/dddddddd", "/5/eeeeeeee")
    body = whole[:cut]
    found, problems = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)))
    assert len(found) == body.count("</url>")
    assert all(item.url in whole for item in found)
    assert len(problems) == (cut < len(whole))


def test_damaged_gzip_gives_what_was_whole_and_a_problem() -> None:
    packed = gzip.compress(sitemap(*(f"/{n}/{hash(str(n))}" for n in range(8_000))).encode())
    found, [problem] = run(Pages({SITEMAP: packed[: len(packed) // 2]}), outlet(sitemaps=(SITEMAP,)))
    assert 2_000 < len(found) < 8_000
    assert "cut" in problem.what


def test_bare_ampersands_and_cdata_do_no_harm() -> None:
    body = sitemap("/1/a?x=1&y=2", "/2/b?x=1&amp;y=2").replace("</urlset>", "")
    body += f"<url><loc><![CDATA[{HOME}/3/c?x=1&y=2]]></loc></url></urlset>"
    found, problems = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)).model_copy(update={"identity": ()}))
    assert urls(found) == [f"{HOME}/{p}?x=1&y=2" for p in ("1/a", "2/b", "3/c")]
    assert problems == []


def test_entities_are_neither_expanded_nor_fetched() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
    doctype = f'<!DOCTYPE urlset [{lol}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = sitemap("/1/&l9;", "/2/&x;", "/3/c").replace("<urlset", doctype + "<urlset", 1)
    before = time.monotonic()
    tracemalloc.start()
    found, _ = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - before < 2
    assert peak < 20_000_000
    assert not any("lol" in item.url or "root" in item.url for item in found)


def test_a_sitemap_that_is_a_page_or_empty_is_told() -> None:
    for body in ("<!doctype html><p>مرحبا<br>", "", "not found"):
        found, [problem] = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)))
        assert found == []
        assert "not a whole sitemap" in problem.what


def test_lastmod_is_optional_and_a_day_alone_means_its_end() -> None:
    body = sitemap("/1/a", lastmod="2024-02-05") + ""
    [found], _ = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)))
    assert found.modified == datetime(2024, 2, 5, 20, 59, 59, tzinfo=UTC)
    [found], _ = run(
        Pages({SITEMAP: sitemap("/1/a", lastmod="2024-02-05T10:00:00+03:00")}), outlet(sitemaps=(SITEMAP,))
    )
    assert found.modified == datetime(2024, 2, 5, 7, tzinfo=UTC)
    for odd in ("", "yesterday", "2024-02-31", "0000-00-00"):
        [found], problems = run(Pages({SITEMAP: sitemap("/1/a", lastmod=odd)}), outlet(sitemaps=(SITEMAP,)))
        assert found.modified is None
        assert problems == []


def test_hreflang_in_a_sitemap_links_versions() -> None:
    links = "".join(
        f'<xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="{lang}" href="{url}"/>'
        for lang, url in (("ar", f"{HOME}/1/a"), ("en-US", "https://en.warda.example/a"), ("x-default", f"{HOME}/x"))
    )
    body = sitemap("/1/a").replace("</url>", links + "</url>")
    [found], _ = run(Pages({SITEMAP: body}), outlet(sitemaps=(SITEMAP,)))
    assert found.versions == (VersionLink("https://en.warda.example/a", "hreflang", EN),)


def test_sitemaps_last_changed_before_the_wanted_days_are_left_alone() -> None:
    pages = Pages({SITEMAP: index("/old.xml", lastmod="2020-01-01")})
    run(pages, outlet(sitemaps=(SITEMAP,)), since=date(2024, 1, 1))
    assert pages.asked == [SITEMAP]


# Feeds


def rss(*paths: str, day: str = "Mon, 05 Feb 2024 22:30:00 +0000") -> str:
    items = "".join(
        f"<item><title>خبر &amp; عاجل</title><link>{HOME}{path}</link><pubDate>{day}</pubDate>"
        f"<description>مقتطف […]</description></item>"
        for path in paths
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


def test_rss_and_atom_are_read() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="alternate" href="/2/b?utm_source=feed"/>'
        "<published>2024-02-05T10:00:00Z</published><updated>2024-02-06T10:00:00Z</updated></entry></feed>"
    )
    pages = Pages({FEED: rss("/1/a"), f"{HOME}/atom": atom})
    found, problems = run(pages, outlet(feeds=(FEED, f"{HOME}/atom")))
    assert problems == []
    assert urls(found) == [f"{HOME}/1/a", f"{HOME}/2/b"]
    assert found[0].published == datetime(2024, 2, 5, 22, 30, tzinfo=UTC)
    assert found[0].modified is None
    assert found[1].modified == datetime(2024, 2, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize("cut", range(1, 400, 11))
def test_a_truncated_feed_never_gives_half_an_address(cut: int) -> None:
    whole = rss("/1/aaaaaaaaaaaa", "/2/bbbbbbbbbbbbbb")
    found, problems = run(Pages({FEED: whole.encode()[:-cut]}), outlet(feeds=(FEED,)))
    assert all(item.url in (f"{HOME}/1/aaaaaaaaaaaa", f"{HOME}/2/bbbbbbbbbbbbbb") for item in found)
    assert len(problems) == 1


def test_what_is_no_feed_is_told() -> None:
    for body in (b"", b"<html><p>x", b"/etc/passwd", "مرحبا".encode("windows-1256")):
        found, [problem] = run(Pages({FEED: body}), outlet(feeds=(FEED,)))
        assert found == []
        assert problem.where == FEED
        assert "\n" not in problem.what


# Listings


def listing(*items: str, aside: str = "") -> str:
    return f"<html><body><header><a href='/'>x</a></header><div class=list>{''.join(items)}</div>{aside}</body></html>"


def item(number: int, day: str | None = None) -> str:
    shown = f"<samp>{day}</samp>" if day else ""
    link = f'<a href="/{number}/khabar/">'
    return f'<div class="one"><div>{link}<img></a>{link}<h3>خبر</h3></a>{shown}</div></div>'


def page(number: int) -> str:
    return LISTING.replace("{page}", str(number))


def test_listings_are_read_until_a_page_is_missing() -> None:
    pages = Pages({page(1): listing(item(1), item(2)), page(2): listing(item(3))})
    found, problems = run(pages, outlet(listings=(LISTING,)))
    assert urls(found) == [f"{HOME}/{n}/khabar/" for n in (1, 2, 3)]
    assert problems == []


def test_listings_end_on_an_empty_page_or_one_with_nothing_new() -> None:
    popular = f"<aside>{item(1)}</aside>"
    for last in (listing(), listing(aside=popular), listing(item(1))):
        pages = Pages({page(1): listing(item(1), item(2), aside=popular), page(2): last, page(3): listing(item(9))})
        found, problems = run(pages, outlet(listings=(LISTING,)))
        assert len(found) == 2
        assert problems == []
        assert page(3) not in pages.asked


def test_listings_end_where_all_dates_are_too_old_and_undated_featured_posts_do_not_matter() -> None:
    pages = Pages(
        {
            page(1): listing(item(90), item(91), item(20, "٦ شباط ٢٠٢٤"), item(19, "5 فبراير 2024")),
            page(2): listing(item(18, "٣ شباط ٢٠٢٤"), item(17, "2 شباط 2024")),
            page(3): listing(item(16, "1 شباط 2024")),
        }
    )
    found, _ = run(pages, outlet(listings=(LISTING,)), since=date(2024, 2, 5))
    assert urls(found) == [f"{HOME}/{n}/khabar/" for n in (90, 91, 20, 19)]
    assert page(2) in pages.asked
    assert page(3) not in pages.asked
    found, _ = run(pages, outlet(listings=(LISTING,)), since=date(2024, 2, 1))
    assert len(found) == 7


def test_dates_come_from_time_elements_too() -> None:
    body = listing(
        item(1).replace("</div></div>", '<time datetime="2024-02-05T10:00:00Z">أمس</time></div></div>'), item(2)
    )
    found, _ = run(Pages({page(1): body}), outlet(listings=(LISTING,)))
    assert [entry.published for entry in found] == [datetime(2024, 2, 5, 10, tzinfo=UTC), None]


def test_a_listing_without_articles_or_with_an_error_is_told() -> None:
    for answer, what in (
        (listing(), "links to no article"),
        (503, "503"),
        (404, "404"),
        (unreachable, "no connection"),
    ):
        found, [problem] = run(Pages({page(1): answer}), outlet(listings=(LISTING,)))
        assert found == []
        assert what in problem.what


# All together


def test_a_page_comes_once_with_what_the_feed_knows_of_it() -> None:
    pages = Pages(
        {
            SITEMAP: sitemap("/1/a", "/2/b"),
            FEED: rss("/1/a/?utm_source=rss", "/9/new"),
            page(1): listing(item(1), item(2), item(3)),
        }
    )
    found, problems = run(pages, outlet(sitemaps=(SITEMAP,), feeds=(FEED,), listings=(LISTING,)))
    assert problems == []
    assert urls(found) == [f"{HOME}/1/a", f"{HOME}/2/b", f"{HOME}/9/new", f"{HOME}/3/khabar/"]
    assert found[0].published == datetime(2024, 2, 5, 22, 30, tzinfo=UTC)
    assert [entry.via for entry in found] == ["sitemap", "sitemap", "feed", "listing"]


def test_listings_are_spared_when_rest_gave_everything() -> None:
    pages = Collection([post(1)])
    found, _ = run(pages, outlet(rest=REST, listings=(LISTING,)))
    assert len(found) == 1
    assert not any("category" in url for url in pages.asked)


def test_languages_that_share_a_source_ask_it_once() -> None:
    pages = Collection([post(1, lang="en"), post(2, lang="ar")])
    pages.answers |= {SITEMAP: sitemap("/3/c"), page(1): listing(item(4))}
    declared = outlet(rest=REST, sitemaps=(SITEMAP,), listings=(LISTING,))
    both = declared.model_copy(update={"start": (*declared.start, declared.start[0].model_copy(update={"lang": "en"}))})
    found, _ = run(pages, both)
    assert [(entry.lang, entry.url) for entry in found][:2] == [(EN, f"{HOME}/1/khabar/"), (AR, f"{HOME}/2/khabar/")]
    assert len(pages.asked) == len(set(pages.asked)) == 2


def test_without_patterns_posts_are_told_from_pages_by_their_addresses() -> None:
    search = Search(outlet().model_copy(update={"articles": ()}), Start(lang="ar"), Pages())
    for path in (
        "/2024/02/05/water-rises",
        "/676069/" + quote("خبر"),
        "/676069",
        "/en/water-prices-rise",
        "/a/story-1234.html",
    ):
        assert search.is_article(HOME + path), path
    for path in (
        "/",
        "/about",
        "/category/a-b-c",
        "/tag/a-b-c-d",
        "/author/x-y-z",
        "/2024/02",
        "/page/100",
        "/wp-json/wp-x-y",
    ):
        assert not search.is_article(HOME + path), path
    assert not search.is_article("https://other.example/water-prices-rise")


def test_an_article_that_was_edited_after_the_last_day_is_wanted_where_a_listing_dates_it() -> None:
    """The sitemap knows only its last change; the listing shows when it was published."""
    entry = f"<url><loc>{HOME}/101/khabar/</loc><lastmod>2024-03-05</lastmod></url>"
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entry}</urlset>'
    declared = outlet(sitemaps=(SITEMAP,), listings=(LISTING,))
    for shown, expected in (("1 شباط 2024", ["listing"]), ("3 آذار 2024", [])):
        pages = Pages({SITEMAP: sitemap, page(1): listing(item(101, shown))})
        found, problems = run(pages, declared, until=date(2024, 2, 10))
        assert [one.via for one in found] == expected
        assert problems == []


def test_what_no_source_dates_is_left_out_of_bounded_days_and_said() -> None:
    """A sitemap that calls a page changed after the last day, and an undated link to it."""
    entry = f"<url><loc>{HOME}/101/khabar/</loc><lastmod>2024-03-05</lastmod></url>"
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entry}</urlset>'
    pages = Pages({SITEMAP: sitemap, page(1): listing(item(101))})
    found, problems = run(pages, outlet(sitemaps=(SITEMAP,), listings=(LISTING,)), until=date(2024, 2, 10))
    assert found == []
    assert ["1 pages such as this were left out" in problem.what for problem in problems] == [True]
