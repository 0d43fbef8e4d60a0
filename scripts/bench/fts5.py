"""SQLite's FTS5 as well as it can be tuned for the same stories and queries.

- The words come prepared, one space between them, so `unicode61` only has to split: nothing is faster (`trigram`
  indexes 3 times as much and finds parts of words, which none of the queries asks for).
- `stems` is contentless: words are looked up there. `spelt` has the spelling as typed, for phrases, beginnings and
  passages; its content is an external table, so that the text is kept once.
- Prefix indexes of 2 to 4 letters; `rank` is bm25 with the titles' weights, set once; both are merged to one segment.
- Days come from a covering key; the `+` keeps SQLite from asking the text index for one story after the other.
- Counts of a facet: the stories found go once into a temporary table, which is joined with a narrow table of small
  numbers (its rows are all that is read) and, for places and authors, with covering keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.document import IndexDocument
from indexer.engine import Request
from indexer.engines.keys import number
from indexer.streams import asked, side_streams
from indexer.tree import And, DateRange, Node, Phrase, Prefix, Side, Word

_COLUMNS = ("ar_title", "ar_body", "en_title", "en_body")
_TOKENIZE = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '''.'\""
_SCHEMA = f"""
CREATE TABLE texts (story INTEGER PRIMARY KEY, ar_title, ar_body, en_title, en_body);
CREATE TABLE shown (story INTEGER PRIMARY KEY, urls);
CREATE VIRTUAL TABLE stems USING fts5({", ".join(_COLUMNS)}, content='', {_TOKENIZE});
CREATE VIRTUAL TABLE spelt USING fts5({", ".join(_COLUMNS)}, content='texts', content_rowid='story', prefix='2 3 4',
    {_TOKENIZE});
CREATE TABLE labels (id INTEGER PRIMARY KEY, label UNIQUE);
CREATE TABLE facets (story INTEGER PRIMARY KEY, versions INTEGER, section INTEGER, outlet INTEGER, year INTEGER);
CREATE TABLE days (day INTEGER, story INTEGER, PRIMARY KEY (day, story)) WITHOUT ROWID;
CREATE TABLE place (story INTEGER, label INTEGER, PRIMARY KEY (story, label)) WITHOUT ROWID;
CREATE TABLE author (story INTEGER, label INTEGER, PRIMARY KEY (story, label)) WITHOUT ROWID;
INSERT INTO stems(stems, rank) VALUES ('rank', 'bm25(2.0, 1.0, 2.0, 1.0)');
INSERT INTO spelt(spelt, rank) VALUES ('rank', 'bm25(2.0, 1.0, 2.0, 1.0)');
"""
_PRAGMAS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -262144; PRAGMA mmap_size = 17179869184;
PRAGMA temp_store = MEMORY;
"""
_COUNTS = (
    "SELECT versions, section, outlet, year, count(*) FROM hits CROSS JOIN facets USING (story) GROUP BY 1, 2, 3, 4",
    *(
        f"SELECT label, count(*) AS n FROM hits CROSS JOIN {field} USING (story) GROUP BY 1 ORDER BY n DESC LIMIT 100"
        for field in ("place", "author")
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in FTS5's words: the table, the MATCH, and a condition on the day with its values."""

    table: str
    match: str
    days: str = ""
    values: tuple[int, ...] = ()


class Fts5:
    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._sql = sqlite3.connect(path, isolation_level=None)
        if fresh:
            self._sql.execute("PRAGMA page_size = 8192")
        self._sql.executescript(_PRAGMAS + (_SCHEMA if fresh else ""))
        self._sql.execute("CREATE TEMP TABLE hits (story INTEGER PRIMARY KEY)")
        self._labels: dict[str, int] = {}

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """One transaction."""
        with self._sql:
            self._sql.execute("BEGIN")
            for document in documents:
                self._add(document)

    def finish(self) -> None:
        """Merges to one segment, so that searching is as fast as it gets."""
        self._sql.executescript(
            "INSERT INTO stems(stems) VALUES ('optimize'); INSERT INTO spelt(spelt) VALUES ('optimize'); ANALYZE;"
            "PRAGMA wal_checkpoint(TRUNCATE);"
        )

    def close(self) -> None:
        self._sql.close()

    def search(self, asked: Asked, request: Request, sides: Iterable[str]) -> tuple[int, list[object], list[object]]:
        """(exact total, the window's rows, counts). sides: whose texts have passages made by `snippet`."""
        found = f"FROM {asked.table} WHERE {asked.table} MATCH ?{asked.days}"
        given = (asked.match, *asked.values)
        facets: list[object] = []
        if request.facets:
            self._sql.execute("DELETE FROM hits")
            total = self._sql.execute(f"INSERT INTO hits SELECT rowid {found}", given).rowcount
            facets = [self._sql.execute(count).fetchall() for count in _COUNTS]
        else:
            (total,) = self._sql.execute(f"SELECT count(*) {found}", given).fetchone()
        places = [place for place, name in enumerate(_COLUMNS) if request.passages and name[:2] in sides]
        passages = "".join(f", snippet({asked.table}, {place}, '<b>', '</b>', '…', 40)" for place in places)
        window = f"SELECT rowid{passages} {found} ORDER BY rank LIMIT {request.limit} OFFSET {request.offset}"
        rows: list[object] = [
            (row, self._sql.execute("SELECT urls FROM shown WHERE story = ?", row[:1]).fetchone())
            for row in self._sql.execute(window, given)
        ]
        return total, rows, facets

    def _add(self, document: IndexDocument) -> None:
        story, execute = document.story, self._sql.execute
        texts = {side.lang: side_streams(side) for side in document.sides}
        for table, stream in (("stems", 1), ("texts", 0), ("spelt", 0)):
            values = [part for lang in ("ar", "en") for part in _parts(texts[lang][stream] if lang in texts else ())]
            key = "story" if table == "texts" else "rowid"
            execute(f"INSERT INTO {table}({key}, {', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?)", (story, *values))
        urls = " ".join(side.url for side in document.sides)
        execute("INSERT INTO shown VALUES (?, ?)", (story, urls))
        day = number(document.day) if document.day else 0
        single = (document.versions + str(document.stale), document.section or "", document.outlet)
        execute("INSERT INTO facets VALUES (?, ?, ?, ?, ?)", (story, *map(self._label, single), day // 10000))
        execute("INSERT INTO days VALUES (?, ?)", (day, story))
        for table, labels in (("place", document.places), ("author", document.authors)):
            for label in labels:
                execute(f"INSERT INTO {table} VALUES (?, ?)", (story, self._label(label)))

    def _label(self, label: str) -> int:
        if label not in self._labels:
            self._labels[label] = len(self._labels) + 1
            self._sql.execute("INSERT INTO labels VALUES (?, ?)", (self._labels[label], label))
        return self._labels[label]


def _parts(paragraphs: tuple[str, ...]) -> tuple[str, str]:
    return (paragraphs[0], " ".join(paragraphs[1:])) if paragraphs else ("", "")


def translated(request: Request) -> Asked:
    """The request in FTS5's words. Words are looked up by stem; when passages are wanted, by spelling, because a
    contentless table has no text to cut one from."""
    tree, days, values = request.query.tree, "", tuple[int, ...]()
    if isinstance(tree, And) and isinstance(span := tree.parts[-1], DateRange) and span.start and span.end:
        days = " AND +rowid IN (SELECT story FROM days WHERE day BETWEEN ? AND ?)"
        values = (number(span.start), number(span.end))
        tree = And(tree.parts[:-1])
    stemmed = not request.passages and not isinstance(tree, Phrase | Prefix)
    return Asked("stems" if stemmed else "spelt", _match(tree, stemmed), days, values)


def _match(node: Node, stemmed: bool) -> str:
    match node:
        case And(parts):
            return " AND ".join(_match(part, stemmed) for part in parts)
        case Word(text, side):
            return _columns(side) + " ".join(_quoted(term.stem if stemmed else term.folded) for term in asked(text))
        case Phrase(words, side):
            return _columns(side) + _quoted(" ".join(term.folded for term in asked(*words)))
        case Prefix(text, side):
            return _columns(side) + _quoted(asked(text)[0].folded) + "*"
        case _:
            raise ValueError(f"no query in FTS5's words for {node}")


def _columns(side: Side | None) -> str:
    return f"{{{side}_title {side}_body}}: " if side else ""


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
