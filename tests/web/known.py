"""A little of what the sample stories' words are called otherwise, for tests of the pages."""

from __future__ import annotations

from pathlib import Path

from indexer.expand import Knowledge
from indexer.tree import Alternative, Side
from language.nametable import NameTable
from language.spelling import edits
from language.tokens import Term, folded, words

NAMES = """
place | Raqqa, Ar-Raqqah | الرقة
place | Homs             | حمص
"""
OTHERS: dict[str, tuple[Alternative, ...]] = {
    "displac": (
        Alternative("ar", "stem", ("نازح",), "learned", 0.62, "نازحون"),
        Alternative("ar", "folded", ("المهجرين",), "gloss", 0.3, "مهجَّر"),
        *(Alternative("ar", "folded", (f"كلمة{letter}",), "gloss", 0.16, f"كلمة{letter}") for letter in "ابتثجح"),
    ),
    "نازح": (Alternative("en", "folded", ("displaced",), "learned", 0.62, "displaced"),),
    "خبز": (Alternative("en", "folded", ("rent",), "learned", 0.2, "rent"),),
}
MET = {
    folded(word): word for word in words("library libraries mobile Raqqa olive Homs المكتبة المتنقلة الرقة النازحون")
}


def related(term: Term, side: Side) -> tuple[Alternative, ...]:
    return OTHERS.get(term.stem, ())


def nearly(side: Side, word: str, wrong: int, limit: int) -> list[tuple[str, int]]:
    near = sorted((edits(word, form, wrong), form) for form in MET if form.isascii() == (side == "en"))
    return [(form, 1) for far, form in near if far <= wrong][:limit]


def known(folder: Path) -> Knowledge:
    """folder: for the table of names."""
    table = folder / "names.txt"
    table.write_text(NAMES, encoding="utf-8")
    return Knowledge(names=NameTable.read(table), related=related, nearly=nearly)
