"""An article's blocks as the story page shows them: aligned, numbered, with the query's words marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.model import Version
from archive.pairing.align import Row, align
from indexer.engine import Piece
from indexer.passages import mark, wanted
from indexer.query import parse
from web.params import SearchParams
from web.services import Services

Marker = Callable[[str, str], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class BlockView:
    """anchor: "en-12" is the twelfth block of the English revision shown."""

    anchor: str
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row; without blocks it is one-sided and says in which version they are not."""

    lang: str
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    number: int
    cells: tuple[Cell, ...]
    label: str  # "5 · 4–5": the English paragraphs, then the Arabic ones
    marked: bool


def marker(params: SearchParams, given: Services) -> Marker:
    """What marks the query's words, and what they are expanded by, in a text of a language; without a query nothing."""
    if not params.q:
        return lambda text, _lang: (Piece(text),)
    knowledge = given.knowledge()
    words = wanted(params.expanded(parse(params.q), given.outlets, knowledge).tree)
    return lambda text, lang: mark(text, lang, words, knowledge.choose)


def view(version: Version, marks: Marker) -> tuple[BlockView, ...]:
    lang = str(version.lang)
    return tuple(
        BlockView(f"{lang}-{place}", block.kind.value, marks(block.text, lang))
        for place, block in enumerate(version.content.blocks, 1)
    )


def single(version: Version, marks: Marker) -> tuple[RowView, ...]:
    """One version by itself, a row a block."""
    blocks = view(version, marks)
    return tuple(_row(n, (Cell(str(version.lang), (block,)),), str(n)) for n, block in enumerate(blocks, 1))


def side_by_side(left: Version, right: Version, marks: Marker) -> tuple[RowView, ...]:
    """Both versions in aligned rows, `left` first in the source; labels name the English side first."""
    blocks = {left.lang: view(left, marks), right.lang: view(right, marks)}
    rows = []
    for n, row in enumerate(aligned(left, right), 1):
        cells = (
            Cell(str(left.lang), tuple(blocks[left.lang][i] for i in row.left)),
            Cell(str(right.lang), tuple(blocks[right.lang][i] for i in row.right)),
        )
        sides = (row.left, row.right) if left.lang == "en" else (row.right, row.left)
        rows.append(_row(n, cells, " · ".join(map(_span, sides))))
    return tuple(rows)


def aligned(left: Version, right: Version) -> tuple[Row, ...]:
    """Rows of block numbers (from 0) of two readable versions."""
    return align([block.text for block in left.content.blocks], [block.text for block in right.content.blocks])


def _span(places: tuple[int, ...]) -> str:
    """Block numbers from 1, as people write them: "–", "5", "4–5"."""
    if not places:
        return "–"
    first, last = min(places) + 1, max(places) + 1
    return str(first) if first == last else f"{first}–{last}"


def _row(number: int, cells: tuple[Cell, ...], label: str) -> RowView:
    marked = any(piece.match for cell in cells for block in cell.blocks for piece in block.pieces)
    return RowView(number, cells, label, marked)
