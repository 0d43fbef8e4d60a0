"""Types of command-line parameters."""

from __future__ import annotations

import calendar
import re
from datetime import date

import click


class Day(click.ParamType[date]):
    """A day, or a month or year for its first (or, with `last`, its last) day."""

    name = "day"

    def __init__(self, last: bool = False) -> None:
        self.last = last

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", str(value))
        try:
            if match is None:
                raise ValueError("wrong form")
            year, month, day = (int(part) if part else None for part in match.groups())
            assert year is not None
            month = month or (12 if self.last else 1)
            return date(year, month, day or (calendar.monthrange(year, month)[1] if self.last else 1))
        except ValueError:
            self.fail(f"{value!r} is no day; write 2024, 2024-03 or 2024-03-09", param, ctx)


DAY, END_DAY = Day(), Day(last=True)
NUMBER = click.IntRange(1, 2**63 - 1)  # of a story or an article
