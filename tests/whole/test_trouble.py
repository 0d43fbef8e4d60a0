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
