"""The interface speaks both languages completely."""

from __future__ import annotations

import re

import pytest
from catalogue_messages import messages

from web.words import FOLDER, Words, catalogue

MESSAGES = sorted(
    {text if isinstance(text, str) else tuple(part for part in text if part) for _, _, text in messages()}, key=str
)
PLACES = re.compile(r"%\(\w+\)s|%s")


@pytest.mark.parametrize("message", MESSAGES, ids=str)
def test_every_message_has_an_arabic_wording_with_the_same_places(message: str | tuple[str, ...]) -> None:
    if isinstance(message, str):
        arabic = catalogue("ar").gettext(message)
        assert re.search(r"[\u0600-\u06ff]", arabic), f"{message!r} is not in {FOLDER / 'ar' / 'messages.po'}"
        assert sorted(PLACES.findall(arabic)) == sorted(PLACES.findall(message))
    else:
        for n in (0, 1, 2, 3, 11, 100):
            assert re.search(r"[\u0600-\u06ff]", catalogue("ar").ngettext(message[0], message[1], n))


def test_arabic_wording_has_no_latin_letter_spacing_or_latin_punctuation() -> None:
    for line in (FOLDER / "ar" / "messages.po").read_text(encoding="utf-8").splitlines():
        if line.startswith("msgstr") and re.search(r"[\u0600-\u06ff]", line):
            assert not re.search(r"[\u0600-\u06ff][,;?]", line), line


def test_months_and_digits_follow_the_reader() -> None:
    from datetime import date

    day = date(2025, 1, 9)
    assert Words("en").day(day) == "9 Jan 2025"
    assert Words("ar").day(day) == "9 كانون الثاني 2025"
    assert Words("ar", gregorian_months=True, eastern_digits=True).day(day) == "٩ يناير ٢٠٢٥"
    assert Words("en", eastern_digits=True).number(1234) == "1,234"
