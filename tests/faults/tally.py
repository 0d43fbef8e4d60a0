"""Rows and how they are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.ground import Ground


@dataclass(slots=True)
class Tally:
    """Cases tried and what was wrong in them. `notes` are other figures worth writing down."""

    cases: int = 0
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def case(self, good: object, told: str) -> None:
        """Count one case; `told` names it where it was not good."""
        self.cases += 1
        if not good:
            self.violations.append(told)

    @contextmanager
    def guarded(self, told: str) -> Iterator[None]:
        """A case that must not raise: what is raised inside is a violation."""
        try:
            yield
        except Exception as error:
            self.case(False, f"{told}: {type(error).__name__}: {str(error)[:300]}")

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the catalogue. `on`: the engines or databases it runs on, each by itself; "" where there is but one
    way. `tried` says in one sentence what is done and what counts as a violation."""

    number: int
    name: str
    tried: str
    run: Callable[[Ground, str, Tally], None]
    on: tuple[str, ...] = ("",)

    @property
    def title(self) -> str:
        return f"{self.number}-{self.name}"
