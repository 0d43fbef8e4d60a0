"""Row 24: an answer of which a part is missing is never shown as whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any

from indexer.engine import EngineError, Request, Results, SearchEngine
from indexer.sync import sync
from indexer.tree import Prefix, Query
from tests.contracts.corpus import side, story
from tests.faults.ground import Ground
from tests.faults.proxy import Plan, Trouble, every
from tests.faults.rooms import room
from tests.faults.stories import ALL
from tests.faults.tally import Tally
from tests.web.newsroom import Newsroom
from warraq.commands.finding import _print_results
from web import create_app

TOLD = {"en": "Partial results.", "ar": "نتائج جزئية."}
ADDRESSES = ("search?q=", "search?q=water", "search?q=الرقة&versions=both", "search?q=&section=society&page=2")


class Half:
    """An engine of which a part does not answer."""

    def __init__(self, whole: SearchEngine) -> None:
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def search(self, request: Request) -> Results:
        return replace(self._whole.search(request), complete=False)


def run(ground: Ground, on: str, tally: Tally) -> None:
    with room(ground) as here:
        if on == "tantivy":
            _shown(here, Half(here.engine), "a partial answer", tally)
            return
        place = ground.place(on)
        with ground.engine(place) as engine:
            sync(here.store, engine)
        with ground.engine(place.through(ground.proxy.url)) as engine:
            for name, harm in HARMS.items():
                with ground.proxy.planned(every(Trouble(change=harm), "_msearch")):
                    _shown(here, engine, name, tally)
                _listed(engine, every(Trouble(change=harm), "_search"), ground, f"{name} of a list", tally)
            _begun(ground, engine, tally)
            _shown_whole(here, engine, tally)


def _shown(here: Newsroom, engine: Any, name: str, tally: Tally) -> None:
    """By the pages, the JSON and the terminal. An honest refusal is fine too."""
    client = create_app(here.services(engine=engine)).test_client()
    for address in ADDRESSES:
        for lang, words in TOLD.items():
            answer = client.get(f"/{lang}/{address}")
            told = answer.status_code == 503 or words in answer.get_data(as_text=True)
            tally.case(told, f"{name}: /{lang}/{address} shown as whole")
        answer = client.get(f"/api/{address}")
        told = answer.status_code == 503 or json.loads(answer.get_data())["complete"] is False
        tally.case(told, f"{name}: /api/{address} shown as whole")
    with redirect_stdout(StringIO()) as said:
        try:
            _print_results(engine.search(ALL), behind=0)
        except EngineError as error:
            said.write(f"error, not complete: {error}")
    tally.case("complete" in said.getvalue(), f"{name}: the terminal shows it as whole")


def _shown_whole(here: Newsroom, engine: SearchEngine, tally: Tally) -> None:
    """And what is whole is not called partial."""
    client = create_app(here.services(engine=engine)).test_client()
    for lang, words in TOLD.items():
        answer = client.get(f"/{lang}/search?q=")
        tally.case(
            answer.status_code == 200 and words not in answer.get_data(as_text=True), "whole, but called partial"
        )


def _listed(engine: SearchEngine, plan: Plan, ground: Ground, name: str, tally: Tally) -> None:
    """A list for an export breaks off with an error instead of ending early."""
    for ask in (lambda: list(engine.scan(ALL)), lambda: list(engine.versions_of())):
        with ground.proxy.planned(plan), _raises() as raised:
            ask()
        tally.case(raised, f"{name}: ended as if it were whole")


def _begun(ground: Ground, engine: SearchEngine, tally: Tally) -> None:
    """A beginning of so many words that they are listed and counted first, by a server of which a part is missing."""
    words = [" ".join(f"xq{n}a{i}" for i in range(60)) for n in range(12)]
    engine.apply([story(9_000 + n, side("en", "t", text)) for n, text in enumerate(words)], engine.status().change)
    request = Request(Query("", Prefix("xq", "en")))
    tally.case(engine.search(request).complete, "a beginning: whole, but called partial")
    for name, part, harm in (
        ("words listed in part", "_terms_enum", _listed_in_part),
        ("words counted by some shards", "/_search?", _counted_in_part),
        ("words counted too slowly", "/_search?", _timed_out),
    ):
        with ground.proxy.planned(every(Trouble(change=harm), part)), _raises() as raised:
            raised += ["told"] if not engine.search(request).complete else []
        tally.case(raised, f"{name}: shown as whole")


def _listed_in_part(answer: dict[str, Any]) -> None:
    answer["complete"] = False
    answer["terms"] = answer["terms"][:3]


def _counted_in_part(answer: dict[str, Any]) -> None:
    _shard_failed(answer)
    for counted in answer.get("aggregations", {}).values():
        counted["buckets"] = counted["buckets"][:3]


@contextmanager
def _raises() -> Iterator[list[str]]:
    raised: list[str] = []
    try:
        yield raised
    except EngineError as error:
        raised.append(str(error))


def _each(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return answer.get("responses", [answer])  # type: ignore[no-any-return]


def _timed_out(answer: dict[str, Any]) -> None:
    for one in _each(answer):
        one["timed_out"] = True


def _shard_failed(answer: dict[str, Any]) -> None:
    for one in _each(answer):
        if "_shards" in one:
            one["_shards"] |= {"failed": 1, "failures": [{"shard": 0, "reason": {"type": "x", "reason": "made up"}}]}


def _last_failed(answer: dict[str, Any]) -> None:
    """Only the search that counts a filter's own field, or the only one."""
    _shard_failed({"responses": _each(answer)[-1:]})


def _one_error(answer: dict[str, Any]) -> None:
    if "responses" in answer:
        answer["responses"][-1] = {"error": {"type": "x", "reason": "made up"}, "status": 503}
    else:
        _timed_out(answer)


HARMS: dict[str, Callable[[dict[str, Any]], None]] = {
    "timed_out": _timed_out,
    "a failed shard": _shard_failed,
    "a failed shard of the last search": _last_failed,
    "an error in one of several": _one_error,
}
