"""The sample outlet's stories are complete, various and consistent."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from archive.model import AR, EN, BlockKind
from tests.site.content import Truth, load

README = Path(__file__).parent / "README.md"


def _truths() -> tuple[Truth, ...]:
    from tests.site.content import NARANJ, truth
    from tests.site.outlet import loopback

    return truth(load(), loopback(1, 2), NARANJ)


class TestStories:
    def test_there_are_enough_in_both_and_in_one_language(self) -> None:
        kinds = [tuple(side.lang for side in story.sides) for story in load()]
        assert kinds.count((AR, EN)) >= 36
        assert kinds.count((AR,)) >= 5
        assert kinds.count((EN,)) >= 3

    def test_no_two_share_an_id_an_address_or_a_title(self) -> None:
        sides = [side for story in load() for side in story.sides]
        for values in ([(s.host, s.id) for s in sides], [(s.host, s.slug) for s in sides], [s.title for s in sides]):
            assert len(values) == len(set(values))

    def test_ids_grow_with_time_in_each_edition(self) -> None:
        for host in ("ar", "en"):
            sides = [s for story in load() for s in story.sides if s.host == host]
            assert [s.id for s in sorted(sides, key=lambda s: s.published)] == sorted(s.id for s in sides)

    def test_they_spread_over_the_years_and_the_english_comes_later(self) -> None:
        stories = load()
        years = {side.published.year for story in stories for side in story.sides}
        assert {2012, 2026} <= years
        assert len(years) >= 12
        for story in stories:
            if len(story.sides) == 2:
                assert 0 < (story.sides[1].published - story.sides[0].published).total_seconds() / 3600 <= 72, story.key

    def test_each_is_written_in_its_language_and_has_a_body(self) -> None:
        for truth in _truths():
            text = "".join(block.text for block in truth.blocks) + truth.title
            arabic, latin = len(re.findall(r"[\u0621-\u064a]", text)), len(re.findall(r"[A-Za-z]", text))
            assert (arabic > 20 * latin) if truth.lang == AR else (latin > 20 * arabic), truth.url
            assert sum(block.kind is BlockKind.PARAGRAPH for block in truth.blocks) >= 3, truth.url

    def test_the_arabic_has_what_makes_it_hard(self) -> None:
        text = " ".join(b.text for t in _truths() if t.lang == AR for b in t.blocks)
        for need in ("ـ", "َ", "٤", "كانون", "آذار/مارس", "2024", "2023"):
            assert need in text, need

    def test_every_block_is_one_clean_line(self) -> None:
        for truth in _truths():
            for block in truth.blocks:
                assert block.text == " ".join(block.text.split())
                assert "{outlet}" not in block.text

    def test_truth_is_complete(self) -> None:
        for truth in _truths():
            missing = {f.name for f in fields(truth) if not getattr(truth, f.name)}
            optional = {"updated", "kicker", "authors", "issue", "dateline", "image", "links", "counterpart"}
            assert missing <= optional, (truth.url, missing)
            assert truth.published.tzinfo is not None
            assert truth.published.utcoffset() == datetime.now(UTC).utcoffset()

    def test_readme_names_a_story_for_every_variant(self) -> None:
        table = dict(re.findall(r"^\| (\d+) \| [^|]* \| ([^|]+) \|", README.read_text("utf-8"), re.MULTILINE))
        stories = load()
        for number in range(1, 28):
            keys = [story.key for story in stories if number in story.shows]
            served_by_listings = number in (17, 18)
            assert served_by_listings or any(key in table[str(number)] for key in keys), number
