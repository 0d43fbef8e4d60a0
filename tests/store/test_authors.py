"""Bylines that are one person: merged by decision, with who and when, taken back, told to the index."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.model import Access, Actor, Change, Role
from archive.store import Author, AuthorMerge, StoreError
from tests.store.databases import ONLY_SQLITE
from tests.store.desk import EDITOR, START, Desk


def changed(desk: Desk, after: int) -> list[int]:
    return [story for _, story in desk.store.changes(Change(after))]


def test_authors_are_listed_by_key_with_all_spellings(desk: Desk) -> None:
    desk.save("ar/1", authors=("سلمى العلي", "رائد حدّاد"))
    desk.save("ar/2", authors=("سَلمى العلي",))
    desk.save("ar/3", authors=("سلمى العلي",))
    desk.save("en/4", authors=("Salma al-Ali",))
    hidden = desk.save("en/5", authors=("Hidden Name",))
    desk.access(hidden.article, Access.WITHHELD)
    assert desk.store.authors() == (
        Author("salma-al-ali", ("Salma al-Ali",), 1),
        Author("رايد-حداد", ("رائد حدّاد",), 1),
        Author("سلمي-العلي", ("سلمى العلي", "سَلمى العلي"), 3),
    )


def test_a_merge_is_kept_with_who_and_when_and_changes_the_stories_it_concerns(desk: Desk) -> None:
    one, two = desk.save("ar/1", authors=("سلمى العلي",)), desk.save("en/2", authors=("Salma al-Ali", "Raed Haddad"))
    desk.save("en/3", authors=("Raed Haddad",))
    before = desk.store.change()
    assert desk.store.merge_author("سلمى العلي", "salma-al-ali", EDITOR, START) == 1
    assert desk.store.author_aliases() == {"سلمي-العلي": "salma-al-ali"}
    assert desk.store.author_merges() == (AuthorMerge("سلمي-العلي", "salma-al-ali", EDITOR, START),)
    assert changed(desk, before) == [one.story]
    (entry,) = desk.store.audit(subject="author سلمي-العلي")
    assert (entry.actor, entry.action, entry.detail, entry.at) == (EDITOR, "merge author", "into salma-al-ali", START)
    assert two.story not in changed(desk, before)


def test_a_merge_is_taken_back(desk: Desk) -> None:
    saved = desk.save("ar/1", authors=("سلمى العلي",))
    desk.save("en/2", authors=("Salma al-Ali",))
    desk.store.merge_author("سلمى العلي", "Salma al-Ali", EDITOR, START)
    before = desk.store.change()
    assert desk.store.split_author("سلمى العلي", EDITOR, START) == 1
    assert (desk.store.author_aliases(), desk.store.author_merges()) == ({}, ())
    assert changed(desk, before) == [saved.story]
    assert [entry.action for entry in desk.store.audit()] == ["split author", "merge author"]
    with pytest.raises(StoreError, match="is merged into no author"):
        desk.store.split_author("سلمى العلي", EDITOR, START)


def test_merges_in_a_row_end_at_the_last(desk: Desk) -> None:
    stories = [desk.save(f"en/{name}", authors=(name,)).story for name in ("Ann", "Beth", "Cleo")]
    desk.store.merge_author("Ann", "Beth", EDITOR, START)
    before = desk.store.change()
    assert desk.store.merge_author("Beth", "Cleo", EDITOR, START) == 2
    assert desk.store.author_aliases() == {"ann": "cleo", "beth": "cleo"}
    assert changed(desk, before) == stories[:2]
    for key, target in (("Cleo", "Ann"), ("Ann", "Ann"), ("Ann", "Beth"), ("Ann", "Cleo")):
        with pytest.raises(StoreError, match="are one author already"):
            desk.store.merge_author(key, target, EDITOR, START)


def test_unknown_keys_and_readers_change_nothing(desk: Desk) -> None:
    desk.save("en/1", authors=("Ann",))
    before = desk.store.change()
    for key, target in (("Ann", "Ane"), ("Ane", "Ann"), ("", "Ann")):
        with pytest.raises(StoreError, match=r"there is no author '(ane)?'; `warraq names authors` lists them"):
            desk.store.merge_author(key, target, EDITOR, START)
    reader = Actor("قارئة", Role.READER)
    with pytest.raises(StoreError, match="only editors and keepers"):
        desk.store.merge_author("Ann", "Ann", reader, START)
    with pytest.raises(StoreError, match="only editors and keepers"):
        desk.store.split_author("Ann", reader, START)
    assert (desk.store.change(), desk.store.audit(), desk.store.author_merges()) == (before, (), ())


def test_merges_are_in_the_backup(desk: Desk) -> None:
    desk.save("en/1", authors=("Ann", "Beth"))
    desk.store.merge_author("Ann", "Beth", EDITOR, START)
    with desk.store.dump() as dump:
        (row,) = dump.rows("author_merges")
    assert (row["key"], row["target"], row["actor"]) == ("ann", "beth", EDITOR.name)


@ONLY_SQLITE
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decisions=st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd") | st.none()), max_size=12))
def test_whatever_the_order_no_author_stands_for_itself(
    new_desk: Callable[[], Desk], decisions: list[tuple[str, str | None]]
) -> None:
    """Aliases end at keys that are none themselves, and are what the decisions that hold say."""
    desk = new_desk()
    desk.save("en/1", authors=tuple("abcd"))
    for key, target in decisions:
        try:
            if target is None:
                desk.store.split_author(key, EDITOR, START)
            else:
                desk.store.merge_author(key, target, EDITOR, START)
        except StoreError:
            continue
    aliases = desk.store.author_aliases()
    assert not set(aliases) & set(aliases.values())
    assert set(aliases) == {merge.key for merge in desk.store.author_merges()}
    for merge in desk.store.author_merges():
        assert aliases[merge.key] == aliases.get(merge.target, merge.target)
