"""What killed processes do. Importable by name; imports what it needs, so that every child has it at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from archive.store import Store, upgrade
from archive.store.connection import engine
from indexer.engines import elasticsearch as _elasticsearch
from indexer.engines import tantivy_folder
from indexer.sync import rebuild, sync
from tests.faults.ground import Place
from tests.faults.killed import Steps
from tests.store.desk import Clock

__all__ = ["_elasticsearch", "migrates", "rebuilds", "syncs"]


def syncs(url: str, place: Place, batch: int, n: int) -> None:
    """Brings an index up to date; killed at the n-th step of reading the store, writing and committing."""
    _work(url, place, n, lambda store, index: sync(store, index, batch=batch))


def rebuilds(url: str, place: Place, batch: int, n: int) -> None:
    """Makes it anew; killed at the n-th step."""
    _work(url, place, n, lambda store, index: rebuild(store, index, batch=batch))


def _work(url: str, place: Place, n: int, work: Any) -> None:
    steps = Steps(n)
    store, index = Store.open(url, Clock()), place.open()
    for name in ("changes", "stories"):
        steps.around(store, name)
    steps.around(index, "apply")
    if place.kind == "tantivy":
        _step_in_tantivy(steps)
    work(store, index)
    index.close()
    store.close()


def _step_in_tantivy(steps: Steps) -> None:
    """Also before and after each commit, and around naming the generation in use and deleting the others."""
    usual = tantivy_folder.Generation.writer

    @contextmanager
    def writer(self: Any, *given: Any) -> Any:
        with usual(self, *given) as real:
            yield _Writer(real, steps)

    tantivy_folder.Generation.writer = writer  # type: ignore[method-assign, assignment]
    steps.around(tantivy_folder, "_write_durably")
    steps.around(tantivy_folder.Folder, "_drop_others")
    steps.around(tantivy_folder.Folder, "aside")


class _Writer:
    """A tantivy writer that counts its commits as steps."""

    def __init__(self, real: Any, steps: Steps) -> None:
        self._real, self._steps = real, steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def commit(self, *given: Any) -> Any:
        self._steps.step()
        done = self._real.commit(*given)
        self._steps.step()
        return done


def migrates(url: str, target: str, n: int) -> None:
    """Brings a database to a schema, up or down; killed at the n-th statement or commit (0: never)."""
    steps = Steps(n)
    database = engine(url, 10.0)
    event.listen(database, "do_execute", steps.step)
    event.listen(database, "commit", steps.step)
    with database.execution_options(immediate=True).connect() as db, db.begin():
        upgrade.change(db, target)
    database.dispose()
