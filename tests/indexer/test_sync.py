"""The change log reaches the engine from where the index stands, whatever was cut short; `verify` finds differences."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.clock import SystemClock
from archive.model import (
    AR,
    EN,
    Access,
    Actor,
    Article,
    ArticleId,
    Block,
    BlockKind,
    Capture,
    CaptureId,
    Change,
    Lang,
    Role,
    StoryId,
    Verdict,
    VersionLink,
)
from archive.store import Store
from indexer.document import build, digest, tombstone
from indexer.engine import EngineBusy, EngineError, Request
from indexer.engines.tantivy import TantivyEngine, TantivyRebuild
from indexer.query import parse
from indexer.sync import Finding, rebuild, sync, verify

START = datetime(2024, 3, 5, 9, tzinfo=UTC)
KEEPER = Actor("رنا", Role.KEEPER)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'warraq.db'}", SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    opened = TantivyEngine(tmp_path / "index")
    yield opened
    opened.close()


def url(slug: str, lang: Lang) -> str:
    return f"https://{lang}.sada.example/{slug}"


def save(
    store: Store, slug: str, lang: Lang, title: str, *texts: str, to: str | None = None, later: int = 0
) -> ArticleId:
    """Save what a page said `later` hours after START; `to` is the address of the other version it links to."""
    at = START + timedelta(hours=later)
    body = hashlib.sha256(" ".join((title, *texts)).encode()).hexdigest()
    capture = Capture(
        CaptureId(str(uuid.uuid4())), url(slug, lang), at, 200, "text/html", body, body, "a.warc.gz", 0, 1
    )
    article = Article(
        url(slug, lang),
        lang,
        title,
        tuple(Block(BlockKind.PARAGRAPH, text) for text in texts),
        published=START,
        authors=("أحمد الخطيب",) if lang == AR else (),
        links=(VersionLink(to, "hreflang"),) if to else (),
    )
    return store.save("sada", capture.url, article, capture, "reader 1", at).article


def pair(store: Store, slug: str) -> StoryId:
    number = save(store, slug, AR, f"النازحون في {slug}", "عادت العائلات", to=url(slug, EN))
    save(store, slug, EN, f"Displaced in {slug}", "Families returned", later=1)
    story = store.story_of(number)
    assert story is not None
    return story


def found(engine: TantivyEngine, typed: str) -> set[int]:
    return {hit.story for hit in engine.search(Request(parse(typed))).hits}


def in_step(store: Store, engine: TantivyEngine) -> bool:
    """Every story's document is the one built from the store now, and the change number is the store's."""
    stories = store.stories(store.story_ids())
    built = {story.id: (story.change, digest(build(story))) for story in stories if not build(story).tombstone}
    there = {story: (change, content) for story, change, content in engine.versions_of()}
    return there == built and engine.status().change == store.change() and not verify(store, engine)


def test_what_is_saved_is_found_after_a_sync(store: Store, engine: TantivyEngine) -> None:
    story = pair(store, "homs")
    report = sync(store, engine)
    assert (report.written, report.tombstones, report.change) == (1, 0, store.change())
    assert found(engine, "نازح") == found(engine, "displaced families") == {story}
    assert in_step(store, engine)


def test_a_second_sync_writes_nothing(store: Store, engine: TantivyEngine) -> None:
    pair(store, "homs")
    sync(store, engine)
    report = sync(store, engine)
    assert (report.written, report.tombstones, report.change) == (0, 0, store.change())


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_any_batch_gives_the_same_index(store: Store, engine: TantivyEngine, batch: int) -> None:
    for slug in ("homs", "raqqa", "idlib"):
        pair(store, slug)
    seen: list[tuple[int, int]] = []
    sync(store, engine, batch=batch, progress=lambda done, of: seen.append((done, of)))
    assert in_step(store, engine) and seen[-1][0] == seen[-1][1] == store.change()


def test_a_revision_replaces_the_text_and_marks_the_other_side_stale(store: Store, engine: TantivyEngine) -> None:
    story = pair(store, "homs")
    sync(store, engine)
    save(store, "homs", AR, "النازحون في homs", "غادرت العائلات", to=url("homs", EN), later=30)
    sync(store, engine)
    assert found(engine, "غادرت") == {story} and found(engine, "عادت") == set()
    assert engine.search(Request(parse(""), versions="stale")).total == 1
    assert in_step(store, engine)


def test_joining_and_parting_move_what_is_found(store: Store, engine: TantivyEngine) -> None:
    """A story that was merged leaves a tombstone; parted, both are found again."""
    ar = save(store, "a", AR, "قصف على المدينة", "نص")
    en = save(store, "b", EN, "Shelling hits the city", "text")
    sync(store, engine)
    assert found(engine, "قصف") == {ar} and found(engine, "shelling") == {en}
    store.decide(ar, en, Verdict.SAME, KEEPER, "the same report", START)
    report = sync(store, engine)
    assert report.tombstones == 1 and found(engine, "shelling") == found(engine, "قصف") == {ar}
    assert in_step(store, engine)
    store.decide(ar, en, Verdict.APART, KEEPER, "another day", START)
    sync(store, engine)
    assert found(engine, "قصف") == {ar} and found(engine, "shelling") == {en}
    assert in_step(store, engine)


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_what_is_withheld_or_purged_is_not_found(store: Store, engine: TantivyEngine, access: Access) -> None:
    story = pair(store, "homs")
    sync(store, engine)
    store.set_access(ArticleId(story), access, "protects a witness", KEEPER, START)
    sync(store, engine)
    assert found(engine, "النازحون") == found(engine, "author:الخطيب") == set()
    hits = engine.search(Request(parse("displaced"))).hits
    assert [set(hit.sides) for hit in hits] == [{"en"}]
    english = store.find(url("homs", EN))
    assert english
    store.set_access(english, access, "the same", KEEPER, START)
    sync(store, engine)
    assert engine.search(Request(parse(""))).total == 0 and in_step(store, engine)


def test_an_interrupted_sync_goes_on_where_it_was(store: Store, engine: TantivyEngine) -> None:
    """The change number is committed with the documents: what was written is not repeated, the rest is not lost."""
    for slug in ("homs", "raqqa", "idlib"):
        pair(store, slug)

    def cut(done: int, of: int) -> None:
        if done > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, engine, batch=1, progress=cut)
    assert engine.status().change == 3
    sync(store, engine)
    assert in_step(store, engine)


def test_a_lost_lease_stops_the_sync(store: Store, engine: TantivyEngine) -> None:
    for slug in ("homs", "raqqa"):
        pair(store, slug)
    with pytest.raises(EngineBusy):
        sync(store, engine, batch=1, renew=lambda: False)
    assert engine.status().change == 0
    with store.lease("indexer", "a test", 60) as mine:
        sync(store, engine, renew=mine.renew)
    assert in_step(store, engine)


def test_a_store_that_is_behind_its_index_needs_a_rebuild(store: Store, engine: TantivyEngine) -> None:
    """As after a restore of an older backup: it is said, nothing is written, and the rebuild mends it."""
    story = pair(store, "homs")
    engine.apply([replace(build(store.stories([story])[0]), change=Change(99))], Change(99))
    with pytest.raises(EngineError, match="warraq index rebuild"):
        sync(store, engine)
    assert verify(store, engine) == [Finding(story, "ahead")]
    rebuild(store, engine)
    assert in_step(store, engine)


def test_a_rebuild_takes_in_what_changes_meanwhile(store: Store, engine: TantivyEngine) -> None:
    """A story that comes, one that changes and one that is merged away while the stories are being read."""
    for slug in ("homs", "raqqa"):
        pair(store, slug)
    ar, en = save(store, "a", AR, "قصف", "نص"), save(store, "b", EN, "Shelling", "text")
    rebuild(store, engine)
    seen: list[tuple[int, int]] = []

    def change(done: int, of: int) -> None:
        seen.append((done, of))
        if done == of:
            pair(store, "idlib")
            save(store, "homs", EN, "Displaced in homs", "They left", later=50)
            store.decide(ar, en, Verdict.SAME, KEEPER, "", START)

    report = rebuild(store, engine, batch=2, progress=change)
    assert seen == [(2, 4), (4, 4)] and report.written == 4 and in_step(store, engine)


def test_verify_finds_and_mends_every_difference(store: Store, engine: TantivyEngine) -> None:
    stories = [pair(store, slug) for slug in ("homs", "raqqa", "idlib")]
    sync(store, engine)
    change = store.change()
    missing, different, outdated = (build(story) for story in store.stories(stories))
    with engine.rebuild(archive=store.archive()) as aside:  # an index gone wrong
        stranger = replace(missing, story=StoryId(77), change=Change(2))
        aside.add([replace(different, outlet="x"), replace(outdated, change=Change(1)), stranger])
        aside.swap(change)
    assert {(found.story, found.difference) for found in verify(store, engine)} == {
        (missing.story, "missing"),
        (different.story, "different"),
        (outdated.story, "outdated"),
        (77, "surplus"),
    }
    assert len(verify(store, engine, mend=True)) == 4
    assert in_step(store, engine)


def test_verify_tells_a_story_that_was_taken_out(store: Store, engine: TantivyEngine) -> None:
    story = pair(store, "homs")
    sync(store, engine)
    engine.apply([tombstone(story, store.change())], store.change())
    assert [str(finding) for finding in verify(store, engine)] == [f"story {story}: missing"]


def test_the_index_of_another_archive_is_neither_written_nor_mended(store: Store, tmp_path: Path) -> None:
    """Though its change number is lower than the store's: it says so in one line, and a rebuild makes it this one's."""
    engine, other = TantivyEngine(tmp_path / "shared"), Store.open(f"sqlite:///{tmp_path / 'other.db'}", SystemClock())
    pair(other, "homs")
    sync(other, engine)
    stories = [pair(store, slug) for slug in ("raqqa", "idlib", "aleppo")]
    before = list(engine.versions_of())
    for write in (sync, lambda *both: verify(*both, mend=True)):
        with pytest.raises(EngineError, match="not made from this archive: run `warraq index rebuild`"):
            write(store, engine)
    assert list(engine.versions_of()) == before
    rebuild(store, engine)
    assert in_step(store, engine) and found(engine, "displaced") == set(stories)
    other.close()


def test_a_rebuild_that_counts_otherwise_keeps_the_old_index(
    store: Store, engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = pair(store, "homs")
    sync(store, engine)
    before = engine.status()
    save(store, "homs", AR, "النازحون في homs", "غادرت العائلات", to=url("homs", EN), later=30)
    for wrong in (-1, 1):
        with monkeypatch.context() as patched, pytest.raises(EngineError, match="the old index stays in use"):
            count = TantivyRebuild.count
            patched.setattr(TantivyRebuild, "count", lambda aside, count=count, wrong=wrong: count(aside) + wrong)
            rebuild(store, engine)
        assert engine.status() == before and found(engine, "عادت") == {story}


def test_a_rebuild_that_lost_its_lease_while_it_counted_is_not_used(store: Store, engine: TantivyEngine) -> None:
    pair(store, "homs")
    sync(store, engine)
    before, answers = engine.status(), iter([True, False])
    with pytest.raises(EngineBusy, match="another process"):
        rebuild(store, engine, renew=lambda: next(answers))
    assert engine.status() == before


def test_a_sync_stops_when_the_index_was_made_anew_under_it(store: Store, engine: TantivyEngine) -> None:
    """Else it would note its number in an index without the stories that it wrote into the old one."""
    for slug in ("homs", "raqqa", "idlib"):
        pair(store, slug)
    sync(store, engine)
    at = engine.status().change
    for slug in ("homs", "raqqa", "idlib"):
        save(store, slug, AR, f"النازحون في {slug}", "غادرت العائلات", to=url(slug, EN), later=30)

    def swapped(done: int, of: int) -> None:
        if done == 1:
            with engine.rebuild(archive=store.archive()) as aside:
                aside.add(build(story) for story in store.stories(store.story_ids()))
                aside.swap(Change(at + 1))

    with pytest.raises(EngineBusy, match="made the index anew"):
        sync(store, engine, batch=1, progress=swapped)
    sync(store, engine)
    assert in_step(store, engine)
