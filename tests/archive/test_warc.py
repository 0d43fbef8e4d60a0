"""Captures on disk: exact, verifiable byte for byte, purgeable, readable by other tools, and safe on a bad disk."""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.clock import SystemClock
from archive.decode import decode_or_empty
from archive.fetched import Hop
from archive.model import Access, Capture, CaptureId
from archive.warc import CaptureError, CapturePurged, Moved, WarcFolder, read_file, read_wacz
from archive.warc_member import pack, spans, unpack

PAGE = "<html><body><p>قُتِل ثلاثة مدنيين في ريف إدلب، والخبر مختلق بالكامل.</p></body></html>".encode()
AT = datetime(2024, 2, 5, 10, 0, 0, 123456, tzinfo=UTC)


def hop(
    body: bytes = PAGE,
    url: str = "https://example.org/archives/1?a=%D8%A8",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=UTF-8"),),
    payload: bytes | None = None,
    revisit_of: CaptureId | None = None,
) -> Hop:
    return Hop(
        url=url,
        at=AT,
        request_headers=(("Host", "example.org"), ("User-Agent", "Warraq/0.1")),
        status=status,
        reason="OK",
        headers=headers,
        payload=body if payload is None else payload,
        body=body,
        revisit_of=revisit_of,
    )


@pytest.fixture
def folder(tmp_path: Path) -> WarcFolder:
    return WarcFolder(tmp_path / "captures", SystemClock())


def moved_to(capture: Capture, moved: Moved) -> Capture:
    access = Access.PURGED if moved.purged else capture.access
    return replace(capture, warc=moved.warc, offset=moved.offset, length=moved.length, access=access)


class TestWriting:
    def test_a_capture_comes_back_as_it_was(self, folder: WarcFolder) -> None:
        """Body, payload, status, headers, address and instant are the ones written; hashes are of payload and body."""
        packed = gzip.compress(PAGE)
        headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("ETag", 'W/"x"'))
        capture = folder.write(hop(payload=packed, headers=headers))
        record = folder.record(capture)
        assert folder.body(capture) == record.body == PAGE
        assert (record.payload, record.status, record.headers, record.at) == (packed, 200, headers, AT)
        assert record.url == capture.url == "https://example.org/archives/1?a=%D8%A8"
        assert capture.payload_sha256 == hashlib.sha256(packed).hexdigest()
        assert capture.body_sha256 == hashlib.sha256(PAGE).hexdigest()
        assert (capture.etag, capture.media_type, record.kind, record.id) == (
            'W/"x"',
            "text/html",
            "response",
            capture.id,
        )

    def test_each_process_has_a_file_of_its_own(self, folder: WarcFolder, tmp_path: Path) -> None:
        """A second folder object (a second run) never appends to the first one's file."""
        first = folder.write(hop())
        second = WarcFolder(tmp_path / "captures", SystemClock()).write(hop())
        assert first.warc != second.warc
        assert list(folder.verify([first, second])) == []

    def test_files_rotate_at_their_size(self, tmp_path: Path) -> None:
        folder = WarcFolder(tmp_path, SystemClock(), rotate=2000)
        captures = [folder.write(hop(random.Random(n).randbytes(900))) for n in range(6)]
        sizes = [path.stat().st_size for path in tmp_path.iterdir()]
        assert len(sizes) > 1
        assert max(sizes) < 2000 + 2500
        assert list(folder.verify(captures)) == []

    def test_a_304_is_a_revisit_of_the_capture_that_holds(self, folder: WarcFolder) -> None:
        whole = folder.write(hop())
        capture = folder.write(hop(b"", status=304, headers=(("ETag", '"1"'),), revisit_of=whole.id))
        assert capture.revisit_of == whole.id
        assert folder.record(capture).kind == "revisit"
        assert folder.body(capture) == b""
        assert list(folder.verify([whole, capture])) == []

    def test_a_redirect_names_its_target_absolutely(self, folder: WarcFolder) -> None:
        capture = folder.write(hop(b"", status=301, headers=(("Location", "/676069/مقال"),)))
        assert capture.location == "https://example.org/676069/مقال"

    def test_chunked_answers_are_stored_without_chunks_and_their_header_is_kept(self, folder: WarcFolder) -> None:
        """A body that looks like a chunk must not be taken for one."""
        body = b"5\r\nhello\r\n0\r\n\r\n"
        capture = folder.write(hop(body, headers=(("Transfer-Encoding", "chunked"),)))
        assert folder.body(capture) == body
        assert folder.record(capture).headers == (("Transfer-Encoding", "chunked"),)

    def test_an_encoding_nobody_knows_keeps_its_payload(self, folder: WarcFolder) -> None:
        raw = replace(hop(b"", payload=b"\x0b\x02\x80brotli\x03", headers=(("Content-Encoding", "br"),)))
        capture = folder.write(raw)
        assert folder.record(capture).payload == raw.payload
        assert list(folder.verify([capture])) == []

    @settings(max_examples=25, deadline=None)
    @given(body=st.binary(max_size=3000), reason=st.sampled_from(["", "OK", "Not Found"]))
    def test_any_bytes_survive(self, tmp_path_factory: pytest.TempPathFactory, body: bytes, reason: str) -> None:
        folder = WarcFolder(tmp_path_factory.mktemp("any"), SystemClock())
        capture = folder.write(replace(hop(body), reason=reason))
        assert folder.body(capture) == body
        assert list(folder.verify([capture])) == []

    @settings(max_examples=60, deadline=None)
    @given(
        headers=st.lists(
            st.tuples(
                st.sampled_from(
                    ["X-A", "Set-Cookie", "Location", "Content-Encoding", "Content-Type", "Transfer-Encoding"]
                ),
                st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30).map(str.strip),
            ),
            max_size=6,
        ),
        reason=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=8),
    )
    def test_any_headers_survive(
        self, tmp_path_factory: pytest.TempPathFactory, headers: list[tuple[str, str]], reason: str
    ) -> None:
        """Whatever a server calls itself, its answer is kept and verifies; ASCII headers come back as they were."""
        folder = WarcFolder(tmp_path_factory.mktemp("any"), SystemClock())
        raw = hop(decode_or_empty(PAGE, headers), payload=PAGE, headers=tuple(headers), status=302)
        capture = folder.write(replace(raw, reason=reason, request_headers=()))
        assert list(folder.verify([capture])) == []
        if all(value.isascii() for _, value in headers):
            assert folder.record(capture).headers == tuple(headers)

    def test_other_tools_read_our_files(self, folder: WarcFolder, tmp_path: Path) -> None:
        """warcio sees warcinfo, request, response, revisit, with digests that hold; gzip sees one stream."""
        first = folder.write(hop())
        folder.write(hop(b"", status=304, revisit_of=first.id))
        path = tmp_path / "captures" / first.warc
        with path.open("rb") as file:
            entries = []
            for entry in ArchiveIterator(file, check_digests="raise"):
                entry.content_stream().read()
                entries.append((entry.rec_type, entry.rec_headers.get_header("WARC-Target-URI")))
        assert [kind for kind, _ in entries] == ["warcinfo", "request", "response", "request", "revisit"]
        assert gzip.decompress(path.read_bytes()).count(b"WARC/1.1\r\n") == 5


class TestDamage:
    @pytest.fixture
    def captures(self, folder: WarcFolder) -> list[Capture]:
        captures = [folder.write(hop(PAGE + bytes([n]), url=f"https://example.org/{n}")) for n in range(4)]
        folder.close()
        return captures

    def test_every_truncation_is_found_and_what_lies_before_stays_readable(
        self, folder: WarcFolder, captures: list[Capture], tmp_path: Path
    ) -> None:
        path = tmp_path / "captures" / captures[0].warc
        data = path.read_bytes()
        for cut in [*range(0, len(data), 17), *(c.offset + c.length - 1 for c in captures)]:
            path.write_bytes(data[:cut])
            lost = {damage.capture.id for damage in folder.verify(captures) if damage.capture}
            assert lost == {c.id for c in captures if c.offset + c.length > cut}, cut
            for capture in captures:
                if capture.id not in lost:
                    assert folder.body(capture).startswith(PAGE)

    def test_every_flipped_bit_is_found(self, folder: WarcFolder, captures: list[Capture], tmp_path: Path) -> None:
        """Also in the gzip headers and in records that belong to no capture; the other captures stay readable."""
        path = tmp_path / "captures" / captures[0].warc
        data = path.read_bytes()
        chance = random.Random(13)
        places = [*range(60), *range(captures[1].offset, captures[1].offset + 70), *range(0, len(data), 11)]
        for place in places:
            flipped = bytearray(data)
            flipped[place] ^= 1 << chance.randrange(8)
            path.write_bytes(flipped)
            found = list(folder.verify(captures))
            assert len(found) == 1, place
            hit = [c for c in captures if c.offset <= place < c.offset + c.length]
            assert [damage.capture for damage in found if damage.capture] == hit

    def test_a_torn_tail_is_reported_though_no_capture_is_in_it(
        self, folder: WarcFolder, captures: list[Capture], tmp_path: Path
    ) -> None:
        path = tmp_path / "captures" / captures[0].warc
        path.write_bytes(path.read_bytes() + pack(b"WARC/1.1 torn")[:-3])
        (damage,) = folder.verify(captures)
        assert damage.capture is None
        assert "not a whole record" in damage.what

    def test_a_record_that_is_being_written_is_no_damage(
        self, folder: WarcFolder, captures: list[Capture], tmp_path: Path
    ) -> None:
        """Another process holds the file: verifying while collecting raises no false alarm, real damage still shows."""
        path = tmp_path / "captures" / captures[0].warc
        whole = path.read_bytes()
        with path.open("r+b") as writer:
            fcntl.flock(writer, fcntl.LOCK_EX)
            path.write_bytes(whole + pack(b"half")[:-3])
            assert list(folder.verify(captures)) == []
            path.write_bytes(whole[:-1])
            assert [damage.capture for damage in folder.verify(captures)] == [captures[-1]]

    def test_a_missing_file_is_every_one_of_its_captures(
        self, folder: WarcFolder, captures: list[Capture], tmp_path: Path
    ) -> None:
        (tmp_path / "captures" / captures[0].warc).unlink()
        assert [damage.capture for damage in folder.verify(captures)] == captures
        with pytest.raises(CaptureError, match="cannot be read"):
            folder.body(captures[0])

    def test_hashes_ids_and_addresses_that_differ_are_found(self, folder: WarcFolder, captures: list[Capture]) -> None:
        one = captures[0]
        for wrong in (
            replace(one, payload_sha256="0" * 64),
            replace(one, body_sha256="0" * 64),
            replace(one, id=CaptureId("another")),
            replace(one, url="https://example.org/other"),
            replace(one, offset=captures[1].offset, length=captures[1].length),
            replace(one, access=Access.PURGED),
        ):
            assert [damage.capture for damage in folder.verify([wrong])] == [wrong]

    @settings(max_examples=60, deadline=None)
    @given(texts=st.lists(st.binary(max_size=200), min_size=1, max_size=4), junk=st.binary(max_size=40), data=st.data())
    def test_spans_find_every_whole_member_around_junk(
        self, texts: list[bytes], junk: bytes, data: st.DataObject
    ) -> None:
        at = data.draw(st.integers(0, len(texts)))
        stream = b"".join(map(pack, texts[:at])) + junk + b"".join(map(pack, texts[at:]))
        found = list(spans(stream))
        assert [unpack(stream[s.start : s.end]) for s in found if s.intact] == texts
        assert b"".join(stream[s.start : s.end] for s in found if not s.intact) == junk


class TestPurge:
    def test_the_text_is_gone_the_digests_stay_and_the_others_are_whole(
        self, folder: WarcFolder, tmp_path: Path
    ) -> None:
        secret = "اسم شاهد يجب أن يُزال".encode()
        keep = folder.write(hop(url="https://example.org/keep"))
        gone = folder.write(hop(secret, url="https://example.org/gone"))
        after = folder.write(hop(b"after", url="https://example.org/after"))
        purge = folder.purge([gone], "court order\n12/2024")
        places = {moved.capture: moved for moved in purge.moved}
        now = [moved_to(capture, places[capture.id]) for capture in (keep, gone, after)]
        assert purge.old == (keep.warc,)
        assert folder.body(keep) == PAGE, "until the store has the new places, the old ones hold"
        folder.drop(purge.old)
        assert list(folder.verify(now)) == []
        assert (folder.body(now[0]), folder.body(now[2])) == (PAGE, b"after")
        with pytest.raises(CapturePurged):
            folder.body(now[1])
        record = folder.record(now[1])
        assert (record.kind, record.payload_sha256, record.body_sha256) == (
            "purged",
            gone.payload_sha256,
            gone.body_sha256,
        )
        for path in (tmp_path / "captures").iterdir():
            text = gzip.decompress(path.read_bytes())
            assert secret not in text
            assert f"WARC-Concurrent-To: <urn:uuid:{gone.id}>".encode() not in text, "its request goes with it"
            assert f"WARC-Concurrent-To: <urn:uuid:{keep.id}>".encode() in text
            assert b"purged: court order 12/2024" in text

    def test_an_interrupted_purge_leaves_one_file_that_nothing_refers_to(
        self, folder: WarcFolder, tmp_path: Path
    ) -> None:
        """Before the store's transaction that is the new file, after it the old one; both can be dropped by name."""
        gone, keep = folder.write(hop(b"secret")), folder.write(hop())
        purge = folder.purge([gone], "request")
        folder.close()  # as the process's end does
        later = WarcFolder(tmp_path / "captures", SystemClock())
        places = {moved.capture: moved for moved in purge.moved}
        assert later.unreferenced([gone, keep]) == (purge.moved[0].warc,)
        now = [moved_to(capture, places[capture.id]) for capture in (gone, keep)]
        assert later.unreferenced(now) == purge.old
        later.drop(later.unreferenced(now))
        assert list(later.verify(now)) == []

    def test_what_another_process_is_busy_with_is_never_left_over(self, folder: WarcFolder, tmp_path: Path) -> None:
        """A file whose first capture is not in the store yet, and the new file of a purge that is under way."""
        gone = folder.write(hop(b"secret"))
        purge = folder.purge([gone], "request")
        folder.write(hop())
        other = WarcFolder(tmp_path / "captures", SystemClock())
        assert other.unreferenced([gone]) == folder.unreferenced([gone]) == ()
        folder.drop(purge.old)
        assert other.unreferenced([]) == (purge.moved[0].warc,)

    def test_purging_again_and_more_keeps_every_capture(self, folder: WarcFolder) -> None:
        captures = [folder.write(hop(bytes([n]) * 50, url=f"https://example.org/{n}")) for n in range(5)]
        for n in (1, 3, 1):
            purge = folder.purge([captures[n]], "again")
            places = {moved.capture: moved for moved in purge.moved}
            captures = [moved_to(capture, places[capture.id]) for capture in captures]
            folder.drop(purge.old)
        assert [capture.access for capture in captures].count(Access.PURGED) == 2
        assert list(folder.verify(captures)) == []

    def test_a_damaged_capture_can_be_purged_and_other_damage_is_kept_as_it_is(
        self, folder: WarcFolder, tmp_path: Path
    ) -> None:
        captures = [folder.write(hop(bytes([n]) * 50, url=f"https://example.org/{n}")) for n in range(4)]
        folder.close()
        path = tmp_path / "captures" / captures[0].warc
        data = bytearray(path.read_bytes())
        for capture in captures[1:3]:
            data[capture.offset + 90] ^= 1
        path.write_bytes(data)
        purge = folder.purge([captures[1]], "order")
        places = {moved.capture: moved for moved in purge.moved}
        assert set(places) == {captures[0].id, captures[1].id, captures[3].id}
        new = (tmp_path / "captures" / purge.moved[0].warc).read_bytes()
        assert bytes(data[captures[2].offset : captures[2].offset + captures[2].length]) in new
        assert bytes(data[captures[1].offset + 60 : captures[1].offset + captures[1].length]) not in new

    def test_a_file_that_another_process_writes_is_refused(self, folder: WarcFolder, tmp_path: Path) -> None:
        writer = WarcFolder(tmp_path / "captures", SystemClock())
        capture = writer.write(hop())
        with pytest.raises(CaptureError, match="nothing was changed"):
            folder.purge([capture], "order")
        assert writer.body(capture) == PAGE
        assert len(list((tmp_path / "captures").iterdir())) == 1


class TestBadDisk:
    @pytest.mark.parametrize("call", ["write", "fsync"])
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
    def test_every_nth_failing_call_is_one_clear_error_and_loses_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
    ) -> None:
        for n in range(8):
            folder = WarcFolder(tmp_path / f"{n}", SystemClock())
            real, count = getattr(os, call), iter(range(100))

            def failing(descriptor: int, *data: bytes, real=real, count=count, n=n) -> object:
                if next(count) == n:
                    if data:
                        real(descriptor, data[0][: len(data[0]) // 2])
                    raise OSError(code, os.strerror(code))
                return real(descriptor, *data)

            kept, errors = [], []
            with monkeypatch.context() as patch:
                patch.setattr(f"archive.warc.os.{call}", failing)
                for page in range(6):
                    try:
                        kept.append(folder.write(hop(bytes([page]) * 100)))
                    except CaptureError as error:
                        errors.append(str(error))
            assert len(errors) <= 1
            assert len(kept) + len(errors) == 6
            assert all("\n" not in error and "make room" in error for error in errors)
            assert list(folder.verify(kept)) == []

    def test_a_disk_that_is_really_full(self, tmp_path: Path) -> None:
        """The system's own file size limit stands for the end of the disk: earlier captures stay whole."""
        folder = WarcFolder(tmp_path, SystemClock())
        kept = [folder.write(hop(url=f"https://example.org/{n}")) for n in range(3)]
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            with pytest.raises(CaptureError, match="make room"):
                folder.write(hop(random.Random(1).randbytes(20_000)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        kept.append(folder.write(hop()))
        assert list(folder.verify(kept)) == []

    def test_what_was_written_survives_a_kill(self, tmp_path: Path) -> None:
        """SIGKILL at some moment: every capture that `write` gave back is whole; a later run is not disturbed."""
        program = (
            "import sys, json, dataclasses; from pathlib import Path; from datetime import datetime, UTC\n"
            "from archive.warc import WarcFolder; from archive.clock import SystemClock\n"
            "from archive.fetched import Hop\n"
            "folder = WarcFolder(Path(sys.argv[1]), SystemClock())\n"
            "while True:\n"
            "    hop = Hop('http://a.example/', datetime.now(UTC), (('A', 'b'),), 200, 'OK', (), b'x', b'x')\n"
            "    c = folder.write(hop)\n"
            "    print(json.dumps([c.id, c.warc, c.offset, c.length]), flush=True)\n"
        )
        captures = []
        for _ in range(2):
            command, home = [sys.executable, "-c", program, str(tmp_path)], Path(__file__).parents[2]
            child = subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(40)]
            child.kill()
            lines += child.stdout.readlines()
            child.wait()
            child.stdout.close()
            captures += [json.loads(line) for line in lines if line.endswith("\n")]
        folder, digest = WarcFolder(tmp_path, SystemClock()), hashlib.sha256(b"x").hexdigest()
        stored = [
            Capture(CaptureId(i), "http://a.example/", AT, 200, "", digest, digest, warc, offset, length)
            for i, warc, offset, length in captures
        ]
        assert len(stored) >= 80
        assert [damage for damage in folder.verify(stored) if damage.capture] == []

    def test_a_purge_on_a_full_disk_changes_nothing(self, folder: WarcFolder, monkeypatch: pytest.MonkeyPatch) -> None:
        capture = folder.write(hop())

        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("archive.warc.os.fsync", full)
            with pytest.raises(CaptureError, match="nothing was changed"):
                folder.purge([capture], "order")
        assert folder.body(capture) == PAGE
        assert folder.unreferenced([capture]) == ()


def foreign(path: Path, *, packed: bool) -> None:
    """A WARC as another tool would write it: chunked, compressed, a revisit, a resource, a DNS record."""
    chunks = b"6\r\n" + PAGE[:6] + b"\r\n" + f"{len(PAGE) - 6:x}".encode() + b"\r\n" + PAGE[6:] + b"\r\n0\r\n\r\n"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        date = {"WARC-Date": "2012-06-01T08:00:00Z"}

        def add(kind: str, url: str, payload: bytes, headers: list[tuple[str, str]] | None, content: str = "") -> None:
            http = None if headers is None else StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url, kind, BytesIO(payload), len(payload), content, dict(date), http_headers=http
                )
            )

        writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "other"}))
        add("response", "http://a.example/1", chunks, [("Transfer-Encoding", "chunked"), ("Content-Type", "text/html")])
        add("response", "http://a.example/2", gzip.compress(PAGE), [("Content-Encoding", "gzip")])
        add("response", "http://a.example/3", PAGE, [("Transfer-Encoding", "chunked")])
        add("resource", "https://a.example/4", PAGE, None, "text/html")
        add("resource", "dns:a.example", b"1.2.3.4", None, "text/dns")
        record = writer.create_revisit_record(
            "http://a.example/5",
            "sha1:AAAA",
            "http://a.example/1",
            "2012-06-01T08:00:00Z",
            StatusAndHeaders("200 OK", [], protocol="HTTP/1.1"),
            dict(date),
        )
        writer.write_record(record)


class TestForeign:
    @pytest.mark.parametrize("packed", [True, False])
    def test_records_come_with_their_own_address_instant_and_body(self, tmp_path: Path, packed: bool) -> None:
        path = tmp_path / "x.warc.gz"
        foreign(path, packed=packed)
        found = list(read_file(path))
        assert [(f.kind, f.hop.url[-1]) for f in found] == [
            ("response", "1"), ("response", "2"), ("response", "3"), ("resource", "4"), ("revisit", "5"),
        ]  # fmt: skip
        assert [f.hop.body for f in found] == [PAGE, PAGE, PAGE, PAGE, b""]
        assert {f.hop.at for f in found} == {datetime(2012, 6, 1, 8, tzinfo=UTC)}
        assert [f.hop.media_type for f in found[::3]] == ["text/html", "text/html"]
        assert found[-1].refers_to == "http://a.example/1"

    def test_what_is_read_can_be_written_to_our_own_archive(self, folder: WarcFolder, tmp_path: Path) -> None:
        foreign(tmp_path / "x.warc", packed=False)
        captures = [folder.write(f.hop) for f in read_file(tmp_path / "x.warc")]
        assert list(folder.verify(captures)) == []
        assert captures[0].at == datetime(2012, 6, 1, 8, tzinfo=UTC)

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_cut_file_gives_what_is_whole_and_then_says_so(self, tmp_path: Path, packed: bool) -> None:
        path = tmp_path / "x.warc"
        foreign(path, packed=packed)
        data = path.read_bytes()
        whole = [f.hop.url for f in read_file(path)]
        for cut in range(1, len(data) - 4, 37):
            path.write_bytes(data[:cut])
            urls: list[str] = []
            try:
                for f in read_file(path):
                    assert f.hop.body in (PAGE, b"")
                    urls.append(f.hop.url)
            except CaptureError as error:
                assert "\n" not in str(error)
            assert urls == whole[: len(urls)]

    def test_one_bad_record_does_not_hide_the_others(self, tmp_path: Path) -> None:
        path = tmp_path / "x.warc"
        foreign(path, packed=False)
        path.write_bytes(
            path.read_bytes().replace(b"WARC-Date: 2012-06-01T08:00:00Z", b"WARC-Date: yesterday, I think !", 1)
        )
        seen = []
        with pytest.raises(CaptureError, match=r"1 of 7 records"):
            seen.extend(f.hop.url for f in read_file(path))
        found = []
        try:
            for f in read_file(path):
                found.append(f.hop.url[-1])
        except CaptureError:
            pass
        assert found == ["2", "3", "4", "5"]

    def test_wacz_files_are_read(self, tmp_path: Path) -> None:
        foreign(tmp_path / "x.warc.gz", packed=True)
        with zipfile.ZipFile(tmp_path / "x.wacz", "w") as packed:
            packed.write(tmp_path / "x.warc.gz", "archive/data.warc.gz")
            packed.writestr("datapackage.json", "{}")
        assert [f.hop.url[-1] for f in read_wacz(tmp_path / "x.wacz")] == ["1", "2", "3", "4", "5"]

    @pytest.mark.parametrize("content", [b"", b"<html>no warc</html>", b"\x1f\x8b\x08\x00 broken"])
    def test_other_files_are_one_clear_line(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "x"
        path.write_bytes(content)
        for read in (read_file, read_wacz):
            with pytest.raises(CaptureError) as caught:
                list(read(path))
            assert str(path) in str(caught.value)
            assert "\n" not in str(caught.value)

    @pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
    def test_what_wget_writes_is_read(self, tmp_path: Path, site: str) -> None:
        command = ["wget", "-q", "--no-proxy", "--warc-file=w", "-O", "out", f"{site}/page", f"{site}/chunked"]
        subprocess.run(command, cwd=tmp_path, check=True, timeout=30)
        found = {f.hop.url.rpartition("/")[2]: f for f in read_file(tmp_path / "w.warc.gz") if f.kind == "response"}
        assert found["page"].hop.body == found["chunked"].hop.body == PAGE
        assert found["page"].hop.charset == "utf-8"
        assert dataclasses.astuple(found["page"].hop)[3] == 200


@pytest.fixture
def site():
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Site(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=UTF-8")
            if self.path == "/chunked":
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in (PAGE[:20], PAGE[20:]):
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
                return
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
