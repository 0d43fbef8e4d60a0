"""What a search address says: `/search?q&match&x&versions&section&place&author&outlet&from&to&sort&page`.

`match` is how far from the spelling a word may be found (exact, inflected, related); each `x` (it repeats) is what the
words must not be expanded by, as `indexer.expand.key` has it.

Unknown parameters and unknown values of `match`, `versions` and `sort` are ignored; a date that cannot be read is kept
apart, so that the page can say so.
"""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import cast, get_args

from werkzeug.datastructures import MultiDict

from archive.publishers.declaration import Outlet
from indexer.engine import Request, Sort, Versions
from indexer.expand import MATCHES, Knowledge, Match, expand
from indexer.named import resolved
from indexer.query import LENGTH, LONGEST_ADDRESS
from indexer.tree import MatchKind, Query

PAGE_SIZE = 10
LAST_PAGE = 500
VERSIONS: tuple[str, ...] = get_args(Versions)
SORTS: tuple[str, ...] = get_args(Sort)
FILTERS = ("versions", "section", "place", "author", "outlet")
KINDS: tuple[str, ...] = get_args(MatchKind)
LONGEST_VALUE = 200
MOST_OFF = 50  # expansions that one address can switch off
LONGEST_OFF = 2000  # characters of all of them: each stands in every link of a page
LONGEST_QUERY = max(LENGTH, LONGEST_ADDRESS) + 1  # characters: more than are read, so that the cut is noticed


def day_of(text: str, end: bool) -> date | None:
    """The first (or, with `end`, last) day of "2024", "2024-03" or "2024-03-05", in any digits; None: not a date."""
    parts = text.strip().replace("/", "-").split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    numbers = [int("".join(str(unicodedata.decimal(char)) for char in part)) for part in parts]
    year, month, day = [*numbers, 0, 0][:3]
    try:
        first = date(year, month or (12 if end else 1), 1)
        last = monthrange(first.year, first.month)[1]
        return date(first.year, first.month, day) if len(numbers) == 3 else first.replace(day=last if end else 1)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SearchParams:
    """A search as its address has it; `start` and `end` are what `from` and `to` mean (None: open, unreadable)."""

    q: str = ""
    match: Match = "related"
    off: tuple[str, ...] = ()  # expansions switched off, each once
    versions: str = ""
    section: str = ""
    place: str = ""
    author: str = ""
    outlet: str = ""
    from_: str = ""
    to: str = ""
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> SearchParams:
        def value(name: str) -> str:
            return args.get(name, "").strip()[:LONGEST_VALUE]

        match, versions, sort, page = value("match"), value("versions"), value("sort"), value("page")
        return cls(
            q=args.get("q", "").strip()[:LONGEST_QUERY],
            match=match if match in MATCHES else "related",
            off=_switched_off(args.getlist("x") if isinstance(args, MultiDict) else []),
            versions=versions if versions in VERSIONS else "",
            section=value("section"),
            place=value("place"),
            author=value("author"),
            outlet=value("outlet"),
            from_=value("from"),
            to=value("to"),
            sort=sort if sort in SORTS else "relevance",
            page=min(max(int(page), 1), LAST_PAGE) if page.isdecimal() and len(page) < 9 else 1,
        )

    @property
    def start(self) -> date | None:
        return day_of(self.from_, end=False)

    @property
    def end(self) -> date | None:
        return day_of(self.to, end=True)

    @property
    def bad_dates(self) -> tuple[str, ...]:
        """The dates that could not be read, as typed."""
        readings = ((self.from_, self.start), (self.to, self.end))
        return tuple(text for text, day in readings if text and day is None)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by the names in the address; `dates` stands for from and to."""
        found = {name: str(getattr(self, name)) for name in FILTERS if getattr(self, name)}
        if self.start or self.end:
            found["dates"] = f"{self.from_}..{self.to}"
        return found

    def but(self, **changes: str | int | tuple[str, ...]) -> SearchParams:
        """The same search with changes; it starts at its first page unless `page` is one of them."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def without(self, name: str) -> SearchParams:
        """The same search without one of `filters`."""
        return self.but(from_="", to="") if name == "dates" else self.but(**{name: ""})

    def switched(self, key: str) -> SearchParams:
        """The same search with an expansion switched off, or on again."""
        if key in self.off:
            return self.but(off=tuple(each for each in self.off if each != key))
        return self.but(off=_fitting((key, *reversed(self.off)))[::-1])

    @property
    def steering(self) -> dict[str, str | list[str]]:
        """Of the address what decides which words are looked for; defaults are left out."""
        named: dict[str, str | list[str]] = {"q": self.q, "match": "" if self.match == "related" else self.match}
        return {name: value for name, value in {**named, "x": list(self.off)}.items() if value}

    @property
    def arguments(self) -> dict[str, str | list[str]]:
        """What the address needs; defaults are left out."""
        named = {**{name: str(getattr(self, name)) for name in FILTERS}, "from": self.from_, "to": self.to}
        named["sort"] = "" if self.sort == "relevance" else self.sort
        named["page"] = "" if self.page == 1 else str(self.page)
        return {**self.steering, **{name: text for name, text in named.items() if text}}

    def expanded(self, query: Query, outlets: Mapping[str, Outlet], knowledge: Knowledge) -> Query:
        """The query as engines should get it."""
        return expand(resolved(query, outlets), knowledge, self.match, self.off)

    def whole(self, query: Query, outlets: Mapping[str, Outlet], knowledge: Knowledge) -> Query:
        """`expanded` with nothing switched off."""
        return self.but(off=()).expanded(query, outlets, knowledge)

    def request(
        self,
        query: Query,
        outlets: Mapping[str, Outlet],
        knowledge: Knowledge,
        limit: int = PAGE_SIZE,
        facets: bool = True,
    ) -> Request:
        return Request(
            query=self.expanded(query, outlets, knowledge),
            versions=cast(Versions, self.versions) if self.versions else None,
            section=self.section or None,
            place=self.place or None,
            author=self.author or None,
            outlet=self.outlet or None,
            start=self.start,
            end=self.end,
            sort=cast(Sort, self.sort),
            offset=(self.page - 1) * limit,
            limit=limit,
            facets=facets,
        )


def _switched_off(values: Sequence[str]) -> tuple[str, ...]:
    """What can be the key of an expansion, no more than fits into an address."""
    known = (
        value for value in values[:LONGEST_QUERY] if value.partition(":")[0] in KINDS and len(value) <= LONGEST_VALUE
    )
    return _fitting(tuple(dict.fromkeys(known)))


def _fitting(keys: Sequence[str]) -> tuple[str, ...]:
    """The first of them that an address can hold."""
    lengths = accumulate(map(len, keys))
    return tuple(key for key, length in zip(keys, lengths, strict=True) if length <= LONGEST_OFF)[:MOST_OFF]
