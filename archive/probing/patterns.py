"""The patterns of article paths, learned from addresses that are known to be articles'."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from archive.address import page_path

_ENOUGH = 0.05  # share of the sample that makes a pattern; rarer ones are exceptions
_NO_GROUP = r"(?!/(?:category|tag|author|page|topic|search)/)"

Shape = tuple[str, ...]


def article_patterns(urls: Iterable[str]) -> tuple[str, ...]:
    """Regular expressions over paths, the commonest first, that match (nearly) all of these articles."""
    paths = {page_path(url) for url in urls} - {"/"}
    shapes: dict[Shape, list[list[str]]] = defaultdict(list)
    for path in paths:
        segments = path.strip("/").split("/")
        shapes[_shape(segments)].append(segments)
    common = sorted(shapes.items(), key=lambda item: (-len(item[1]), item[0]))
    wanted = [_pattern(shape, members) for shape, members in common if len(members) >= _ENOUGH * len(paths)]
    return tuple(dict.fromkeys(wanted))


def id_patterns(patterns: Iterable[str], urls: Iterable[str]) -> tuple[str, ...]:
    """Identity expressions where an article's number stands before its slug and no two articles share one."""
    shape = r"/\d+(?:/[^/]+)?"
    paths = {page_path(url) for url in urls}
    numbers = Counter(found[1] for path in paths if (found := re.fullmatch(r"/(\d+)/[^/]+", path)))
    unique = len(numbers) > 1 and max(numbers.values()) == 1
    return (r"/(\d+)(?:/[^/]+)?",) if unique and shape in patterns else ()


def _shape(segments: list[str]) -> Shape:
    """Each segment as what it is: a year and its month and day, a number, a name or (with hyphens) a slug."""
    shape: list[str] = []
    for i, segment in enumerate(segments):
        if re.fullmatch(r"(?:19|20)\d\d", segment) and re.fullmatch(r"\d\d", "".join(segments[i + 1 : i + 2])):
            shape.append(r"\d{4}")
        elif re.fullmatch(r"\d\d", segment) and shape[-1:] in ([r"\d{4}"], [r"\d{2}"]):
            shape.append(r"\d{2}")
        elif segment.isdecimal():
            shape.append(r"\d+")
        else:
            shape.append("slug" if i == len(segments) - 1 else "name")
    return tuple(shape)


def _pattern(shape: Shape, members: list[list[str]]) -> str:
    if shape == (r"\d+", "slug"):
        return r"/\d+(?:/[^/]+)?"  # the number alone leads to the article, too
    parts = []
    for i, kind in enumerate(shape):
        told = {segments[i] for segments in members}
        if kind == "name":
            parts.append(_names(told, len(members)))
        elif kind == "slug":
            ending = ".html" if all(segment.endswith(".html") for segment in told) else ""
            hyphens = len(shape) == 1 and all("-" in segment for segment in told)
            parts.append((r"[^/]+-[^/]*" if hyphens else "[^/]+") + re.escape(ending))
        else:
            parts.append(kind)
    return (_NO_GROUP if parts[0].startswith("[^") else "") + "/" + "/".join(parts)


def _names(told: set[str], count: int) -> str:
    """The names themselves where they are few and recur, else any."""
    if len(told) == 1 and count > 1:
        return re.escape(next(iter(told))).replace(r"\-", "-")
    return "[^/]+"
