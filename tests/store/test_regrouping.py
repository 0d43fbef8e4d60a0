"""Recomputing only what is connected gives the stories that computing everything would."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import ArticleId, Verdict
from archive.pairing.link import Member, link
from archive.store import Store, StoreError, claims
from tests.store.desk import EDITOR, START, Clock, Desk

NAMES = ("ar/1", "en/1", "tr/1", "ar/2", "en/2", "fr/1", "ar/3")
NAME = st.sampled_from(NAMES)
NUMBER = st.integers(1, len(NAMES))

SAVE = st.tuples(st.just("save"), NAME, st.none() | NAME)
CLAIM = st.tuples(st.just("claim"), NUMBER, st.tuples(NAME, st.sampled_from([0.5, 0.9]), st.booleans()))
DECIDE = st.tuples(st.just("decide"), NUMBER, st.tuples(NUMBER, st.sampled_from(Verdict)))


def act(desk: Desk, kind: str, first: object, second: object) -> None:
    if kind == "save":
        desk.save(str(first), text=str(first), to=second)  # type: ignore[arg-type]
    elif kind == "claim":
        name, score, certain = second  # type: ignore[misc]
        desk.store.add_claim(ArticleId(first), desk.url(name), "figures", "infer 1", certain, score, START)  # type: ignore[arg-type]
    else:
        other, verdict = second  # type: ignore[misc]
        desk.store.decide(ArticleId(first), ArticleId(other), verdict, EDITOR, "", START)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(SAVE, SAVE, CLAIM, DECIDE), max_size=14))
def test_the_stored_stories_are_the_function_of_everything_known(actions: list[tuple[str, object, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        desk = Desk(Store.open(f"sqlite:///{Path(folder) / 'a.db'}", clock), clock, "")
        for action in actions:
            try:
                act(desk, *action)
            except StoreError:
                continue  # an article that is not there yet, or two of one language
        listed = desk.store.articles()
        members = [Member(one.id, one.lang) for one in listed]
        ids = [one.id for one in listed]
        with desk.store._database.read() as db:
            groups = link(members, claims.touching(db, ids), claims.decided(db, ids))
        assert {one.id: one.story for one in listed} == {
            article: group.story for group in groups for article in group.members
        }
        for group in groups:
            story = desk.store.story(group.story)
            assert story is not None
            assert (story.links, story.spare) == (group.links, group.spare)
        desk.store.close()
