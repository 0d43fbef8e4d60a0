"""Other people's WARC and WACZ files, for import."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord
from warcio.timeutils import iso_date_to_datetime

from archive.decode import LIMIT, decode_or_empty
from archive.fetched import Hop
from archive.warc_record import CaptureError, Headers, http_parts

# gzip, WARC, ARC
_BEGINNINGS = (b"\x1f\x8b", b"WARC/", b"filedesc:")
_KINDS = ("response", "revisit", "resource")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record of another archive: its address, its instant and its answer are the original ones.

    `kind`: "response", "resource" (a file without HTTP: status 200 and its Content-Type), or "revisit" (no payload;
    the content is that of `refers_to`, when the record names an address).
    """

    kind: str
    id: str
    hop: Hop
    refers_to: str | None = None


def read_file(path: Path) -> Iterator[Foreign]:
    """The http(s) records of a WARC (plain or gzip) or ARC file, in order.

    Raises:
        CaptureError: after all that can be read: the file is no WARC, it is cut off, or records are unreadable.
    """
    try:
        with path.open("rb") as file:
            if not file.peek(10).startswith(_BEGINNINGS):
                raise CaptureError(f"{path}: is no WARC file; name a .warc, .warc.gz, .wacz or .html file")
            yield from _read(file, str(path))
    except OSError as error:
        raise CaptureError(f"{path}: cannot be read ({error.strerror or error})") from error


def read_wacz(path: Path) -> Iterator[Foreign]:
    """The same for every WARC inside a WACZ.

    Raises:
        CaptureError: as for `read_file`, or it is no zip, or there is no WARC in it.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            names = [n for n in packed.namelist() if n.startswith("archive/") and n.endswith((".warc.gz", ".warc"))]
            if not names:
                raise CaptureError(f"{path}: holds no archive/*.warc.gz; is it a WACZ?")
            for name in names:
                with packed.open(name) as file:
                    yield from _read(file, f"{path}:{name}")
    except zipfile.BadZipFile as error:
        raise CaptureError(f"{path}: not a whole zip file ({error}); fetch or copy it again") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: an encrypted member
        raise CaptureError(f"{path}: cannot be read ({error})") from error


def _read(file: IO[bytes], where: str) -> Iterator[Foreign]:
    bad: list[str] = []
    count = 0
    for entry in _entries(file, where):
        count += 1
        try:
            foreign = _foreign(entry) if entry.rec_type in _KINDS else None
        except EOFError as error:
            raise CaptureError(f"{where}: record {count} is cut off ({_line(error)})") from error
        except ValueError as error:
            bad.append(f"record {count}: {_line(error)}")
            continue
        if foreign is not None:
            yield foreign
    if not count:
        raise CaptureError(f"{where}: no WARC record in it")
    if bad:
        raise CaptureError(f"{where}: {len(bad)} of {count} records could not be read, the first: {bad[0]}")


def _entries(file: IO[bytes], where: str) -> Iterator[ArcWarcRecord]:
    try:
        yield from ArchiveIterator(file, arc2warc=True)
    except Exception as error:  # on a damaged record warcio raises whatever its parser stumbles over
        raise CaptureError(f"{where}: not a whole WARC record near byte {file.tell()} ({_line(error)})") from error


def _foreign(entry: ArcWarcRecord) -> Foreign | None:
    get = entry.rec_headers.get_header
    url = get("WARC-Target-URI") or ""
    payload = entry.raw_stream.read(LIMIT + 1)
    if not url.startswith(("http://", "https://")):
        return None
    if len(payload) > LIMIT:
        raise ValueError(f"{url} has more than {LIMIT} bytes")
    if getattr(entry.raw_stream, "limit", 0) > 0:
        raise EOFError(f"{url} is cut off")
    at = iso_date_to_datetime(get("WARC-Date") or "", tz_aware=True)
    status, reason, headers = 200, "OK", _type(entry.content_type)
    if entry.http_headers is not None:
        status, headers = http_parts(entry.http_headers)
        reason = entry.http_headers.statusline.partition(" ")[2]
        payload = _dechunk(payload, headers)
    whole = get("WARC-Truncated") is None
    hop = Hop(
        url=url,
        at=at,
        request_headers=(),
        status=status,
        reason=reason,
        headers=headers,
        payload=payload,
        body=decode_or_empty(payload, headers, whole=whole),
        truncated=not whole,
    )
    return Foreign(entry.rec_type, get("WARC-Record-ID") or "", hop, get("WARC-Refers-To-Target-URI"))


def _type(content_type: str | None) -> Headers:
    return (("Content-Type", content_type),) if content_type else ()


def _dechunk(payload: bytes, headers: Headers) -> bytes:
    """Some tools keep the chunks, some remove them and leave the header: the reader takes both."""
    chunked = any(n.lower() == "transfer-encoding" and "chunked" in v.lower() for n, v in headers)
    if not chunked:
        return payload
    reader, pieces = ChunkedDataReader(BytesIO(payload)), []
    while piece := reader.read(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
