"""Since when a page is removed, when looks at it are heard of in any order of time, as an import brings them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.store.desk import DAY, START, Desk


def removed(desk: Desk) -> datetime | None:
    return desk.store.articles()[0].removed


def gone(desk: Desk, *days: float) -> None:
    for day in days:
        desk.clock.at = START + day * DAY
        desk.store.check(desk.url("ar/1"), desk.clock.at, "gone", None, "answered 404")


@pytest.mark.parametrize("text", ["نص الخبر", "نص أقدم"])
def test_an_older_capture_brings_no_removed_page_back(desk: Desk, text: str) -> None:
    saved = desk.save("ar/1")
    gone(desk, 1, 4, 9)
    desk.save("ar/1", text, capture=desk.capture("ar/1", text, at=START - 30 * DAY))
    assert removed(desk) == START + DAY
    gone(desk, 10)
    assert removed(desk) == START + DAY
    runs = desk.store.checks(saved.article)
    assert [run.outcome for run in runs][-2:] == ["new", "gone"] and runs[-1].count == 4
    assert [run.first for run in runs] == sorted(run.first for run in runs)


def test_a_capture_from_between_the_looks_begins_the_count_anew(desk: Desk) -> None:
    """Which of the looks came after it is not known but of the last one."""
    desk.save("ar/1")
    gone(desk, 1, 4, 9)
    desk.save("ar/1", capture=desk.capture("ar/1", at=START + 5 * DAY))
    assert removed(desk) is None
    gone(desk, 12)
    assert removed(desk) is None
    gone(desk, 17)
    assert removed(desk) == START + 9 * DAY


def test_a_capture_from_after_the_looks_brings_the_page_back(desk: Desk) -> None:
    desk.save("ar/1")
    gone(desk, 1, 4, 9)
    desk.save("ar/1", capture=desk.capture("ar/1", at=START + 10 * DAY))
    assert removed(desk) is None
