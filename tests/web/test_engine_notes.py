"""What an engine searched in part is told of, in the page, the JSON and the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from newsroom import Newsroom
from test_pages import soup, text

from indexer.engine import Request, Results, SearchEngine
from indexer.tree import Note
from warraq.commands.finding import _print_notes
from web import create_app

CUT = Note("prefix-cut", (("word", "wat"), ("forms", "500")))


class Cutting:
    """An engine that searches the most frequent words of a beginning alone."""

    def __init__(self, whole: SearchEngine) -> None:
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def search(self, request: Request) -> Results:
        return replace(self._whole.search(request), notes=(CUT,))


def test_a_beginning_of_too_many_words_is_told(shared_room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    client = create_app(shared_room.services(engine=Cutting(shared_room.engine))).test_client()
    for lang, told in (("en", "only the most frequent ones were searched"), ("ar", "فجرى البحث عن أكثرها ورودًا فقط")):
        said = text(soup(client, f"/{lang}/search?q=wat*"), "main")
        assert told in said and "wat" in said
    answer = json.loads(client.get("/api/search?q=wat*").get_data())
    assert answer["notes"] == [{"key": "prefix-cut", "word": "wat", "forms": "500"}]
    _print_notes((CUT,))
    assert "begin with wat that only the most frequent ones" in capsys.readouterr().err
