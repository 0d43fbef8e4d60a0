"""Gzip members that tell by themselves whether they are whole.

A gzip trailer's checksum covers the text only: a flipped bit in the header or in the padding of the compressed data
goes unnoticed, and a reader that stops early never looks at it. So each member carries, in the header's extra field
(RFC 1952, 2.3.1.1), its own length and the SHA-256 of all its other bytes. Any gzip reader skips that field.

    10 bytes  fixed header, FLG = FEXTRA      2  XLEN = 44      4  "Wq", LEN = 40
     8        length of the member            32  SHA-256 of the bytes before and after it
     …        deflate stream                   8  CRC-32 and length of the text
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

_START = bytes.fromhex("1f8b08040000000002ff") + b"\x2c\x00Wq\x28\x00"
_LENGTH = slice(len(_START), len(_START) + 8)
_DIGEST = slice(_LENGTH.stop, _LENGTH.stop + 32)


class Bytes(Protocol):
    """`bytes` or a memory map."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: slice, /) -> bytes: ...
    def find(self, sub: bytes, start: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end` of a file: one whole member, or bytes that are none."""

    start: int
    end: int
    intact: bool


def pack(text: bytes) -> bytes:
    """`text` as one member."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(text) + deflate.flush()
    tail = data + zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
    head = _START + (_DIGEST.stop + len(tail)).to_bytes(8, "little")
    return head + hashlib.sha256(head + tail).digest() + tail


def unpack(member: bytes) -> bytes:
    """The text of an intact member.

    Raises:
        ValueError: it is not exactly one intact member.
    """
    if _end(member, 0) != len(member):
        raise ValueError("not a whole record")
    return zlib.decompress(member, wbits=31)


def spans(data: Bytes) -> Iterator[Span]:
    """All of `data` in order; after damage it goes on with the next intact member."""
    at = 0
    while at < len(data):
        end = _end(data, at)
        if end is not None:
            yield Span(at, end, True)
        else:
            end = _next(data, at + 1)
            yield Span(at, end, False)
        at = end


def _next(data: Bytes, at: int) -> int:
    while (at := data.find(_START, at)) >= 0:
        if _end(data, at) is not None:
            return at
        at += 1
    return len(data)


def _end(data: Bytes, at: int) -> int | None:
    """Where the intact member that starts at `at` ends; None when there is none."""
    head = data[at : at + _DIGEST.stop]
    if not head.startswith(_START) or len(head) < _DIGEST.stop:
        return None
    end = at + int.from_bytes(head[_LENGTH], "little")
    if end > len(data):
        return None
    digest = hashlib.sha256(head[: _DIGEST.start] + data[at + _DIGEST.stop : end]).digest()
    return end if digest == head[_DIGEST] else None
