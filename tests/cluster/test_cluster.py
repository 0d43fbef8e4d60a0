"""Three nodes; the one that takes the writes is killed while stories are written and searched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from archive.model import Change
from indexer.document import IndexDocument, digest
from indexer.engine import EngineError, EngineUnavailable, Request
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.tree import Everything, Query, Word
from tests.contracts.corpus import side, story
from tests.servers.elasticsearch import Node, cluster
from tests.servers.processes import ServerMissing
from tests.servers.shared import missing

pytestmark = pytest.mark.timeout(420)  # three servers are started
STORIES, BATCH = 60, 20
MAIZE = Request(Query("", Word("maize", "en")), limit=STORIES)


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    try:
        started = cluster(3)
    except ServerMissing as error:
        missing(error)
    try:
        started[0].wait(3, seconds=300)
        yield started
    finally:
        for node in started:
            node.stop()


def state(number: int, turn: int) -> IndexDocument:
    """What story `number` is after `turn` times of writing all of them."""
    return story(number, side("en", f"Maize {number}", f"state n{turn}"), change=turn * STORIES + number)


class Writer(threading.Thread):
    """Writes all stories again and again; what failed is sent again, as the next round of the indexer does."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        super().__init__()
        self._engine = engine
        self.turns = 0  # all of which was acknowledged
        self.failures: list[EngineError] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            turn = self.turns + 1
            for first in range(1, STORIES + 1, BATCH):
                self._write([state(number, turn) for number in range(first, first + BATCH)])
            self.turns = turn

    def _write(self, documents: list[IndexDocument]) -> None:
        while True:
            try:
                return self._engine.apply(documents, documents[-1].change)
            except EngineUnavailable as error:
                self.failures.append(error)
                assert len(self.failures) < 20, self.failures


class Reader(threading.Thread):
    """Searches without a pause. Every story is in every whole answer, once; only those are counted."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        super().__init__()
        self._engine = engine
        self.searches = 0
        self.wrong: list[Any] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                results = self._engine.search(MAIZE)
            except EngineError as error:
                self.wrong.append(error)
                continue
            stories = [hit.story for hit in results.hits]
            if results.complete and (results.total != STORIES or sorted(stories) != list(range(1, STORIES + 1))):
                self.wrong.append(results)
            self.searches += results.complete


def test_a_node_killed_while_it_is_written_and_searched_costs_nothing(nodes: list[Node]) -> None:
    """Nothing that was acknowledged is lost, nothing is stale or doubled, and searches go on."""
    address = ", ".join(node.url for node in nodes)
    engine = ElasticsearchEngine(address, prefix="three")
    engine.apply([state(number, 0) for number in range(1, STORIES + 1)], Change(STORIES))
    settle(nodes[0])
    writer, reader = Writer(engine), Reader(ElasticsearchEngine(address, prefix="three"))
    writer.start()
    reader.start()
    wait(lambda: writer.turns >= 2 and reader.searches >= 5)
    before, searched = writer.turns, reader.searches
    killed = writing(nodes)
    killed.kill()
    wait(lambda: writer.turns >= before + 3 and reader.searches >= searched + 20)
    for thread in (writer, reader):
        thread.enough.set()
    for thread in (writer, reader):
        thread.join(120)
    alive = next(node for node in nodes if node is not killed)
    assert alive.get("/_cluster/health")["number_of_nodes"] == 2 and not reader.wrong
    last = {number: state(number, writer.turns) for number in range(1, STORIES + 1)}
    assert {number: (change, found) for number, change, found in engine.versions_of()} == {
        number: (document.change, digest(document)) for number, document in last.items()
    }
    assert list(engine.scan(Request(Query("", Everything())))) == sorted(last)
    assert engine.search(Request(Query("", Word(f"n{writer.turns}", "en")))).total == STORIES
    assert engine.search(Request(Query("", Word(f"n{writer.turns - 1}", "en")))).total == 0
    assert engine.status().change == last[STORIES].change


def settle(node: Node) -> None:
    """Until every shard has its second copy."""
    with Elasticsearch(node.url, request_timeout=120) as client:
        assert not client.cluster.health(wait_for_status="green", timeout="100s")["timed_out"]


def writing(nodes: list[Node]) -> Node:
    """The node that takes the writes of the index."""
    with Elasticsearch(nodes[0].url) as client:
        shards = client.cat.shards(index="three-stories", format="json", h="prirep,node").body
    name = next(shard["node"] for shard in shards if shard["prirep"] == "p")  # type: ignore[index]
    return next(node for node in nodes if node.name == name)


def wait(until: Any, seconds: float = 120) -> None:
    pause = threading.Event()
    for _ in range(int(seconds * 10)):
        if until():
            return
        pause.wait(0.1)
    pytest.fail("it did not get that far")
