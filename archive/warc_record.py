"""WARC 1.1 records: a hop as records, and a record read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from archive.decode import decode_or_empty
from archive.fetched import Hop
from archive.model import Capture, CaptureId

Headers = tuple[tuple[str, str], ...]

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# Payloads are stored without chunking; the header that would make readers look for chunks is kept under this name.
_CHUNKED, _WAS_CHUNKED = "transfer-encoding", "X-Archive-Orig-Transfer-Encoding"
_BODY_DIGEST = "Warraq-Body-Digest"


class CaptureError(Exception):
    """A capture cannot be written or read; `str()` is one line: what, where, what to do."""


class CapturePurged(CaptureError):
    """The capture's bytes were removed on purpose; its digests are kept."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A capture's record as it is on disk. `kind`: "response", "revisit" or "purged" (then without content)."""

    kind: str
    id: CaptureId
    url: str
    at: datetime
    status: int
    reason: str
    headers: Headers
    payload: bytes
    body: bytes
    payload_sha256: str
    body_sha256: str


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def records(hop: Hop, capture: CaptureId) -> tuple[bytes, bytes]:
    """The request record and the response (or revisit) record, not compressed.

    The first is empty when nothing is known of the request: then there is no such record.
    """
    fields = {"WARC-Date": _instant(hop.at), "WARC-Record-ID": _urn(capture)}
    if hop.revisit_of is not None:
        fields |= {"WARC-Profile": _REVISIT, "WARC-Refers-To": _urn(hop.revisit_of)}
    else:
        fields |= {"WARC-Payload-Digest": f"sha256:{sha256(hop.payload)}"}
    fields[_BODY_DIGEST] = f"sha256:{sha256(hop.body)}"
    if hop.truncated:
        fields["WARC-Truncated"] = "length"
    headers = [(_WAS_CHUNKED if name.lower() == _CHUNKED else name, value) for name, value in hop.headers]
    reason = hop.reason.encode("ascii", "replace").decode()
    http = StatusAndHeaders(f"{hop.status} {reason}", headers, protocol="HTTP/1.1")
    kind = "response" if hop.revisit_of is None else "revisit"
    return _request(hop, capture), _serialise(kind, hop.url, fields, http, hop.payload)


def _request(hop: Hop, capture: CaptureId) -> bytes:
    if not hop.request_headers:
        return b""
    path = "/" + hop.url.partition("://")[2].partition("/")[2]
    fields = {"WARC-Date": _instant(hop.at), "WARC-Concurrent-To": _urn(capture)}
    http = StatusAndHeaders(f"GET {path} HTTP/1.1", list(hop.request_headers), is_http_request=True)
    return _serialise("request", hop.url, fields, http)


def stub(capture: Capture, reason: str) -> bytes:
    """What stays of a purged capture: that it was there, its digests, and why it is gone."""
    text = "".join(
        f"{name}: {' '.join(value.split())}\r\n"
        for name, value in (
            ("payload-sha256", capture.payload_sha256),
            ("body-sha256", capture.body_sha256),
            ("purged", reason),
        )
    )
    fields = {"WARC-Date": _instant(capture.at), "WARC-Record-ID": _urn(capture.id)}
    return _serialise("metadata", capture.url, fields, None, text.encode())


def information(name: str, software: str) -> bytes:
    """The record that opens a file."""
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": software, "format": "WARC File Format 1.1"}))
    return bytes(writer.out.getvalue())


def identity(record: bytes) -> tuple[str, CaptureId, CaptureId | None]:
    """A record's type, its id, and for a request the id of its response."""
    fields = {}
    for line in record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    belongs = fields.get("warc-concurrent-to")
    return fields.get("warc-type", ""), _uuid(fields.get("warc-record-id", "")), _uuid(belongs) if belongs else None


def parse(record: bytes) -> StoredRecord:
    """One of our own records.

    Raises:
        ValueError: it is none that holds a capture.
    """
    entry = next(iter(ArchiveIterator(BytesIO(record))), None)
    if entry is None or entry.rec_type not in ("response", "revisit", "metadata"):
        raise ValueError("not the record of a capture")
    get = entry.rec_headers.get_header
    payload = entry.raw_stream.read()
    stored = {
        "id": _uuid(get("WARC-Record-ID") or ""),
        "url": get("WARC-Target-URI"),
        "at": iso_date_to_datetime(get("WARC-Date"), tz_aware=True),
    }
    if entry.rec_type == "metadata":
        said = dict(line.split(": ", 1) for line in payload.decode().splitlines())
        digests = {"payload_sha256": said["payload-sha256"], "body_sha256": said["body-sha256"]}
        return StoredRecord("purged", **stored, **digests, status=0, reason="", headers=(), payload=b"", body=b"")
    status, headers = http_parts(entry.http_headers)
    body = decode_or_empty(payload, headers, whole=get("WARC-Truncated") is None)
    return StoredRecord(
        entry.rec_type,
        **stored,
        status=status,
        reason=entry.http_headers.statusline.partition(" ")[2],
        headers=headers,
        payload=payload,
        body=body,
        payload_sha256=sha256(payload),
        body_sha256=sha256(body),
    )


def capture_of(hop: Hop, capture: CaptureId, warc: str, offset: int, length: int) -> Capture:
    return Capture(
        id=capture,
        url=hop.url,
        at=hop.at,
        status=hop.status,
        media_type=hop.media_type,
        payload_sha256=sha256(hop.payload),
        body_sha256=sha256(hop.body),
        warc=warc,
        offset=offset,
        length=length,
        revisit_of=hop.revisit_of,
        location=hop.location,
        etag=hop.header("etag"),
        last_modified=hop.header("last-modified"),
    )


def http_parts(http: StatusAndHeaders) -> tuple[int, Headers]:
    """Status and headers, the latter as the server sent them."""
    headers = tuple(("Transfer-Encoding" if n.lower() == _WAS_CHUNKED.lower() else n, v) for n, v in http.headers)
    code = http.get_statuscode()
    return (int(code) if code.isdecimal() else 0), headers


def _serialise(
    kind: str, url: str, fields: Mapping[str, str], http: StatusAndHeaders | None, payload: bytes = b""
) -> bytes:
    writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
    writer.write_record(
        writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            warc_headers_dict=dict(fields),
            http_headers=http,
        )
    )
    return bytes(writer.out.getvalue())


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _urn(capture: str) -> str:
    return f"<urn:uuid:{capture}>"


def _uuid(urn: str) -> CaptureId:
    return CaptureId(urn.strip("<> ").removeprefix("urn:uuid:"))


def covered(captures: Iterable[Capture], start: int, end: int) -> list[Capture]:
    """Those whose bytes lie at least partly between `start` and `end`, in the file's order."""
    inside = (c for c in captures if c.offset < end and c.offset + c.length > start)
    return sorted(inside, key=lambda c: c.offset)
