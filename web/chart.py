"""The chart of stories by year. Its geometry is computed here, without script; Arabic time runs from the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.engine import Year
from web.words import Words

TOP, BASE_GAP = 22.0, 21.5  # room for a bar's figure above, for the years below
LONGEST_SPAN = 60  # years; beyond that (a wrong date) years without stories get no place of their own


@dataclass(frozen=True, slots=True)
class Bar:
    name: str  # css class: "both", "ar", "en"
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One year. x, width in percent, the rest in pixels; `alt` years give way on narrow screens."""

    year: str
    href: str
    label: str
    x: float
    bar_x: float
    centre: float
    bars: tuple[Bar, ...]
    total: str
    total_y: float
    alt: bool
    out: bool


@dataclass(frozen=True, slots=True)
class Chart:
    height: float
    base: float
    width: float  # of one year, percent
    columns: tuple[Column, ...]
    figures: bool  # the totals stand above the bars

    @property
    def bar_width(self) -> float:
        return self.width * 0.68


def spell(words: Words, year: Year) -> str:
    """A bar in words, for those who do not see it."""
    total = words.count("%(num)s story", "%(num)s stories", year.both + year.ar + year.en)
    told = words.gettext("%(year)s: %(total)s; %(both)s in both languages, %(ar)s Arabic only, %(en)s English only")
    number = words.number
    return told % {
        "year": words.digits(str(year.year)), "total": total,
        "both": number(year.both), "ar": number(year.ar), "en": number(year.en),
    }  # fmt: skip


def _filled(years: Sequence[Year]) -> list[Year]:
    known = {year.year: year for year in years}
    if not known or max(known) - min(known) > LONGEST_SPAN:
        return sorted(years, key=lambda year: year.year)
    return [known.get(n, Year(n, 0, 0, 0)) for n in range(min(known), max(known) + 1)]


def _bars(year: Year, scale: float, base: float) -> tuple[tuple[Bar, ...], float]:
    """The stacked bars of a year with a gap of one pixel, and the height where they end."""
    bars, y = [], base
    for name, count in (("both", year.both), ("ar", year.ar), ("en", year.en)):
        if count:
            height = max(1.0, count * scale - 1)
            bars.append(Bar(name, round(y - height, 1), round(height, 1)))
            y -= height + 1
    return tuple(bars), y


def chart(
    years: Sequence[Year],
    words: Words,
    link: Callable[[int], str],
    chosen: Callable[[int], bool] = lambda _year: True,
    height: float = 128,
    figures: bool = True,
) -> Chart | None:
    """The chart, or None when there is nothing to compare (fewer than two years)."""
    filled = _filled(years)
    if len(filled) < 2:
        return None
    tallest = max(year.both + year.ar + year.en for year in filled)
    base, width = height - BASE_GAP, 100 / len(filled)
    scale = (base - TOP) / tallest
    columns = []
    for place, year in enumerate(filled):
        x = 100 - (place + 1) * width if words.lang == "ar" else place * width
        bars, top = _bars(year, scale, base - 1.5)
        total = year.both + year.ar + year.en
        column = Column(
            year=words.digits(str(year.year)),
            href=link(year.year),
            label=spell(words, year),
            x=round(x, 2),
            bar_x=round(x + width * 0.16, 2),
            centre=round(x + width / 2, 2),
            bars=bars,
            total=words.number(total) if total else "",
            total_y=round(top - 4, 1),
            alt=(len(filled) - place) % 2 == 0,  # the newest year stays
            out=not chosen(year.year),
        )
        columns.append(column)
    return Chart(height, base, round(width, 2), tuple(columns), figures)
