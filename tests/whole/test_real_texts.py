"""Texts that nobody here wrote: the article the project began with, and human translations, served as pages."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from archive.model import AR, EN, BlockKind
from indexer.engine import Request
from indexer.query import parse
from language.tokens import words
from tests.needs import data
from tests.site.extra import page_from_seed, story_from_segments
from tests.site.server import Site
from tests.whole.newsroom import newsroom


def test_the_first_article_comes_out_clean_and_linked(tmp_path: Path) -> None:
    """Title, one caption with its date and source, exactly its paragraphs, no tail, a certain link."""
    text = data("seed/article.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title, caption, _, *body = lines[: lines.index("النسخة العربية من المقال")]
    with Site(stories=(), extra=[page_from_seed(text)]) as site, newsroom(tmp_path, site) as room:
        room.collect()
        (story,) = room.stories()
        english = story.version(EN)

        assert english is not None
        article = english.content
        assert (article.title, article.blocks[0].text) == (title, caption)
        assert article.blocks[0].kind is BlockKind.CAPTION
        assert body == [block.text for block in article.blocks[1:]]
        assert [block.text for block in article.blocks if block.kind is BlockKind.SUBHEADING] == [
            "Washington: No broader conflict with Iran"
        ]
        assert [(link.evidence, link.certain) for link in story.links] == [("in-text link", True)]
        assert {AR, EN} == {version.lang for version in story.versions}


def translated(count: int) -> list[dict[str, Any]]:
    with gzip.open(data("pairs/stories.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:count]


def rare(text: str, frequency: dict[str, int]) -> str:
    """The rarest long word of a text: what somebody who looks for it might type."""
    known = [word for word in words(text) if len(word) > 4 and not re.search(r"\d", word)]
    return min(known, key=lambda word: (frequency[word.lower()], -len(word)))


def test_human_translations_are_collected_and_found_by_words_of_either_language(tmp_path: Path) -> None:
    """Served as pages, every story comes in whole, linked, and is found by a rare word of either of its texts."""
    told = translated(40)
    stories = [story_from_segments(number, s["en"], s["ar"]) for number, s in enumerate(told)]
    frequency: dict[str, int] = {}
    for story in told:
        for word in {w.lower() for lang in ("en", "ar") for w in words(" ".join(story[lang]))}:
            frequency[word] = frequency.get(word, 0) + 1
    with Site(stories=(), extra=stories) as site, newsroom(tmp_path, site) as room:
        room.collect()
        versions = room.versions()
        by_url = {version.content.url: story for story in room.stories() for version in story.versions}

        for truth in site.truth():
            assert [block.text for block in versions[truth.url].content.blocks] == [
                " ".join(re.sub("[\xad\u200b\u2060\ufeff]", "", unicodedata.normalize("NFC", block.text)).split())
                for block in truth.blocks
                if block.text.rstrip(".") != truth.title  # a first paragraph that only says the title again
            ]
            assert len(by_url[truth.url].versions) == 2
            word = rare(" ".join(block.text for block in truth.blocks), frequency)
            found = room.engine.search(Request(parse(word), limit=50))
            assert by_url[truth.url].id in {hit.story for hit in found.hits}, word
