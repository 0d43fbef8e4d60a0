"""The change number of an SQLite store, read without all that the store needs to be opened: a search in the terminal
only says how far the index is behind it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.model import Change


def change_of(database: Path) -> Change | None:
    """The newest change's number; None where it cannot be told so simply, and the store itself is to be asked."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as db:
            row = db.execute("SELECT change FROM counter").fetchone()
    except sqlite3.Error:
        return None
    return Change(int(row[0])) if row else None
