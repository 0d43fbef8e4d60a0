"""The frontier, looks at pages, leases, problems: what a collector asks of the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from archive.model import EN, Access, Change, VersionLink
from archive.store import StoreError
from tests.store.databases import execute
from tests.store.desk import DAY, START, Clock, Desk

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    url: str
    lang: str | None = "ar"
    modified: datetime | None = None
    published: datetime | None = None
    versions: tuple[VersionLink, ...] = ()


def urls(desk: Desk) -> list[str]:
    return [one.url for one in desk.store.pending("daily")]


class TestFrontier:
    def test_what_discovery_said_of_a_page_stays_until_it_says_otherwise(self, desk: Desk) -> None:
        links = (VersionLink(desk.url("en/1"), "rest", EN),)
        desk.store.enqueue("daily", [Found(desk.url("ar/1"), published=START, versions=links)])
        desk.store.enqueue("daily", [Found(desk.url("ar/1"))])
        assert desk.reopen().told(desk.url("ar/1/")) == links
        assert [one.published for one in desk.store.pending("daily")] == [START]
        desk.store.enqueue("daily", [Found(desk.url("ar/1"), published=START + HOUR)])
        assert [one.published for one in desk.store.pending("daily")] == [START + HOUR]
        assert desk.store.told(desk.url("ar/2")) == ()

    def test_an_address_is_queued_once_in_whatever_spelling(self, desk: Desk) -> None:
        assert desk.store.enqueue("daily", [Found(desk.url("ar/1")), Found(desk.url("ar/1/"))]) == 1
        assert desk.store.enqueue("daily", [Found("http://www.daily.example/ar/1")]) == 0
        assert (urls(desk), desk.store.waiting("daily")) == ([desk.url("ar/1")], 1)

    def test_the_latest_modified_comes_first_and_the_limit_holds(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url(f"ar/{n}"), modified=START + n * HOUR) for n in range(3)])
        desk.store.enqueue("daily", [Found(desk.url("ar/undated"))])
        assert [url[-1] for url in urls(desk)] == ["2", "1", "0", "d"]
        assert len(desk.store.pending("daily", 2)) == 2
        assert desk.store.pending("weekly") == []

    def test_what_is_done_comes_back_only_with_news(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url("ar/1"), modified=START)])
        desk.store.done(desk.url("ar/1"), desk.capture("ar/1"))
        for found in (Found(desk.url("ar/1"), modified=START), Found(desk.url("ar/1"))):
            assert desk.store.enqueue("daily", [found]) == 0
        assert urls(desk) == []
        assert desk.store.enqueue("daily", [Found(desk.url("ar/1"), modified=START + HOUR)]) == 1
        assert urls(desk) == [desk.url("ar/1")]

    def test_news_that_came_during_the_fetch_keeps_it_open(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url("ar/1"), modified=START)])
        (pending,) = desk.store.pending("daily")
        desk.store.enqueue("daily", [Found(desk.url("ar/1"), modified=START + HOUR)])
        desk.store.done(pending.url, desk.capture("ar/1"), pending.modified)
        assert urls(desk) == [desk.url("ar/1")]

    def test_validators_of_the_last_answer_come_with_the_next_fetch(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url("ar/1"))])
        assert desk.store.pending("daily")[0].validators is None
        answer = replace(desk.capture("ar/1"), etag='W/"5"', last_modified="Fri, 01 Mar 2024 09:00:00 GMT")
        desk.store.done(desk.url("ar/1"), answer)
        desk.wait()
        assert desk.store.revisit("daily", desk.clock.at) == 1
        desk.store.done(desk.url("ar/1"), replace(desk.capture("ar/1", status=304), revisit_of=answer.id))
        desk.wait()
        desk.store.revisit("daily", desk.clock.at)
        (pending,) = desk.store.pending("daily")
        validators = pending.validators
        assert validators is not None
        assert (validators.etag, validators.last_modified) == (answer.etag, answer.last_modified)
        assert (validators.capture, validators.url) == (answer.id, answer.url)

    def test_only_what_was_seen_lately_can_be_revisited_sooner(self, desk: Desk) -> None:
        for name in ("ar/old", "ar/new"):
            desk.store.enqueue("daily", [Found(desk.url(name))])
            desk.save(name)
            desk.store.done(desk.url(name))
            desk.wait(20)
        assert desk.store.revisit("daily", desk.clock.at, seen_since=START + 10 * DAY) == 1
        assert urls(desk) == [desk.url("ar/new")]

    def test_a_failure_waits_longer_each_time_and_giving_up_ends_it(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url("ar/1"))])
        for hours in (1, 2, 4):
            desk.store.failed(desk.url("ar/1"), "answered 503")
            desk.clock.at += hours * HOUR - timedelta(seconds=1)
            assert urls(desk) == []
            desk.clock.at += timedelta(seconds=1)
            assert urls(desk) == [desk.url("ar/1")]
        desk.store.failed(desk.url("ar/1"), "answered 403", give_up=True)
        desk.wait(30)
        assert urls(desk) == []
        assert desk.store.enqueue("daily", [Found(desk.url("ar/1"), modified=desk.clock.at)]) == 1

    def test_the_queue_changes_nothing_that_a_reader_could_find(self, desk: Desk) -> None:
        desk.store.enqueue("daily", [Found(desk.url("ar/1"))])
        desk.store.failed(desk.url("ar/1"), "answered 503")
        desk.store.done(desk.url("ar/1"))
        assert desk.store.change() == Change(0)


class TestLooks:
    def look(self, desk: Desk, outcome: str, detail: str = "") -> None:
        desk.store.check(desk.url("ar/1"), desk.clock.at, outcome, None, detail)

    def removed(self, desk: Desk) -> datetime | None:
        return desk.store.articles()[0].removed

    def test_equal_looks_are_one_run_with_an_honest_count(self, desk: Desk) -> None:
        saved = desk.save("ar/1")
        for _ in range(60):
            desk.wait()
            self.look(desk, "unchanged")
        new, unchanged = desk.store.checks(saved.article)
        assert (new.outcome, new.count) == ("new", 1)
        assert (unchanged.count, unchanged.first, unchanged.last) == (60, START + DAY, START + 60 * DAY)
        story = desk.store.story(saved.story)
        assert story is not None
        assert (story.versions[0].checks, story.versions[0].last_check) == (61, START + 60 * DAY)

    def test_gone_in_three_looks_over_seven_days_is_removed_and_seen_again_is_back(self, desk: Desk) -> None:
        saved = desk.save("ar/1")
        change = desk.store.change()
        desk.wait()
        first = desk.clock.at
        for outcome, detail, days in (("gone", "404", 3), ("failed", "no answer", 1), ("gone", "410", 3)):
            self.look(desk, outcome, detail)
            assert self.removed(desk) is None
            desk.wait(days)
        assert desk.store.change() == change
        self.look(desk, "gone", "404")
        assert self.removed(desk) == first
        assert desk.store.changes(change) == [(change + 1, saved.story)]
        self.look(desk, "unchanged")
        assert self.removed(desk) is None
        assert desk.store.change() == change + 2

    @pytest.mark.parametrize("days", [(0, 1, 2, 3), (0, 8)], ids=["too soon", "too few"])
    def test_too_few_or_too_quick_looks_remove_nothing(self, desk: Desk, days: tuple[int, ...]) -> None:
        desk.save("ar/1")
        for day in days:
            desk.clock.at = START + (day + 1) * DAY
            self.look(desk, "gone")
        assert self.removed(desk) is None

    def test_an_answer_in_between_begins_the_count_anew(self, desk: Desk) -> None:
        desk.save("ar/1")
        for outcome in ("gone", "gone", "unchanged", "gone", "gone"):
            desk.wait(5)
            self.look(desk, outcome)
        assert self.removed(desk) is None

    def test_saving_it_again_brings_it_back(self, desk: Desk) -> None:
        desk.save("ar/1")
        for _ in range(3):
            desk.wait(5)
            self.look(desk, "gone")
        assert self.removed(desk) is not None
        desk.save("ar/1")
        assert self.removed(desk) is None

    def test_looks_at_what_is_no_article_are_kept_until_it_is_one(self, desk: Desk) -> None:
        self.look(desk, "not-an-article", "no body")
        assert desk.store.find(desk.url("ar/1")) is None
        saved = desk.save("ar/1")
        assert [look.outcome for look in desk.store.checks(saved.article)] == ["not-an-article", "new"]

    def test_a_look_with_a_capture_belongs_to_the_article(self, desk: Desk) -> None:
        saved = desk.save("ar/1")
        revisit = desk.capture("ar/1", at=START + DAY, status=304)
        desk.store.check(desk.url("ar/1"), START + DAY, "unchanged", revisit)
        assert [capture.status for capture in desk.store.captures(saved.article)] == [200, 304]


def later(desk: Desk, seconds: int) -> None:
    """The server's clock cannot be set: there, what was held is made older."""
    desk.clock.at += timedelta(seconds=seconds)
    if not desk.database.startswith("sqlite"):
        execute(desk.database, f"UPDATE leases SET until = until - {seconds * 1_000_000}")


class TestLeases:
    def test_one_holder_at_a_time_even_within_a_process(self, desk: Desk) -> None:
        with desk.store.lease("indexer", "host:1", 60) as mine:
            assert mine
            for holder in ("host:1", "host:2"):
                with desk.store.lease("indexer", holder, 60) as other:
                    assert not other
            with desk.store.lease("collector", "host:2", 60) as elsewhere:
                assert elsewhere
            assert mine.renew()
        with desk.store.lease("indexer", "host:2", 60) as next_one:
            assert next_one

    def test_what_is_not_renewed_can_be_taken_and_is_then_lost(self, desk: Desk) -> None:
        with desk.store.lease("indexer", "host:1", 60) as mine:
            later(desk, 59)
            assert mine.renew()
            later(desk, 60)
            with desk.store.lease("indexer", "host:2", 60) as other:
                assert other
                assert not mine.renew()
                assert not mine

    def test_a_process_whose_clock_is_ahead_takes_no_live_lease_from_a_server(self, desk: Desk) -> None:
        """A file's processes have one clock; those of a server may be on several machines."""
        with desk.store.lease("indexer", "host:1", 60) as mine:
            desk.clock.at += timedelta(hours=1)
            with desk.store.lease("indexer", "host:2", 60) as other:
                assert bool(other) is desk.database.startswith("sqlite")
                assert mine.renew() is not bool(other)

    def test_a_lease_tells_who_else_has_it_and_can_be_broken_for_exactly_that_one(self, desk: Desk) -> None:
        with desk.store.lease("indexer", "host:1", 60) as first:
            assert (bool(first), first.other) == (True, "")
            with desk.store.lease("indexer", "host:2", 60) as second:
                assert not second and second.other.startswith("host:1 ")
                desk.store.break_lease("indexer", "host:1 of another time")
                assert not second.acquire()
                desk.store.break_lease("indexer", second.other)
                assert (second.acquire(), second.other) == (True, "")
                assert not first.renew() and first.other.startswith("host:2 ")


class TestProblems:
    def test_equal_problems_are_counted_and_go_when_it_goes_well(self, desk: Desk) -> None:
        for days in range(3):
            desk.store.add_problem("daily", "https://daily.example/feed", "no answer", START + days * DAY)
        desk.store.add_problem("weekly", "https://weekly.example/feed", "not XML", START)
        first, second = desk.store.problems()
        assert (first.count, first.first, first.last) == (3, START, START + 2 * DAY)
        assert [one.what for one in desk.store.problems("weekly")] == ["not XML"]
        desk.store.clear_problems("https://daily.example/feed")
        assert desk.store.problems() == (second,)

    def test_a_place_too_long_for_an_index_is_kept_by_its_beginning_and_digest(self, desk: Desk) -> None:
        place = desk.url("خبر/" * 3000)
        for _ in range(2):
            desk.store.add_problem("daily", place, "no answer", START)
        desk.store.add_problem("daily", f"{place}x", "no answer", START)
        assert sorted(one.count for one in desk.store.problems()) == [1, 2]
        assert all(one.where.startswith("https://daily.example/") for one in desk.store.problems())
        desk.store.clear_problems(place)
        assert [one.count for one in desk.store.problems()] == [1]


class TestHoldings:
    def test_counts_are_of_what_can_be_read(self, desk: Desk) -> None:
        for name, to, year in (
            ("ar/1", None, 2023),
            ("en/1", "ar/1", 2024),
            ("ar/2", None, 2024),
            ("tr/1", None, 2024),
        ):
            desk.save(name, to=to, published=START.replace(year=year))
        hidden = desk.save("en/2", published=None)
        counts = desk.store.counts()
        assert (counts.stories, counts.both, counts.ar, counts.en, counts.other) == (4, 1, 1, 1, 1)
        assert (counts.years, counts.undated, counts.captures) == (((2023, 1), (2024, 2)), 1, 5)
        desk.access(hidden.article, Access.WITHHELD)
        assert (desk.store.counts().stories, desk.store.counts().undated) == (3, 0)

    def test_the_latest_come_first_each_once(self, desk: Desk) -> None:
        for day in range(4):
            desk.save(f"ar/{day}", published=START + day * DAY)
            desk.save(f"en/{day}", to=f"ar/{day}", published=START + day * DAY)
        assert [story.id for story in desk.store.latest(2)] == [desk.store.find(desk.url(f"ar/{n}")) for n in (3, 2)]

    def test_stories_come_in_the_order_asked_for(self, desk: Desk) -> None:
        ids = [desk.save(f"ar/{number}").story for number in range(5)]
        wanted = [ids[3], ids[0], ids[3], ids[4]]
        assert [story.id for story in desk.store.stories(wanted)] == [ids[3], ids[0], ids[4]]
        assert list(desk.store.story_ids()) == ids

    def test_an_outlets_articles_are_listed(self, desk: Desk) -> None:
        saved = desk.save("ar/1")
        (listed,) = desk.store.articles("daily")
        assert (listed.id, listed.story, listed.url) == (saved.article, saved.story, desk.url("ar/1"))
        assert (desk.store.articles("weekly"), desk.store.count_articles("daily")) == ((), 1)


def test_a_clock_without_a_zone_is_a_mistake_that_is_named(desk: Desk) -> None:
    naive = replace(desk.capture("ar/1"), at=datetime(2024, 3, 1))  # noqa: DTZ001
    with pytest.raises((StoreError, ValueError), match="time zone"):
        desk.store.add_capture(naive)


def test_the_clock_is_an_argument(desk: Desk) -> None:
    assert isinstance(desk.clock, Clock)
