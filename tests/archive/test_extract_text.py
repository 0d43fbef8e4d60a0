"""No text is lost or doubled, whatever the markup; published text is cleaned of what is not text."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.extraction.markup import lines, paragraphs, parse, soup
from archive.extraction.text import clean

TAGS = ("p", "div", "blockquote", "span", "li", "ul", "b", "em", "a href='/x'", "h3", "figcaption", "section", "td")
words = st.integers(0, 10**6).map("w{}x".format)
fragments = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(
            lambda t: f"<{t[0]}>{'  '.join(t[1])}</{t[0].split()[0]}>"
        ),
        inner.map(lambda text: f"{text}<br>\n{text[::-1] if '<' not in text else 'wbrx'}"),
    ),
    max_leaves=25,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(fragments, min_size=1, max_size=4).map(" ".join))
def test_every_word_comes_out_once_and_in_order(markup: str) -> None:
    """Random nestings of blocks, lists, quotes and inline elements around marker words."""
    tree = soup(parse(f"<html><body><div id='top'>{markup}</div></body></html>"))
    wanted = re.findall(r"\bw\w*x\b|\bx\d+w\b", markup)
    found = [word for block in paragraphs(lines(tree)) for word in block.text.split()]
    assert "".join(found) == "".join(wanted)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.text(alphabet="ab\u202a\u202b\u202c\u202e\u2066\u2069\x00\x96 ا")
)
def test_clean_text_is_stable_and_storable(text: str) -> None:
    """Cleaning twice is cleaning once; the result is NFC UTF-8 on one line without controls."""
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in once)
    assert "  " not in once
    assert once == once.strip()
    once.encode()


def test_spelling_stays_and_rubbish_goes() -> None:
    """Tatweel, vowel signs, joiners and direction marks stay; NUL, soft hyphens, broken and invisible characters go."""
    assert clean("مـــدرسةٌ می\u200cخواهم \u200fأ\u0654") == unicodedata.normalize(
        "NFC", "مـــدرسةٌ می\u200cخواهم \u200fأ\u0654"
    )
    assert clean("a\x00b\ud800c\u00add\u200be\ufefff\x07") == "abcdef"
    assert clean(" one\u00a0two\t\n three\u2028four ") == "one two three four"
    assert clean("It\x92s \x93so\x94") == "It’s “so”"


def test_only_balanced_direction_controls_stay() -> None:
    """An open embedding, a closing mark alone and crossed pairs would reorder the neighbours."""
    assert clean("\u202bنص\u202c end") == "\u202bنص\u202c end"
    assert clean("\u2067نص\u2069 end") == "\u2067نص\u2069 end"
    assert clean("\u202eبلا نهاية") == "بلا نهاية"
    assert clean("text\u202c\u2069") == "text"
    assert clean("\u2067a\u202bb\u2069c\u202c") == "\u2067ab\u2069c"
