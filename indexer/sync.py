"""The store's change log -> the engine. The store is the truth; the index can be brought in step or made anew.

Whoever calls `sync`, `rebuild` or `verify(mend=True)` holds the indexer's lease; `renew` is called for each batch and
says, with False, that the lease was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol, TypeVar

from archive.model import Change, Story, StoryId
from indexer.analyst import Analyst, Counts, counted
from indexer.document import IndexDocument, Naming, build, digest, tombstone
from indexer.engine import DocumentsRefused, EngineBusy, EngineError, Rebuild, Refused, SearchEngine, Status
from indexer.streams import analysed

BATCH = 500  # stories of one commit: fewer are slower, more gain little
COUNTED = 20_000  # stories whose words are counted for a table of forms: more would choose the same lemmas
GROWN = 4  # times as many stories as at the last rebuild: what words mean here is then chosen anew
Progress = Callable[[int, int], None]  # (done, of)
Renew = Callable[[], object]
Difference = Literal["missing", "surplus", "outdated", "ahead", "different"]
_Item = TypeVar("_Item")


class Truth(Protocol):
    """What is needed of the store. `archive` is an id that no other archive has; `stories` leaves out those that were
    merged into others or never were."""

    def archive(self) -> str: ...
    def change(self) -> Change: ...
    def changes(self, after: Change, limit: int) -> list[tuple[Change, StoryId]]: ...
    def stories(self, ids: Iterable[StoryId], /) -> list[Story]: ...
    def story_ids(self) -> Iterable[StoryId]: ...
    def author_aliases(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """What was written: documents and tombstones, and the change number that the index stands at."""

    written: int
    tombstones: int
    change: Change


@dataclass(frozen=True, slots=True)
class Finding:
    """A story whose document is not what the store says.

    missing: it has none; surplus: it should have none; outdated: of an older change; ahead: of a later one than the
    store knows, after a restore, so only a rebuild mends it; different: of this change, but with another content.
    """

    story: StoryId
    difference: Difference

    def __str__(self) -> str:
        return f"story {self.story}: {self.difference}"


def sync(
    store: Truth,
    engine: SearchEngine,
    analyst: Analyst | None = None,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
    renew: Renew | None = None,
) -> Report:
    """Replays the change log from where the index stands. Idempotent: each story is written as it is now, whatever the
    log's row was about, so that a run that was interrupted is simply run again.

    Raises:
        EngineError: the index cannot be written, or (IndexOutdated) must be rebuilt first.
        DocumentsRefused: all is in step but for these stories.
    """
    status = _of_this_archive(store, engine)
    start = at = status.change
    if at > (newest := store.change()):
        raise EngineError(f"the index stands at change {at}, the store at {newest}: run `warraq index rebuild`")
    written = dead = 0
    refused: dict[StoryId, Refused] = {}
    while rows := store.changes(at, batch):
        documents = _documents(store, analyst, _latest(rows))
        at = rows[-1][0]
        _renewed(renew)  # before writing: whoever took over meanwhile may have written what is newer
        if engine.status().name != status.name:
            raise EngineBusy("another process made the index anew meanwhile; run it again")
        with _kept_out(documents, refused):
            engine.apply(_learned(analyst, documents, engine.forms()), at)
        dead += sum(document.tombstone for document in documents)
        written += len(documents)
        if progress:
            progress(at - start, max(store.change(), at) - start)
    _told(refused)
    return Report(written - dead, dead, at)


def rebuild(
    store: Truth,
    engine: SearchEngine,
    analyst: Analyst | None = None,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
    renew: Renew | None = None,
) -> Report:
    """Makes the index anew beside the old one, adds what changed meanwhile, compares counts and swaps.

    Raises:
        EngineError: the counts differ, or the index cannot be written; the old index stays in use.
        DocumentsRefused: the new index is in use, without these stories.
    """
    forms, known = _table_of_forms(store, analyst, batch, renew) if analyst else ("", set())
    with engine.rebuild(forms, store.archive()) as aside:
        at = store.change()
        stories = list(store.story_ids())
        live: set[StoryId] = set()
        refused: dict[StoryId, Refused] = {}
        for done, chosen in enumerate(_chunks(stories, batch)):
            documents = _documents(store, analyst, dict.fromkeys(chosen, Change(0)))
            _add(aside, _learned(analyst, documents, forms, known), live, refused)
            if progress:
                progress(done * batch + len(chosen), len(stories))
            _renewed(renew)
        while rows := store.changes(at, batch):
            _add(aside, _learned(analyst, _documents(store, analyst, _latest(rows)), forms), live, refused)
            at = rows[-1][0]
            _renewed(renew)
        if (count := aside.count()) != len(live):
            raise EngineError(f"{len(live)} stories were written and {count} are there: the old index stays in use")
        _renewed(renew)  # counting took its time
        aside.swap(at)
    if analyst:
        analyst.keep(forms)
    _told(refused)
    return Report(len(live), 0, at)


def outgrown(store: Truth, engine: SearchEngine, analyst: Analyst) -> bool:
    """Whether the index has no table of forms, or one of so few stories that its choices say little. One of another
    archive is never replaced unasked."""
    if engine.status().archive not in ("", store.archive()):
        return False
    return len(list(store.story_ids())) > GROWN * analyst.stories(engine.forms())


def verify(
    store: Truth,
    engine: SearchEngine,
    mend: bool = False,
    renew: Renew | None = None,
    analyst: Analyst | None = None,
) -> list[Finding]:
    """Compares every story's document with what the store says now, and writes anew those that differ if `mend`.

    Raises:
        DocumentsRefused: all is mended but for these stories.
        EngineError: the index is of another archive, so that it is not mended.
    """
    if mend:
        _of_this_archive(store, engine)
    indexed = {story: (change, content) for story, change, content in engine.versions_of()}
    findings = []
    for chosen in _chunks(store.story_ids(), BATCH):
        for document in _documents(store, analyst, dict.fromkeys(chosen, Change(0))):
            if difference := _difference(document, indexed.pop(document.story, None)):
                findings.append(Finding(document.story, difference))
    findings += [Finding(story, "surplus") for story in sorted(indexed)]
    if mend:
        newest = store.change()  # a tombstone's number, so that it is later than what it replaces
        refused: dict[StoryId, Refused] = {}
        for some in _chunks(findings, BATCH):
            _renewed(renew)
            later = {found.story: newest if found.difference == "surplus" else Change(0) for found in some}
            documents = _documents(store, analyst, later)
            with _kept_out(documents, refused):
                engine.apply(_learned(analyst, documents, engine.forms()), engine.status().change)
        _told(refused)
    return findings


def _of_this_archive(store: Truth, engine: SearchEngine) -> Status:
    """What the index is, when it is of this archive. An empty one of no archive is made so.

    Raises:
        EngineError: it has stories of another archive, as when a restore was killed before it made the index anew, or
            when two archives name one index.
    """
    status = engine.status()
    if status.archive == store.archive():
        return status
    if status.archive or status.change:
        raise EngineError(f"the index {status.name} was not made from this archive: run `warraq index rebuild`")
    with engine.rebuild(status.forms, store.archive()) as aside:
        aside.swap(status.change)
    return engine.status()


def _difference(document: IndexDocument, there: tuple[Change, str] | None) -> Difference | None:
    if document.tombstone or there is None:
        return None if document.tombstone and there is None else "surplus" if document.tombstone else "missing"
    change, content = there
    if change != document.change:
        return "outdated" if change < document.change else "ahead"
    return None if content == digest(document) else "different"


def _table_of_forms(store: Truth, analyst: Analyst, batch: int, renew: Renew | None) -> tuple[str, set[StoryId]]:
    """Made of all words, or of those of COUNTED stories from all times; and which stories these are."""
    stories = list(store.story_ids())
    some = stories[:: len(stories) // COUNTED + 1]
    found: Counts = {"ar": Counter(), "en": Counter()}
    for chosen in _chunks(some, batch):
        for side, words in counted(_documents(store, analyst, dict.fromkeys(chosen, Change(0)))).items():
            found[side].update(words)
        _renewed(renew)
    return analyst.make(found, len(stories)), set(some)


def _learned(
    analyst: Analyst | None, documents: list[IndexDocument], forms: str, known: Set[StoryId] = frozenset()
) -> list[IndexDocument]:
    """The documents as the index takes them, once the table of forms has their words: a run that is killed in between
    counts them twice, but loses none. known: stories whose words it was made of."""
    if analyst is None:
        return documents
    ready = [analysed(document) for document in documents]  # once: both stand on it, and it takes the most time
    analyst.learn([document for document in ready if document.story not in known], forms)
    return analyst.prepared(ready, forms)


def _latest(rows: list[tuple[Change, StoryId]]) -> dict[StoryId, Change]:
    return {story: change for change, story in rows}


def _documents(store: Truth, analyst: Analyst | None, changes: dict[StoryId, Change]) -> list[IndexDocument]:
    """One document a story, under the change given or the story's own if that is later; a tombstone for a story that
    is no more."""
    there = {story.id: story for story in store.stories(changes)}
    naming = Naming(store.author_aliases(), analyst.places) if analyst else Naming(store.author_aliases())
    return [
        build(there[story], change, naming) if story in there else tombstone(story, change)
        for story, change in changes.items()
    ]


def _add(aside: Rebuild, documents: list[IndexDocument], live: set[StoryId], refused: dict[StoryId, Refused]) -> None:
    with _kept_out(documents, refused):
        aside.add(documents)
    for document in documents:
        gone = document.tombstone or document.story in refused
        (live.discard if gone else live.add)(document.story)


@contextmanager
def _kept_out(documents: list[IndexDocument], refused: dict[StoryId, Refused]) -> Iterator[None]:
    """While these documents are written: keeps in `refused` which stories the engine could not take the last time."""
    for document in documents:
        refused.pop(document.story, None)
    try:
        yield
    except DocumentsRefused as error:
        refused.update((each.story, each) for each in error.refused)


def _told(refused: dict[StoryId, Refused]) -> None:
    if refused:
        raise DocumentsRefused(list(refused.values()))


def _renewed(renew: Renew | None) -> None:
    if renew is not None and renew() is False:
        raise EngineBusy("another process took over the index; what was written so far stays")


def _chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while chosen := list(islice(rest, size)):
        yield chosen
