"""Words that the dictionary lacks or reads wrongly: mappings/morphology.supplement.tsv.

One line a stem, six fields with tabs between: lemma with vowels, stem, category, part of speech, root, English gloss;
Arabic words in Arabic letters. What is in it goes before the dictionary: a word that it can read has no other reading,
unless it needs more prefixes for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from language import arabic

FILE = Path(__file__).parents[2] / "mappings" / "morphology.supplement.tsv"
# AraMorph's names for what may stand around a stem.
CATEGORIES = {
    "Nprop": "a name that never has ال",
    "N0": "a noun or name, with ال or without, and nothing after it",
    "N": "a masculine noun, with possessives",
    "Ndip": "a noun without nunation: broken plurals and the like",
    "Nap": "a noun written here without its final ة",
    "NapAt": "the same, with a plural in ات",
    "NduAt": "a noun with a dual and a plural in ات",
    "NAt": "a plural in ات, written here without it",
    "Nall": "an adjective or noun with every ending",
}
PARTS_OF_SPEECH = ("noun", "noun_prop", "adj")

_ARABIC = re.compile(rf"[{arabic.LETTERS}{arabic.MARKS}]+")
_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]+")


class SupplementError(ValueError):
    """A supplement with a mistake; the message names file, line and reason."""


class Entry(NamedTuple):
    lemma: str
    stem: str
    category: str
    pos: str
    root: str
    gloss: str


def read(file: Path) -> tuple[Entry, ...]:
    """The entries of a supplement, in its order; lines that are empty or begin with # say nothing.

    Raises:
        SupplementError: a line that is no entry.
        OSError: the file cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise SupplementError(f"{file}: is not UTF-8: {error.reason} at byte {error.start}") from None
    found: dict[tuple[str, str, str], int] = {}
    entries = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t")]
        if reason := next(_wrong(fields), None):
            raise SupplementError(f"{file}, line {number}: {reason}")
        entry = Entry._make(fields)
        if (first := found.setdefault(entry[:3], number)) != number:
            raise SupplementError(f"{file}, line {number}: {entry.stem} as {entry.category} is on line {first} already")
        entries.append(entry)
    return tuple(entries)


def _wrong(fields: list[str]) -> Iterator[str]:
    if len(fields) != 6:
        yield f"has {len(fields)} fields, not 6: lemma, stem, category, part of speech, root, gloss, with tabs between"
        return
    entry = Entry._make(fields)
    for name in ("lemma", "stem"):
        if not _ARABIC.fullmatch(getattr(entry, name)):
            yield f"the {name} {getattr(entry, name)!r} is not one word in Arabic letters"
    if not _LETTERS.fullmatch(entry.root):
        yield f"the root {entry.root!r} is not made of Arabic letters without vowel signs"
    if entry.category not in CATEGORIES:
        yield f"there is no category {entry.category!r}; it may be {', '.join(CATEGORIES)}"
    if entry.pos not in PARTS_OF_SPEECH:
        yield f"there is no part of speech {entry.pos!r}; it may be {', '.join(PARTS_OF_SPEECH)}"
    if not entry.gloss:
        yield "the gloss is empty"
