"""The interface's words in the reader's language: messages, plurals, numbers and dates.

English is the language of the source; Arabic comes from `translations/ar/messages.po`, compiled in memory at start.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

InterfaceLang = Literal["en", "ar"]
LANGS: tuple[InterfaceLang, ...] = ("en", "ar")
FOLDER = Path(__file__).parent / "translations"

_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    return message


@cache
def catalogue(lang: InterfaceLang) -> gettext.NullTranslations:
    """The compiled messages of a language; a language without a file keeps the source's words."""
    path = FOLDER / lang / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's way of writing. digits and months apply to Arabic pages only; article text stays as published."""

    lang: InterfaceLang
    eastern_digits: bool = False
    gregorian_months: bool = False

    @property
    def dir(self) -> str:
        return direction(self.lang)

    @property
    def other(self) -> InterfaceLang:
        return "ar" if self.lang == "en" else "en"

    def in_language(self, lang: InterfaceLang) -> Words:
        """The same habits in another interface language."""
        return Words(lang, self.eastern_digits, self.gregorian_months)

    def gettext(self, message: str) -> str:
        return catalogue(self.lang).gettext(message) if message else ""

    def ngettext(self, one: str, many: str, n: int) -> str:
        return catalogue(self.lang).ngettext(one, many, n)

    def digits(self, text: str) -> str:
        return text.translate(_EASTERN) if self.lang == "ar" and self.eastern_digits else text

    def number(self, n: int) -> str:
        return self.digits(f"{n:,}")

    def count(self, one: str, many: str, n: int) -> str:
        """A counted phrase; `%(num)s` stands for the number."""
        return self.ngettext(one, many, n) % {"num": self.number(n)}

    def listed(self, parts: Iterable[str]) -> str:
        """Parts of a sentence with commas; empty ones are left out."""
        return ("، " if self.lang == "ar" else ", ").join(part for part in parts if part)

    def day(self, day: date | datetime | None, long: bool = False) -> str:
        """ "7 Mar 2025", long "7 March 2025"; in Arabic "7 آذار 2025" or, as the reader chose, "7 مارس 2025"."""
        if day is None:
            return ""
        if self.lang == "en":
            return format_date(day, "d MMMM y" if long else "d MMM y", locale="en")
        return self.digits(format_date(day, "d MMMM y", locale="ar_EG" if self.gregorian_months else "ar_SY"))

    def moment(self, instant: datetime, zone: ZoneInfo, long: bool = False) -> str:
        """An instant as day and time of `zone`: "7 Mar 2025, 14:20"."""
        local = instant.astimezone(zone)
        comma = "، " if self.lang == "ar" else ", "
        return f"{self.day(local.date(), long)}{comma}{self.digits(local.strftime('%H:%M'))}"

    def ago(self, then: datetime, now: datetime) -> str:
        """How long ago, in the largest whole unit: "6 minutes ago"."""
        seconds = max(0, int((now - then).total_seconds()))
        if seconds < 60:
            return self.gettext("just now")
        if seconds < 3600:
            return self.count("%(num)s minute ago", "%(num)s minutes ago", seconds // 60)
        if seconds < 86400:
            return self.count("%(num)s hour ago", "%(num)s hours ago", seconds // 3600)
        return self.count("%(num)s day ago", "%(num)s days ago", seconds // 86400)


def direction(lang: str) -> str:
    """ "rtl" or "ltr" for a language tag."""
    return "rtl" if lang.split("-")[0] in {"ar", "fa", "he", "ku", "ur", "ckb", "ps"} else "ltr"
