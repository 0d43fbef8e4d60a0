"""What outlets, sections and languages are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError

from archive.publishers.declaration import Name, Outlet
from web.words import InterfaceLang, Words

UTC = ZoneInfo("UTC")


def named(name: Name, lang: InterfaceLang) -> str:
    return name.ar if lang == "ar" else name.en


def outlet_name(outlets: Mapping[str, Outlet], key: str, lang: InterfaceLang) -> str:
    return named(outlets[key].name, lang) if key in outlets else key


def section_name(outlets: Mapping[str, Outlet], key: str, lang: InterfaceLang, outlet: str | None = None) -> str:
    """The label of a section's key, from its outlet or any that declares it; else the publisher's own word."""
    first = [outlets[outlet]] if outlet and outlet in outlets else []
    for declared in (*first, *outlets.values()):
        if key in declared.sections:
            return named(declared.sections[key].label, lang)
    return key


def zone(outlets: Mapping[str, Outlet], key: str) -> ZoneInfo:
    return outlets[key].tz if key in outlets else UTC


def zone_name(where: ZoneInfo, words: Words) -> str:
    """The city whose time it is, as readers call it."""
    if where.key == "Asia/Damascus":
        return words.gettext("Damascus")
    return where.key.rsplit("/", 1)[-1].replace("_", " ")


def language_name(tag: str, words: Words) -> str:
    """ "Turkish" for "tr"; the tag itself where nobody knows a name."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(words.lang) or tag
    except (UnknownLocaleError, ValueError):
        return tag
