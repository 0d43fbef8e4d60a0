"""The sample outlet is what the archive is tried on, so it is held to what its README promises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx
from bs4 import BeautifulSoup

from archive.model import AR, EN
from tests.site.content import load
from tests.site.editions import PAGE_SIZE
from tests.site.looking import body, canonical, of, soup
from tests.site.pages import ANCHOR
from tests.site.server import Site

INVENTED = ("مخترع", "invented")


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
