"""Bytes -> text, whatever the server says the encoding is.

In order: a byte order mark; UTF-8, if the bytes are valid (no other encoding's text is by chance) or all but valid (a
cut character or two); the encoding that makes the best Arabic of the bytes, if they are Arabic; the declared encoding,
header before meta tag; detection by charset-normalizer. Labels are read as in the WHATWG Encoding standard: latin1 is
windows-1252.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from language import arabic

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_WITHIN = 4096  # bytes
_LATIN1 = frozenset({"iso8859-1", "ascii", "cp1252", "latin-1"})
_ARABIC = ("cp1256", "iso8859-6")
_NAMES = {"cp1256": "windows-1256", "cp1252": "windows-1252", "iso8859-6": "iso-8859-6"}
# Codecs of Python that are no encodings of web pages.
_ODD_CODECS = (
    "idna punycode unicode-escape unicode_escape raw-unicode-escape raw_unicode_escape undefined utf-7 mbcs oem"
)
_NO_ENCODINGS = frozenset(_ODD_CODECS.split())
_DAMAGED = 0.02  # invalid sequences per valid one, up to which a text is UTF-8 with a few cut characters
_ENOUGH_ARABIC = 0.1  # of the words
_SAMPLE = 60_000  # bytes
_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT_WORDS = "في من على إلى أن عن مع هذا هذه التي الذي كان قال بعد ما لا لم بين كل أو"
_FREQUENT = frozenset(arabic.fold(_FREQUENT_WORDS).split())
_REPLACEMENT = "\ufffd"


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """The text of a response and the name of the encoding it was read in. Never raises; see `warnings`."""
    for bom, marked in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(marked, "replace"), marked
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        if _is_damaged_utf8(text):
            return text, "utf-8"
    declared = [name for label in _labels(body, content_type) if (name := _codec(label)) and name != "utf-8"]
    name = _arabic(body, declared) or _possible(body, declared) or _detected(body)
    return body.decode(name, "replace"), _NAMES.get(name, name)


def warnings(text: str, encoding: str) -> list[str]:
    """One line when some of the text could not be read."""
    lost = text.count(_REPLACEMENT)
    return [f"{lost} characters could not be read as {encoding}"] if lost else []


def _is_damaged_utf8(text: str) -> bool:
    """A few bad bytes in much that is valid beyond ASCII. Legacy Arabic read as UTF-8 is nearly all bad bytes."""
    bad = text.count(_REPLACEMENT)
    beyond = sum(char > "\x7f" for char in text) - bad
    return bad <= _DAMAGED * beyond


def _labels(body: bytes, content_type: str) -> list[str]:
    """The declared encodings, header before meta tag."""
    header, meta = _HEADER.search(content_type), _META.search(body[:_META_WITHIN])
    return [*([header[1]] if header else []), *([meta[1].decode("ascii", "replace")] if meta else [])]


def _codec(label: str) -> str | None:
    """Python's name of an encoding, or None when the label names no encoding of pages in ASCII-based bytes."""
    try:
        name = codecs.lookup(label.strip().lower().removeprefix("x-")).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    if name in _NO_ENCODINGS or name.startswith(("utf-16", "utf-32")):
        return None  # the meta tag that says so was read as ASCII
    return "cp1252" if name in _LATIN1 else name


def _arabic(body: bytes, declared: list[str]) -> str | None:
    """The encoding in which most words are Arabic ones; a declared encoding goes before where two are alike."""
    candidates = list(dict.fromkeys([*(name for name in declared if name in _ARABIC), *_ARABIC]))
    scores = {name: _arabic_share(body[:_SAMPLE].decode(name, "replace")) for name in candidates}
    best = max(candidates, key=lambda name: scores[name])
    return best if scores[best] >= _ENOUGH_ARABIC else None


def _arabic_share(text: str) -> float:
    """Of the words beyond ASCII, how many have the article or are the language's most frequent ones.

    The encodings of Arabic share the places of only half of the letters: a text read in the wrong one has hardly any.
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    hits = sum(word.startswith(("ال", "وال", "بال", "لل")) or arabic.fold(word) in _FREQUENT for word in words)
    return hits / len(words) if words else 0.0


def _possible(body: bytes, declared: list[str]) -> str | None:
    for name in declared:
        try:
            body.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return declared[0] if declared else None


def _detected(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE]).best()
    name = _codec(best.encoding) if best is not None else None
    return name or "cp1252"
