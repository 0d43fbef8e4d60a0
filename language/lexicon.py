"""Words across the two languages, learned from rows of text that translate each other.

What two words have to do with each other is measured by how often they stand in the same rows: the log-likelihood
ratio of Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence" (1993), as a similarity thesaurus
(Sheridan and Ballerini, "Experiments in multilingual information retrieval using the SPIDER system", 1996). It counts
the less, the further apart their relative places in these rows are: the diagonal of Dyer, Chahuneau and Smith, "A
Simple, Fast, and Effective Reparameterization of IBM Model 2" (2013).

Rows are kept by story and counted when a word is asked for, so that a story that goes takes its words back, and in what
order stories were learned plays no part. The file is derived data: it may be deleted and comes back the same.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import NamedTuple, Self

from language.tokens import Script

ALGORITHM = "lexicon-1"  # raised with every change of what is kept or counted

Rows = Iterable[tuple[Sequence[str], Sequence[str]]]  # the terms of a row, Arabic and English, in their order

DIAGONAL = 2.0  # how fast a word counts less with its distance, as a part of the row's length
LEAST = 3.0  # log-likelihood ratio of a pair that is told
DOUBT = 8.0  # the log-likelihood ratio at which a pair is half believed
SAMPLE = 400  # rows that are read of a word that is in more: those of the newest stories
_STORY_ROWS = 1 << 12  # rows of one story, at most
_BATCH = 500

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE stories (story INTEGER PRIMARY KEY, change INTEGER NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE rows (id INTEGER PRIMARY KEY, ar BLOB NOT NULL, en BLOB NOT NULL);
CREATE TABLE terms (id INTEGER PRIMARY KEY, side TEXT NOT NULL, term TEXT NOT NULL, rows INTEGER NOT NULL,
                    UNIQUE (side, term));
CREATE VIRTUAL TABLE places USING fts5(terms, content='', detail=none, columnsize=0);
"""
_SIDES: tuple[Script, Script] = ("ar", "en")


class LexiconError(Exception):
    """The file is not a lexicon of this program's; one line that says what to do."""


class Translation(NamedTuple):
    """A word of the other language.

    weight: 0..1, how much it is believed, by itself and against the best one; score: the log-likelihood ratio, the less
    the further apart they stand; stories: those it was learned from, the newest first.
    """

    term: str
    weight: float
    score: float
    stories: tuple[int, ...]


class Pair(NamedTuple):
    ar: str
    en: str
    score: float
    stories: int


@dataclass(slots=True)
class _Met:
    """How often two words were met together: rows, the sum of how near they were in them (0..1 each), stories."""

    rows: int = 0
    near: float = 0.0
    stories: set[int] = field(default_factory=set)


class Lexicon:
    """One file. Several threads and processes may read it while one writes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a lexicon, or begin an empty one.

        Raises:
            LexiconError: the file is something else, damaged, or made by another algorithm.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=10, check_same_thread=False)
        try:
            _prepare(db)
        except (sqlite3.DatabaseError, LexiconError) as error:
            db.close()
            raise LexiconError(
                f"{path} is no lexicon of this program ({error}); `warraq lexicon learn --anew` makes it anew"
            ) from None
        return cls(db)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def version(self) -> str:
        """12 hex digits over the algorithm and what was learned."""
        with self._lock:
            known = self._db.execute("SELECT count(*), total(rows), total(change) FROM stories").fetchone()
        return hashlib.sha256(repr((ALGORITHM, *known)).encode()).hexdigest()[:12]

    @property
    def change(self) -> int:
        """The number of the last change that was taken over, as `reached` has it."""
        with self._lock:
            row = self._db.execute("SELECT value FROM meta WHERE name = 'change'").fetchone()
        return int(row[0]) if row else 0

    def reached(self, change: int) -> None:
        """All changes up to this one are learned."""
        with self._lock, self._db:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('change', ?)", (change,))

    def taught_by(self, teacher: str) -> None:
        """Name who makes the rows; what another one taught is forgotten."""
        with self._lock, self._db:
            row = self._db.execute("SELECT value FROM meta WHERE name = 'teacher'").fetchone()
            if row != (teacher,):
                for (story,) in self._db.execute("SELECT story FROM stories").fetchall():
                    self._forget(story)
                self._db.execute("DELETE FROM meta WHERE name = 'change'")
                self._db.execute("INSERT OR REPLACE INTO meta VALUES ('teacher', ?)", (teacher,))

    def stories(self) -> dict[int, int]:
        """The stories learned from, and the change that each was learned at."""
        with self._lock:
            return dict(self._db.execute("SELECT story, change FROM stories"))

    def learn(self, story: int, change: int, rows: Rows) -> None:
        """What this story teaches, in place of what it taught before; without rows it teaches nothing."""
        kept = [(list(ar), list(en)) for ar, en in rows if ar and en][:_STORY_ROWS]
        with self._lock, self._db:
            self._forget(story)
            if kept:
                self._learn(story, change, kept)

    def forget(self, story: int) -> None:
        with self._lock, self._db:
            self._forget(story)

    def translations(self, side: Script, term: str, limit: int = 5) -> tuple[Translation, ...]:
        """The words of the other language that a word of `side` goes with, the surest first."""
        with self._lock:
            found = _associations(self._db, side, term)
        best = found[0].score if found else 0.0
        return tuple(t._replace(weight=(t.score / best) ** 2 * t.score / (t.score + DOUBT)) for t in found[:limit])

    def pairs(self, limit: int) -> tuple[Pair, ...]:
        """The surest pairs of all, each by its Arabic word.

        Words are taken by their frequency: as soon as no rarer word can reach the pairs found, they are all.
        """
        found: list[Pair] = []
        with self._lock:
            total = _rows(self._db)
            for term, rows in self._db.execute(
                "SELECT term, rows FROM terms WHERE side = 'ar' ORDER BY rows DESC, term"
            ):
                if len(found) == limit and found[-1].score > likelihood(rows, rows, rows, total):
                    break
                each = _associations(self._db, "ar", term)
                found += [Pair(term, t.term, t.score, len(t.stories)) for t in each]
                found = sorted(found, key=lambda pair: (-pair.score, pair.ar, pair.en))[:limit]
        return tuple(found)

    def _learn(self, story: int, change: int, rows: list[tuple[list[str], list[str]]]) -> None:
        ids = {side: self._ids(side, rows) for side in _SIDES}
        self._db.execute("INSERT INTO stories VALUES (?, ?, ?)", (story, change, len(rows)))
        for place, (ar, en) in enumerate(rows):
            number = story * _STORY_ROWS + place
            a, b = array("I", map(ids["ar"].__getitem__, ar)), array("I", map(ids["en"].__getitem__, en))
            self._db.execute("INSERT INTO rows VALUES (?, ?, ?)", (number, a.tobytes(), b.tobytes()))
            self._db.execute("INSERT INTO places (rowid, terms) VALUES (?, ?)", (number, _text(a, b)))
            self._count(set(a) | set(b), 1)

    def _ids(self, side: Script, rows: list[tuple[list[str], list[str]]]) -> dict[str, int]:
        """The numbers of the terms of one side; new ones get theirs."""
        wanted = sorted({term for row in rows for term in row[_SIDES.index(side)]})
        self._db.executemany(
            "INSERT OR IGNORE INTO terms (side, term, rows) VALUES (?, ?, 0)", ((side, t) for t in wanted)
        )
        query = "SELECT id FROM terms WHERE side = ? AND term = ?"
        return {term: self._db.execute(query, (side, term)).fetchone()[0] for term in wanted}

    def _forget(self, story: int) -> None:
        span = (story * _STORY_ROWS, (story + 1) * _STORY_ROWS - 1)
        gone: set[int] = set()
        for number, ar, en in self._db.execute("SELECT id, ar, en FROM rows WHERE id BETWEEN ? AND ?", span).fetchall():
            a, b = array("I", ar), array("I", en)
            self._db.execute("INSERT INTO places (places, rowid, terms) VALUES ('delete', ?, ?)", (number, _text(a, b)))
            self._count(set(a) | set(b), -1)
            gone.update(a, b)
        self._db.executemany("DELETE FROM terms WHERE id = ? AND rows = 0", ((term,) for term in gone))
        self._db.execute("DELETE FROM rows WHERE id BETWEEN ? AND ?", span)
        self._db.execute("DELETE FROM stories WHERE story = ?", (story,))

    def _count(self, terms: Iterable[int], by: int) -> None:
        self._db.executemany("UPDATE terms SET rows = rows + ? WHERE id = ?", ((by, term) for term in terms))


def discard(path: Path) -> None:
    """Delete a lexicon, with what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def likelihood(both: float, a: int, b: int, total: int) -> float:
    """Dunning's log-likelihood ratio of two words that are in `a` and `b` of `total` rows, together in `both`; 0 when
    they are together no more often than by chance."""
    if both * total <= a * b:
        return 0.0
    cells = (
        (both, a * b),
        (a - both, a * (total - b)),
        (b - both, (total - a) * b),
        (total - a - b + both, (total - a) * (total - b)),
    )
    return 2 * math.fsum(seen * math.log(seen * total / chance) for seen, chance in cells if seen > 0 and chance > 0)


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON")  # a purged story's words do not stay in free pages
    with closing(db.execute("SELECT count(*) FROM sqlite_master")) as found:
        if not found.fetchone()[0]:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} INSERT INTO meta VALUES ('algorithm', '{ALGORITHM}'); COMMIT;"
            )
    row = db.execute("SELECT value FROM meta WHERE name = 'algorithm'").fetchone()
    if row != (ALGORITHM,):
        raise LexiconError(f"made by {row[0] if row else 'something else'}")


def _rows(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT total(rows) FROM stories").fetchone()[0])


def _associations(db: sqlite3.Connection, side: Script, term: str) -> list[Translation]:
    """All words of the other side with a score of at least LEAST, the surest first; weights are left open."""
    own = db.execute("SELECT id, rows FROM terms WHERE side = ? AND term = ?", (side, term)).fetchone()
    if own is None:
        return []
    number, count = own
    together = _together(db, side, number)
    more, total = max(1.0, count / SAMPLE), _rows(db)
    found = []
    for other, word, rows in _terms(db, together):
        met = together[other]
        score = likelihood(min(met.rows * more, count, rows), count, rows, total) * met.near / met.rows
        if score >= LEAST:
            found.append(Translation(word, 0.0, score, tuple(sorted(met.stories, reverse=True))))
    return sorted(found, key=lambda t: (-t.score, t.term))


def _together(db: sqlite3.Connection, side: Script, number: int) -> dict[int, _Met]:
    """The words of the other side in this one's rows."""
    query = (
        "SELECT id, ar, en FROM rows WHERE id IN (SELECT rowid FROM places WHERE places MATCH ?"
        " ORDER BY rowid DESC LIMIT ?) ORDER BY id"
    )
    together: dict[int, _Met] = defaultdict(_Met)
    for row, ar, en in db.execute(query, (str(number), SAMPLE)):
        own, others = (array("I", ar), array("I", en)) if side == "ar" else (array("I", en), array("I", ar))
        for other, near in _nearness(number, own, others).items():
            met = together[other]
            met.rows += 1
            met.near += near
            met.stories.add(row // _STORY_ROWS)
    return together


def _nearness(number: int, own: array[int], others: array[int]) -> dict[int, float]:
    at = [(i + 0.5) / len(own) for i, term in enumerate(own) if term == number]
    out: dict[int, float] = {}
    for j, other in enumerate(others):
        place = (j + 0.5) / len(others)
        near = math.exp(-DIAGONAL * min(abs(place - own_place) for own_place in at))
        if near > out.get(other, 0.0):
            out[other] = near
    return out


def _terms(db: sqlite3.Connection, numbers: Iterable[int]) -> Iterator[tuple[int, str, int]]:
    """(number, term, rows) of each."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        yield from db.execute(f"SELECT id, term, rows FROM terms WHERE id IN ({','.join('?' * len(some))})", some)


def _text(*terms: Iterable[int]) -> str:
    return " ".join(str(term) for side in terms for term in side)
