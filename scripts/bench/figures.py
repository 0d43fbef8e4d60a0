"""Figures as lines, written down, and compared with those written down last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Two runs of the same code on the same machine differ by up to a fifth in the ratios (other processes, frequency,
# which documents share a block); a figure has fallen behind when it is worse by more than that.
TOLERANCE = 0.25
_LINE = re.compile(r"^(\S+)  (\S+)  (.+?)  (met|short|none)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figure:
    """goal: as it is read; met None: there is none. checked: whether `--check` compares it: ratios are, milliseconds
    and speeds belong to the machine. most: the goal is an upper bound, so more is worse."""

    name: str
    value: float
    unit: str = ""
    goal: str = "-"
    met: bool | None = None
    checked: bool = False
    most: bool = True

    def __str__(self) -> str:
        state = "none" if self.met is None else "met" if self.met else "short"
        return f"{self.name}  {self.value:.3g}{self.unit}  {self.goal}  {state}"


def at_most(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, "x", f"<={limit:g}x", value <= limit, checked=True)


def at_least(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, "x", f">={limit:g}x", value >= limit, checked=True, most=False)


def plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit)


def written(text: str) -> dict[str, float]:
    """The values of a text of lines, by name."""
    return {name: float(re.sub(r"[^\d.e+-].*", "", value)) for name, value, *_ in _LINE.findall(text)}


def behind(figures: Iterable[Figure], before: Mapping[str, float], tolerance: float = TOLERANCE) -> list[str]:
    """One line for each that fell behind what was written down by more than the tolerance, or is no longer measured."""
    found, seen = [], set()
    for figure in figures:
        seen.add(figure.name)
        last = before.get(figure.name)
        if not figure.checked or last is None or figure.met:
            continue
        worse = figure.value > last * (1 + tolerance) if figure.most else figure.value < last / (1 + tolerance)
        if worse:
            found.append(f"{figure.name} was {last:g} and is {figure.value:.3g}")
    return found + [f"{name} is no longer measured" for name in before if name not in seen]


def stories_of(text: str) -> int:
    """How many stories the figures of a block were measured with; 0: there are none."""
    found = re.search(r": (\d+) stories, ", text)
    return int(found[1]) if found else 0


def block(text: str, part: str) -> str:
    """What stands in the part's block of a page; empty when there is none."""
    found = re.search(rf"<!-- {part} -->\n(.*?)<!-- /{part} -->", text, re.S)
    return found[1] if found else ""


def write(path: Path, part: str, heading: str, figures: Iterable[Figure]) -> None:
    """Replaces the part's block in `path`: the paragraph that says where the lines come from, and the lines."""
    lines = "\n".join(str(figure) for figure in figures)
    text = path.read_text(encoding="utf-8")
    made = f"<!-- {part} -->\n{heading}\n\n```text\n{lines}\n```\n<!-- /{part} -->"
    fresh = re.sub(rf"<!-- {part} -->.*<!-- /{part} -->", lambda _: made, text, flags=re.S)
    path.write_text(fresh, encoding="utf-8")
