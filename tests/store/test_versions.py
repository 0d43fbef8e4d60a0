"""Versions find each other, in whatever order they arrive; editors join and part them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from archive.model import Actor, ArticleId, Change, Role, StoryId, Verdict
from archive.store import EventKind, StoreError
from tests.store.desk import EDITOR, START, Desk


def together(desk: Desk) -> set[frozenset[str]]:
    stories = desk.store.stories(desk.store.story_ids())
    return {frozenset(version.url for version in story.versions) for story in stories}


class TestClaims:
    def test_before_and_after_arrival_are_equal(self, new_desk: Callable[[], Desk]) -> None:
        pages = (("ar/1", None), ("en/1", "ar/1"), ("tr/1", "en/1"), ("ar/2", None), ("en/2", "ar/3"))
        outcomes = []
        for order in list(permutations(pages))[::40]:
            desk = new_desk()
            for name, to in order:
                desk.save(name, text=name, to=to)
            outcomes.append(together(desk))
        assert all(outcome == outcomes[0] for outcome in outcomes)
        assert frozenset(map(desk.url, ("ar/1", "en/1", "tr/1"))) in outcomes[0]

    @pytest.mark.parametrize(
        ("target", "asked"),
        [
            ("http://www.daily.example/ar/خبر/", "ar/%D8%AE%D8%A8%D8%B1"),
            ("https://daily.example/ar/%25d8%25ae%25d8%25a8%25d8%25b1", "ar/خبر"),
            ("https://daily.example/archives/1", "archives/1"),
            ("https://daily.example/?p=1", "ar/خبر"),
        ],
        ids=["raw letters", "double-encoded", "old and redirected", "alias"],
    )
    def test_any_spelling_of_the_target_will_do(self, desk: Desk, target: str, asked: str) -> None:
        claimer = desk.save("en/1", to=target)
        assert [claim.target for claim in claimer.missing] == [target]
        arrived = desk.save("ar/خبر", asked=asked, aliases=("https://daily.example/?p=1",))
        assert arrived.story == claimer.story
        assert desk.store.story_of(arrived.article) == claimer.article

    def test_a_new_alias_resolves_an_old_claim(self, desk: Desk) -> None:
        claimer, target = desk.save("en/1", to="archives/1"), desk.save("ar/1")
        assert desk.store.story_of(target.article) == target.article
        desk.save("ar/1", aliases=("https://daily.example/archives/1",))
        assert desk.store.story_of(target.article) == claimer.article

    def test_the_same_claim_is_kept_once(self, desk: Desk) -> None:
        desk.save("ar/1")
        for _ in range(2):
            saved = desk.save("en/1", to="ar/1")
        story = desk.store.story(saved.story)
        assert story is not None and len(story.links[0].claims) == 1

    def test_a_broken_target_is_evidence_until_it_arrives(self, desk: Desk) -> None:
        claimer = desk.save("en/1", to="ar/1")
        desk.store.break_claim(desk.url("ar/1"), "answered 404", START)
        (claim,) = desk.store.broken_claims()
        assert (claim.article, claim.broken) == (claimer.article, "answered 404")
        story = desk.store.story(claimer.story)
        assert story is not None and story.open_claims == (claim,)
        assert desk.save("en/1", to="ar/1").missing == ()
        desk.save("ar/1")
        assert desk.store.broken_claims() == ()

    def test_an_inferred_claim_gives_way_to_a_certain_one(self, desk: Desk) -> None:
        arabic, wrong = desk.save("ar/1"), desk.save("en/1")
        desk.store.add_claim(wrong.article, desk.url("ar/1"), "figures", "infer 1", False, 0.9, START)
        assert desk.store.story_of(wrong.article) == arabic.article
        right = desk.save("en/2", to="ar/1")
        assert desk.store.story_of(right.article) == arabic.article
        assert desk.store.story_of(wrong.article) == wrong.article
        story = desk.store.story(arabic.story)
        assert story is not None and story.spare == (wrong.article,)

    def test_a_turkish_version_is_kept_and_reported(self, desk: Desk) -> None:
        desk.save("ar/1")
        saved = desk.save("tr/1", to="ar/1")
        story = desk.store.story(saved.story)
        assert story is not None and [version.lang for version in story.versions] == ["ar", "tr"]

    def test_a_claim_of_an_unknown_article_is_refused(self, desk: Desk) -> None:
        with pytest.raises(StoreError, match="no article 7"):
            desk.store.add_claim(ArticleId(7), desk.url("ar/1"), "figures", "infer 1", False, 0.9, START)


class TestDecisions:
    def test_parting_gives_each_its_own_id_back_and_says_what_happened(self, desk: Desk) -> None:
        arabic, english = desk.save("ar/1"), desk.save("en/1", to="ar/1")
        assert desk.store.moved(StoryId(english.article)) == arabic.article
        change = desk.store.change()
        number = desk.store.decide(arabic.article, english.article, Verdict.APART, EDITOR, "خبران", START)
        assert desk.store.moved(StoryId(english.article)) is None
        assert [desk.store.story_of(one.article) for one in (arabic, english)] == [arabic.article, english.article]
        (lost,) = desk.store.what_happened(StoryId(arabic.article))
        assert (lost.kind, lost.article, lost.decision) == (EventKind.OUT, english.article, number)
        (own,) = desk.store.what_happened(StoryId(english.article))
        assert (own.kind, own.other, own.decision) == (EventKind.OWN, arabic.article, number)
        assert {story for _, story in desk.store.changes(change)} == {arabic.article, english.article}
        assert desk.store.audit()[0].actor == EDITOR

    def test_joining_says_at_both_addresses_who_moved(self, desk: Desk) -> None:
        arabic, english = desk.save("ar/1"), desk.save("en/1")
        number = desk.store.decide(english.article, arabic.article, Verdict.SAME, EDITOR, "", START)
        (moved,) = desk.store.what_happened(StoryId(english.article))
        assert (moved.kind, moved.other, moved.decision) == (EventKind.INTO, arabic.article, number)
        assert desk.store.story(StoryId(english.article)) is None
        story = desk.store.story(StoryId(arabic.article))
        assert story is not None and story.links[0].decision is not None
        assert story.links[0].evidence == "editor"

    def test_the_oldest_leaving_gives_the_rest_the_next_ones_id(self, desk: Desk) -> None:
        first = desk.save("ar/1")
        second = desk.save("en/1", to="ar/1")
        third = desk.save("tr/1", to="en/1")
        desk.store.decide(first.article, second.article, Verdict.APART, EDITOR, "", START)
        assert desk.store.story_of(third.article) == second.article
        assert desk.store.story_of(first.article) == first.article
        assert {event.article for event in desk.store.what_happened(first.story)} == {second.article, third.article}

    def test_an_arrival_that_joins_at_once_leaves_no_history(self, desk: Desk) -> None:
        desk.save("ar/1")
        saved = desk.save("en/1", to="ar/1")
        assert desk.store.what_happened(StoryId(saved.article)) == ()

    def test_a_merged_story_has_a_line_in_the_log(self, desk: Desk) -> None:
        english, arabic = desk.save("en/1"), desk.save("ar/1")
        change = desk.store.change()
        desk.save("en/1", to="ar/1")
        assert {story for _, story in desk.store.changes(change)} == {english.article, arabic.article}

    @pytest.mark.parametrize(
        ("a", "b", "verdict", "role", "says"),
        [
            (1, 1, Verdict.SAME, Role.EDITOR, "itself"),
            (1, 9, Verdict.APART, Role.EDITOR, "no article 9"),
            (2, 3, Verdict.SAME, Role.EDITOR, "both in en"),
            (1, 2, Verdict.SAME, Role.READER, "reader"),
        ],
    )
    def test_what_cannot_be_decided_is_said_and_kept_out(
        self, desk: Desk, a: int, b: int, verdict: Verdict, role: Role, says: str
    ) -> None:
        for name in ("ar/1", "en/1", "en/2"):
            desk.save(name)
        change = desk.store.change()
        with pytest.raises(StoreError, match=says):
            desk.store.decide(ArticleId(a), ArticleId(b), verdict, Actor("x", role), "", START)
        assert (desk.store.change(), desk.store.audit()) == (change, ())

    def test_the_newest_same_takes_the_place_of_an_older_one(self, desk: Desk) -> None:
        arabic, one, two = (desk.save(name) for name in ("ar/1", "en/1", "en/2"))
        for english in (one, two):
            desk.store.decide(arabic.article, english.article, Verdict.SAME, EDITOR, "", START)
        assert desk.store.story_of(two.article) == arabic.article
        assert desk.store.story_of(one.article) == one.article


def test_a_claim_without_a_place_is_logged_for_both_stories(desk: Desk) -> None:
    arabic = desk.save("ar/1")
    desk.save("en/1", to="ar/1")
    spare, change = desk.save("en/2"), desk.store.change()
    desk.save("en/2", to="ar/1")
    assert {story for _, story in desk.store.changes(change)} == {arabic.story, spare.story}


def test_only_the_touched_stories_are_logged(desk: Desk) -> None:
    for number in range(4):
        desk.save(f"ar/{number}")
    change = desk.store.change()
    saved = desk.save("en/2", to="ar/2")
    assert desk.store.changes(change) == [(Change(change + 1), saved.story)]
