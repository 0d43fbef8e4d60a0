"""Where the words of a paragraph stand, as a short string that is kept with the indexed text.

Each word has two characters: how far it begins behind the end of the word before, and how long it is, both as the
character with that number + 32 (so that no line break is among them). "!$" is a word of 4 letters after one space.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from language.tokens import spans

_SHIFT = 32
_ASCII = bytes((code - _SHIFT) % 256 for code in range(256))
_MOST = 0xD7FF  # what follows cannot be written as a character


def places(paragraph: str, words: Sequence[str]) -> str:
    """words: the paragraph's, as `language.tokens.words` cuts them. Each is found where it stands because between two
    words there is no character that a word could begin with. Empty when two words are too far apart to be written."""
    codes: list[int] = []
    end = 0
    for word in words:
        start = paragraph.find(word, end)
        codes += (start - end + _SHIFT, len(word) + _SHIFT)
        end = start + len(word)
    return "" if codes and max(codes) > _MOST else "".join(map(chr, codes))


def bounds(paragraph: str, written: str = "") -> list[int]:
    """Start and end of each word, one after the other: word n is paragraph[bounds[2n]:bounds[2n + 1]].
    written: what `places` made of the paragraph; without it the text is cut into words."""
    if not written:
        return [bound for span in spans(paragraph) for bound in span]
    if written.isascii():
        return list(accumulate(written.encode("ascii").translate(_ASCII)))
    return list(accumulate(ord(code) - _SHIFT for code in written))
