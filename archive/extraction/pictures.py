"""Pictures: the lead image's address, also where a script would load it later."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import Tag

from archive.extraction.metadata import absolute
from archive.extraction.text import clean, key

_LAZY = ("data-src", "data-lazy-src", "data-original", "data-full-url", "data-lazy", "data-srcset", "srcset", "src")
_ICON_ALTS = frozenset({"cameraicon", "tagicon", "noimage"})
_ICON = re.compile(
    r"(?:^|[/_.-])(?:no-?image|placeholder|default-?(?:image|thumb)|logo|icon|avatar|camera|tag)\b", re.I
)
_SMALL = 64  # pixels: icons and counters are declared as small as this


def images(region: Tag) -> list[Tag]:
    """The pictures in a part of the page, in their order."""
    return list(region.find_all(["img", "amp-img"]))


def alts(found: Iterable[Tag]) -> tuple[str, ...]:
    """What the pictures are said to show."""
    texts = (clean(str(image.get("alt") or "")) for image in found)
    return tuple(text for text in texts if text and key(text) not in _ICON_ALTS)


def lead(found: Iterable[Tag], stated: str | None, base: str) -> str | None:
    """The address of the article's first picture: the one that the page states, unless that is a stand-in."""
    address = absolute(base, stated) if stated else None
    if address is not None and not _ICON.search(address.rsplit("/", 1)[-1]):
        return address
    return next((source for image in found if (source := _source(image, base)) is not None), None)


def _source(image: Tag, base: str) -> str | None:
    if key(str(image.get("alt") or "")) in _ICON_ALTS or _is_small(image):
        return None
    for name in _LAZY:
        value = str(image.get(name) or "").strip()
        if name.endswith("srcset"):
            value = value.split(",")[0].strip().split(" ")[0]
        address = absolute(base, value) if value else None
        if address is not None and not _ICON.search(address.rsplit("/", 1)[-1]):
            return address
    return None


def _is_small(image: Tag) -> bool:
    sizes = [str(image.get(side) or "").removesuffix("px") for side in ("width", "height")]
    return any(size.isdecimal() and int(size) <= _SMALL for size in sizes)
