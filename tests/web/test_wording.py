"""The interface speaks both languages completely."""

from __future__ import annotations

import re
from datetime import date

from catalogue_messages import messages

from web.words import FOLDER, Words, catalogue

FOUND = {text if isinstance(text, str) else tuple(part for part in text if part) for _, _, text in messages()}
PLACES = re.compile(r"%\(\w+\)s|%s")


def arabic(message: str | tuple[str, ...]) -> list[str]:
    """The wordings of a message, of all six forms where it is counted."""
    if isinstance(message, str):
        return [catalogue("ar").gettext(message)]
    return [catalogue("ar").ngettext(message[0], message[1], n) for n in (0, 1, 2, 3, 11, 100)]


def test_every_message_has_an_arabic_wording_with_the_same_places() -> None:
    assert len(FOUND) > 200
    missing = [message for message in FOUND if not all(re.search(r"[\u0600-\u06ff]", text) for text in arabic(message))]
    assert missing == [], f"to be worded in {FOLDER / 'ar' / 'messages.po'}"
    for message in FOUND:
        if isinstance(message, str):
            assert sorted(PLACES.findall(arabic(message)[0])) == sorted(PLACES.findall(message))


def test_arabic_wording_has_no_latin_letter_spacing_or_latin_punctuation() -> None:
    for line in (FOLDER / "ar" / "messages.po").read_text(encoding="utf-8").splitlines():
        if line.startswith("msgstr") and re.search(r"[\u0600-\u06ff]", line):
            assert not re.search(r"[\u0600-\u06ff][,;?]", line), line


def test_months_and_digits_follow_the_reader() -> None:
    day = date(2025, 1, 9)
    assert Words("en").day(day) == "9 Jan 2025"
    assert Words("ar").day(day) == "9 كانون الثاني 2025"
    assert Words("ar", gregorian_months=True, eastern_digits=True).day(day) == "٩ يناير ٢٠٢٥"
    assert Words("en", eastern_digits=True).number(1234) == "1,234"
