"""Files of SQLite that can be made anew at any time."""

from __future__ import annotations

from pathlib import Path


def discard(path: Path) -> None:
    """Delete the file, with what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
