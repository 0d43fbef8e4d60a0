"""Captures of one page that arrive in any order of their times: which text is the current one, what its history is."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.model import ArticleId, Revision, StoryId, Version
from archive.store import upgrade
from tests.store.desk import DAY, START, Desk


def version(desk: Desk, story: StoryId) -> Version:
    found = desk.store.story(story)
    assert found is not None
    return found.versions[0]


def text(desk: Desk, article: ArticleId, revision: Revision) -> str:
    said = desk.store.article_extraction(article, revision.number)
    assert said is not None
    return said.blocks[0].text


def imported(desk: Desk, day: int, words: str, name: str = "ar/1") -> str:
    return desk.save(name, words, capture=desk.capture(name, words, at=START + day * DAY)).outcome


def test_a_text_that_was_seen_before_and_after_another_one_stays_the_current_one(desk: Desk) -> None:
    saved = desk.save("ar/1", "اليوم")
    imported(desk, 31, "اليوم")
    assert imported(desk, 23, "تعديل عابر") == "revised"
    now = version(desk, saved.story)
    assert now.content.blocks[0].text == "اليوم"
    assert [text(desk, saved.article, one) for one in now.revisions] == ["تعديل عابر", "اليوم"]
    assert now.revisions[-1].number == now.revision.number


def test_a_page_that_said_it_was_unchanged_was_seen(desk: Desk) -> None:
    """Without a body: 304."""
    saved = desk.save("ar/1", "اليوم")
    desk.wait(31)
    desk.store.check(desk.url("ar/1"), desk.clock.at, "unchanged", desk.capture("ar/1", status=304))
    imported(desk, 23, "تعديل عابر")
    assert version(desk, saved.story).content.blocks[0].text == "اليوم"


def test_a_look_that_found_no_page_says_nothing_of_its_text(desk: Desk) -> None:
    saved = desk.save("ar/1", "أمس")
    desk.wait(31)
    for outcome in ("gone", "failed", "moved"):
        desk.store.check(desk.url("ar/1"), desk.clock.at, outcome, None)
    imported(desk, 23, "اليوم")
    assert version(desk, saved.story).content.blocks[0].text == "اليوم"


def test_captures_around_a_passing_text_add_nothing(desk: Desk) -> None:
    saved = desk.save("ar/1", "اليوم")
    imported(desk, 31, "اليوم")
    imported(desk, 23, "تعديل عابر")
    for day in (10, 22, 24, 30, 40, -5):
        assert imported(desk, day, "اليوم") == "unchanged"
    now = version(desk, saved.story)
    assert (len(now.revisions), now.first_seen, now.revision.first_seen) == (2, START - 5 * DAY, START - 5 * DAY)


@pytest.mark.parametrize("status", [200, 304])
def test_an_older_schema_learns_when_texts_were_last_seen(desk: Desk, status: int) -> None:
    saved = desk.save("ar/1", "اليوم")
    if status == 200:
        imported(desk, 31, "اليوم")
    else:
        desk.store.check(desk.url("ar/1"), START + 31 * DAY, "unchanged", desk.capture("ar/1", status=304))
    for schema in ("0003", upgrade.SCHEMA):
        with desk.store._database.engine.execution_options(immediate=True).connect() as db, db.begin():
            upgrade.change(db, schema)
    imported(desk, 23, "تعديل عابر")
    assert version(desk, saved.story).content.blocks[0].text == "اليوم"


NUMBERS = count()
SIGHTINGS = st.dictionaries(st.integers(0, 9), st.sampled_from(["أ", "ب", "ج"]), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(arrivals=[(0, "أ"), (9, "أ"), (1, "ب")])
@given(arrivals=SIGHTINGS.flatmap(lambda seen: st.permutations(sorted(seen.items()))))
def test_the_current_text_is_that_of_the_newest_capture_whatever_the_order(
    desk: Desk, arrivals: list[tuple[int, str]]
) -> None:
    name = f"ar/{next(NUMBERS)}"
    for day, words in arrivals:
        imported(desk, day, words, name)
    article = desk.store.find(desk.url(name))
    assert article is not None
    now = version(desk, StoryId(article))
    assert now.content.blocks[0].text == max(arrivals)[1]
    assert now.revisions[-1].number == now.revision.number
    assert now.first_seen == START + min(arrivals)[0] * DAY
    assert {text(desk, article, one) for one in now.revisions} == {words for _, words in arrivals}
