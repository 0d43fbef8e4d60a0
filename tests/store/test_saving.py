"""Articles, revisions and readings: what is new, what changed, what is only read anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.model import ArticleId, Lang, StoryId, VersionLink
from archive.publishers.declaration import Name, Outlet
from archive.store import Store, StoreError
from tests.store.desk import DAY, START, Desk


class TestRevisions:
    def test_a_first_save_is_new_and_comes_out_as_it_went_in(self, desk: Desk) -> None:
        links = (VersionLink("https://daily.example/en/1", "rest", Lang("en")),)
        article = desk.article("ar/1", "أُطلِقَت النّارُ\nسـطر ثانٍ ١٢٣ and 456", links, tags=("ريف دمشق",), issue=594)
        saved = desk.store.save("daily", desk.url("ar/1"), article, desk.capture("ar/1"), "reader 1", START)
        assert (saved.outcome, saved.revision, saved.story) == ("new", 1, saved.article)
        story = desk.store.story(saved.story)
        assert story is not None
        (version,) = story.versions
        assert version.content == article
        assert version.revision.digest == article.digest
        assert (version.outlet, version.checks, version.last_check) == ("daily", 1, START)

    def test_the_same_text_in_a_later_capture_is_unchanged(self, desk: Desk) -> None:
        first = desk.save("ar/1")
        change = desk.store.change()
        desk.wait()
        again = desk.save("ar/1")
        assert (again.article, again.outcome, again.revision) == (first.article, "unchanged", 1)
        assert desk.store.change() == change
        story = desk.store.story(first.story)
        assert story is not None
        assert (story.versions[0].checks, story.versions[0].last_check) == (2, START + DAY)
        assert len(story.versions[0].captures) == 2

    def test_a_changed_text_is_a_revision_and_the_old_one_stays(self, desk: Desk) -> None:
        first = desk.save("ar/1", "قتيلان في قصف")
        desk.wait()
        second = desk.save("ar/1", "ثلاثة قتلى في قصف")
        assert (second.outcome, second.revision) == ("revised", 2)
        old = desk.store.article_extraction(first.article, 1)
        assert old is not None and old.blocks[0].text == "قتيلان في قصف"
        story = desk.store.story(first.story)
        assert story is not None
        assert [(one.number, one.first_seen) for one in story.versions[0].revisions] == [(1, START), (2, START + DAY)]
        assert story.versions[0].content.blocks[0].text == "ثلاثة قتلى في قصف"

    def test_a_text_that_goes_back_is_a_third_revision(self, desk: Desk) -> None:
        for text in ("أ", "ب", "أ"):
            saved = desk.save("ar/1", text)
            desk.wait()
        assert (saved.outcome, saved.revision) == ("revised", 3)

    def test_metadata_alone_makes_no_revision_but_is_shown_and_logged(self, desk: Desk) -> None:
        first = desk.save("ar/1", tags=())
        change = desk.store.change()
        desk.wait()
        assert desk.save("ar/1", tags=("حلب",)).outcome == "unchanged"
        story = desk.store.story(first.story)
        assert story is not None and story.versions[0].content.tags == ("حلب",)
        assert desk.store.changes(change) == [(change + 1, first.story)]

    def test_reading_a_capture_anew_adds_no_revision_and_no_look(self, desk: Desk) -> None:
        capture = desk.capture("ar/1")
        first = desk.save("ar/1", "متن\nتابعنا على", capture=capture)
        change = desk.store.change()
        reread = desk.save("ar/1", "متن", capture=capture, extractor="reader 2")
        assert (reread.outcome, reread.revision) == ("reread", 1)
        assert desk.store.changes(change) == [(change + 1, first.story)]
        story = desk.store.story(first.story)
        assert story is not None
        assert [block.text for block in story.versions[0].content.blocks] == ["متن"]
        assert (len(story.versions[0].revisions), story.versions[0].checks) == (1, 1)

    def test_reading_anew_with_an_equal_result_changes_nothing(self, desk: Desk) -> None:
        capture = desk.capture("ar/1")
        desk.save("ar/1", capture=capture)
        change = desk.store.change()
        desk.save("ar/1", capture=capture, extractor="reader 2")
        assert desk.store.change() == change

    def test_a_new_extractor_makes_no_revision_when_the_old_capture_is_read_first(self, desk: Desk) -> None:
        old = desk.capture("ar/1")
        desk.save("ar/1", "متن\nذيل", capture=old)
        desk.wait()
        (unread,) = desk.store.unread("reader 2", url=desk.url("ar/1"))
        assert unread.capture.id == old.id
        desk.save("ar/1", "متن", capture=unread.capture, extractor="reader 2")
        assert desk.store.unread("reader 2") == ()
        assert desk.save("ar/1", "متن", extractor="reader 2").outcome == "unchanged"

    def test_an_older_capture_that_reads_alike_moves_the_revision_back_in_time(self, desk: Desk) -> None:
        first = desk.save("ar/1", "متن")
        imported = desk.capture("ar/1", at=START - 30 * DAY)
        assert desk.save("ar/1", "متن", capture=imported).outcome == "unchanged"
        story = desk.store.story(first.story)
        assert story is not None
        assert story.versions[0].revision.first_seen == START - 30 * DAY
        assert story.versions[0].first_seen == START - 30 * DAY

    def test_an_older_capture_that_reads_otherwise_does_not_become_the_current_text(self, desk: Desk) -> None:
        first = desk.save("ar/1", "اليوم")
        assert desk.save("ar/1", "أمس", capture=desk.capture("ar/1", at=START - DAY)).revision == 2
        story = desk.store.story(first.story)
        assert story is not None
        assert story.versions[0].content.blocks[0].text == "اليوم"
        assert [one.number for one in story.versions[0].revisions] == [2, 1]

    def test_a_revision_of_one_side_makes_the_other_stale(self, desk: Desk) -> None:
        desk.save("ar/1", "أول")
        desk.wait()
        saved = desk.save("en/1", "first", to="ar/1")
        story = desk.store.story(saved.story)
        assert story is not None and story.stale is None
        desk.wait()
        desk.save("ar/1", "ثانٍ")
        story = desk.store.story(saved.story)
        assert story is not None and story.stale == "ar"

    @pytest.mark.parametrize(("day", "stale"), [(2, "en"), (5, "ar")])
    def test_a_side_is_stale_by_the_time_of_its_text_not_by_its_number(self, desk: Desk, day: int, stale: str) -> None:
        """The English was changed on the fourth day; its older text comes in later and has the higher number."""
        for at, text in ((1, "أول"), (day, "ثانٍ")):
            desk.save("ar/1", text, capture=desk.capture("ar/1", text, at=START + at * DAY))
        saved = desk.save("en/1", "second", to="ar/1", capture=desk.capture("en/1", at=START + 4 * DAY))
        desk.save("en/1", "first", capture=desk.capture("en/1", at=START + 3 * DAY))
        story = desk.store.story(saved.story)
        assert story is not None and story.stale == stale

    def test_text_with_half_a_surrogate_pair_or_nul_is_refused_whole(self, desk: Desk) -> None:
        assert desk.save("ar/2", r"the characters \u0000 as text").outcome == "new"
        for text in ("half \ud83d pair", "nul \x00 byte", "\\\x00"):
            with pytest.raises(StoreError, match="ar/1 holds NUL"):
                desk.save("ar/1", text)
        assert desk.store.find(desk.url("ar/1")) is None
        assert len(desk.store.captures()) == 1


class TestAddresses:
    @pytest.mark.parametrize(
        "spelling",
        [
            "http://www.daily.example/ar/1/",
            "https://daily.example/ar/1?so=related",
            "https://daily.example/ar/1/amp",
            "daily.example/ar/1?utm_source=x",
        ],
    )
    def test_every_spelling_finds_the_one_article(self, desk: Desk, spelling: str) -> None:
        saved = desk.save("ar/1")
        assert desk.store.find(spelling) == saved.article

    def test_an_address_too_long_for_an_index_is_an_article_like_any_other(self, desk: Desk) -> None:
        """Ten thousand Arabic letters, percent-encoded; the last one tells two of them apart."""
        name = "ar/" + "خبر-" * 2500
        first, second = desk.save(name + "أ", "الأول"), desk.save(name + "ب", "الثاني", lang="ar")
        english = desk.save("en/1", to=name + "أ")
        assert desk.store.find(desk.url(name + "أ")) == first.article != second.article
        assert (english.story, english.missing) == (first.story, ())
        story = desk.store.story(first.story)
        assert story is not None and story.version(Lang("ar")).url == desk.url(name + "أ")  # type: ignore[union-attr]

    def test_aliases_and_the_asked_address_find_it_too(self, desk: Desk) -> None:
        saved = desk.save("ar/1", asked="archives/1", aliases=("https://daily.example/?p=1",))
        assert desk.store.find(desk.url("archives/1")) == saved.article
        assert desk.store.find("https://daily.example/?p=1") == saved.article
        story = desk.store.story(saved.story)
        assert story is not None
        assert story.versions[0].aliases == ("https://daily.example/?p=1", "https://daily.example/archives/1")

    def test_a_changed_canonical_address_of_a_known_text_is_the_same_article(self, desk: Desk) -> None:
        first = desk.save("ar/1", "سطر\nسطر آخر")
        moved = desk.save("ar/1-new", "سطر\nسطر آخر", asked="ar/1", title="عنوان معدّل")
        assert moved.article == first.article
        assert desk.store.find(desk.url("ar/1-new")) == first.article

    def test_a_redirect_to_another_known_post_is_no_revision(self, desk: Desk) -> None:
        first, other = desk.save("ar/1", "الأول"), desk.save("ar/2", "الثاني")
        saved = desk.save("ar/2", "الثاني", asked="ar/1")
        assert saved.article == other.article
        assert desk.store.revision(first.article, 2) is None
        assert [look.outcome for look in desk.store.checks(first.article)] == ["new", "moved"]

    def test_a_redirect_to_an_unknown_other_post_is_an_article_of_its_own(self, desk: Desk) -> None:
        first = desk.save("ar/1", "الأول")
        saved = desk.save("ar/2", "الثاني", asked="ar/1")
        assert (saved.article, saved.outcome) != (first.article, "revised")
        assert desk.store.find(desk.url("ar/1")) == first.article

    def test_a_wrong_alias_merges_nothing(self, desk: Desk) -> None:
        home = ("https://daily.example/",)
        first, second = desk.save("ar/1", "الأول", aliases=home), desk.save("ar/2", "الثاني", aliases=home)
        assert first.article != second.article

    def test_an_outlets_own_rules_of_identity_hold(self, desk: Desk) -> None:
        rules = Outlet(
            key="daily",
            name=Name(ar="اليومية", en="Daily"),
            hosts=("daily.example",),
            zone="Asia/Damascus",
            identity=(r"/(\d+)(?:/.*)?",),
        )
        store = Store.open(desk.database, desk.clock, {"daily": rules})
        article = desk.article("777/slug", lang="ar", published=START.replace(hour=22))
        saved = store.save("daily", article.url, article, desk.capture("777/slug"), "reader 1", START)
        assert store.find("https://daily.example/777/") == saved.article
        story = store.story(saved.story)
        assert story is not None and story.day == START.date() + timedelta(days=1)
        store.close()


def test_a_capture_is_found_by_the_digest_of_its_payload(desk: Desk) -> None:
    first, again = desk.capture("ar/1", "متن"), replace(desk.capture("ar/1", "متن"), at=START + DAY)
    packed = replace(desk.capture("en/1"), body_sha256="b0" * 32)
    for capture in (again, first, packed):
        desk.store.add_capture(capture)
    assert desk.store.capture_by_digest(first.body_sha256) == first
    assert desk.store.capture_by_digest("B0" * 32) == desk.store.capture_by_digest(packed.payload_sha256) == packed
    assert desk.store.capture_by_digest("00" * 32) is None


def test_ids_are_never_used_twice(desk: Desk) -> None:
    """An id that was given out in a transaction which failed is not seen by anybody; any other stays taken."""
    numbers = [desk.save(f"ar/{number}").article for number in range(5)]
    assert numbers == sorted(set(numbers))
    assert desk.store.story(StoryId(max(numbers) + 1)) is None
    assert desk.save("ar/9").article == ArticleId(max(numbers) + 1)
