"""Fetching: conditions, redirects, retries, turns, caps and deadlines, against real sockets."""

from __future__ import annotations

import gzip
import itertools
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from archive.clock import SystemClock
from archive.fetch import (
    AddressRefused,
    BadEncoding,
    DeadlineExceeded,
    FetchError,
    Overloaded,
    RobotsDenied,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    Validators,
)
from archive.fetch_turns import Turns, retry_after
from archive.model import CaptureId
from archive.publishers.declaration import Fetching
from archive.warc import CaptureError, WarcFolder
from tests.archive.fetching import FakeClock, Recorder, Request, fetcher, reply, serving

PAGE = "<p>عاد نازحون إلى بيوتهم في داريا</p>".encode()
NO_ROBOTS = reply(status=404)


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def pages(**answers: bytes):
    """A site without robots.txt; `a="…"` answers /a."""

    def answer(request: Request) -> bytes:
        return answers.get(request.path.strip("/").replace("/", "_"), NO_ROBOTS)

    return answer


class TestAnswers:
    def test_a_page_comes_with_its_parts(self) -> None:
        record, clock = Recorder(), FakeClock()
        page = reply(packed(PAGE), Content_Type='text/html; charset="UTF-8"', Content_Encoding="gzip", ETag='"1"')
        with serving(pages(a=page)) as site:
            got = fetcher(clock, record).get(f"{site.url}/a#part")
        assert (got.final.status, got.final.body, got.final.media_type, got.final.charset) == (
            200, PAGE, "text/html", "utf-8",
        )  # fmt: skip
        assert gzip.decompress(got.final.payload) == PAGE
        assert got.final.url == got.capture.url == f"{site.url}/a"
        assert got.capture.etag == got.final.header("etag") == '"1"'
        assert site.requests[-1].headers["user-agent"].startswith("Warraq/0.1")
        assert site.requests[-1].headers["host"] == site.place
        assert [hop.url.rpartition("/")[2] for hop in record.hops] == ["robots.txt", "a"], "robots.txt is captured too"

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 500, 502])
    def test_other_statuses_are_answers(self, status: int) -> None:
        with serving(pages(a=reply(b"no", status))) as site:
            assert fetcher().get(f"{site.url}/a").final.status == status
            assert site.paths() == ["/a"]

    def test_what_cannot_be_written_is_not_seen(self, tmp_path: Path) -> None:
        """The recorder's error comes through: nothing may be derived from an answer that is not on the disk."""
        (tmp_path / "file").write_bytes(b"")
        folder = WarcFolder(tmp_path / "file", SystemClock())
        with serving(pages(a=reply(PAGE))) as site, pytest.raises(CaptureError):
            fetcher(record=folder.write).get(f"{site.url}/a")  # type: ignore[arg-type]

    def test_hops_are_in_the_real_archive(self, tmp_path: Path) -> None:
        folder = WarcFolder(tmp_path, SystemClock())
        with serving(pages(a=reply(status=301, Location="/b"), b=reply(PAGE))) as site:
            got = fetcher(record=folder.write).get(f"{site.url}/a")  # type: ignore[arg-type]
        assert [folder.record(capture).status for _, capture in got.hops] == [301, 200]
        assert folder.body(got.capture) == PAGE
        assert list(folder.verify(capture for _, capture in got.hops)) == []


class TestConditions:
    def ask(self, validators: Validators) -> dict[str, str]:
        with serving(pages(a=reply(status=304))) as site:
            got = fetcher().get(f"{site.url}/a", validators)
        assert (got.final.status, got.final.revisit_of) == (304, validators.capture)
        assert got.capture.revisit_of == validators.capture
        return {k: v for k, v in site.requests[-1].headers.items() if k.startswith("if-")}

    def test_a_strong_tag_goes_with_the_date(self) -> None:
        sent = self.ask(Validators('"1"', "Mon, 05 Feb 2024 10:00:00 GMT", CaptureId("c")))
        assert sent == {"if-none-match": '"1"', "if-modified-since": "Mon, 05 Feb 2024 10:00:00 GMT"}

    def test_a_weak_tag_would_hide_the_date_and_stays_home(self) -> None:
        sent = self.ask(Validators('W/"1"', "Mon, 05 Feb 2024 10:00:00 GMT"))
        assert sent == {"if-modified-since": "Mon, 05 Feb 2024 10:00:00 GMT"}

    def test_a_weak_tag_alone_is_sent(self) -> None:
        assert self.ask(Validators('W/"1"')) == {"if-none-match": 'W/"1"'}

    def test_they_are_sent_to_the_page_that_they_belong_to(self) -> None:
        """After a redirect another page must not look unchanged."""
        with serving(pages(a=reply(status=301, Location="/b"), b=reply(PAGE))) as site:
            fetcher().get(f"{site.url}/a", Validators('"1"'))
            fetcher().get(f"{site.url}/a", Validators('"1"', url=f"{site.url}/b"))
            asked = [(r.path, "if-none-match" in r.headers) for r in site.requests if r.path != "/robots.txt"]
        assert asked == [("/a", True), ("/b", False), ("/a", False), ("/b", True)]


class TestRedirects:
    def test_each_hop_is_recorded(self) -> None:
        with serving(
            pages(a=reply(status=301, Location="b"), b=reply(status=302, Location="/c?x#y"), **{"c?x": reply(PAGE)})
        ) as site:
            got = fetcher().get(f"{site.url}/a")
        assert [(hop.status, capture.location) for hop, capture in got.hops] == [
            (301, f"{site.url}/b"), (302, f"{site.url}/c?x#y"), (200, None),
        ]  # fmt: skip

    def test_a_location_in_raw_arabic_is_followed(self) -> None:
        target = reply(status=301, Location="/676069/قصف")
        with serving(lambda r: target if r.path == "/a" else reply(PAGE) if "%D9" in r.path else NO_ROBOTS) as site:
            assert fetcher().get(f"{site.url}/a").final.body == PAGE
        assert site.paths() == ["/a", "/676069/%D9%82%D8%B5%D9%81"]

    @pytest.mark.parametrize(
        "target",
        ["http://127.0.0.2/", "http://2130706434/", "file:///etc/passwd", "http://user@{place}/", "http://[::1]/",
         "http://169.254.169.254/latest/meta-data/", "http://[",
         "//10.0.0.1/", "http://127.0.0.1:22/", "ftp://{place}/", "http://0/"],
    )  # fmt: skip
    def test_a_hop_to_where_nobody_may_go_is_refused(self, target: str) -> None:
        with serving(
            lambda r: NO_ROBOTS if "robots" in r.path else reply(status=302, Location=target.format(place=site.place))
        ) as site:
            with pytest.raises(AddressRefused):
                fetcher(allow=(site.place,)).get(f"{site.url}/a")
            assert site.paths() == ["/a"]

    def test_robots_of_the_next_host_are_asked(self) -> None:
        deny = reply("User-agent: *\nDisallow: /b")
        with serving(lambda r: deny if "robots" in r.path else reply(PAGE)) as other:
            with serving(pages(a=reply(status=301, Location=f"{other.url}/b"))) as site, pytest.raises(RobotsDenied):
                fetcher().get(f"{site.url}/a")
            assert other.paths() == []

    def test_loops_and_long_chains_end(self) -> None:
        with serving(pages(a=reply(status=301, Location="/b"), b=reply(status=301, Location="/a#x"))) as site:
            with pytest.raises(TooManyRedirects, match="loop"):
                fetcher().get(f"{site.url}/a")
            assert site.paths() == ["/a", "/b"]
        with serving(lambda r: NO_ROBOTS if "robots" in r.path else reply(status=301, Location=r.path + "a")) as site:
            with pytest.raises(TooManyRedirects, match="more than 10"):
                fetcher().get(f"{site.url}/a")
            assert len(site.paths()) == 10

    def test_a_redirect_without_a_target_is_an_answer(self) -> None:
        with serving(pages(a=reply(PAGE, 302))) as site:
            assert fetcher().get(f"{site.url}/a").final.body == PAGE


def drip(head: bytes, pause: float = 0.3) -> Iterator[bytes]:
    yield head
    while True:
        time.sleep(pause)
        yield b"x"


class TestLimits:
    POLICY = Fetching(gap=0.0, timeout=5.0, deadline=0.5, max_bytes=100_000)

    @pytest.mark.parametrize(
        "head",
        [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
         b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n"],
    )  # fmt: skip
    def test_a_host_that_drips_is_cut_off_at_the_deadline(self, head: bytes) -> None:
        with serving(lambda r: NO_ROBOTS if "robots" in r.path else drip(head)) as site:
            get = fetcher(policy=self.POLICY)
            start = time.monotonic()
            with pytest.raises((DeadlineExceeded, Unreachable)) as caught:
                get.get(f"{site.url}/a")
            assert time.monotonic() - start < 1.0
            assert caught.type is DeadlineExceeded or head == b""  # "x" is no HTTP: broken off before the deadline

    def test_a_host_that_never_pauses_is_cut_off_too(self) -> None:
        """No single wait is ever long, and the bytes are too few for the cap: only the total counts."""

        def trickle(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\n\r\n"
            end = time.monotonic() + 3
            while time.monotonic() < end:
                time.sleep(0.0001)
                yield b"x" * 10

        policy = Fetching(gap=0.0, timeout=5.0, deadline=0.5, max_bytes=200_000_000)
        with serving(lambda r: NO_ROBOTS if "robots" in r.path else trickle(r)) as site:
            start = time.monotonic()
            with pytest.raises(DeadlineExceeded):
                fetcher(policy=policy).get(f"{site.url}/a")
            assert time.monotonic() - start < 1.0

    def test_a_stalled_host_is_cut_off_though_its_time_out_is_longer(self) -> None:
        def stall(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\n"
            time.sleep(3)

        with serving(lambda r: NO_ROBOTS if "robots" in r.path else stall(r)) as site:
            get = fetcher(SystemClock(), policy=self.POLICY)
            start = time.monotonic()
            with pytest.raises(DeadlineExceeded):
                get.get(f"{site.url}/a")
            assert time.monotonic() - start < 1.0

    def test_the_deadline_is_one_for_all_hops(self) -> None:
        def slow(request: Request) -> Iterator[bytes]:
            time.sleep(0.2)
            yield reply(status=301, Location=request.path + "a")

        with serving(lambda r: NO_ROBOTS if "robots" in r.path else slow(r)) as site:
            get = fetcher(SystemClock(), policy=self.POLICY)
            start = time.monotonic()
            with pytest.raises(DeadlineExceeded):
                get.get(f"{site.url}/a")
            assert time.monotonic() - start < 1.0

    def test_endless_answers_are_cut_off_at_the_cap(self) -> None:
        def endless(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            while True:
                yield b"1000\r\n" + b"x" * 4096 + b"\r\n"

        record = Recorder()
        with serving(lambda r: NO_ROBOTS if "robots" in r.path else endless(r)) as site, pytest.raises(TooLarge):
            fetcher(record=record, policy=self.POLICY).get(f"{site.url}/a")
        assert len(record.hops) == 1, "only robots.txt: half an answer is none"

    @pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "many members"])
    def test_bombs_do_not_go_off(self, coding: str) -> None:
        """200 MB out of 200 kB: refused, with no more memory than a few times the cap."""
        bomb = BOMBS[coding]
        policy = Fetching(gap=0.0, deadline=20.0, max_bytes=1_000_000)
        encoding = {"raw deflate": "deflate", "many members": "gzip"}.get(coding, coding)
        with serving(pages(a=reply(bomb, Content_Encoding=encoding))) as site:
            get = fetcher(policy=policy)
            get.get(f"{site.url}/warm-up")
            tracemalloc.start()
            with pytest.raises(TooLarge):
                get.get(f"{site.url}/a")
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 6_000_000

    @pytest.mark.parametrize("size", [99_999, 100_000, 100_001])
    def test_the_cap_is_exact(self, size: int) -> None:
        answers = pages(a=reply(b"x" * size), b=reply(packed(b"x" * size), Content_Encoding="gzip"))
        with serving(answers) as site:
            for path in ("a", "b"):
                try:
                    assert len(fetcher(policy=self.POLICY).get(f"{site.url}/{path}").final.body) == size <= 100_000
                except TooLarge:
                    assert size > 100_000


def raw_deflate(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


STREAM = raw_deflate(bytes(200_000_000))  # no reader gets as far as the checksum behind it
BOMBS = {
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\2\xff" + STREAM + bytes(8),
    "x-gzip": b"\x1f\x8b\x08\0\0\0\0\0\2\xff" + STREAM + bytes(8),
    "deflate": b"\x78\xda" + STREAM + bytes(4),
    "raw deflate": STREAM,
    "many members": packed(bytes(2_500_000)) * 80,
}


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "payload"),
        [("gzip", packed(PAGE)), ("GZip", packed(PAGE[:9]) + packed(PAGE[9:])),
         ("gzip", packed(PAGE) + b"\0\0"), ("deflate", zlib.compress(PAGE)), ("deflate", raw_deflate(PAGE)),
         ("identity", PAGE), ("identity, gzip", packed(PAGE)), ("", PAGE)],
    )  # fmt: skip
    def test_known_encodings_are_undone(self, encoding: str, payload: bytes) -> None:
        with serving(pages(a=reply(payload, Content_Encoding=encoding))) as site:
            assert fetcher().get(f"{site.url}/a").final.body == PAGE

    @pytest.mark.parametrize(
        ("encoding", "payload"),
        [("br", b"\x8b\x02\x80"), ("zstd", b"\x28\xb5\x2f\xfd"), ("compress", b"x"), ("nonsense", PAGE),
         ("gzip, gzip", packed(packed(PAGE))), ("gzip, br", b"x"), ("gzip", PAGE),
         ("deflate", b"\xff\xff"),
         ("gzip", packed(PAGE)[:-9]), ("gzip", packed(PAGE)[:-1]), ("gzip", packed(b"") * 3000)],
    )  # fmt: skip
    def test_others_are_refused_with_the_payload_recorded(self, encoding: str, payload: bytes) -> None:
        record = Recorder()
        with serving(pages(a=reply(payload, Content_Encoding=encoding))) as site, pytest.raises(BadEncoding):
            fetcher(record=record).get(f"{site.url}/a")
        assert (record.hops[-1].payload, record.hops[-1].body) == (payload, b"")

    def test_an_empty_answer_with_an_encoding_is_empty(self) -> None:
        with serving(pages(a=reply(b"", 404, Content_Encoding="gzip"))) as site:
            assert fetcher().get(f"{site.url}/a").final.body == b""


class TestRetries:
    def busy(self, answers: list[bytes], clock: FakeClock):
        left = iter(answers)
        return serving(lambda r: NO_ROBOTS if "robots" in r.path else next(left))

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_busy_host_is_asked_again_ever_later(self, status: int) -> None:
        clock, record = FakeClock(), Recorder()
        with self.busy([reply(b"", status)] * 3 + [reply(PAGE)], clock) as site:
            got = fetcher(clock, record).get(f"{site.url}/a")
        assert got.final.body == PAGE
        assert clock.slept == [1.0, 2.0, 4.0, 8.0]  # the gap after robots.txt, then the pauses
        assert [hop.status for hop in record.hops] == [404, status, status, status, 200]

    @pytest.mark.parametrize("status", [429, 503])
    def test_after_four_times_it_is_overloaded(self, status: int) -> None:
        with self.busy([reply(b"", status, Retry_After="3")] * 4, FakeClock()) as site:
            with pytest.raises(Overloaded) as caught:
                fetcher().get(f"{site.url}/a")
            assert (caught.value.retry_after, caught.value.status) == (3.0, status)
            assert len(site.paths()) == 4

    @pytest.mark.parametrize(
        ("value", "slept"),
        [("30", 30.0), ("Mon, 05 Feb 2024 10:00:46 GMT", 45.0), ("soon", 2.0), ("-5", 2.0), ("1e3", 2.0), ("", 2.0),
         ("Mon, 05 Feb 2001 10:00:00 GMT", 2.0), ("٣٠", 2.0), ("0", 2.0), ("Mon, 99 Feb 2024 10:00:00 GMT", 2.0)],
    )  # fmt: skip
    def test_retry_after_in_any_form(self, value: str, slept: float) -> None:
        clock = FakeClock()
        with self.busy([reply(b"", 429, Retry_After=value), reply(PAGE)], clock) as site:
            assert fetcher(clock).get(f"{site.url}/a").final.body == PAGE
        assert clock.slept == [1.0, slept]

    def test_a_host_that_wants_an_hour_is_left_alone_for_it(self) -> None:
        clock = FakeClock()
        with self.busy([reply(b"", 429, Retry_After="3600"), reply(PAGE)], clock) as site:
            get = fetcher(clock)
            for _ in range(2):
                with pytest.raises(Overloaded) as caught:
                    get.get(f"{site.url}/a")
                assert caught.value.retry_after == pytest.approx(3600, abs=5)
            assert site.paths() == ["/a"]
            clock.sleep(3600)
            assert get.get(f"{site.url}/a").final.body == PAGE

    @pytest.mark.parametrize(
        "broken",
        [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"not http at all\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
         b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    )  # fmt: skip
    def test_a_broken_answer_is_asked_again_then_unreachable(self, broken: bytes) -> None:
        clock = FakeClock()
        with self.busy([broken, broken, reply(PAGE)], clock) as site:
            assert fetcher(clock).get(f"{site.url}/a").final.body == PAGE
        with self.busy([broken] * 4, FakeClock()) as site:
            with pytest.raises(Unreachable):
                fetcher().get(f"{site.url}/a")
            assert len(site.paths()) == 4

    def test_more_bytes_than_the_length_says_are_not_the_page(self) -> None:
        with self.busy([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK"], FakeClock()) as site:
            assert fetcher().get(f"{site.url}/a").final.body == b"ok"

    def test_nobody_there_is_unreachable(self) -> None:
        with serving(pages()) as site:
            pass
        clock = FakeClock()
        get = fetcher(clock)
        with pytest.raises(Unreachable) as caught:
            get.get(f"{site.url}/a")
        assert "\n" not in str(caught.value)
        assert clock.slept == [2.0, 4.0, 8.0]

    def test_a_name_without_address_is_unreachable(self) -> None:
        with pytest.raises(Unreachable, match="no address"):
            fetcher().get("http://nowhere.invalid/")


class TestTurns:
    def test_two_workers_keep_the_gap_and_never_ask_at_once(self) -> None:
        """Measured at the server with a real clock: from the end of an answer to the next request."""

        def slow(request: Request) -> bytes:
            time.sleep(0.03)
            return NO_ROBOTS

        with serving(slow) as site:
            get = fetcher(SystemClock(), policy=Fetching(gap=0.1))
            with ThreadPoolExecutor(3) as workers:
                list(workers.map(lambda n: get.get(f"{site.url}/{n}"), range(8)))
            asked = sorted(site.requests, key=lambda r: r.at)
        assert site.paths(robots=True).count("/robots.txt") == 1
        assert len(asked) == 9
        assert min(b.at - a.at for a, b in itertools.pairwise(asked)) >= 0.1

    def test_other_hosts_need_not_wait(self) -> None:
        with serving(pages()) as one, serving(pages()) as two:
            clock = FakeClock()
            get = fetcher(clock)
            get.get(f"{one.url}/a")
            slept = sum(clock.slept)
            get._turns.close(one.place, 100)
            get.get(f"{two.url}/a")
        assert sum(clock.slept) == 2 * slept

    @pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
    def test_a_wall_clock_that_jumps_changes_no_gap(self, jump: timedelta) -> None:
        with serving(pages()) as site:
            clock = FakeClock()
            get = fetcher(clock)
            for path in "abc":
                get.get(f"{site.url}/{path}")
                clock.wall += jump
        assert clock.slept == [1.0, 1.0, 1.0]

    def test_a_sleep_that_returns_early_is_slept_again(self) -> None:
        class Restless(FakeClock):
            def sleep(self, seconds: float) -> None:
                super().sleep(seconds / 2 if seconds > 0.01 else seconds)

        clock = Restless()
        turns = Turns(clock, 120)
        for _ in range(3):
            with turns.turn("a", 1.0):
                pass
        assert clock.passed >= 1002

    def test_an_outlet_s_own_gap_holds_for_its_hosts(self) -> None:
        with serving(pages()) as site:
            clock = FakeClock()
            get = fetcher(clock)
            get._policies = {site.place: Fetching(gap=7.0)}
            get.get(f"{site.url}/a")
        assert clock.slept == [7.0]

    def test_a_failed_request_frees_the_host(self) -> None:
        turns = Turns(FakeClock(), 120)
        with pytest.raises(RuntimeError), turns.turn("a", 0):
            raise RuntimeError
        done = threading.Event()

        def other() -> None:
            with turns.turn("a", 0):
                done.set()

        threading.Thread(target=other, daemon=True).start()
        assert done.wait(2)


def test_retry_after_dates_are_measured_from_now() -> None:
    now = datetime(2024, 2, 5, 10, tzinfo=UTC)
    assert retry_after(format_datetime(now + timedelta(seconds=90)), now) == 90
    assert retry_after(None, now) is None
    assert retry_after("9" * 400, now) is not None


def test_every_error_is_one_line() -> None:
    for kind in (RobotsDenied, AddressRefused, TooLarge, DeadlineExceeded, TooManyRedirects, Unreachable, Overloaded):
        error = kind("http://a.example/", "why")
        assert isinstance(error, FetchError)
        assert str(error) == "http://a.example/: why"
