"""What a query finds, by the plainest reading of the tree: every story is looked at word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, product

from indexer.document import IndexDocument
from indexer.tree import (
    And,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Word,
)
from language.script import side_of
from language.tokens import Term, analyse

Text = list[Term]


def finds(node: Node, document: IndexDocument, field: str = "text") -> bool:
    if document.tombstone:
        return False
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case DateRange(None, None):
            return True
        case DateRange(start, end):
            day = document.day
            return day is not None and (start is None or day >= start) and (end is None or day <= end)
        case InField(name, inside):
            return finds(inside, document, name)
        case And(parts):
            return all(finds(part, document, field) for part in parts)
        case Or(parts):
            return any(finds(part, document, field) for part in parts)
        case Not(inside):
            return not finds(inside, document, field)
        case Word(text, side, exact):
            texts = _texts(document, field, side)
            terms = analyse(text)
            loose = not exact and field in ("text", "title")
            return any(_row(_folded(terms), _folded(each)) for each in texts) or (
                loose and any(_row([t.stem for t in terms], [t.stem for t in each]) for each in texts)
            )
        case Phrase(words, side):
            return any(_row(_all(words), _folded(each)) for each in _texts(document, field, side))
        case Near(words, side, distance):
            return _near(sorted(set(_all(words))), _texts(document, field, side), distance, field)
        case Prefix(text, side):
            *whole, last = _all([text])
            there = {word for each in _texts(document, field, side) for word in _folded(each)}
            return all(word in there for word in whole) and any(word.startswith(last) for word in there)
        case Fuzzy(text, side):
            there = {word for each in _texts(document, field, side) for word in _folded(each)}
            return all(any(edits(asked, word) <= _allowed(asked) for word in there) for asked in _all([text]))


def _texts(document: IndexDocument, field: str, side: str | None) -> list[Text]:
    if field in ("text", "title"):
        return [
            analyse(paragraph, each.lang)
            for each in document.sides
            if side in (None, each.lang if each.lang in ("ar", "en") else side_of(each.paragraphs[0]))
            for paragraph in (each.paragraphs[:1] if field == "title" else each.paragraphs)
        ]
    names = {
        "author": [name for each in document.sides for name in each.authors],
        "section": [document.section or ""],
        "place": document.places,
        "tag": document.tags,
        "outlet": [document.outlet],
        "issue": [str(document.issue or "")],
    }
    return [analyse(name) for name in names[field]]


def _near(words: list[str], texts: list[Text], distance: int | None, field: str) -> bool:
    if field not in ("text", "title"):
        return all(any(word in _folded(each) for each in texts) for word in words)
    for each in texts:
        places = [[i for i, found in enumerate(_folded(each)) if found == word] for word in words]
        for chosen in product(*places):
            between = sum(b - a - 1 for a, b in pairwise(sorted(chosen)))
            if distance is None or between <= distance:
                return True
    return False


def _row(wanted: Sequence[str], there: Sequence[str]) -> bool:
    size = len(wanted)
    return size > 0 and any(list(there[i : i + size]) == list(wanted) for i in range(len(there) - size + 1))


def _folded(terms: Iterable[Term]) -> list[str]:
    return [term.folded for term in terms]


def _all(words: Iterable[str]) -> list[str]:
    return [term.folded for word in words for term in analyse(word)]


def _allowed(word: str) -> int:
    return 0 if len(word) < 3 else 1 if len(word) < 8 else 2


def edits(a: str, b: str) -> int:
    """Optimal string alignment: letters changed, added, dropped, or swapped with the next one."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
