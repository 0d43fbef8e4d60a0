"""robots.txt: read once, obeyed in Arabic too, and closed when it cannot be read."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.clock import SystemClock
from archive.fetch import AddressRefused, Overloaded, RobotsDenied, Unreachable
from archive.publishers.declaration import Fetching
from archive.robots import READ, Rules
from tests.archive.fetching import FakeClock, Recorder, Request, fetcher, reply, serving

AGENT = "Warraq/0.1 (+https://archive.example/googlebot)"
BASE = "https://news.example"
PRIVATE = "User-agent: *\nDisallow: /private\nCrawl-delay: 3\n"


def forbidden(text: str | bytes, path: str) -> bool:
    return not Rules.parse(text.encode() if isinstance(text, str) else text, AGENT).allow(BASE + path)


class TestRules:
    def test_a_byte_order_mark_hides_no_group(self) -> None:
        assert forbidden(b"\xef\xbb\xbf" + PRIVATE.encode(), "/private/x")

    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
    def test_every_line_end_is_one(self, end: str) -> None:
        rules = Rules.parse(PRIVATE.replace("\n", end).encode(), AGENT)
        assert not rules.allow(f"{BASE}/private")
        assert rules.allow(f"{BASE}/public")
        assert rules.delay == 3.0

    def test_html_has_no_rules(self) -> None:
        assert not forbidden("<!doctype html><title>Disallow: /</title><p>User-agent: *<br>Disallow: /</p>", "/a")

    @pytest.mark.parametrize("rule", ["/سياسة", "/%D8%B3%D9%8A%D8%A7%D8%B3%D8%A9", "/%d8%b3%d9%8a%d8%a7%d8%b3%d8%a9"])
    @pytest.mark.parametrize(
        "path", ["/سياسة/1", "/%D8%B3%D9%8A%D8%A7%D8%B3%D8%A9/1", "/%d8%b3%d9%8a%d8%a7%d8%b3%d8%a9"]
    )
    def test_arabic_paths_match_in_any_spelling(self, rule: str, path: str) -> None:
        text = f"User-agent: *\nDisallow: {rule}\n"
        assert forbidden(text, path)
        assert not forbidden(text, "/ثقافة")

    def test_our_own_group_comes_before_the_general_one(self) -> None:
        text = "User-agent: *\nDisallow: /\n\nUser-agent: warraq\nDisallow: /x\nAllow: /x/open\n"
        assert not forbidden(text, "/a")
        assert forbidden(text, "/x/1")
        assert not forbidden(text, "/x/open")

    def test_only_the_product_names_us(self) -> None:
        """The contact address in the agent's comment may hold another agent's name."""
        assert not forbidden("User-agent: googlebot\nDisallow: /\n", "/a")

    def test_half_a_megabyte_is_read_and_a_cut_line_is_no_rule(self) -> None:
        head = b"User-agent: *\nDisallow: /early\n"
        filler = b"# " + b"x" * 97 + b"\n"
        text = head + filler * ((READ - len(head) - 12) // len(filler))
        text += b"#" * (READ - len(text) - 12) + b"\nDisallow: /b" + b"ranch\nDisallow: /late\n"
        assert forbidden(text, "/early")
        assert not forbidden(text, "/b")
        assert not forbidden(text, "/late")

    @pytest.mark.parametrize(("value", "delay"), [("2.5", 2.5), ("-3", 0.0), ("nan", 0.0), ("inf", 0.0), ("soon", 0.0)])
    def test_a_crawl_delay_that_is_no_time_is_none(self, value: str, delay: float) -> None:
        assert Rules.parse(f"User-agent: *\nCrawl-delay: {value}\n".encode(), AGENT).delay == delay

    @given(st.binary(max_size=400))
    def test_no_bytes_raise(self, body: bytes) -> None:
        Rules.parse(body, AGENT).allow(f"{BASE}/a")


def robots(answer: bytes, page: bytes = reply(b"page")):
    return serving(lambda r: answer if r.path == "/robots.txt" else page)


class TestReading:
    def test_it_is_asked_once_and_again_the_next_day(self) -> None:
        clock, record = FakeClock(), Recorder()
        with robots(reply(PRIVATE)) as site:
            get = fetcher(clock, record)
            for n in range(4):
                get.get(f"{site.url}/{n}")
            with pytest.raises(RobotsDenied, match="forbids") as caught:
                get.get(f"{site.url}/private/1")
            assert not caught.value.temporary
            assert site.paths(robots=True).count("/robots.txt") == 1
            clock.sleep(25 * 3600)
            get.get(f"{site.url}/5")
            assert site.paths(robots=True).count("/robots.txt") == 2
            assert "/private/1" not in site.paths()
        assert record.hops[0].body == PRIVATE.encode()

    def test_a_crawl_delay_raises_the_gap_from_the_first_page_on(self) -> None:
        clock = FakeClock()
        with robots(reply(PRIVATE)) as site:
            get = fetcher(clock)
            get.get(f"{site.url}/1")
            get.get(f"{site.url}/2")
        assert clock.slept == [3.0, 3.0]

    def test_a_delay_of_hours_is_a_no(self) -> None:
        with robots(reply("User-agent: *\nCrawl-delay: 86400\n")) as site, pytest.raises(RobotsDenied, match="86400"):
            fetcher().get(f"{site.url}/a")

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
    def test_no_robots_means_no_rules(self, status: int) -> None:
        with robots(reply("User-agent: *\nDisallow: /", status)) as site:
            assert fetcher().get(f"{site.url}/a").final.body == b"page"

    @pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
    def test_a_failing_one_closes_the_host_for_a_while(self, status: int) -> None:
        clock = FakeClock()
        with robots(reply("", status)) as site:
            get = fetcher(clock)
            for path in "ab":
                with pytest.raises(RobotsDenied, match=str(status)) as caught:
                    get.get(f"{site.url}/{path}")
                assert caught.value.temporary
                assert caught.value.url == f"{site.url}/{path}"
            assert site.paths() == []
            asked = len(site.requests)
            clock.sleep(301)
            with pytest.raises(RobotsDenied):
                get.get(f"{site.url}/a")
            assert len(site.requests) > asked

    def test_too_many_requests_means_later(self) -> None:
        with robots(reply("", 429, Retry_After="20")) as site:
            with pytest.raises(Overloaded) as caught:
                fetcher().get(f"{site.url}/a")
            assert caught.value.retry_after == 20
            assert site.paths() == []

    def test_a_silent_one_closes_the_host(self) -> None:
        def silent(request: Request) -> Iterator[bytes]:
            time.sleep(1.5)
            yield b""

        for policy in (Fetching(gap=0.0, timeout=0.1, deadline=5.0), Fetching(gap=0.0, timeout=5.0, deadline=0.3)):
            with serving(lambda r: silent(r) if "robots" in r.path else reply(b"page")) as site:
                with pytest.raises(RobotsDenied, match="time") as caught:
                    fetcher(policy=policy).get(f"{site.url}/a")
                assert caught.value.temporary
                assert site.paths() == []

    def test_a_dripping_one_closes_the_host_at_the_deadline(self) -> None:
        def drip(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\n"
            while True:
                time.sleep(0.1)
                yield b"#"

        with serving(lambda r: drip(r) if "robots" in r.path else reply(b"page")) as site:
            start = time.monotonic()
            with pytest.raises(RobotsDenied):
                fetcher(SystemClock(), policy=Fetching(gap=0.0, deadline=0.5)).get(f"{site.url}/a")
            assert time.monotonic() - start < 1.0

    def test_one_that_is_broken_off_leaves_the_host_unreachable(self) -> None:
        with robots(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent") as site, pytest.raises(Unreachable):
            fetcher().get(f"{site.url}/a")

    def test_an_undecodable_one_closes_the_host(self) -> None:
        with robots(reply(b"\x00", Content_Encoding="br")) as site, pytest.raises(RobotsDenied, match="br"):
            fetcher().get(f"{site.url}/a")

    def test_a_packed_one_is_read(self) -> None:
        packed = reply(gzip.compress(PRIVATE.encode()), Content_Encoding="gzip")
        with robots(packed) as site, pytest.raises(RobotsDenied):
            fetcher().get(f"{site.url}/private")

    def test_an_endless_one_is_read_to_its_cap(self) -> None:
        record = Recorder()

        def endless(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\n\r\n" + PRIVATE.encode()
            for _ in range(10_000):
                yield b"# filler\n" * 1000

        with serving(lambda r: endless(r) if "robots" in r.path else reply(b"page")) as site:
            get = fetcher(record=record)
            assert get.get(f"{site.url}/a").final.body == b"page"
            with pytest.raises(RobotsDenied):
                get.get(f"{site.url}/private")
        assert (len(record.hops[0].payload), record.hops[0].truncated) == (READ, True)

    @pytest.mark.parametrize(("redirects", "read"), [(1, True), (5, True), (6, False)])
    def test_five_redirects_are_followed(self, redirects: int, read: bool) -> None:
        def answer(request: Request) -> bytes:
            step = 0 if request.path == "/robots.txt" else int(request.path.rpartition("-")[2] or 0)
            if "robots" not in request.path:
                return reply(b"page")
            return reply(PRIVATE) if step == redirects else reply(status=301, Location=f"/robots-{step + 1}")

        with serving(lambda r: answer(r) if "robots" in r.path else reply(b"page")) as site:
            get = fetcher()
            if read:
                with pytest.raises(RobotsDenied):
                    get.get(f"{site.url}/private")
            else:
                assert get.get(f"{site.url}/private").final.body == b"page"

    def test_a_redirect_of_it_to_a_private_address_is_refused(self) -> None:
        with robots(reply(status=301, Location="http://169.254.169.254/robots.txt")) as site:
            with pytest.raises(AddressRefused):
                fetcher().get(f"{site.url}/a")
            assert site.paths() == []

    def test_a_mapped_host_has_its_own(self) -> None:
        with robots(reply(PRIVATE)) as site:
            get = fetcher(host_map={"english.enabbaladi.net": site.place}, allow=())
            assert get.get("https://english.enabbaladi.net/a").final.url == "https://english.enabbaladi.net/a"
            assert {r.headers["host"] for r in site.requests} == {"english.enabbaladi.net"}
            with pytest.raises(RobotsDenied):
                get.get("https://english.enabbaladi.net/private")
