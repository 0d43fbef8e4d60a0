"""What long work tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """kind: "found", "new", "revised", "unchanged", "reread", "gone", "skipped", "failed" or "problem". `place` is an
    address or a file; `detail` says what is wrong there and what to do."""

    kind: str
    place: str
    detail: str = ""


Tell = Callable[[Event], None]
