"""Bytes become exact text whatever the server and the page say of the encoding."""

from __future__ import annotations

import codecs
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.charset import decode, warnings

ARABIC = (
    "<p>قال سكان الحي إن المياه عادت إلى الصنابير بعد انقطاع دام أسبوعين، وإن البلدية وعدت بإصلاح الخط الرئيسي.</p>"
    "<p>وأضاف المجلس المحلي أن العمل على الخزان الجديد مستمر في الريف الشمالي حتى نهاية الشهر.</p>"
)
ENCODINGS = {"windows-1256": "cp1256", "iso-8859-6": "iso8859-6", "utf-8": "utf-8", "utf-8-sig": "utf-8-sig"}
DECLARED = ("utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "windows-1252", "utf-16", "x-unknown", "hex", "utf-7")


def document(meta: str | None, text: str = ARABIC) -> str:
    return (
        f"<html><head>{f'<meta charset={meta}>' if meta else ''}<title>المياه</title></head><body>{text}</body></html>"
    )


@pytest.mark.parametrize("encoding", list(ENCODINGS))
def test_arabic_is_exact_under_every_declaration(encoding: str) -> None:
    """Right, wrong and missing declarations, in header and meta tag: a hundred combinations, none inexact."""
    inexact = []
    for header, meta in product((None, *DECLARED), repeat=2):
        text = document(meta)
        content_type = f"text/html; charset={header}" if header else "text/html"
        if decode(text.encode(ENCODINGS[encoding]), content_type) != (text, encoding.removesuffix("-sig")):
            inexact.append((header, meta))
    assert inexact == []


@pytest.mark.parametrize(
    ("text", "encoding", "content_type"),
    [
        ("<p>Déjà vu à l'école, où l'été s'achève</p>", "cp1252", "text/html; charset=ISO-8859-1"),
        ("<p>“Quoted” – she said it’s so</p>", "cp1252", "text/html; charset=windows-1252"),
        ("<p>Şehir ışıkları söndü, çocuklar güldü</p>", "cp1254", "text/html; charset=windows-1254"),
        ("<p>Жители города вернулись домой</p>", "cp1251", "text/html; charset=windows-1251"),
    ],
)
def test_other_declared_encodings_are_believed(text: str, encoding: str, content_type: str) -> None:
    """Nothing Arabic about the bytes: the declaration counts."""
    assert decode(text.encode(encoding), content_type)[0] == text


def test_utf_8_with_a_cut_character_stays_utf_8() -> None:
    """One description cut in the middle of a letter must not turn a page into another alphabet."""
    whole = document("utf-8").encode()
    read, name = decode(whole.replace("الشهر".encode(), "الشهر".encode()[:-1]), "text/html; charset=windows-1256")
    assert name == "utf-8"
    assert read.count("\ufffd") == 1
    assert warnings(read, name) == ["1 characters could not be read as utf-8"]


def test_utf_16_by_its_mark() -> None:
    """A byte order mark goes before everything."""
    body = codecs.BOM_UTF16_LE + document(None).encode("utf-16-le")
    assert decode(body, "text/html; charset=utf-8") == (document(None), "utf-16-le")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_become_some_text(body: bytes, content_type: str) -> None:
    """Rubbish is decoded too: the capture keeps the bytes."""
    text, name = decode(body, f"text/html; charset={content_type}")
    assert isinstance(text, str)
    codecs.lookup(name)
