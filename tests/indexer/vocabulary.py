"""Words as people write them, and as they should not: the words of real texts, each with one seeded disfigurement."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from language import arabic, english
from language.tokens import words

SIGNS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0653\u0654\u0655\u06d6"
ACCENTS = "\u0301\u0308\u0327\u034f\ufe0f"
CONTROLS = [chr(c) for c in arabic.members(arabic.CONTROLS)]
APOSTROPHES = [chr(c) for c in arabic.members(english.APOSTROPHES)]
LETTERS = [chr(c) for c in arabic.members(arabic.LETTERS)]
PRESENTED = [letter for letter in LETTERS if letter > "\ufb00"]
LATIN = "àéïöçñßæœøđðþłıħŋŧœÀÉİŐŽＡｂﬁǅạếữḀăəƒªº"
ALIKE = ("اأإآٱ", "يىئیېےۓ", "هةۃہھەۀۂ", "كک", "وؤ")
DIGITS = ("٠١٢٣٤٥٦٧٨٩٬٫", "۰۱۲۳۴۵۶۷۸۹٬٫", "٠١٢٣٤٥٦٧٨٩،.", "０１２３４５６７８９,.")
ENDINGS = (
    "s",
    "es",
    "ed",
    "ing",
    "ingly",
    "ness",
    "ments",
    "ation",
    "izer",
    "ful",
    "ist",
    "ogist",
    "ly",
    "ied",
    "ying",
)

Change = Callable[[random.Random, str], str]


def real(data: Path) -> Iterator[str]:
    """The texts of the search and pairing data."""
    for name in ("eval/documents.jsonl.gz", "pairs/stories.jsonl.gz"):
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                found = json.loads(line)
                for text in (found["ar"], found["en"]):
                    yield from [text] if isinstance(text, str) else text


def vocabulary(texts: Iterable[str]) -> list[str]:
    """The distinct words of `texts`, each also disfigured in one way of its script, and numbers in all digit sets."""
    chance = random.Random(20240305)
    plain = sorted({word for text in texts for word in words(text)})
    made = [chance.choice(_ways(word))(chance, word) for word in plain]
    return list(dict.fromkeys([*plain, *made, *(_number(chance) for _ in range(8_000)), *_noise(chance)]))


def _ways(word: str) -> list[Change]:
    return ARABIC if word[0] in "".join(LETTERS) else OTHER


def _sprinkled(signs: Iterable[str], often: float) -> Change:
    choice = list(signs)
    return lambda chance, word: "".join(c + (chance.choice(choice) if chance.random() < often else "") for c in word)


def _swapped(letters: Iterable[str]) -> Change:
    choice = list(letters)
    return lambda chance, word: "".join(chance.choice(choice) if chance.random() < 0.4 else c for c in word)


def _respelt(chance: random.Random, word: str) -> str:
    return "".join(next((chance.choice(group) for group in ALIKE if c in group), c) for c in word)


def _joined(chance: random.Random, word: str) -> str:
    return (
        word + chance.choice(["15", "١٥", "BBC", "ʼs", "'", "،", "٫", "-", "É"]) + chance.choice(["والمدينة", "x", ""])
    )


ARABIC: list[Change] = [
    _sprinkled(SIGNS, 0.5), _sprinkled("ـ", 0.4), _respelt, _swapped(PRESENTED), _sprinkled(CONTROLS, 0.3),
    _sprinkled(LETTERS, 0.3), _joined,
]  # fmt: skip
OTHER: list[Change] = [
    _sprinkled(APOSTROPHES, 0.2), lambda chance, word: word + chance.choice(APOSTROPHES) + "s", _swapped(LATIN),
    _sprinkled(CONTROLS, 0.2), _sprinkled(ACCENTS, 0.3), _sprinkled("٣۴5", 0.2), _joined,
    lambda chance, word: word + chance.choice(ENDINGS), lambda chance, word: word.upper(),
]  # fmt: skip


def _number(chance: random.Random) -> str:
    number = str(chance.randrange(10 ** chance.randrange(1, 9)))
    if chance.random() < 0.5:
        number = f"{int(number):,}"
    if chance.random() < 0.5:
        number += f".{chance.randrange(10_000)}"
    if chance.random() < 0.5:
        number = number.translate(str.maketrans("0123456789,.", chance.choice(DIGITS)))
    return number + chance.choice(".,٫٬،/-") + number if chance.random() < 0.1 else number


def _noise(chance: random.Random) -> Iterator[str]:
    signs = [*CONTROLS, *APOSTROPHES, *SIGNS, *ACCENTS, *"ابةىeEs15٣.,٫٬،ـ-"]
    for _ in range(4_000):
        yield "".join(chance.choice(signs) for _ in range(12))
