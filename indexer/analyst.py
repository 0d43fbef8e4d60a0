"""Documents -> documents analysed with the table of forms that their index was made with.

The tables are files of one folder, each named by a version of its own, never by what is in it: words of a purged text
must not come back with an older table of the same name. An index names the one that it was made with, so that a swap of
the index is a swap of the table. All of it can be deleted: `warraq index rebuild` makes it anew.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from indexer.document import IndexDocument
from indexer.streams import analysed, lemmatised, searched_as, side_streams
from indexer.tree import Side
from language.forms import FormsTable
from language.morphology import Readings
from language.nametable import NameTable

_NAME = "forms-{}.sqlite3"

Counts = dict[Side, Counter[str]]


class Analyst:
    """folder: made when it is needed. dictionary: None where there is none; texts then have no lemmas and roots. names:
    gives the table by which places are known; read when the first place is asked for.

    Usable from several threads and processes; only the holder of the indexer's lease calls `make`, `learn` and `keep`.
    """

    def __init__(
        self, folder: Path, dictionary: Readings | None = None, names: Callable[[], NameTable] | None = None
    ) -> None:
        self._folder = folder
        self._dictionary = dictionary
        self._names = names
        self._open: tuple[str, FormsTable] | None = None

    def table(self, version: str) -> FormsTable | None:
        """The table of this version; None when there is none (any more)."""
        opened = self._open
        if opened and opened[0] == version:
            return opened[1]
        path = self._path(version)
        if not version or not path.exists():
            return None
        table = FormsTable.open(path, self._dictionary)
        self._open = version, table
        return table

    def make(self, counts: Mapping[Side, Mapping[str, int]], stories: int) -> str:
        """A table of these words of so many stories; its version."""
        name = uuid.uuid4().hex[:12]
        version, aside = f"{name}.{stories}", self._folder / f"making-{name}"
        FormsTable.make(aside, counts, self._dictionary).close()
        aside.replace(self._path(version))
        return version

    def stories(self, version: str) -> int:
        """Of how many stories the table of this version was made; 0 when it is not there."""
        return int(version.rpartition(".")[2]) if self.table(version) else 0

    def keep(self, version: str) -> None:
        """Deletes all other tables, also what an interrupted rebuild left."""
        kept = self._path(version).name
        for path in (*self._folder.glob(_NAME.format("*") + "*"), *self._folder.glob("making-*")):
            if not path.name.startswith(kept):
                path.unlink(missing_ok=True)

    def learn(self, documents: Sequence[IndexDocument], version: str) -> None:
        """Words that the archive did not have when the table was made. All words are counted, those of a document that
        is learned again too: how often a word was met is at least how often it is there."""
        if documents and (table := self.table(version)):
            table.add(counted(documents))

    def prepared(self, documents: Sequence[IndexDocument], version: str) -> list[IndexDocument]:
        """With all the streams that an index of this version has."""
        table = self.table(version)
        if table and table.lemmas:
            return lemmatised(documents, table.chosen)
        return [analysed(document) for document in documents]

    def places(self, dateline: str) -> tuple[str, ...]:
        """The keys of the places that a dateline names."""
        return self._names().places_in(dateline) if self._names else ()

    def _path(self, version: str) -> Path:
        return self._folder / _NAME.format(version)


def counted(documents: Iterable[IndexDocument]) -> Counts:
    """How often each folded word stands in the texts, by the side whose queries search them."""
    found: Counts = {"ar": Counter(), "en": Counter()}
    for document in documents:
        for side in document.sides:
            for paragraph in side_streams(side).folded:
                found[searched_as(side)].update(filter(None, paragraph.split(" ")))
    return found
