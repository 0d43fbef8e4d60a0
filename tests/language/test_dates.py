"""Days and instants in both languages and digit sets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.dates import MONTHS, parse_day, parse_instant

DAMASCUS = ZoneInfo("Asia/Damascus")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("18 كانون الأول 2020", date(2020, 12, 18)),
        ("١٨ كانون الاول ٢٠٢٠", date(2020, 12, 18)),
        ("29 من تشرين الثاني 2023", date(2023, 11, 29)),
        ("الأربعاء 3 كانون الثاني/يناير 2024", date(2024, 1, 3)),
        ("7 كانون الثاني (يناير) 2021", date(2021, 1, 7)),
        ("٥ أغسطس ٢٠١٩", date(2019, 8, 5)),
        ("12 غشت 2018", date(2018, 8, 12)),
        ("1 جويلية 2022", date(2022, 7, 1)),
        ("9 آذار، 2011", date(2011, 3, 9)),
        ("۲ مايو ۲۰۱۵", date(2015, 5, 2)),
        ("2-5-2014", date(2014, 5, 2)),
        ("٢/٥/٢٠١٤", date(2014, 5, 2)),
        ("2.5.2014", date(2014, 5, 2)),
        ("2023/08/18", date(2023, 8, 18)),
        ("August 18, 2023", date(2023, 8, 18)),
        ("Published on Friday, 18th of August 2023 at 4:41 pm", date(2023, 8, 18)),
        ("Sept. 3, 2021", date(2021, 9, 3)),
        ("A destroyed school in Idlib - December 18, 2020 (Enab Baladi)", date(2020, 12, 18)),
        ("\u200f18 كانون\u00a0الأول 2020\u200f", date(2020, 12, 18)),
        ("2023-08-18T10:00:00+03:00", date(2023, 8, 18)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "31 حزيران 2020", "February 30, 2020", "2020/13/01", "00-00-0000", "18 كانون الأول", "May 2020",
        "dismay 5, 2020", "1.2.3", "12345-01-02",
    ],
)  # fmt: skip
def test_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2023/08/18 4:41 pm", datetime(2023, 8, 18, 13, 41, tzinfo=UTC)),
        ("٤:٤١ مساءً - 18 آب 2023", datetime(2023, 8, 18, 13, 41, tzinfo=UTC)),
        ("18 آب 2023، 12:05 ص", datetime(2023, 8, 17, 21, 5, tzinfo=UTC)),
        ("18 آب 2023", datetime(2023, 8, 17, 21, 0, tzinfo=UTC)),
        ("2023-08-18T10:00:00+00:00", datetime(2023, 8, 18, 10, 0, tzinfo=UTC)),
        ("2023-08-18T10:00:00.123Z", datetime(2023, 8, 18, 10, 0, tzinfo=UTC)),
        ("Fri, 18 Aug 2023 10:00:00 +0300", datetime(2023, 8, 18, 7, 0, tzinfo=UTC)),
        ("1 كانون الثاني 2023 10:00", datetime(2023, 1, 1, 7, 0, tzinfo=UTC)),
        ("1 كانون الثاني 2020 10:00", datetime(2020, 1, 1, 8, 0, tzinfo=UTC)),  # Syria kept winter time until 2022
    ],
)
def test_an_instant_is_read_in_the_outlets_zone(text: str, instant: datetime) -> None:
    assert parse_instant(text, DAMASCUS) == instant


def test_an_impossible_time_is_none() -> None:
    assert parse_instant("18 August 2023 25:00", DAMASCUS) is None
    assert parse_instant("18 August 2023 13:00 pm", DAMASCUS) is None


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(sorted(MONTHS)))
def test_every_day_with_every_month_name_is_itself(day: date, name: str) -> None:
    if MONTHS[name] == day.month:
        assert parse_day(f"نُشر في {day.day} {name} {day.year}") == day
    assert parse_day(f"{day:%Y-%m-%d}") == day
    assert parse_day(f"{day.day}/{day.month}/{day.year}") == day


@settings(deadline=None)
@given(st.text() | st.text(alphabet="0123456789٣:/-. TZ+آبmay,ص"))
def test_nothing_typed_raises(text: str) -> None:
    parse_day(text)
    parse_instant(text, DAMASCUS)
