"""Lines in a body that only lead to another article ("Read also: …")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.extraction.markup import Line
from archive.extraction.text import key

_MARKERS = frozenset(
    key(marker)
    for marker in (
        *("اقرأ أيضًا", "إقرأ أيضاً", "اقرأ المزيد", "اقرأ/ي أيضًا", "للمزيد", "مواضيع ذات صلة", "مواد ذات صلة"),
        *("Read also", "Read more", "Also read", "See also", "Related", "Related article", "Related articles"),
    )
)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def without(lines: Iterable[Line]) -> list[Line]:
    """The lines that are not only a marker and the link or links that it announces."""
    return [line for line in lines if not _leads_away(line)]


def _leads_away(line: Line) -> bool:
    if not line.links:
        return False
    rest = line.text
    for anchor, _ in line.links:
        rest = rest.replace(anchor, " ", 1)
    own = _EDGES.sub("", rest)
    if own:
        return key(own) in _MARKERS
    # Nothing but links: the marker may stand in the first of them.
    return key(line.text.partition(":")[0]) in _MARKERS and ":" in line.text
