"""Number words of Arabic and English, and how several of them, or digits and a scale word, make one number.

The order of the words is each language's own: خمسة وعشرون and twenty-five, مئة وخمسة and a hundred and five, ٤٦ ألفا
and 46 thousand, ألفان, نصف مليون, two and a half million.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from language.arabic import MARKS, members

Kind = Literal["digits", "half", "ones", "ten", "tens", "hundred", "hundreds", "scale", "dual"]


class Numeral(NamedTuple):
    """A word's value and its place in a number. alone: it is a number without others (one and ملايين are not)."""

    value: Decimal
    kind: Kind
    arabic: bool
    alone: bool


_SPELLING: dict[int, str | None] = {
    **dict.fromkeys(members(MARKS)),
    **{ord(a): b for a, b in {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}.items()},
}
# A line is value, kind, words; what stands after / is no number by itself.
_ARABIC = """
0.5 half / نصف
1 ones / واحد واحده واحدا احد احدي
2 ones اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي
3 ones ثلاث ثلاثه ثلاثا
4 ones اربع اربعه اربعا
5 ones خمس خمسه خمسا
6 ones ست سته ستا
7 ones سبع سبعه سبعا
8 ones ثمان ثماني ثمانيه ثمانيا
9 ones تسع تسعه تسعا
10 ten عشر عشره عشرا
20 tens عشرون عشرين
30 tens ثلاثون ثلاثين
40 tens اربعون اربعين
50 tens خمسون خمسين
60 tens ستون ستين
70 tens سبعون سبعين
80 tens ثمانون ثمانين
90 tens تسعون تسعين
100 hundred مئه مائه / مئات
200 hundreds مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي
300 hundreds ثلاثمئه ثلاثمائه
400 hundreds اربعمئه اربعمائه
500 hundreds خمسمئه خمسمائه
600 hundreds ستمئه ستمائه
700 hundreds سبعمئه سبعمائه
800 hundreds ثمانمئه ثمانمائه ثمانيمئه ثمانيمائه
900 hundreds تسعمئه تسعمائه
1000 scale الف / الفا الاف
2000 dual الفان الفين الفي
1000000 scale مليون / مليونا ملايين
2000000 dual مليونان مليونين مليوني
1000000000 scale مليار بليون / مليارا مليارات بلايين
2000000000 dual ملياران مليارين ملياري
1000000000000 scale تريليون ترليون / تريليونا تريليونات
"""
_ENGLISH = """
0.5 half / half
1 ones / one
2 ones two
3 ones three
4 ones four
5 ones five
6 ones six
7 ones seven
8 ones eight
9 ones nine
10 tens ten
11 tens eleven
12 tens twelve
13 tens thirteen
14 tens fourteen
15 tens fifteen
16 tens sixteen
17 tens seventeen
18 tens eighteen
19 tens nineteen
20 tens twenty
30 tens thirty
40 tens forty
50 tens fifty
60 tens sixty
70 tens seventy
80 tens eighty
90 tens ninety
100 hundred / hundred
1000 scale / thousand
1000000 scale / million
1000000000 scale / billion
1000000000000 scale / trillion
"""


def _table(lines: str, arabic: bool) -> dict[str, Numeral]:
    out = {}
    for line in lines.strip().splitlines():
        value, kind, *words = line.split()
        cut = words.index("/") if "/" in words else len(words)
        for place, word in enumerate(words):
            out[word] = Numeral(Decimal(value), kind, arabic, place < cut)  # type: ignore[arg-type]
    return out


_WORDS = _table(_ENGLISH, arabic=False) | _table(_ARABIC, arabic=True)


def spelling(word: str) -> str:
    """`word` as the table has it: lower case, no vowel signs, one alef; but مئتين and ميتين stay apart."""
    return word.lower().translate(_SPELLING)


def numeral(spelled: str) -> Numeral | None:
    """The numeral of a word in `spelling`; None when it is none."""
    return _WORDS.get(spelled)


class Reading:
    """A number while its words are read one after the other."""

    def __init__(self) -> None:
        self._done = Decimal(0)  # what the scale words so far have closed
        self._limit: Decimal | None = None  # the last scale word: the next must be smaller
        self._open: Decimal | None = None  # below the next scale word
        self._last: Numeral | None = None
        self._count = 0

    @property
    def value(self) -> Decimal | None:
        """The number read; None when it is nothing yet, or one word that is no number alone."""
        if self._last is None or (self._count == 1 and not self._last.alone):
            return None
        return self._done + (self._open or 0)

    def take(self, word: Numeral, linked: bool) -> bool:
        """Read one more; linked: an and, or و, was before it. False, and nothing changes, when it does not fit."""
        if not (self._scale(word, linked) if word.kind in ("scale", "dual") else self._small(word, linked)):
            return False
        self._last = word
        self._count += 1
        return True

    def _scale(self, word: Numeral, linked: bool) -> bool:
        scale = word.value / 2 if word.kind == "dual" else word.value
        if self._limit is not None and scale >= self._limit:
            return False
        times = self._open
        if times is None:
            if not word.alone or (self._last is not None and not linked):
                return False
            self._done += word.value
        elif linked or word.kind == "dual" or (times >= 1000 and scale == 1000):  # 2020 ألف is a year and a thousand
            return False
        else:
            self._done += times * scale
        self._limit, self._open = scale, None
        return True

    def _small(self, word: Numeral, linked: bool) -> bool:
        added = self._added(word, linked)
        if added is None:
            return False
        self._open = added
        return True

    def _added(self, word: Numeral, linked: bool) -> Decimal | None:
        """What stands below the next scale word once `word` is read; None when it does not fit."""
        last, value, so_far = self._last, word.value, self._open
        if last is None:
            return None if word.kind == "hundred" and not word.alone else value
        if word.kind == "half":
            return (so_far or 0) + value * (1 if so_far is not None else self._limit or 1) if linked else None
        if so_far is None:  # after a scale word
            fits = self._limit is not None and value < self._limit and last.kind != "half"
            follows = linked and last.arabic if word.kind == "digits" or word.arabic else True
            return value if fits and follows and (word.alone or word.kind == "ones") else None
        return _joined(so_far, last, word, linked)


def _joined(so_far: Decimal, last: Numeral, word: Numeral, linked: bool) -> Decimal | None:
    """`so_far` with one more word below a thousand."""
    value = word.value
    if last.kind in ("ones", "digits") and word.kind == "hundred":
        return so_far * 100 if not linked and so_far < 10 else None
    if last.kind == "ones" and word.arabic:
        return so_far + value if (word.kind == "ten" and not linked) or (word.kind == "tens" and linked) else None
    if last.kind in ("hundred", "hundreds") and word.kind in ("ones", "ten", "tens"):
        return so_far + value if linked or not word.arabic else None
    if last.kind == "tens" and word.kind == "ones" and not word.arabic:
        return so_far + value if last.value >= 20 and not linked else None
    return None
