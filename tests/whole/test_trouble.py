"""A site or a run that fails in the middle: the next run ends with the archive that an untroubled one makes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.intake import Queued
from archive.model import EN
from tests.site.content import load
from tests.site.server import Site
from tests.site.switches import challenge
from tests.whole.newsroom import newsroom

STORIES = load()[:8]


@pytest.fixture
def site() -> Site:
    return Site(stories=STORIES)


def untroubled(folder: Path, site: Site) -> list[tuple[object, ...]]:
    with newsroom(folder, site) as room:
        room.collect()
        return room.content()


def refuse(status: int, **how: object) -> Callable[[Site], None]:
    def begin(site: Site) -> None:
        site.switches.fail(status, **how)

    return begin


TROUBLES: dict[str, Callable[[Site], None]] = {
    "403 on every third page": refuse(403, every=3),
    "429 that asks for an hour": refuse(429, every=3, retry_after="3600"),
    "503 throughout one edition": refuse(503, edition="en"),
    "500 on articles": refuse(500, every=2, paths="/archives/"),
    "a challenge page": lambda site: site.switches.troubles.append(challenge(paths="/archives/2")),
    "connections cut after 25 requests": lambda site: setattr(site.switches, "stop_after", 25),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_the_next_run_mends_what_trouble_left(tmp_path: Path, site: Site, name: str) -> None:
    """Whatever a site answers in the middle of a run, when it is well again one more run makes the archive whole."""
    with site:
        expected = untroubled(tmp_path / "well", site)
        TROUBLES[name](site)
        with newsroom(tmp_path / "troubled", site) as room:
            room.collect()
            site.switches.troubles.clear()
            site.switches.stop_after = None
            room.clock.sleep(3600)
            room.collect()

            assert room.content() == expected
            assert [] == list(room.captures.verify(room.store.captures()))


def test_a_slow_site_is_read_all_the_same(tmp_path: Path, site: Site) -> None:
    """Answers that take their time are waited for, within the deadline."""
    with site:
        expected = untroubled(tmp_path / "well", site)
        site.switches.slow = 0.05
        with newsroom(tmp_path / "slow", site) as room:
            room.collect()

            assert room.content() == expected


def warraq(home: Path, site: Site, *arguments: str) -> subprocess.Popen[str]:
    hosts = ",".join(address.split("//", 1)[1] for address in (site.ar_base, site.en_base))
    return subprocess.Popen(
        [sys.executable, "-m", "warraq.cli", *arguments],
        env={**os.environ, "WARRAQ_HOME": str(home), "WARRAQ_ALLOW_HOSTS": hosts},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("requests", [4, 9, 14])
def test_a_run_that_is_killed_is_gone_on_with(tmp_path: Path, site: Site, requests: int) -> None:
    """kill -9 of the real command in the middle; the next one makes the archive whole and fetches no page again that
    had been read."""
    from tests.site.outlet import declaration

    with site:
        expected = untroubled(tmp_path / "well", site)
        home = tmp_path / "home"
        (home / "outlets").mkdir(parents=True)
        (home / "outlets/sample.toml").write_text(declaration(site.addresses, site.brand), encoding="utf-8")
        site.log.clear()
        killed = warraq(home, site, "collect", "sample")
        until = time.monotonic() + 60
        while len(site.bodies()) < requests and killed.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before = len(site.bodies())

        again = warraq(home, site, "collect", "sample")
        said, _ = again.communicate(timeout=60)

        assert again.returncode == 0, said
        with newsroom(home, site) as room:
            assert room.content() == expected
            assert [] == list(room.captures.verify(room.store.captures()))
        fetched = [(entry.edition, entry.path) for entry in site.bodies()]
        # The page that was under way when the process died may come twice; no other does.
        assert len(fetched) - len(set(fetched)) <= 1 + (before == 0)


def test_an_unknown_slug_that_the_site_guesses_at_makes_no_link(tmp_path: Path, site: Site) -> None:
    """WordPress leads from a removed article to some other one: that one is no version, and the link is reported."""
    with site, newsroom(tmp_path, site) as room:
        english = next(t for t in site.truth() if t.lang == EN and t.links)
        arabic = next(s for s in site.current() if s.key == english.story).sides[0]
        other = next(t for t in site.truth() if t.lang == "ar" and t.story != english.story)
        site.switches.redirected[arabic.id] = other.url
        room.collect()

        story = next(s for s in room.stories() if any(v.content.url == english.url for v in s.versions))
        assert [v.lang for v in story.versions] == [EN]
        assert "leads to another article" in (story.open_claims[0].broken or "")


FEW = load()[:4]
CHALLENGE = "<!doctype html><title>Just a moment...</title><p>Checking your browser before you enter."
EMPTY = "<!doctype html><title>خبر</title><body class='single'><div class='content-article'></div>"


@pytest.mark.parametrize("body", [CHALLENGE, EMPTY], ids=["challenge", "empty body"])
def test_a_page_without_its_article_is_asked_for_again(tmp_path: Path, body: str) -> None:
    """Answered with 200, but with a challenge or nothing in the body: the next run tries again, and what came instead
    of the article lends it no validators, so that a 304 to them would not stand for the article."""
    with Site(stories=FEW) as site, newsroom(tmp_path, site) as room:
        headers = {"ETag": '"not-the-article"'}
        site.switches.fail(200, paths=r"^/(archives/)?\d{3,}", edition="ar", body=body, headers=headers)
        assert room.collect()["failed"] > 0
        assert all(v.lang == EN for v in room.versions().values())
        waiting = room.store.pending("sample")
        assert waiting and all(pending.validators is None for pending in waiting)

        site.switches.troubles.clear()
        room.collect()

        assert {truth.url for truth in site.truth()} == set(room.versions())


def test_a_page_that_stays_without_an_article_is_asked_for_ever_more_rarely(tmp_path: Path) -> None:
    """After some runs that tried again at once, the pauses grow; nothing is given up."""
    with Site(stories=FEW[:1]) as site, newsroom(tmp_path, site) as room:
        site.switches.fail(200, paths=r"^/(archives/)?\d{3,}", body=EMPTY)
        tallies = [room.collect()["failed"] for _ in range(6)]

        assert tallies[0] > 0
        assert tallies[-1] == 0
        assert room.store.waiting("sample") > 0


def test_a_host_that_keeps_failing_is_left_alone(tmp_path: Path) -> None:
    """After five failures in a row the rest of the host's pages wait for the next run; the other host's do not."""
    with Site(stories=STORIES) as site, newsroom(tmp_path, site) as room:
        site.switches.fail(500, paths=r"^/(archives/)?\d{3,}", edition="ar")
        tally = room.collect()

        asked = [entry for entry in site.log if entry.edition == "ar" and entry.status == 500]
        assert len(asked) == 5
        assert tally["postponed"] > 0
        english = {truth.url for truth in site.truth() if truth.lang == EN}
        assert set(room.versions()) == english


def test_pages_that_may_not_be_fetched_stop_no_healthy_host(tmp_path: Path) -> None:
    """Five addresses in a row that robots.txt forbids say nothing of the host: the others on it come in."""
    with Site(stories=FEW) as site, newsroom(tmp_path, site) as room:
        forbidden = [Queued(f"{site.ar_base}/wp-admin/{number}", modified=room.clock.now()) for number in range(6)]
        room.store.enqueue("sample", forbidden)
        tally = room.collect()

        assert tally["failed"] == 6
        assert {truth.url for truth in site.truth()} == set(room.versions())


def test_an_address_that_leads_to_another_article_gives_that_articles_capture_to_nobody_else(tmp_path: Path) -> None:
    """What was captured behind the redirect is the other article's: withholding the first one leaves it shown."""
    with Site(stories=FEW) as site, newsroom(tmp_path, site) as room:
        room.collect()
        arabic = [side for story in site.current() for side in story.sides if side.lang == "ar"]
        here, there = (next(t for t in site.truth() if t.url.endswith(side.path)) for side in arabic[:2])
        site.switches.redirected[arabic[0].id] = there.url
        room.collector.visitor.visit(here.url, room.outlets["sample"])

        first, second = room.store.find(here.url), room.store.find(there.url)
        assert first is not None and second is not None
        mine = {capture.id for capture in room.store.captures(first)}
        assert mine.isdisjoint(capture.id for capture in room.store.captures(second))
