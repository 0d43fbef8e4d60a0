"""Words across the two languages, learned from rows of text that translate each other.

What two words have to do with each other is measured by how often they stand in the same rows: the log-likelihood
ratio of Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence" (1993), as a similarity thesaurus
(Sheridan and Ballerini, "Experiments in multilingual information retrieval using the SPIDER system", 1996). It counts
the less, the further apart their relative places in these rows are: the diagonal of Dyer, Chahuneau and Smith, "A
Simple, Fast, and Effective Reparameterization of IBM Model 2" (2013).

Rows are kept by story and counted when a word is asked for, so that a story that goes takes its words back, and in what
order stories were learned plays no part. Arabic words are kept as they are spelt, and counted by what they have in
common: their light stem, or the lemma or the root that a table of forms gives them, which `analyse` takes over. The
file is derived data: it may be deleted and comes back the same.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Literal, NamedTuple, Self

from language.arabic import light_stem
from language.tokens import Script, terms

ALGORITHM = "lexicon-2"  # raised with every change of what is kept or counted

# The words of a row in their order: folded Arabic ones, the stems of English ones.
Rows = Iterable[tuple[Sequence[str], Sequence[str]]]
Level = Literal["stem", "lemma", "root"]  # by which Arabic words are counted as one
Choose = Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]  # lemma and root of folded forms: `FormsTable.chosen`

DIAGONAL = 2.0  # how fast a word counts less with its distance, as a part of the row's length
LEAST = 3.0  # log-likelihood ratio of a pair that is told
DOUBT = 8.0  # the log-likelihood ratio at which a pair is half believed
SAMPLE = 200  # rows that are read of a word that is in more: those of the newest stories
SELDOM = 0.1  # how often, against the word it is met most with, a word must be met to be looked at
_KNOWN = 1 << 12  # answers remembered until something changes
_STORY_ROWS = 1 << 12  # rows of one story, at most

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stories (story INTEGER PRIMARY KEY, change INTEGER NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, ar BLOB NOT NULL, en BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS terms (id INTEGER PRIMARY KEY, side TEXT NOT NULL, term TEXT NOT NULL, rows INTEGER NOT NULL,
                    stem TEXT NOT NULL, lemma TEXT NOT NULL, root TEXT NOT NULL, UNIQUE (side, term));
CREATE INDEX IF NOT EXISTS terms_stem ON terms (stem, side, rows);
CREATE INDEX IF NOT EXISTS terms_lemma ON terms (lemma, side, rows) WHERE lemma <> '';
CREATE INDEX IF NOT EXISTS terms_root ON terms (root, side, rows) WHERE root <> '';
CREATE VIRTUAL TABLE IF NOT EXISTS places USING fts5(terms, content='', detail=none, columnsize=0);
"""
_SIDES: tuple[Script, Script] = ("ar", "en")
_USELESS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)  # no tables of ours, damaged, no file


class LexiconError(Exception):
    """The file cannot be read or written now; one line that says what to do."""


class NoLexicon(LexiconError):
    """The file is something else, damaged, or made by another algorithm: it will not be read by waiting."""


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
    """One file. Several threads and processes may read it while one writes. All that asks it raises LexiconError."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db
        self._lock = Lock()
        self._known: dict[tuple[Script, str, Level], list[Translation]] = {}
        self._stamp: tuple[int, int] = (0, 0)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a lexicon, or begin an empty one.

        Raises:
            NoLexicon: the file is something else, damaged, or made by another algorithm.
            LexiconError: it cannot be opened now.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=10, check_same_thread=False)
        try:
            _prepare(db)
        except (sqlite3.DatabaseError, NoLexicon) as error:
            db.close()
            raise _told(path, error) from None
        return cls(path, db)

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
        with self._at_work():
            known = self._db.execute("SELECT count(*), total(rows), total(change) FROM stories").fetchone()
        return hashlib.sha256(repr((ALGORITHM, *known)).encode()).hexdigest()[:12]

    @property
    def change(self) -> int:
        """The number of the last change that was taken over, as `reached` has it."""
        with self._at_work():
            row = self._db.execute("SELECT value FROM meta WHERE name = 'change'").fetchone()
        return int(row[0]) if row else 0

    def reached(self, change: int) -> None:
        """All changes up to this one are learned."""
        with self._at_work():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('change', ?)", (change,))

    def taught_by(self, teacher: str) -> None:
        """Name who makes the rows; what another one taught is forgotten."""
        with self._at_work():
            row = self._db.execute("SELECT value FROM meta WHERE name = 'teacher'").fetchone()
            if row != (teacher,):
                for (story,) in self._db.execute("SELECT story FROM stories").fetchall():
                    self._forget(story)
                self._db.execute("DELETE FROM meta WHERE name = 'change'")
                self._db.execute("INSERT OR REPLACE INTO meta VALUES ('teacher', ?)", (teacher,))

    def stories(self) -> dict[int, int]:
        """The stories learned from, and the change that each was learned at."""
        with self._at_work():
            return dict(self._db.execute("SELECT story, change FROM stories"))

    def learn(self, story: int, change: int, rows: Rows) -> None:
        """What this story teaches, in place of what it taught before; without rows it teaches nothing."""
        kept = [(list(ar), list(en)) for ar, en in rows if ar and en][:_STORY_ROWS]
        with self._at_work():
            self._forget(story)
            if kept:
                self._learn(story, change, kept)

    def forget(self, story: int) -> None:
        with self._at_work():
            self._forget(story)

    def analyse(self, choose: Choose, version: str) -> None:
        """Take lemma and root of the Arabic words from a table of forms; of all words, if it is another version than
        the last time, else of those that came since."""
        with self._at_work():
            row = self._db.execute("SELECT value FROM meta WHERE name = 'forms'").fetchone()
            fresh = "SELECT term FROM terms WHERE side = 'ar'" + (" AND lemma = ''" if row == (version,) else "")
            chosen = choose([term for (term,) in self._db.execute(fresh)])
            found = ((lemma, root, term) for term, (lemma, root) in chosen.items())
            self._db.executemany("UPDATE terms SET lemma = ?, root = ? WHERE side = 'ar' AND term = ?", found)
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('forms', ?)", (version,))

    def translations(self, side: Script, term: str, limit: int = 5, level: Level = "stem") -> tuple[Translation, ...]:
        """The words of the other language that a word of `side` goes with, the surest first.

        level: what the Arabic words, asked for or answered, are: light stems, lemmas or roots.
        """
        with self._at_work():
            stamp = (self._db.execute("PRAGMA data_version").fetchone()[0], self._db.total_changes)
            if stamp != self._stamp or len(self._known) >= _KNOWN:
                self._known.clear()
                self._stamp = stamp
            if (side, term, level) not in self._known:
                self._known[side, term, level] = _associations(self._db, side, term, level)
            found = self._known[side, term, level]
        best = found[0].score if found else 0.0
        return tuple(t._replace(weight=(t.score / best) ** 2 * t.score / (t.score + DOUBT)) for t in found[:limit])

    def pairs(self, limit: int) -> tuple[Pair, ...]:
        """The surest pairs of all, each by its Arabic word.

        Words are taken by their frequency: as soon as no rarer word can reach the pairs found, they are all.
        """
        found: list[Pair] = []
        with self._at_work():
            total = _rows(self._db)
            words = "SELECT stem, sum(rows) n FROM terms WHERE side = 'ar' GROUP BY stem ORDER BY n DESC, stem"
            for term, rows in self._db.execute(words).fetchall():
                most = min(rows, total)
                best = likelihood(most, most, most, total)  # it falls with the rows from half of them on
                if len(found) == limit and rows * 2 <= total and best < found[-1].score:
                    break
                each = _associations(self._db, "ar", term, "stem")
                found += [Pair(term, t.term, t.score, len(t.stories)) for t in each]
                found = sorted(found, key=lambda pair: (-pair.score, pair.ar, pair.en))[:limit]
        return tuple(found)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """The file for one thread alone; what is written comes to stay when all is."""
        with self._lock:
            try:
                with self._db:
                    yield
            except sqlite3.DatabaseError as error:
                raise _told(self._path, error) from error

    def _learn(self, story: int, change: int, rows: list[tuple[list[str], list[str]]]) -> None:
        arabic, english = (self._ids(side, [row[place] for row in rows]) for place, side in enumerate(_SIDES))
        self._db.execute("INSERT INTO stories VALUES (?, ?, ?)", (story, change, len(rows)))
        for number, (ar, en) in enumerate(rows, story * _STORY_ROWS):
            a, b = array("I", map(arabic.__getitem__, ar)), array("I", map(english.__getitem__, en))
            self._db.execute("INSERT INTO rows VALUES (?, ?, ?)", (number, a.tobytes(), b.tobytes()))
            self._db.execute("INSERT INTO places (rowid, terms) VALUES (?, ?)", (number, _text(a, b)))

    def _ids(self, side: Script, rows: list[list[str]]) -> dict[str, int]:
        """The numbers of the terms of one side, which are counted; new ones get theirs."""
        counts = Counter(term for row in rows for term in dict.fromkeys(row))
        counted = (
            "INSERT INTO terms (side, term, rows, stem, lemma, root) VALUES (?, ?, ?, ?, '', '')"
            " ON CONFLICT (side, term) DO UPDATE SET rows = rows + excluded.rows RETURNING id"
        )
        stem = light_stem if side == "ar" else str
        values = ((side, term, count, stem(term)) for term, count in sorted(counts.items()))
        return {value[1]: self._db.execute(counted, value).fetchone()[0] for value in values}

    def _forget(self, story: int) -> None:
        span = (story * _STORY_ROWS, (story + 1) * _STORY_ROWS - 1)
        gone: Counter[int] = Counter()
        for number, ar, en in self._db.execute("SELECT id, ar, en FROM rows WHERE id BETWEEN ? AND ?", span).fetchall():
            a, b = array("I", ar), array("I", en)
            self._db.execute("INSERT INTO places (places, rowid, terms) VALUES ('delete', ?, ?)", (number, _text(a, b)))
            gone.update({*a, *b})
        fewer = ((count, term) for term, count in gone.items())
        self._db.executemany("UPDATE terms SET rows = rows - ? WHERE id = ?", fewer)
        self._db.executemany("DELETE FROM terms WHERE id = ? AND rows = 0", ((term,) for term in gone))
        self._db.execute("DELETE FROM rows WHERE id BETWEEN ? AND ?", span)
        self._db.execute("DELETE FROM stories WHERE story = ?", (story,))


def pair_key(arabic: str, english: str) -> tuple[str, str]:
    """The same for all forms of a pair of words."""
    return terms(arabic)[1], terms(english)[1]


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
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        ours = f"INSERT OR IGNORE INTO meta VALUES ('algorithm', '{ALGORITHM}');"
        db.executescript(f"BEGIN IMMEDIATE; {_TABLES} {ours} COMMIT;")  # changes nothing if another was quicker
    row = db.execute("SELECT value FROM meta WHERE name = 'algorithm'").fetchone()
    if row != (ALGORITHM,):
        raise NoLexicon(f"made by {row[0] if row else 'something else'}")
    with suppress(sqlite3.OperationalError):  # others are at work in it; it stays as it is until it is opened again
        db.execute("PRAGMA journal_mode = WAL")


def _told(path: Path, error: sqlite3.DatabaseError | NoLexicon) -> LexiconError:
    """What is wrong, as what to do: to wait and look at the disk, or to learn all of it anew."""
    if isinstance(error, NoLexicon) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _USELESS:
        return NoLexicon(f"{path} is no lexicon of this program ({error}); `warraq lexicon learn --anew` makes it anew")
    return LexiconError(f"{path} cannot be read or written now ({error}); see who uses it, and that the disk has room")


def _rows(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT total(rows) FROM stories").fetchone()[0])


def _associations(db: sqlite3.Connection, side: Script, term: str, level: Level) -> list[Translation]:
    """All words of the other side with a score of at least LEAST, the surest first; weights are left open."""
    own = frozenset(_numbers(db, side, term, level))
    if not own:
        return []
    other: Script = "en" if side == "ar" else "ar"
    total = _rows(db)
    count = min(_count(db, side, term, level), total)
    together = _together(db, side, own, _Names(db, _column(other, level)))
    least = SELDOM * max((met.near for met in together.values()), default=0.0)
    more = max(1.0, count / SAMPLE)
    found = []
    for word, met in together.items():
        if met.near >= least:
            rows = min(_count(db, other, word, level), total)
            score = likelihood(min(met.rows * more, count, rows), count, rows, total) * met.near / met.rows
            if score >= LEAST:
                found.append(Translation(word, 0.0, score, tuple(sorted(met.stories, reverse=True))))
    return sorted(found, key=lambda t: (-t.score, t.term))


def _column(side: Script, level: Level) -> Level:
    return level if side == "ar" else "stem"


def _numbers(db: sqlite3.Connection, side: Script, term: str, level: Level) -> list[int]:
    """The words that are this term."""
    query = f"SELECT id FROM terms WHERE {_column(side, level)} = ? AND side = ?"
    return [number for (number,) in db.execute(query, (term, side))] if term else []


def _count(db: sqlite3.Connection, side: Script, term: str, level: Level) -> int:
    """The rows that a term is in; one that has it in two forms counts twice."""
    query = f"SELECT total(rows) FROM terms WHERE {_column(side, level)} = ? AND side = ?"
    return int(db.execute(query, (term, side)).fetchone()[0])


class _Names(dict[int, str]):
    """What words are by their numbers, each asked for once."""

    def __init__(self, db: sqlite3.Connection, level: Level) -> None:
        super().__init__()
        self._db, self._query = db, f"SELECT {level} FROM terms WHERE id = ?"

    def __missing__(self, number: int) -> str:
        self[number] = found = str(self._db.execute(self._query, (number,)).fetchone()[0])
        return found


def _together(db: sqlite3.Connection, side: Script, numbers: Set[int], names: _Names) -> dict[str, _Met]:
    """What is met on the other side in the rows of these words."""
    query = (
        "SELECT id, ar, en FROM rows WHERE id IN (SELECT rowid FROM places WHERE places MATCH ?"
        " ORDER BY rowid DESC LIMIT ?) ORDER BY id"
    )
    together: dict[str, _Met] = defaultdict(_Met)
    for row, ar, en in db.execute(query, (" OR ".join(map(str, sorted(numbers))), SAMPLE)).fetchall():
        own, others = (array("I", ar), array("I", en)) if side == "ar" else (array("I", en), array("I", ar))
        for other, near in _nearness(numbers, own, [names[number] for number in others]).items():
            met = together[other]
            met.rows += 1
            met.near += near
            met.stories.add(row // _STORY_ROWS)
    together.pop("", None)  # words without lemma or root
    return together


def _nearness(numbers: Set[int], own: array[int], others: Sequence[str]) -> dict[str, float]:
    at = [(i + 0.5) / len(own) for i, number in enumerate(own) if number in numbers]
    out: dict[str, float] = {}
    for j, other in enumerate(others):
        place = (j + 0.5) / len(others)
        apart = abs(place - at[0]) if len(at) == 1 else min(abs(place - own_place) for own_place in at)
        if apart < out.get(other, 2.0):
            out[other] = apart
    return {other: math.exp(-DIAGONAL * apart) for other, apart in out.items()}


def _text(*terms: Iterable[int]) -> str:
    return " ".join(str(term) for side in terms for term in side)
