"""Withheld and purged text comes out of no method; digests stay; what comes later is withheld too."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.fetched import Hop
from archive.model import AR, Access, Actor, ArticleId, Change, Role, StoryId
from archive.purging import purge
from archive.store import Saved, Store, StoreError
from archive.store.schema import articles
from archive.warc import WarcFolder
from tests.store.databases import ONLY_SQLITE, file_of
from tests.store.desk import EXTRACTOR, KEEPER, START, Desk

SECRET = "اسم الشاهدة"


def everything(store: Store, saved: Saved) -> Iterator[tuple[str, object]]:
    """What every reading method gives of an article, by method."""
    url = "https://daily.example/ar/1"
    calls: dict[str, Callable[[], Any]] = {
        "article_extraction": lambda: store.article_extraction(saved.article, 1),
        "articles": store.articles,
        "articles_without_capture": store.articles_without_capture,
        "audit": store.audit,
        "archive": store.archive,
        "author_aliases": store.author_aliases,
        "author_merges": store.author_merges,
        "authors": store.authors,
        "broken_claims": store.broken_claims,
        "capture": lambda: store.capture(store.captures()[0].id),
        "capture_by_digest": lambda: store.capture_by_digest(store.captures()[0].body_sha256),
        "captures": store.captures,
        "change": store.change,
        "changes": lambda: store.changes(Change(0)),
        "checks": lambda: store.checks(saved.article),
        "count_articles": lambda: store.count_articles("daily"),
        "counts": store.counts,
        "find": lambda: store.find(url),
        "latest": lambda: store.latest(10),
        "moved": lambda: store.moved(saved.story),
        "pending": lambda: store.pending("daily"),
        "problems": store.problems,
        "revision": lambda: store.revision(saved.article, 1),
        "stories": lambda: store.stories([saved.story]),
        "story": lambda: store.story(saved.story),
        "story_ids": lambda: list(store.story_ids()),
        "story_of": lambda: store.story_of(saved.article),
        "told": lambda: store.told(url),
        "unread": lambda: store.unread("reader 2"),
        "waiting": lambda: store.waiting("daily"),
        "what_happened": lambda: store.what_happened(saved.story),
        "words_off": store.words_off,
    }
    writing = {
        "add_capture",
        "add_claim",
        "add_problem",
        "break_claim",
        "break_lease",
        "check",
        "clear_problems",
        "close",
        "decide",
    }
    writing |= {"done", "enqueue", "failed", "lease", "migrate", "open", "relocate", "revisit", "save", "set_access"}
    writing |= {"merge_author", "split_author", "switch_words"}
    writing |= {"dump"}  # a keeper's backup: it holds what is withheld, as it has to bring that back
    public = {name for name, _ in inspect.getmembers(Store, callable) if not name.startswith("_")}
    assert public == set(calls) | writing, "a new method: is it one that could give withheld text out?"
    for name, call in calls.items():
        yield name, call()


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_no_method_gives_the_text_out(desk: Desk, access: Access) -> None:
    saved = desk.save("ar/1", f"قالت {SECRET}", title=SECRET, authors=(SECRET,), tags=(SECRET,))
    desk.save("en/1", "text", to="ar/1")
    assert SECRET in repr(desk.store.story(saved.story))
    desk.access(saved.article, access)
    leaks = [name for name, given in everything(desk.store, saved) if SECRET in repr(given)]
    assert leaks == []


def test_withheld_text_is_there_for_keepers_and_comes_back(desk: Desk) -> None:
    saved = desk.save("ar/1", SECRET)
    desk.access(saved.article, Access.WITHHELD)
    story = desk.store.story(saved.story)
    assert story is not None
    assert (story.versions[0].readable, story.versions[0].revision.access, story.day) == (False, "withheld", None)
    assert [capture.access for capture in story.versions[0].captures] == ["withheld"]
    for_keeper = desk.store.story(saved.story, keeper=True)
    assert for_keeper is not None and for_keeper.versions[0].content.blocks[0].text == SECRET
    revision = desk.store.revision(saved.article, 1, keeper=True)
    assert revision is not None and revision.content is not None
    desk.access(saved.article, Access.KEPT)
    story = desk.store.story(saved.story)
    assert story is not None and story.versions[0].readable


def test_purged_text_is_gone_for_everybody_but_its_digest_stays(desk: Desk) -> None:
    saved = desk.save("ar/1", SECRET)
    before = desk.store.revision(saved.article, 1)
    desk.access(saved.article, Access.PURGED)
    after = desk.store.revision(saved.article, 1, keeper=True)
    assert before is not None and after is not None
    assert (after.content, after.digest, after.capture) == (None, before.digest, before.capture)
    with pytest.raises(StoreError, match="is purged"):
        desk.access(saved.article, Access.KEPT)


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_the_captures_of_another_article_are_spared(desk: Desk, access: Access) -> None:
    """The first article's address led to the second, whose page the capture is."""
    first, captured = desk.save("ar/1", "الأول"), desk.capture("ar/2", "الثاني")
    desk.store.check(desk.url("ar/1"), START, "moved", captured, "leads to another article")
    second = desk.save("ar/2", "الثاني", asked="ar/2", capture=captured)
    desk.access(first.article, access)
    assert captured not in desk.store.captures(first.article)
    assert desk.store.capture(captured.id) == captured
    assert second.article != first.article


def test_purging_leaves_the_record_in_which_another_article_was_read(desk: Desk, tmp_path: Path) -> None:
    """Both have the capture among their pages, as a look at the first one's address gave it to that, too."""
    folder = WarcFolder(tmp_path, desk.clock)
    first, second = (folder.write(page(desk.url(name), name.encode())) for name in ("ar/1", "ar/2"))
    saved = desk.save("ar/1", "الأول", capture=first)
    desk.store.check(desk.url("ar/1"), START, "unchanged", second)
    desk.save("ar/2", "الثاني", capture=second)
    desk.access(saved.article, Access.PURGED)
    assert purge(desk.store, folder, saved.article, "a court ordered it") == 1
    kept = desk.store.capture(second.id)
    assert kept is not None and folder.body(kept) == b"ar/2"
    gone = desk.store.capture(first.id)
    assert gone is not None and gone.access is Access.PURGED
    folder.close()


class TestCapturesThatNobodyRead:
    """Whoever made them died before saving what they say."""

    @pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
    def test_those_of_an_articles_addresses_share_its_fate(self, desk: Desk, access: Access) -> None:
        saved = desk.save("ar/1", asked="archives/1")
        left = [desk.capture("ar/1", SECRET), desk.capture("archives/1", SECRET, status=301)]
        for capture in (*left, desk.capture("ar/2")):
            desk.store.add_capture(capture)
        desk.access(saved.article, access)
        assert {capture.id for capture in left} < {one.id for one in desk.store.captures(saved.article)}
        assert [one.access for one in desk.store.captures()] == [access] * 3 + [Access.KEPT]

    def test_the_next_save_takes_them(self, desk: Desk) -> None:
        saved, left = desk.save("ar/1"), desk.capture("ar/1")
        desk.store.add_capture(left)
        desk.wait()
        desk.save("ar/1")
        assert left in desk.store.captures(saved.article)

    @pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
    def test_those_made_after_the_order_are_withheld_at_once(self, desk: Desk, access: Access) -> None:
        saved, left = desk.save("ar/1"), desk.capture("ar/1", SECRET)
        desk.access(saved.article, access)
        desk.store.add_capture(left)
        kept = desk.store.capture(left.id)
        assert kept is not None and kept.access is Access.WITHHELD


def page(url: str, body: bytes) -> Hop:
    return Hop(
        url=url, at=START, request_headers=(), status=200, reason="OK",
        headers=(("Content-Type", "text/html"),), payload=body, body=body,
    )  # fmt: skip


@ONLY_SQLITE
def test_purged_text_is_in_no_file_of_the_database(desk: Desk) -> None:
    for number in range(30):
        desk.save(f"ar/{number}", "حشو " * 300)
    saved = desk.save("ar/77", f"{SECRET} " * 300)
    folder = file_of(desk.database).parent
    assert SECRET.encode() in b"".join(path.read_bytes() for path in folder.iterdir())
    desk.access(saved.article, Access.PURGED)
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())


@ONLY_SQLITE
def test_purged_text_that_a_reader_holds_on_to_is_told_and_purging_again_takes_it_out(desk: Desk) -> None:
    """A reader that is not done keeps the write-ahead log, and the text in it, as it is."""
    saved = desk.save("ar/77", f"{SECRET} " * 300)
    folder = file_of(desk.database).parent
    readers = Store.open(desk.database, desk.clock, wait=0.1)
    with readers._database.read() as db:
        db.execute(select(articles)).all()
        quick = Store.open(desk.database, desk.clock, wait=0.1)
        with pytest.raises(StoreError, match="purge it again") as told:
            quick.set_access(saved.article, Access.PURGED, "a court ordered it", KEEPER, START)
        quick.close()
    assert "nothing was" not in str(told.value)
    assert SECRET.encode() in b"".join(path.read_bytes() for path in folder.iterdir())
    desk.access(saved.article, Access.PURGED)
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())
    readers.close()


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_what_is_captured_later_is_withheld_as_well(desk: Desk, access: Access) -> None:
    saved = desk.save("ar/1", "أول")
    desk.access(saved.article, access)
    desk.wait()
    later = desk.save("ar/1", SECRET)
    assert later.revision == 2
    assert SECRET not in repr(list(everything(desk.store, saved)))
    assert {capture.access for capture in desk.store.captures(saved.article)} == {access, Access.WITHHELD}


def test_reading_a_purged_capture_anew_brings_nothing_back(desk: Desk) -> None:
    capture = desk.capture("ar/1")
    saved = desk.save("ar/1", SECRET, capture=capture)
    desk.access(saved.article, Access.PURGED)
    for extractor in (EXTRACTOR, "reader 2"):
        desk.save("ar/1", SECRET, capture=capture, extractor=extractor)
        revision = desk.store.revision(saved.article, 1, keeper=True)
        assert revision is not None and revision.content is None
    assert desk.store.unread("reader 3") == ()


def test_access_is_logged_audited_and_given_by_keepers_only(desk: Desk) -> None:
    saved = desk.save("ar/1")
    change = desk.store.change()
    with pytest.raises(StoreError, match="no keeper"):
        desk.store.set_access(saved.article, Access.PURGED, "", Actor("سلمى", Role.EDITOR), START)
    with pytest.raises(StoreError, match="no article 99"):
        desk.store.set_access(ArticleId(99), Access.PURGED, "", KEEPER, START)
    assert (desk.store.change(), desk.store.audit()) == (change, ())
    desk.access(saved.article, Access.WITHHELD)
    assert desk.store.changes(change) == [(change + 1, saved.story)]
    (entry,) = desk.store.audit()
    assert (entry.actor, entry.action, entry.subject) == (KEEPER, "withheld", f"article {saved.article}")
    assert re.search("court", entry.detail)


def test_captures_are_relocated_all_or_none(desk: Desk) -> None:
    from dataclasses import replace

    desk.save("ar/1")
    desk.save("ar/2")
    moved = [replace(capture, warc="rewritten.warc.gz", offset=7, length=9) for capture in desk.store.captures()]
    with pytest.raises(StoreError, match="is not in the archive"):
        desk.store.relocate([*moved, desk.capture("ar/9")])
    assert {capture.warc for capture in desk.store.captures()} == {"2024.warc.gz"}
    desk.store.relocate(moved)
    assert list(desk.store.captures()) == moved


def test_a_purged_article_is_not_fetched_again(desk: Desk) -> None:
    from archive.discover import Found

    saved = desk.save("ar/1")
    desk.store.enqueue("daily", [Found(desk.url("ar/1"), AR, "sitemap")])
    assert len(desk.store.pending("daily")) == 1
    desk.access(saved.article, Access.PURGED)
    assert desk.store.pending("daily") == []
    assert desk.store.story(StoryId(saved.article)) is not None
