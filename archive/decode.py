"""Undoing Content-Encoding, bounded in memory whatever the payload claims."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

LIMIT = 256 * 1024 * 1024  # bytes; nothing decodes to more than this, here or in a stored capture
_MEMBERS = 100  # of one gzip payload; thousands of empty ones would cost quadratic time
_GZIP, _ZLIB, _RAW = 31, 15, -15  # window bits, see zlib's inflateInit2
_GZIP_MAGIC = b"\x1f\x8b"


class Undecodable(Exception):
    """The payload is not what its Content-Encoding says, or that encoding is not understood."""


class Oversized(Exception):
    """The decoded body is larger than the cap."""


def codings(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The content codings applied, in order, without `identity`."""
    values = (value for name, value in headers if name.lower() == "content-encoding")
    tokens = (token.strip().lower() for value in values for token in value.split(","))
    return tuple(token for token in tokens if token not in ("", "identity"))


def decode(payload: bytes, headers: Iterable[tuple[str, str]], cap: int = LIMIT, *, whole: bool = True) -> bytes:
    """The body behind the headers' Content-Encoding, at most `cap` bytes.

    `whole=False` accepts a payload that was cut off and gives what it holds.

    Raises:
        Undecodable: an unknown or nested coding, or a broken or truncated payload.
        Oversized: more than `cap` bytes come out.
    """
    applied = codings(headers)
    if len(applied) > 1:
        raise Undecodable(f"nested content codings {', '.join(applied)!r}")
    if not applied:
        if len(payload) > cap:
            raise Oversized(f"more than {cap} bytes")
        return payload
    if applied[0] in ("gzip", "x-gzip"):
        return _inflate(payload, _GZIP, cap, whole)
    if applied[0] == "deflate":
        # Some servers send the raw stream, without the zlib wrapper that RFC 9110 names.
        return _inflate(payload, _ZLIB if _has_zlib_header(payload) else _RAW, cap, whole)
    raise Undecodable(f"unknown content coding {applied[0]!r}")


def decode_or_empty(payload: bytes, headers: Iterable[tuple[str, str]], *, whole: bool = True) -> bytes:
    """Like `decode` with the largest cap; what cannot be decoded has an empty body."""
    try:
        return decode(payload, headers, whole=whole)
    except (Undecodable, Oversized):
        return b""


def _has_zlib_header(payload: bytes) -> bool:
    return len(payload) >= 2 and payload[0] & 0x0F == 8 and int.from_bytes(payload[:2]) % 31 == 0


def _inflate(payload: bytes, window: int, cap: int, whole: bool) -> bytes:
    out = bytearray()
    rest = payload
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(window)
        try:
            out += stream.decompress(rest, cap + 1 - len(out))
        except zlib.error as error:
            raise Undecodable(f"broken compressed payload ({error})") from None
        if len(out) > cap:
            raise Oversized(f"more than {cap} bytes when decoded")
        if not stream.eof and whole and payload:
            raise Undecodable("compressed payload ends early")
        rest = stream.unused_data
        # Padding after the last member is common and harmless; browsers ignore it too.
        if window != _GZIP or not rest.startswith(_GZIP_MAGIC):
            return bytes(out)
    raise Undecodable(f"more than {_MEMBERS} gzip members")
