"""What every engine counts and sorts by."""

from __future__ import annotations

from datetime import date

FACETS = ("versions", "section", "place", "author", "outlet")  # of `Results.facets`, in this order


def number(day: date) -> int:
    """yyyymmdd"""
    return day.year * 10000 + day.month * 100 + day.day
