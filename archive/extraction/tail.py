"""Where the article ends and the house's own lines begin.

A *tail line* is a paragraph, heading or list item of at most 220 characters that begins with one of the outlet's
markers. Quotations and captions never are. The body ends at the first tail line that

- leads to the other version (its whole text is a link that says so), or
- is followed by another tail line at once, or
- has nothing but tail lines and scraps (up to 60 characters, or nothing but a link) behind it.

So a paragraph that quotes such words in the middle of an article is kept, also one that opens with them. And if
ordinary paragraphs follow (a body in which the tail was pasted midway), only the tail lines go: no text is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive.extraction.markup import Line
from archive.extraction.text import key
from archive.model import BlockKind

_LONGEST = 220  # characters of a tail line
_SCRAP = 60
_LINES = frozenset({BlockKind.PARAGRAPH, BlockKind.SUBHEADING, BlockKind.ITEM})
_ALTERNATIVE = re.compile(r"\s*[/\\⁄]\s*[^\W\d_]+")  # the other gender: تعتقد/تعتقدين, أرسل / ي
_SLASH = "ǁ"  # a letter to Unicode, so `key` keeps it; in no word of the markers


def line_key(text: str) -> str:
    """Like `key`, but any spelling of the other gender behind a slash counts as the same."""
    return key(_ALTERNATIVE.sub(_SLASH, text[:_LONGEST]))


class Tail:
    """The markers of one outlet, ready for comparison."""

    def __init__(self, markers: Iterable[str], anchors: Iterable[str]) -> None:
        self._markers = tuple(k for marker in markers if (k := line_key(marker)))
        self._anchors = frozenset(k for anchor in anchors if (k := key(anchor)))

    def is_version_link(self, line: Line) -> bool:
        """Its text is an anchor text that names the other version, with or without the link."""
        return line.kind in _LINES and key(line.text) in self._anchors

    def is_line(self, line: Line) -> bool:
        if line.kind not in _LINES or len(line.text) > _LONGEST:
            return False
        return line_key(line.text).startswith(self._markers) or self.is_version_link(line)

    def cut(self, lines: Sequence[Line]) -> list[Line]:
        """The lines without the tail."""
        lines = [kept for line in lines if (kept := self._without_link(line)) is not None]
        marked = [self.is_line(line) for line in lines]
        end = next((at for at, is_tail in enumerate(marked) if is_tail and self._opens(lines, marked, at)), None)
        if end is None:
            return lines
        later = [line for line, is_tail in zip(lines[end:], marked[end:], strict=True) if not is_tail]
        return lines[:end] if all(map(_is_scrap, later)) else [*lines[:end], *later]

    def _without_link(self, line: Line) -> Line | None:
        """The line without a link to the other version that stands behind its last sentence."""
        anchor = line.links[-1][0] if line.links else ""
        if not anchor or key(anchor) not in self._anchors or anchor == line.text or not line.text.endswith(anchor):
            return line
        rest = line.text.removesuffix(anchor).rstrip(" -–—|")
        return replace(line, text=rest) if rest else None

    def _opens(self, lines: Sequence[Line], marked: Sequence[bool], at: int) -> bool:
        if (self.is_version_link(lines[at]) and lines[at].links) or marked[at + 1 : at + 2] == [True]:
            return True
        rest = zip(lines[at + 1 :], marked[at + 1 :], strict=True)
        return all(is_tail or _is_scrap(line) for line, is_tail in rest)


def _is_scrap(line: Line) -> bool:
    """A few words, or nothing but a link: what is left of share buttons and of links to other articles."""
    return len(line.text) <= _SCRAP or any(anchor == line.text for anchor, _ in line.links)
