"""What only an Elasticsearch has: documents it refuses, answers in part, names and aliases, addresses, errors."""

from __future__ import annotations

import random
import shutil
import ssl
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from archive.model import Change, StoryId
from indexer.document import IndexDocument, digest
from indexer.engine import DocumentsRefused, EngineBusy, EngineError, EngineUnavailable, Request
from indexer.engines import elasticsearch as module
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.passages import present, wanted
from indexer.streams import searched_as
from indexer.sync import rebuild, sync
from indexer.tree import And, Everything, Fuzzy, Near, Not, Or, Query, Word
from tests.contracts.corpus import corpus, side, story
from tests.contracts.test_query_trees import random_tree
from tests.needs import lacking
from tests.servers.elasticsearch import certificate

pytestmark = pytest.mark.timeout(300)  # the first one waits until the server is up
ALL = Request(Query("", Everything()), limit=100)
POISON = "s" * 40_000  # no key may be longer than 32,766 bytes


@pytest.fixture
def opened(elasticsearch_address: str) -> Iterator[Callable[..., ElasticsearchEngine]]:
    """Opens the same index again and again."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    yield lambda **settings: ElasticsearchEngine(**({"address": elasticsearch_address, "prefix": prefix} | settings))
    with Elasticsearch(elasticsearch_address) as client:
        if names := list(client.indices.get(index=f"{prefix}-*", expand_wildcards="all")):
            client.indices.delete(index=names)


@pytest.fixture
def engine(opened: Callable[..., ElasticsearchEngine]) -> Iterator[ElasticsearchEngine]:
    engine = opened()
    yield engine
    engine.close()


class Archive:
    """Stands for the store: stories by id, each change in the log."""

    def __init__(self, documents: list[IndexDocument]) -> None:
        self.documents = {document.story: document for document in documents}

    def archive(self) -> str:
        return "an archive"

    def change(self) -> Change:
        return max(document.change for document in self.documents.values())

    def changes(self, after: Change, limit: int) -> list[tuple[Change, StoryId]]:
        log = sorted((document.change, document.story) for document in self.documents.values())
        return [row for row in log if row[0] > after][:limit]

    def stories(self, ids: Any) -> list[Any]:
        return [SimpleNamespace(id=number, made=self.documents[number]) for number in ids if number in self.documents]

    def author_aliases(self) -> dict[str, str]:
        return {}

    def story_ids(self) -> list[StoryId]:
        return sorted(self.documents)


def word(text: str) -> Request:
    return Request(Query("", Word(text, "en")))


def names(engine: ElasticsearchEngine) -> list[str]:
    """The indexes there are."""
    client, alias = engine._client, engine._index.alias
    return sorted(client.indices.get(index=f"{alias}*", expand_wildcards="all"))


def test_a_document_that_cannot_be_indexed_is_named_and_the_rest_goes_in(engine: ElasticsearchEngine) -> None:
    """The number moves on, so that the next round does not meet it again, and no older state of it is found."""
    engine.apply([story(2, side("en", "Wheat"))], Change(2))
    poison = story(2, side("en", "Wheat, too"), section=POISON, change=5)
    with pytest.raises(DocumentsRefused, match=r"^story 2 cannot be indexed: .*immense term") as error:
        engine.apply([story(1, side("en", "Maize")), poison, story(3, side("en", "Maize"))], Change(5))
    assert [each.story for each in error.value.refused] == [2] and "\n" not in error.value.detail
    assert engine.search(word("maize")).total == 2 and engine.search(word("wheat")).total == 0
    assert engine.status().change == 5 and engine.status().documents == 2
    engine.apply([replace(poison, section="news", change=Change(6))], Change(6))
    assert engine.search(word("wheat")).total == 1


def test_a_round_and_a_rebuild_go_on_past_what_is_refused(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.sync.build", lambda story, *_: story.made)
    archive = Archive([story(number, side("en", "Maize"), section="news") for number in range(1, 8)])
    archive.documents[StoryId(3)] = replace(archive.documents[StoryId(3)], section=POISON)
    for write in (sync, rebuild, rebuild):
        with pytest.raises(DocumentsRefused, match="story 3"):
            write(archive, engine, batch=2)
        assert engine.search(word("maize")).total == 6 and engine.status().change == 7
    assert sync(archive, engine).written == 0, "the round is not begun again"


def test_a_very_long_word_is_indexed(engine: ElasticsearchEngine) -> None:
    engine.apply([story(1, side("en", "Maize", f"before {'x' * 50_000} after"))], Change(1))
    assert engine.search(word("after")).total == 1


def test_a_deep_tree_is_answered(engine: ElasticsearchEngine) -> None:
    """The server stops at 30 queries in one another; a tree of 200 levels is answered, with its hits."""
    engine.apply(corpus(), Change(200))
    expected = engine.search(word("water")).total
    tree: And | Or | Not | Word = Word("water", "en")
    for level in range(200):
        tree = (And((tree, Everything())), Or((tree, Word("nowhere", "en"))), Not(Not(tree)))[level % 3]
    assert engine.search(Request(Query("", tree))).total == expected > 0


def test_as_many_words_as_can_be_typed_are_searched(engine: ElasticsearchEngine) -> None:
    engine.apply(corpus(), Change(200))
    words = (Word("water", None), *(Word(f"word{number}s", None) for number in range(99)))
    assert engine.search(Request(Query("", Or(words)))).total == engine.search(word("water")).total


def test_a_spelling_with_more_neighbours_than_the_server_takes_by_itself(engine: ElasticsearchEngine) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    spellings = [f"m{a}iz{b}" for a in letters for b in letters]
    documents = [story(n, side("en", spelling)) for n, spelling in enumerate(spellings, 1)]
    engine.apply(documents, documents[-1].change)
    near = {spelling for spelling in spellings if spelling[1] == "a" or spelling[4] == "e"}
    assert engine.search(Request(Query("", Fuzzy("maize", "en")))).total == len(near) > 50


def test_stories_that_score_alike_come_newest_first(engine: ElasticsearchEngine) -> None:
    """Those of one day, by falling id; those without a day last."""
    days = {1: date(2024, 1, 5), 2: None, 3: date(2024, 1, 9), 4: date(2024, 1, 5)}
    engine.apply([story(number, side("en", "Maize"), day=day) for number, day in days.items()], Change(4))
    request = Request(Query("", Word("maize", "en")))
    hits = engine.search(request).hits
    assert [hit.story for hit in hits] == [3, 4, 1, 2] and len({hit.score for hit in hits}) == 1
    pages = [engine.search(replace(request, offset=at, limit=1)).hits for at in range(4)]
    assert [hit.story for (hit,) in pages] == [3, 4, 1, 2]


def test_hits_show_what_the_whole_text_would(engine: ElasticsearchEngine) -> None:
    """Titles and passages from the indexed streams are those of the text cut into words anew."""
    engine.apply(corpus(), Change(200))
    documents = {document.story: document for document in corpus()}
    chance = random.Random(7)
    marked = 0
    for tree in [random_tree(chance, 2) for _ in range(60)] + [Near(("مياه", "مدن"), "ar", 9)]:
        words = wanted(tree)
        for hit in engine.search(Request(Query("", tree), facets=False)).hits:
            for version in documents[hit.story].sides:
                title, passage, _ = present(version, words[searched_as(version)])
                assert (hit.sides[version.lang].title, hit.sides[version.lang].passage) == (title, passage), tree
                marked += any(piece.match for piece in passage)
    assert marked > 30


def test_two_versions_searched_by_one_side_keep_their_own_words(engine: ElasticsearchEngine) -> None:
    """Turkish and German have no side of their own: both are searched as Latin text."""
    both = story(1, side("tr", "Su fiyatları", "Bir su", "İki maize"), side("de", "Wasser", "Drei", "Vier maize"))
    engine.apply([both], Change(1))
    (hit,) = engine.search(word("maize")).hits
    assert {lang: "".join(p.text for p in shown.passage if p.match) for lang, shown in hit.sides.items()} == {
        "tr": "maize",
        "de": "maize",
    }


def test_a_scan_of_several_steps_gives_all(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 7)
    documents = [story(number, side("en", "Maize")) for number in range(1, 51)]
    engine.apply(documents, Change(50))
    assert list(engine.scan(word("maize"))) == list(range(1, 51))
    assert {number: found for number, _, found in engine.versions_of()} == {d.story: digest(d) for d in documents}


def test_a_scan_whose_index_is_swapped_away_ends_with_an_error(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of an export is never taken for the whole."""
    monkeypatch.setattr(module, "_PAGE", 7)
    engine.apply([story(number, side("en", "Maize")) for number in range(1, 51)], Change(50))
    going = engine.scan(word("maize"))
    next(going)
    with engine.rebuild() as aside:
        aside.swap(Change(50))
    with pytest.raises(EngineUnavailable, match="run it again"):
        list(going)


def test_names_and_what_a_keeper_reads_of_an_index(engine: ElasticsearchEngine) -> None:
    assert engine.search(ALL).total == 0 and names(engine) == [], "looking makes nothing"
    engine.apply(corpus(), Change(200))
    (first,) = names(engine)
    assert first.startswith(f"{engine._index.alias}-v1-2") and engine.status().name == first
    with engine.rebuild() as aside:
        assert len(names(engine)) == 2
        aside.swap(Change(201))
    assert len(names(engine)) == 1 and names(engine) != [first]
    mapping = engine._client.indices.get_mapping(index=engine._index.alias).body[names(engine)[0]]["mappings"]
    assert mapping["dynamic"] == "strict" and mapping["_meta"]["analysis"] == engine.status().analysis
    assert set(mapping["properties"]) >= {"versions", "section", "place", "author", "outlet", "issue", "tag", "day"}


def test_what_a_killed_rebuild_left_is_cleared_away(opened: Callable[..., ElasticsearchEngine]) -> None:
    engine = opened()
    engine.apply(corpus(), Change(200))
    opened().rebuild().__enter__().add(corpus())  # and never left
    assert len(names(engine)) == 2
    with engine.rebuild() as aside:
        assert len(names(engine)) == 2
        aside.add(corpus())
        aside.swap(Change(200))
    assert len(names(engine)) == 1 and engine.search(ALL).total == engine.status().documents > 20


def test_a_rebuild_that_another_one_pushed_aside_changes_nothing(opened: Callable[..., ElasticsearchEngine]) -> None:
    """Neither does writing to it make an index of its own."""
    engine = opened()
    first = engine.rebuild().__enter__()
    with opened().rebuild() as second:
        with pytest.raises(EngineBusy, match="another process"):
            first.add(corpus())
        with pytest.raises(EngineError):
            first.swap(Change(300))
        first.__exit__(None, None, None)
        second.add(corpus())
        second.swap(Change(200))
    assert len(names(engine)) == 1 and engine.status().change == 200


def test_a_sample_that_is_not_as_it_was_sent_keeps_the_old_index(engine: ElasticsearchEngine) -> None:
    engine.apply(corpus(), Change(200))
    with pytest.raises(EngineError, match="the old index stays in use"), engine.rebuild() as aside:
        aside.add(corpus())
        engine._client.update(index=aside._name, id="1", doc={"digest": "another"})
        aside.swap(Change(300))
    assert engine.status().change == 200 and len(names(engine)) == 1


def test_something_else_under_our_name_is_told(engine: ElasticsearchEngine) -> None:
    """An index of that name only a person can delete, and no rebuild is tried in vain."""
    engine._client.indices.create(index=engine._index.alias)
    for ask in (lambda: engine.apply(corpus(), Change(200)), engine.status, lambda: engine.rebuild().__enter__()):
        with pytest.raises(EngineError, match="an index of its own instead of an alias: delete that index") as error:
            ask()
        assert "\n" not in error.value.detail and "rebuild" not in error.value.detail.partition(": ")[2]
    engine._client.indices.delete(index=engine._index.alias)


def test_an_alias_of_two_indexes_is_mended_by_a_rebuild(engine: ElasticsearchEngine) -> None:
    engine.apply(corpus(), Change(200))
    engine._index.create(engine._index.alias)
    with pytest.raises(EngineError, match="2 indexes instead of one: run `warraq index rebuild`"):
        engine.status()
    with engine.rebuild() as aside:
        aside.add(corpus())
        aside.swap(Change(200))
    assert len(names(engine)) == 1 and engine.search(ALL).total == engine.status().documents > 20


@contextmanager
def answering(status: int, body: bytes, tls: ssl.SSLContext | None = None, /, **headers: str) -> Iterator[str]:
    """A server that gives every request the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


OURS = {"X_Elastic_Product": "Elasticsearch", "Content_Type": "application/json"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "told"),
    [
        (200, b"<html>", {"Content_Type": "text/html"}, EngineError, "no Elasticsearch"),
        (200, b'{"responses": [', OURS, EngineUnavailable, "cannot be read"),
        (503, b'{"error": {"type": "x", "reason": "no master"}}', OURS, EngineUnavailable, "no master"),
        (429, b'{"error": {"type": "x", "reason": "Data too large"}}', OURS, EngineUnavailable, "too large"),
        (400, b'{"error": {"type": "x", "reason": "not\\nlike this"}}', OURS, EngineError, "not like this"),
    ],
)
def test_answers_that_are_none_are_one_clear_line(
    status: int, body: bytes, headers: dict[str, str], kind: type[EngineError], told: str
) -> None:
    with answering(status, body, **headers) as address:
        engine = ElasticsearchEngine(address, timeout=5)
        with pytest.raises(kind, match=told) as error:
            engine.search(ALL)
        assert "\n" not in error.value.detail and "127.0.0.1" in error.value.detail


@pytest.mark.parametrize("status", [200, 302, 400, 404, 405])
def test_another_server_is_not_taken_for_an_empty_index(status: int) -> None:
    """Whatever it answers, also that it does not know the address."""
    with answering(status, b"<!doctype html>", Content_Type="text/html") as address:
        engine = ElasticsearchEngine(address)
        asks: list[Callable[[], object]] = [
            engine.status,
            engine.forms,
            lambda: engine.search(ALL),
            lambda: list(engine.scan(ALL)),
            lambda: list(engine.versions_of()),
            lambda: engine.apply([], Change(1)),
            lambda: engine.rebuild().__enter__(),
        ]
        for ask in asks:
            with pytest.raises(EngineError, match=r"what answers at http://127\.0\.0\.1:\d+ is no Elasticsearch"):
                ask()


def test_a_server_that_is_down_is_one_clear_line() -> None:
    engine = ElasticsearchEngine("http://user:hidden@127.0.0.1:1")
    for ask in (lambda: engine.search(ALL), lambda: list(engine.scan(ALL)), engine.status):
        with pytest.raises(EngineUnavailable, match=r"http://127\.0\.0\.1:1 cannot be reached") as error:
            ask()
        assert "hidden" not in error.value.detail


def test_what_is_wrong_with_a_secure_connection_is_told_apart(tmp_path: Path) -> None:
    """Another name, no https, https unasked for, an authority of somebody else, a file that is no certificate."""
    if not shutil.which("openssl"):
        lacking("no openssl to make a certificate")
    made, other = certificate(tmp_path), certificate(Path(tempfile.mkdtemp(dir=tmp_path)))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made.chain, made.key)

    def told(address: str, authority: Path | None = made.authority) -> str:
        with pytest.raises(EngineError) as error:
            ElasticsearchEngine(address, ca=str(authority) if authority else None, timeout=5).status()
        assert "\n" not in error.value.detail
        return error.value.detail

    with answering(200, b"{}", **OURS) as plain:
        assert "does not speak https" in told(plain.replace("http:", "https:"))
    with answering(200, b"{}", tls, **OURS) as secure:
        assert "its certificate is for another name" in told(secure.replace("127.0.0.1", "localhost"))
        assert "its certificate is not trusted" in told(secure, None)
        assert "its certificate is not trusted" in told(secure, other.authority)
        assert "if it speaks https, so must the address" in told(secure.replace("https:", "http:"), None)
        assert f"{made.key} holds no certificate" in told(secure, made.key)


@pytest.mark.parametrize("address", ["127.0.0.1", "ftp://127.0.0.1:9200", "", "http://"])
def test_an_address_that_is_none_is_one_clear_line(address: str) -> None:
    with pytest.raises(EngineError, match="address"):
        ElasticsearchEngine(address)
