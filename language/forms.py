"""The words that an archive has, with what they are searched by: one SQLite file, so that a search needs no dictionary.

It is made at each rebuild of the index, from the folded forms met and their counts. An Arabic form has one lemma,
chosen by what is frequent in the archive; the weights behind the choices stay in the file, and choose for the forms
that are met later. Many processes may read, one adds. All that asks a table raises FormsError when its file is damaged.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from language.dictionary import choice, rows
from language.morphology import LONGEST, DictionaryError, Reading, Readings
from language.spelling import edits
from language.sqlite_files import discard
from language.tokens import Script as Side

_KEPT = 1 << 16  # choices remembered
_LAST = "\U0010ffff"


class FormsError(Exception):
    """A table of forms that cannot be used; the message names the file and what to do."""


class Chosen(NamedTuple):
    """A form's lemma and its root; both "" when the dictionary has nothing."""

    lemma: str
    root: str


class FormsTable:
    """The forms met. Threads may share one."""

    def __init__(self, path: Path, connection: sqlite3.Connection, dictionary: Readings | None) -> None:
        self.path = path
        self._connection = connection
        self._dictionary = dictionary
        self._lock = threading.RLock()
        self._kept: dict[str, Chosen] = {}
        self._totals: dict[Side, float] = {}  # as of this stamp
        self._stamp: object = None
        self._unmet: dict[str, rows.Word | None] = {}  # what the dictionary said
        self.version = str(self._row("SELECT value FROM about WHERE key = 'version'")[0])  # type: ignore[index]
        made_with = self._row("SELECT value FROM about WHERE key = 'dictionary'")
        self.dictionary = str(made_with[0]) if made_with else ""  # its version; "" for none
        self.lemmas = self._row("SELECT 1 FROM lemma LIMIT 1") is not None  # whether any dictionary was there

    @classmethod
    def make(
        cls, path: Path, counts: Mapping[Side, Mapping[str, int]], dictionary: Readings | None = None
    ) -> FormsTable:
        """Analyse the forms, choose their lemmas, write the table in place of what `path` held, and open it.

        counts: how often each folded form was met, by side. Some 5,000 Arabic forms a second, mostly the dictionary's.

        Raises:
            DictionaryError: the dictionary fails; `path` is as it was.
        """
        fresh = path.with_name(f"{path.name}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        discard(fresh)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            rows.create(connection, counts, dictionary)
            connection.execute("PRAGMA journal_mode = WAL")
        discard(path)
        fresh.replace(path)
        return cls.open(path, dictionary)

    @classmethod
    def open(cls, path: Path, dictionary: Readings | None = None) -> FormsTable:
        """Open a table; `dictionary` is asked for forms that it does not have.

        Raises:
            FormsError: there is no such file, or it is something else.
        """
        if not path.is_file():
            raise FormsError(f"{path}: there is no table of forms; `warraq index rebuild` makes one")
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            kinds = [connection.execute(f"PRAGMA {key}").fetchone()[0] for key in ("application_id", "user_version")]
            if kinds != [rows.KIND, rows.FORMAT]:
                raise FormsError(f"{path}: is no table of forms of this version; `warraq index rebuild` makes one")
            return cls(path, connection, dictionary)
        except (sqlite3.DatabaseError, TypeError) as error:
            connection.close()
            raise FormsError(f"{path}: is damaged ({error}); `warraq index rebuild` makes it anew") from error
        except FormsError:
            connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, counts: Mapping[Side, Mapping[str, int]]) -> None:
        """Count forms met since. What a form met before was chosen to be stays; the version stays too. What the
        dictionary should have read and could not is left out, so that it is read when it is met again.

        Counts only grow: words of a text that is added again are counted again.

        Raises:
            FormsError: the file is damaged, or cannot be written; nothing was added.
        """
        new = [form for form in counts.get("ar", {}) if self._known(form) is None]
        found = self._picked(new)
        unread = set(new) - found.keys()
        met = {side: {f: n for f, n in forms.items() if f not in unread} for side, forms in counts.items()}
        with self._at_work() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                rows.add(connection, met, found)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._stamp = None

    def chosen(self, forms: Iterable[str]) -> dict[str, Chosen]:
        """The choice for each folded Arabic form; forms not met by the dictionary, if one can be had."""
        wanted = dict.fromkeys(forms)
        met = {form: known for form in wanted if (known := self._known(form)) is not None}
        read = self._picked([form for form in wanted if form not in met])
        return {form: met[form] if form in met else _choice(read.get(form)) for form in wanted}

    def met(self, side: Side, forms: Iterable[str]) -> set[str]:
        """Which of these forms the archive has."""
        query = "SELECT 1 FROM form WHERE side = ? AND length = ? AND form = ?"
        return {form for form in set(forms) if self._row(query, rows.SIDES[side], len(form), form)}

    def rarity(self, side: Side, form: str) -> float:
        """0..1: the square root of what a form tells (the logarithm of its share of all words) by the most that one can
        tell: 1 when it was not met, 0 when there is nothing else."""
        total = self._total(side) + 2
        row = self._row(
            "SELECT count FROM form WHERE side = ? AND length = ? AND form = ?", rows.SIDES[side], len(form), form
        )
        count = min(row[0] if row else 0, total - 1)  # somebody may have added to it since the total
        return math.sqrt(math.log(total / (1 + count)) / math.log(total))

    def glosses(self, lemma: str) -> tuple[str, ...]:
        """English words and phrases for a lemma met or just chosen for a form not met, in the dictionary's order."""
        row = self._row("SELECT glosses FROM lemma WHERE lemma = ?", lemma)
        if row:
            return tuple(row[0].split("\n")) if row[0] else ()
        unmet = (word.glosses for word in tuple(self._unmet.values()) if word and word.lemma == lemma)
        return next(unmet, ())

    def glossed(self, english_stem: str) -> tuple[tuple[str, float], ...]:
        """Lemmas met with this stem in a gloss, and how much of the gloss it is (0..1); the surest first."""
        query = """SELECT lemma.lemma, gloss.weight FROM gloss JOIN lemma ON lemma.id = gloss.lemma
            WHERE gloss.stem = ? ORDER BY gloss.weight DESC, lemma.weight DESC, lemma.lemma"""
        return tuple(self._rows(query, english_stem))

    def beginning(self, side: Side, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Forms that begin so, with their counts, the most frequent first."""
        longest = self._row("SELECT max(length) FROM form WHERE side = ?", rows.SIDES[side])
        lengths = ",".join(map(str, range(max(1, len(prefix)), ((longest and longest[0]) or 0) + 1)))
        query = f"""SELECT form, count FROM form WHERE side = ? AND length IN ({lengths}) AND form >= ? AND form < ?
            ORDER BY count DESC, form LIMIT ?"""
        return self._rows(query, rows.SIDES[side], prefix, prefix + _LAST, limit)

    def nearly(self, side: Side, word: str, wrong: int, limit: int) -> list[tuple[str, int]]:
        """Forms with at most `wrong` (0 to 2) letters changed, added, dropped or swapped, the nearest first."""
        missing, extra = "letters & ~:letters", ":letters & ~letters"
        for _ in range(min(wrong, 2)):  # takes away the lowest bit: what is left has more than `wrong` other letters
            missing, extra = (f"({part}) & (({part}) - 1)" for part in (missing, extra))
        query = f"""SELECT form, count FROM form WHERE side = :side AND length BETWEEN :shortest AND :longest
            AND ({missing}) = 0 AND ({extra}) = 0"""
        values = {"side": rows.SIDES[side], "letters": rows.letters(word)}
        values |= {"shortest": len(word) - wrong, "longest": len(word) + wrong}
        with self._at_work() as connection:
            near = connection.execute(query, values).fetchall()
        apart = sorted((edits(word, form, wrong), -count, form) for form, count in near)
        return [(form, -count) for far, count, form in apart if far <= wrong][:limit]

    def sounding(self, side: Side, skeleton: str, limit: int) -> list[tuple[str, int]]:
        """Forms with these consonants (`language.names.skeleton`), the most frequent first."""
        query = """SELECT form, count FROM form INDEXED BY sound WHERE side = ? AND skeleton = ? AND skeleton <> ''
            ORDER BY count DESC, form LIMIT ?"""
        return self._rows(query, rows.SIDES[side], skeleton, limit)

    def _known(self, form: str) -> Chosen | None:
        if found := self._kept.get(form):
            return found
        query = """SELECT lemma.lemma, lemma.root FROM form LEFT JOIN lemma ON lemma.id = form.lemma
            WHERE side = 0 AND length = ? AND form = ?"""
        row = self._row(query, len(form), form)
        if row is None:
            return None
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        found = self._kept[form] = Chosen(row[0] or "", row[1] or "")
        return found

    def _picked(self, forms: Iterable[str]) -> dict[str, rows.Word | None]:
        """What the dictionary and the weights in the table make of forms not met; without those that it failed to read.

        The lock is free while the dictionary reads: that can take it seconds, and others want forms that were met.
        """
        with self._lock:
            read = {form: self._unmet.get(form) for form in forms}
            asked = [form for form in read if form not in self._unmet and 0 < len(form) <= LONGEST]
        if not asked or not self._dictionary:
            return read
        try:
            readings = self._dictionary(asked)
        except DictionaryError:  # it has said so in the log: better found by spelling than not at all
            return {form: read[form] for form in read.keys() - asked}
        fresh = dict(zip(asked, map(self._best, readings), strict=True))
        with self._lock:
            if len(self._unmet) + len(fresh) > _KEPT:
                self._unmet.clear()
            self._unmet |= fresh
        return read | fresh

    def _best(self, readings: Sequence[Reading]) -> rows.Word | None:
        if not readings:
            return None
        return rows.words_of(readings)[choice.best(choice.easiest(readings), self._weight)]

    def _weight(self, lemma: str) -> float:
        row = self._row("SELECT weight FROM lemma WHERE lemma = ?", lemma)
        return float(row[0]) if row else 0.0

    def _total(self, side: Side) -> float:
        """Of the counts of all forms, summed up again when somebody has added some."""
        with self._at_work() as connection:
            stamp = connection.execute("PRAGMA data_version").fetchone()
            if stamp != self._stamp:
                self._totals.clear()
                self._stamp = stamp
            if side not in self._totals:
                summed = connection.execute("SELECT total(count) FROM form WHERE side = ?", (rows.SIDES[side],))
                self._totals[side] = summed.fetchone()[0]
            return self._totals[side]

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._at_work() as connection:
            row: tuple[Any, ...] | None = connection.execute(query, values).fetchone()
            return row

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._at_work() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _at_work(self) -> Iterator[sqlite3.Connection]:
        """The file for one thread alone; what SQLite says of it is told as what to do."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.DatabaseError as error:
                raise FormsError(f"{self.path}: {error}; `warraq index rebuild` makes it anew") from error


def _choice(word: rows.Word | None) -> Chosen:
    return Chosen(word.lemma, word.root) if word else Chosen("", "")
