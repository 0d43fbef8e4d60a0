"""The whole way: a real site over HTTP, discovered, fetched, captured, read, linked, indexed, found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from archive.model import AR, EN
from archive.publishers import builtin
from indexer.engine import Request
from indexer.query import parse
from tests.site.content import load
from tests.site.server import Site
from tests.whole.newsroom import Newsroom, differences, newsroom

# Enough for what needs a site of its own; the whole one is read once.
FEW = load()[:14]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("home"), site) as opened:
        opened.collect()
        yield opened


def test_every_article_is_read_exactly(room: Newsroom, site: Site) -> None:
    """Title, times, authors, section, tags, blocks, links: all fields of all articles are what was published."""
    versions = room.versions()

    assert {} == {truth.url: d for truth in site.truth() if (d := differences(versions.get(truth.url), truth))}


def test_no_article_comes_in_twice(room: Newsroom, site: Site) -> None:
    """AMP pages, ?so=, old, encoded and bare addresses lead to one article each."""
    assert len(site.truth()) == len(room.versions()) == len(room.store.articles())
    for truth in site.truth():
        assert len({room.store.find(address) for address in (truth.url, *truth.aliases)} - {None}) == 1


def test_linked_versions_are_one_story_with_certain_evidence(room: Newsroom, site: Site) -> None:
    """Each page that leads to its other version stands with it; what no page says is not made up."""
    broken = {story.key for story in site.current() if any(side.link == "broken" for side in story.sides)}
    leading = [t for t in site.truth() if t.links and t.counterpart and t.story not in broken]
    linked = {url for truth in leading for url in (truth.url, truth.counterpart)}
    for story in room.stories():
        urls = {version.content.url for version in story.versions}
        both = urls <= linked and len(urls) == 2
        assert both or not urls & linked
        assert all(link.certain for link in story.links)


def test_a_broken_link_is_kept_as_evidence_and_reported(room: Newsroom) -> None:
    """The page says so, the target is not there: both stay known."""
    (claim,) = room.store.broken_claims()

    assert claim.evidence == "in-text link"
    assert claim.broken == "answered 404"


def test_a_second_run_fetches_no_article_again(room: Newsroom, site: Site) -> None:
    """Nothing changed on the site: sources are asked, article bodies are not."""
    before = len(site.log)

    room.collect()

    bodies = site.bodies()
    assert [] == [entry.path for entry in site.log[before:] if entry in bodies]


def test_every_capture_verifies_and_backs_its_article(room: Newsroom) -> None:
    """Hashes on disk are those in the store, and no article stands without a capture."""
    assert [] == list(room.captures.verify(room.store.captures()))
    assert room.store.articles_without_capture() == ()


def test_stories_are_found_by_words_of_either_language(room: Newsroom) -> None:
    """The headline's words find the story, and both versions' headlines are in the result."""
    for story in room.stories():
        for version in story.versions:
            results = room.engine.search(Request(parse(f'"{version.content.title}"'), limit=50))
            hit = next(hit for hit in results.hits if hit.story == story.id)
            assert {v.lang for v in story.versions} == set(hit.sides)


def test_robots_rules_and_gaps_are_kept(tmp_path: Path) -> None:
    """With a gap declared, no host gets two requests within it, none before its robots.txt, none that is disallowed."""
    with Site(stories=FEW) as site:
        outlet = site.outlet()
        polite = outlet.model_copy(update={"fetching": outlet.fetching.model_copy(update={"gap": 2.0})})
        with newsroom(tmp_path, site, {"sample": polite}) as room:
            times: dict[str, list[float]] = {}
            record = room.collector.fetcher._record

            def noting(hop):  # type: ignore[no-untyped-def]
                times.setdefault(hop.url.split("/")[2], []).append(hop.at.timestamp())
                return record(hop)

            room.collector.fetcher._record = noting
            room.collect()
        paths = [(entry.edition, entry.path) for entry in site.log]

        assert [] == [(a, b) for hits in times.values() for a, b in pairwise(hits) if b - a < 2.0]
        assert {"/robots.txt"} == {next(path for edition, path in paths if edition == e) for e in ("ar", "en")}
        assert [] == [path for _, path in paths if path.startswith(("/wp-admin", "/search"))]


def test_enab_baladis_own_declaration_reads_the_same_site(tmp_path: Path) -> None:
    """The built-in declaration, at the outlet's real addresses behind a host map, reads all articles exactly too."""
    with Site.as_enab_baladi() as site:
        outlet = builtin()["enabbaladi"]
        quick = outlet.model_copy(update={"fetching": outlet.fetching.model_copy(update={"gap": 0.0})})
        with newsroom(tmp_path, site, {"enabbaladi": quick}) as room:
            room.collect("enabbaladi")
            versions = room.versions()

            wrong = {truth.url: differences(versions.get(truth.url), truth) for truth in site.truth()}
            # The sample's sections are its own; Enab Baladi's declaration names those of Enab Baladi.
            assert {} == {url: d for url, d in wrong.items() if d.keys() - {"section"}}
            assert len(versions) == len(site.truth())


@pytest.mark.parametrize("source", ["rest", "sitemaps", "feeds+listings"])
def test_one_kind_of_source_is_enough(tmp_path: Path, source: str) -> None:
    """REST alone, sitemaps alone, feeds and listings alone: the articles are the same."""
    with Site(stories=FEW) as site:
        site.switches.rest = source == "rest"
        site.switches.sitemaps = source == "sitemaps"
        site.switches.feeds = source == "feeds+listings"
        with newsroom(tmp_path, site) as room:
            room.collect()

            assert {truth.url for truth in site.truth()} == set(room.versions())


def test_rest_translations_link_versions_too(tmp_path: Path) -> None:
    """With Polylang's translations in REST, pages without a link are linked, with that as evidence."""
    with Site(stories=FEW) as site:
        site.switches.translations = True
        with newsroom(tmp_path, site) as room:
            room.collect()

            pairs = {frozenset((t.url, t.counterpart)) for t in site.truth() if t.counterpart}
            together = {frozenset(v.content.url for v in story.versions) for story in room.stories()}
            assert pairs <= together
            assert "rest" in {claim.evidence for s in room.stories() for link in s.links for claim in link.claims}


def test_an_edit_in_one_language_is_a_revision_there_and_makes_the_story_stale(tmp_path: Path) -> None:
    """The English is changed after publication: one new revision there; the story says who is behind."""
    with Site(stories=FEW) as site, newsroom(tmp_path, site) as room:
        room.collect()
        edited = site.edit("08-idlib-bakery")

        tally = room.collect()

        (story,) = (s for s in room.stories() if any(v.content.url == edited.url for v in s.versions))
        english, arabic = story.version(EN), story.version(AR)
        assert english is not None
        assert arabic is not None
        assert tally["revised"] == 1
        assert (english.revision.number, arabic.revision.number) == (2, 1)
        assert {} == differences(english, edited)
        assert story.stale == EN
        assert room.engine.search(Request(parse(""), versions="stale")).total == 1


def test_a_removed_article_stays_and_is_said_to_be_gone(tmp_path: Path) -> None:
    """404 in three looks over seven days: the text stays readable, the version says since when it is gone."""
    with Site(stories=FEW) as site, newsroom(tmp_path, site) as room:
        room.collect()
        gone = next(t for t in site.truth() if t.story == "01-raqqa-swings" and t.lang == EN)
        number = next(s.side(EN).id for s in site.current() if s.key == "01-raqqa-swings")  # type: ignore[union-attr]
        site.switches.removed[number] = 404
        site.switches.conditional = True
        for _ in range(4):
            room.clock.sleep(3 * 24 * 3600)
            room.collect()

        version = room.versions()[gone.url]
        assert version.removed is not None
        assert version.content.title == gone.title
        assert [v for v in room.versions().values() if v.removed] == [version]
