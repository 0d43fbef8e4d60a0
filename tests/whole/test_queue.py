"""What is asked for and what is not: single pages, days, limits, and problems that are over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.intake import Queued
from tests.site.content import load
from tests.site.server import Site
from tests.whole.newsroom import Newsroom, newsroom

STORIES = load()[:8]


def urls(room: Newsroom) -> set[str]:
    return set(room.versions())


def test_adding_a_page_brings_its_version_though_that_was_queued_before(tmp_path: Path) -> None:
    """A version that discovery has queued already is fetched with the page that links to it."""
    with Site(stories=STORIES) as site, newsroom(tmp_path, site) as room:
        truth = next(t for t in site.truth() if t.links and t.counterpart)
        room.store.enqueue("sample", [Queued(truth.links[0].target)])
        room.collector.add(truth.url)

        assert urls(room) == {truth.url, truth.counterpart}


def test_adding_a_page_brings_the_versions_that_rest_told_an_earlier_run(tmp_path: Path) -> None:
    """What REST says of a page's translations outlives the run: a page without a link brings its version too."""
    with Site(stories=STORIES) as site:
        site.switches.translations = True
        truth = next(t for t in site.truth() if t.counterpart and not t.links)
        with newsroom(tmp_path, site) as room:
            room.collector.discover(room.outlets["sample"], None, None)
        with newsroom(tmp_path, site) as room:
            room.collector.add(truth.url)

            assert urls(room) == {truth.url, truth.counterpart}
            (story,) = room.stories()
            assert {claim.evidence for link in story.links for claim in link.claims} >= {"rest"}


def test_days_bound_what_is_fetched_also_of_what_was_queued_before(tmp_path: Path) -> None:
    """An earlier discovery has queued everything; a run of certain days fetches the articles of those alone."""
    with Site(stories=STORIES) as site, newsroom(tmp_path, site) as room:
        outlet = room.outlets["sample"]
        published = sorted(t.published.astimezone(outlet.tz).date() for t in site.truth() if t.published)
        until = published[len(published) // 2]
        room.collector.discover(outlet, None, None)
        room.collector.collect(outlet, until=until)

        days = {url: v.content.published for url, v in room.versions().items()}
        assert days
        linked = {link.target for t in site.truth() for link in t.links}
        assert [] == [u for u, at in days.items() if at and at.astimezone(outlet.tz).date() > until and u not in linked]


def test_without_rest_and_feeds_the_days_hold_as_well(tmp_path: Path) -> None:
    """An undated link brings in no page that the sitemap calls changed later; that it was left out is said."""
    with Site(stories=STORIES) as site, newsroom(tmp_path, site) as room:
        site.switches.rest = site.switches.feeds = False
        outlet = room.outlets["sample"]
        wanted = {t.url for t in site.truth() if t.published and t.published.astimezone(outlet.tz).date() <= MIDDLE}
        assert 0 < len(wanted) < len(site.truth())
        room.collector.collect(outlet, until=MIDDLE)

        linked = {link.target for t in site.truth() if t.url in wanted for link in t.links}
        assert urls(room) - linked == wanted - linked
        assert [
            e.detail for e in room.events if e.kind == "problem" and "4 pages such as this were left out" in e.detail
        ]


MIDDLE = date(2024, 1, 1)


@pytest.mark.parametrize("limit", [1, 3])
def test_a_limit_counts_the_pages_that_are_asked_for(tmp_path: Path, limit: int) -> None:
    """Addresses of articles that are there, and pages of a host that is left alone, are no part of it."""
    with Site(stories=STORIES) as site, newsroom(tmp_path, site) as room:
        truth = next(t for t in site.truth() if t.aliases)
        room.collector.add(truth.url)
        room.store.enqueue("sample", [Queued(url) for url in truth.aliases])
        for url in site.truth():
            room.store.enqueue("sample", [Queued(url.url)])
        before = len(urls(room))
        tally = room.collector.visit_due(room.outlets["sample"], limit=limit)

        assert tally.total() == limit
        assert len(urls(room)) == before + limit


def test_a_problem_of_a_source_is_over_when_the_source_is_well(tmp_path: Path) -> None:
    """A source that failed is reported until a run in which it does not; others stay reported."""
    with Site(stories=STORIES[:1]) as site, newsroom(tmp_path, site) as room:
        outlet = room.outlets["sample"]
        feeds = site.switches.fail(500, paths="/feed/")
        maps = site.switches.fail(500, paths="/wp-sitemap.xml")
        room.collector.discover(outlet, None, None)
        places = {problem.where for problem in room.store.problems("sample")}
        assert {f"{site.ar_base}/feed/", f"{site.ar_base}/wp-sitemap.xml"} <= places

        site.switches.troubles.remove(feeds)
        room.collector.discover(outlet, date(2020, 1, 1), None)
        assert {f"{site.ar_base}/wp-sitemap.xml", f"{site.en_base}/wp-sitemap.xml"} == {
            problem.where for problem in room.store.problems("sample")
        }

        site.switches.troubles.remove(maps)
        room.collector.discover(outlet, None, None)
        assert room.store.problems("sample") == ()
