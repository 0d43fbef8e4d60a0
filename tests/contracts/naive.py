"""What a query finds, by the plainest reading of the tree: every story is looked at word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise, product

from indexer.document import IndexDocument
from indexer.tree import (
    And,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Leaf,
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
    """Whether a story is found; `field` is where the node's words are looked for."""
    if document.tombstone or isinstance(node, Everything | Nothing):
        return isinstance(node, Everything) and not document.tombstone
    match node:
        case And(parts) | Or(parts):
            return (all if isinstance(node, And) else any)(finds(part, document, field) for part in parts)
        case Not(inside):
            return not finds(inside, document, field)
        case InField(name, inside):
            return finds(inside, document, name)
        case DateRange():
            return _dated(node, document)
        case _:
            return _holds(node, _texts(document, field, node.side), in_text=field in ("text", "title"))


def _dated(days: DateRange, document: IndexDocument) -> bool:
    if days.start is None and days.end is None:
        return True
    return document.day is not None and (days.start or date.min) <= document.day <= (days.end or date.max)


def _holds(leaf: Leaf, texts: list[Text], in_text: bool) -> bool:
    there = {word for text in texts for word in _folded(text)}
    match leaf:
        case Word(word, _, exact):
            terms = analyse(word)
            loose = in_text and not exact
            return any(_row(_folded(terms), _folded(text)) for text in texts) or (
                loose and any(_row([t.stem for t in terms], [t.stem for t in text]) for text in texts)
            )
        case Phrase(words):
            return any(_row(_all(words), _folded(text)) for text in texts)
        case Near(words, _, distance) if in_text:
            return any(_near(sorted(set(_all(words))), _folded(text), distance) for text in texts)
        case Near(words):
            return there.issuperset(_all(words))
        case Prefix(begun):
            *whole, last = _all([begun])
            return there.issuperset(whole) and any(word.startswith(last) for word in there)
        case Fuzzy(typed):
            return all(any(edits(asked, word) <= _allowed(asked) for word in there) for asked in _all([typed]))


@cache
def _analysed(text: str, lang: str) -> Text:
    return analyse(text, lang)


def _texts(document: IndexDocument, field: str, side: str | None) -> list[Text]:
    if field in ("text", "title"):
        return [
            _analysed(paragraph, each.lang)
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


def _near(words: list[str], there: list[str], distance: int | None) -> bool:
    places = [[place for place, found in enumerate(there) if found == word] for word in words]
    between = (sum(b - a - 1 for a, b in pairwise(sorted(chosen))) for chosen in product(*places))
    return any(distance is None or found <= distance for found in between)


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
