"""The server's analyzers in mappings/story.v1.json against `language.tokens`, on a real server.

What differs by design stands in docs/analysis.md, row by row, and in `BY_DESIGN` here.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import httpx
import pytest
import regex

from language import arabic, english
from language.tokens import PATTERN, analyse
from tests import needs
from tests.indexer.vocabulary import real, vocabulary

pytestmark = pytest.mark.timeout(300)  # on a busy machine the server alone takes a minute to start

ROOT = Path(__file__).resolve().parents[2]
ANALYSIS: dict[str, Any] = json.loads((ROOT / "mappings/story.v1.json").read_text(encoding="utf-8"))["settings"][
    "analysis"
]
BATCH = 5_000  # words of one request

# The word, and its folded spelling here and on the server: the rows of the table in docs/analysis.md.
BY_DESIGN = [
    ("κτείς", "κτεις", "κτείς"),
    ("ΟΔΟΣ", "οδος", "οδοσ"),
    ("сто\u0439", "стои", "стой"),
    ("ɓaʰ", "ɓah", "baʰ"),
    ("𝐀x", "ax", "𝐀x"),
    ("२०२४", "२०२४", "2024"),
]
# Words of which the table speaks; there the terms may differ, the offsets may not.
LATIN = (
    r"A-Za-z\u00aa\u00ba\u00c0-\u017f\u018f\u0192\u0259\u1e00-\u1e99\u1ea0-\u1ef9"
    r"\ufb00-\ufb04\uff21-\uff3a\uff41-\uff5a"
)
KNOWN = f"{LATIN}{english.APOSTROPHES}{arabic.LETTERS}{arabic.MARKS}{arabic.COMBINING}"
EXCUSED = regex.compile(rf"(?V1).*[[\p{{L}}\p{{M}}]--[{KNOWN}]].*", regex.DOTALL)

Found = list[tuple[str, int, int]]


class Server:
    """`analyse` by the server's analyzers, in UTF-16 units as a server counts them."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=120)
        settings = {"number_of_replicas": 0, "analyze.max_token_count": 1_000_000}
        body = {"settings": {"index": settings, "analysis": ANALYSIS}}
        self._index = f"/parity-{uuid.uuid4().hex}"
        self._client.put(self._index, json=body).raise_for_status()

    def analyse(self, text: str, analyzer: str) -> Found:
        answer = self._client.post(f"{self._index}/_analyze", json={"analyzer": analyzer, "text": text})
        tokens = answer.raise_for_status().json()["tokens"]
        return [(token["token"], token["start_offset"], token["end_offset"]) for token in tokens]

    def close(self) -> None:
        self._client.delete(self._index)
        self._client.close()


@pytest.fixture(scope="module")
def server(elasticsearch_address: str) -> Iterator[Server]:
    found = Server(elasticsearch_address)
    yield found
    found.close()


@pytest.fixture(scope="module")
def all_words() -> list[str]:
    if not needs.DATA.is_dir():
        needs.lacking(f"no evaluation data in {needs.DATA} (WARRAQ_EVAL_DATA)")
    return vocabulary(real(needs.DATA))


def ours(text: str, stream: str) -> Found:
    at = [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
    return [(getattr(term, stream), at[term.start], at[term.end]) for term in analyse(text)]


def differences(server: Server, words: list[str], stream: str) -> list[tuple[str, object, object]]:
    """(text of the token, ours, the server's), of tokens that are not excused."""
    found: list[tuple[str, object, object]] = []
    for begin in range(0, len(words), BATCH):
        text = "\n".join(words[begin : begin + BATCH])
        units = text.encode("utf-16-le")
        here, there = ours(text, stream), server.analyse(text, f"warraq_ar_{stream}")
        assert [(start, end) for _, start, end in here] == [(start, end) for _, start, end in there]
        for mine, its in zip(here, there, strict=True):
            if mine != its:
                token = units[2 * mine[1] : 2 * mine[2]].decode("utf-16-le")
                found += [] if EXCUSED.fullmatch(token) else [(token, mine, its)]
    return found


@pytest.mark.parametrize("stream", ["folded", "stem"])
def test_the_server_gives_every_token_and_offset_of_our_analysis(
    server: Server, all_words: list[str], stream: str
) -> None:
    assert len(all_words) >= 50_000
    assert sum(bool(EXCUSED.fullmatch(word)) for word in all_words) < len(all_words) / 100
    assert differences(server, all_words, stream) == []


@pytest.mark.parametrize("stream", ["folded", "stem"])
def test_every_letter_of_both_scripts_is_analysed_alike(server: Server, stream: str) -> None:
    latin = [chr(c) for c in range(0x20000) if regex.match(rf"(?V1)[{LATIN}&&\p{{L}}]", chr(c))]
    words = [f"{a}{letter}{a}" for letter in arabic.members(arabic.LETTERS) for a in ("", "ب")]
    assert differences(server, [*words, *(f"{a}{letter}{a}" for letter in latin for a in ("", "x"))], stream) == []


def test_whole_texts_are_analysed_alike(server: Server) -> None:
    text = "قالت «عنب بلدي»، أمس: قُتل ١٢٬٥٠٠٫٥ من الـBBC و😀 في 2.5.2014…\r\n\tSana'a’s ‘Café’ 𝟏𝟐 x" * 20
    assert server.analyse(text, "warraq_en_stem") == ours(text, "stem")


def test_long_runs_do_not_harm_the_server(server: Server) -> None:
    for text in ("a'" * 50_000 + "a", "ا\u200b" * 50_000 + "ا", "1." * 20_000, "(" * 100_000, "s" * 100_000):
        assert server.analyse(text, "warraq_ar_stem") == ours(text, "stem")


def test_a_stream_is_cut_at_its_spaces_only(server: Server) -> None:
    text = "نازح 1250.5 مصر’s a,b x-y"
    assert [term for term, _, _ in server.analyse(text, "warraq_stream")] == text.split(" ")


@pytest.mark.parametrize(("word", "here", "there"), BY_DESIGN)
def test_what_differs_by_design_differs_as_the_documentation_says(
    server: Server, word: str, here: str, there: str
) -> None:
    assert [term for term, _, _ in ours(word, "folded")] == [here]
    assert [term for term, _, _ in server.analyse(word, "warraq_ar_folded")] == [there]


def test_the_documentation_names_every_difference_and_no_other() -> None:
    table = (ROOT / "docs/analysis.md").read_text(encoding="utf-8").split("## Differences by design")[1]
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \|", table, re.MULTILINE)
    assert rows == BY_DESIGN


def test_the_fields_of_both_sides_are_analysed_by_the_same_rules() -> None:
    """A word is analysed by its own script, whatever the field."""
    analyzers = ANALYSIS["analyzer"]
    assert analyzers["warraq_ar_folded"] == analyzers["warraq_en_folded"]
    assert analyzers["warraq_ar_stem"] == analyzers["warraq_en_stem"]


def test_the_mapping_says_what_the_code_says() -> None:
    filters = ANALYSIS["filter"]
    forms = dict(rule.split("=>") for rule in ANALYSIS["char_filter"]["warraq_forms"]["mappings"])
    assert _unescaped(ANALYSIS["tokenizer"]["warraq_tokens"]["pattern"]) == _unescaped(PATTERN)
    assert _unescaped(filters["warraq_signs"]["pattern"]) == f"[{arabic.MARKS}{arabic.COMBINING}{arabic.CONTROLS}]"
    assert _unescaped(filters["warraq_apostrophes"]["pattern"]) == f"[{english.APOSTROPHES}]"
    bare = dict.fromkeys([*arabic.members(arabic.MARKS), ord(" ")])
    composed = {chr(c): unicodedata.normalize("NFKC", chr(c)).translate(bare) for c in arabic.members(arabic.LETTERS)}
    assert forms == {"ª": "a", "º": "o"} | {letter: form for letter, form in composed.items() if letter != form}


def _unescaped(pattern: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), pattern)
