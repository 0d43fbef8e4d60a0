"""A story's document holds what a result needs, of what may be shown, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import (
    AR,
    EN,
    Access,
    Article,
    ArticleId,
    Block,
    BlockKind,
    CaptureId,
    Change,
    Lang,
    Revision,
    Story,
    StoryId,
    Version,
)
from indexer.document import build, digest, tombstone
from language.names import key

START = datetime(2024, 3, 5, 22, 30, tzinfo=UTC)


def version(lang: Lang, number: int = 1, access: Access = Access.KEPT, later: int = 0, **rest: object) -> Version:
    values: dict[str, object] = {
        "url": f"https://{lang}.sada.example/1",
        "lang": lang,
        "title": f"title {lang}",
        "blocks": (Block(BlockKind.PARAGRAPH, f"text {lang}"), Block(BlockKind.QUOTE, "«نص»")),
        "published": START,
    }
    article = Article(**(values | rest))  # type: ignore[arg-type]
    seen = START + timedelta(hours=later)
    content = article if access is Access.KEPT else None
    revision = Revision(number, seen, article.digest, CaptureId("c"), content, access)
    at = ArticleId({"ar": 4, "en": 9}.get(lang, 11))
    return Version(at, "sada", article.url, (), lang, revision, (revision,), (), 1, seen, START if number > 1 else seen)


def a_story(*versions: Version) -> Story:
    return Story(StoryId(4), Change(17), versions, day=date(2024, 3, 6))


def test_both_versions_are_sides_with_title_kicker_and_blocks() -> None:
    story = a_story(
        version(AR, kicker="تقرير", authors=("أَحمد الخطيب",), tags=("مياه",), section="news", dateline="دمشق"),
        version(EN, authors=("Huda Karam",), tags=("Water",), issue=512, dateline="Damascus"),
    )
    document = build(story)
    assert [side.paragraphs for side in document.sides] == [
        ("title ar", "تقرير", "text ar", "«نص»"),
        ("title en", "text en", "«نص»"),
    ]
    assert document.sides[0].published == "2024-03-05T22:30:00+00:00"
    assert (document.story, document.change, document.versions, document.day) == (4, 17, "both", date(2024, 3, 6))
    assert document.authors == (key("احمد الخطيب"), "huda-karam") and document.tags == ("مياه", "water")
    assert document.places == ("دمشق", "damascus")
    assert (document.section, document.outlet, document.issue) == ("news", "sada", 512)


@pytest.mark.parametrize(
    ("langs", "versions", "sides"),
    [
        (("ar",), "ar", ["ar"]),
        (("en",), "en", ["en"]),
        (("en", "ar"), "both", ["en", "ar"]),
        (("ar", "tr"), "ar", ["ar"]),
        (("tr",), "other", ["tr"]),
    ],
)
def test_versions_by_the_languages_there_are(langs: tuple[str, ...], versions: str, sides: list[str]) -> None:
    document = build(a_story(*(version(Lang(lang)) for lang in langs)))
    assert (document.versions, [side.lang for side in document.sides]) == (versions, sides)


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_what_may_not_be_shown_leaves_no_trace(access: Access) -> None:
    """Neither text nor names, tags or address; when nothing is left the document is a tombstone."""
    hidden = version(AR, access=access, authors=("سلمى",), tags=("سر",), issue=3, section="secret", dateline="حلب")
    document = build(a_story(hidden, version(EN)))
    assert document == build(a_story(version(EN))) and document.versions == "en" and not document.stale
    assert build(a_story(hidden)) == tombstone(StoryId(4), Change(17)) and build(a_story(hidden)).tombstone


def test_a_change_counts_from_when_the_newest_text_was_first_seen() -> None:
    """Whatever happened to the story since: a claim, a reading by a newer extractor."""
    document = build(a_story(version(AR, number=2, later=5), version(EN, later=2)), Change(99))
    assert (document.changed, document.change) == (int((START + timedelta(hours=5)).timestamp()), 99)
    withheld = version(EN, access=Access.WITHHELD, later=9)
    assert build(a_story(version(AR, later=5), withheld)).changed == document.changed


def test_a_side_left_behind_by_a_later_revision_is_stale() -> None:
    assert build(a_story(version(AR, number=2, later=5), version(EN, later=2))).stale
    assert not build(a_story(version(AR, later=5), version(EN, later=2))).stale


def test_a_later_change_number_holds() -> None:
    assert build(a_story(version(AR)), Change(20)).change == 20
    assert build(a_story(version(AR)), Change(3)).change == 17


def test_spellings_of_a_name_share_a_key() -> None:
    assert len({key(name) for name in ("أحمد الأحمد", "احمد  الاحمد", "أَحْمَد الأحمـــد")}) == 1
    assert key("Omar Al-Nasser") == "omar-al-nasser" and key(" — ") == ""


@given(st.text(max_size=20))
def test_a_key_is_its_own_key(name: str) -> None:
    assert key(key(name)) == key(name)
    assert " " not in key(name)


def test_the_digest_tells_contents_apart_and_not_change_numbers() -> None:
    document = build(a_story(version(AR), version(EN)))
    assert digest(document) == digest(replace(document, change=Change(99)))
    for other in (
        replace(document, outlet="x"),
        replace(document, stale=True),
        replace(document, changed=document.changed + 1),
        replace(document, day=None),
        replace(document, sides=document.sides[:1]),
        replace(document, authors=("a",)),
        replace(document, issue=1),
    ):
        assert digest(other) != digest(document)
    assert len(digest(document)) == 16 and int(digest(document), 16) >= 0
