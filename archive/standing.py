"""What a search in the terminal asks of an SQLite store, read without all that the store needs to be opened: how far
the index is behind it, and which words editors keep apart.

None is the answer where it cannot be told so simply, and the store itself is to be asked.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.model import Change
from language.lexicon import pair_key


def change_of(database: Path) -> Change | None:
    """The newest change's number."""
    rows = _rows(database, "SELECT change FROM counter")
    return Change(int(rows[0][0])) if rows else None


def words_off_of(database: Path) -> list[tuple[str, str]] | None:
    """The Arabic and the English word of each pair; the newest decision on a pair, in whatever form, holds."""
    rows = _rows(database, "SELECT ar, en, is_on FROM word_switches ORDER BY id")
    if rows is None:
        return None
    newest = {pair_key(arabic, english): (arabic, english, on) for arabic, english, on in rows}
    return [(arabic, english) for arabic, english, on in newest.values() if not on]


def _rows(database: Path, query: str) -> list[tuple[Any, ...]] | None:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as db:
            return db.execute(query).fetchall()
    except sqlite3.Error:
        return None
