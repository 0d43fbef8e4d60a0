"""Who reads: the interface language of the request and the display preferences kept in a cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import parse_qs, urlencode

from flask import Request, g, request

from web.words import LANGS, InterfaceLang, Words

LANG_COOKIE, DISPLAY_COOKIE = "lang", "display"
Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Display:
    """What a reader chose under "Display". digits: "latn" 0-9 or "arab" ٠-٩; months: "levant" or "gregorian"."""

    theme: Theme = "auto"
    digits: Literal["latn", "arab"] = "latn"
    months: Literal["levant", "gregorian"] = "levant"
    keys: bool = True

    @classmethod
    def read(cls, values: dict[str, str]) -> Display:
        """Display from form or cookie values; what is missing or unknown stays at its default."""
        theme = values.get("theme")
        return cls(
            theme=cast(Theme, theme) if theme in ("light", "dark") else "auto",
            digits="arab" if values.get("digits") == "arab" else "latn",
            months="gregorian" if values.get("months") == "gregorian" else "levant",
            keys=values.get("keys") != "off",
        )

    def cookie(self) -> str:
        keys = "on" if self.keys else "off"
        return urlencode({"theme": self.theme, "digits": self.digits, "months": self.months, "keys": keys})


@dataclass(frozen=True, slots=True)
class Reader:
    words: Words
    display: Display

    @property
    def lang(self) -> InterfaceLang:
        return self.words.lang


def preferred_language(asked: Request) -> InterfaceLang:
    """The language in the address, else in the cookie, else the browser's best one of ours, else English."""
    first = asked.path.strip("/").split("/", 1)[0]
    for wish in (first, asked.cookies.get(LANG_COOKIE), asked.accept_languages.best_match(LANGS)):
        if wish in LANGS:
            return wish
    return "en"


def reader() -> Reader:
    """The current request's reader, read once a request."""
    if "reader" not in g:
        kept = {key: values[-1] for key, values in parse_qs(request.cookies.get(DISPLAY_COOKIE, "")).items()}
        display = Display.read(kept)
        words = Words(preferred_language(request), display.digits == "arab", display.months == "gregorian")
        g.reader = Reader(words, display)
    found: Reader = g.reader
    return found
