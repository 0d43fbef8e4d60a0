"""Invented stories for the engines: some written by hand, some drawn from a small vocabulary with a fixed seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from archive.model import Change, StoryId
from indexer.document import IndexDocument, IndexedSide
from language.names import key

_ARABIC = """
قصف القصف النازحون نازحين للنازحين مدينة المدينة مدن إدلب ادلب الرقة حلب ريف دمشق المياه مياه أسعار الأسعار سعر مدرسة
مدارس المدارس طالب الطلاب مؤتمر المؤتمر هيئة على علي كتاب كـــتاب مُهَجَّر المهجرين ٢٠٢٤ 2024 ۱۹۸۰ في من بعد BBC آخر
"""
_ENGLISH = """
shelling displaced displacement displace families family Raqqa raqa Aleppo Idlib water waters prices price pricing
schools school student students Sana'a conference the of after 2024 1980 governments government agreed agree Café naïve
"""
ARABIC, ENGLISH = tuple(_ARABIC.split()), tuple(_ENGLISH.split())
AUTHORS = ("أحمد الخطيب", "احمد الخطيب", "سلمى الدَّرويش", "Huda Karam", "Omar Al-Nasser")
SECTIONS = ("news", "human-stories", "رأي", None)
PLACES = ("دمشق", "حلب", "Raqqa", None)
OUTLETS = ("warrak-times", "sada")


def side(lang: str, *paragraphs: str, authors: tuple[str, ...] = (), published: str | None = None) -> IndexedSide:
    return IndexedSide(lang, f"https://{lang}.example/{abs(hash(paragraphs)) % 1000}", paragraphs, authors, published)


def story(number: int, *sides: IndexedSide, change: int = 0, **rest: object) -> IndexDocument:
    langs = {each.lang for each in sides}
    versions = "both" if langs == {"ar", "en"} else langs.pop() if langs in ({"ar"}, {"en"}) else "other"
    values: dict[str, object] = {
        "versions": versions if sides else "",
        "outlet": "sada" if sides else "",
        "authors": tuple(dict.fromkeys(key(name) for each in sides for name in each.authors)),
    }
    return IndexDocument(StoryId(number), Change(change or number), sides, **(values | rest))  # type: ignore[arg-type]


def by_hand() -> list[IndexDocument]:
    return [
        story(
            1,
            side(
                "ar",
                "النازحون في إدلب يعودون",
                "عادت خمسون عائلةً إلى ريفِ دمشق.",
                "قال أحمد: أسعار المياه ارتفعت كثيراً.",
            ),
            side(
                "en",
                "Displaced people of Idlib return",
                "Fifty families went home.",
                "Water, he said, and bread prices rose.",
            ),
            day=date(2024, 3, 5),
            section="news",
            places=("دمشق",),
            tags=("نزوح",),
            issue=512,
        ),
        story(
            2,
            side("ar", "قصفٌ على المدرسة", "المدينة القديمة، ريف حلب ودمشق.", authors=("أحمد الخطيب",)),
            day=date(2024, 12, 31),
            section="news",
            issue=1980,
        ),
        story(
            3,
            side(
                "en",
                "Shelling near a school",
                "The water was cut. Prices",
                "rose after the shelling.",
                authors=("Huda Karam",),
            ),
            day=date(2025, 1, 1),
            section="human-stories",
            outlet="warrak-times",
        ),
        story(
            4,
            side("ar", "مـــؤتمر عن التعليم", "بلغ العدد ١٬٢٥٠ طالباً سنة ٢٠٢٣"),
            side("en", "A conference on education", "The number reached 1,250 students in 2023"),
            stale=True,
            day=date(2023, 6, 1),
            section="رأي",
        ),
        story(5, side("tr", "Rakka'da su fiyatları", "Su fiyatları yükseldi"), day=date(2022, 5, 5)),
        story(6, side("en", "A report without a day", "Nothing but text about olives")),
        story(7),
    ]


def drawn(count: int, seed: int = 3, first: int = 100) -> list[IndexDocument]:
    chance = random.Random(seed)
    return [_drawn(chance, first + index) for index in range(count)]


def corpus() -> list[IndexDocument]:
    return [*by_hand(), *drawn(26)]


def _drawn(chance: random.Random, number: int) -> IndexDocument:
    langs = chance.choice((("ar",), ("en",), ("ar", "en"), ("ar", "en"), ()))
    place = chance.choice(PLACES)
    return story(
        number,
        *(_side(chance, lang) for lang in langs),
        stale=len(langs) == 2 and chance.random() < 0.3,
        day=None if chance.random() < 0.1 else date(2020, 1, 1) + timedelta(days=chance.randrange(1500)),
        changed=1_700_000_000 + number * 7919 % 1000,
        section=chance.choice(SECTIONS) if langs else None,
        outlet=chance.choice(OUTLETS) if langs else "",
        places=(key(place),) if place and langs else (),
        tags=("مياه",) if langs and chance.random() < 0.3 else (),
        issue=chance.choice((None, 512, 600)) if langs else None,
    )


def _side(chance: random.Random, lang: str) -> IndexedSide:
    vocabulary = ARABIC if lang == "ar" else ENGLISH
    lengths = [chance.randint(2, 5), *(chance.randint(1, 14) for _ in range(chance.randint(0, 4)))]
    paragraphs = (" ".join(chance.choice(vocabulary) for _ in range(length)) for length in lengths)
    return side(lang, *paragraphs, authors=tuple(chance.sample(AUTHORS, chance.randint(0, 2))))
