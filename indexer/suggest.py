"""What to ask instead when a query finds nothing. Only what finds something is suggested, with how much it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Literal, NamedTuple

from indexer.expand import Knowledge, Nearly, expand
from indexer.query import parse
from indexer.streams import tolerance
from indexer.tree import (
    Alternative,
    And,
    DateRange,
    Everything,
    Expanded,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Side,
    Word,
)
from language.keyboard import other_layout
from language.stopwords import stopwords
from language.tokens import folded, tokens

SuggestionKind = Literal[
    "spelling", "keyboard", "language", "related", "filter", "filters", "part", "parts", "unquoted", "any"
]
MOST_WORDS = 12  # of a query, that are looked at
_MOST_LENGTH = 40  # letters of a word whose spelling is looked for
_SPELLINGS = 3  # of one word
_MOST_PARTS = 4  # of a query that limit it
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»‹›', " "))
# A part of a query with its field, as it was typed: up to the next space outside of quotes and brackets.
_PART = re.compile(
    r"(?:AND\s+)?(?P<typed>(?:NOT\s+)?(?:[^\W\d_]+:\s+)?"
    r"""(?:["“”„«»][^"“”„«»]*["“”„«»]|\((?:[^()]|\([^()]*\))*\)|\S)+)"""
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query. without: the filters to be left out. parts: what of the query, as typed, is left out. related:
    whatever was switched off is on again."""

    kind: SuggestionKind
    text: str
    without: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    related: bool = False
    total: int = 0


class Found(NamedTuple):
    """How many stories a query finds, and the words of the first one that were found in the spelling asked for."""

    total: int
    words: tuple[str, ...] = ()


Find = Callable[[Suggestion], Found]


@dataclass(frozen=True, slots=True)
class Failed:
    """A query as it was read, that found nothing. filters: the names of those set. steered: not everything related was
    looked for."""

    query: Query
    filters: tuple[str, ...] = ()
    steered: bool = False


def suggestions(failed: Failed, knowledge: Knowledge, find: Find) -> tuple[Suggestion, ...]:
    """The likeliest first."""
    nearly = knowledge.nearly
    asked = list(islice(_words(failed.query.tree), MOST_WORDS))
    lost = [word for word in asked if _lost(word, failed, nearly, find)]
    text = failed.query.text
    tries = chain(
        islice(_counted(_respelt(text, lost, nearly), failed, find), _SPELLINGS),
        islice(_counted(_retyped(text, lost, nearly), failed, find), 1),
        _counted(_translated(asked, knowledge), failed, find),
        _counted(_wider(failed, asked), failed, find),
    )
    best: dict[tuple[str, tuple[str, ...], bool], Suggestion] = {}
    for each in tries:
        best.setdefault((each.text, each.without, each.related), each)
    return tuple(best.values())


def _counted(tries: Iterable[Suggestion], failed: Failed, find: Find) -> Iterator[Suggestion]:
    """Those that find something, if need be without filters; corrected words as the archive writes them."""
    for each in tries:
        total, words = find(each)
        if not total and failed.filters and not each.without:
            each = replace(each, without=failed.filters)
            total, words = find(each)
        if total:
            text = _as_written(each.text, words) if each.kind in ("spelling", "keyboard") else each.text
            yield replace(each, text=text, total=total)


def _words(node: Node) -> Iterator[Word]:
    """The words that must, or may, stand in a text."""
    match node:
        case Word(_, side) if side:
            yield node
        case Phrase(words, side) | Near(words, side) if side:
            yield from (Word(text, side) for text in words)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _words(part)
        case InField("title", inside):
            yield from _words(inside)


def _lost(word: Word, failed: Failed, nearly: Nearly | None, find: Find) -> bool:
    """Whether the archive has nothing for it by itself."""
    assert word.side
    if len(word.text) > _MOST_LENGTH:
        return False
    if nearly and list(nearly(word.side, folded(word.text), 0, 1)):
        return False
    return not find(Suggestion("any", word.text, failed.filters, related=True)).total


def _respelt(text: str, lost: Collection[Word], nearly: Nearly | None) -> Iterator[Suggestion]:
    if not lost:
        return
    if nearly is None:
        yield Suggestion("spelling", _replaced(text, {word.text: f"{word.text}~" for word in lost}))
        return
    near = {word.text: _near(word, nearly) for word in lost}
    for choice in range(_SPELLINGS):
        chosen = {word: found[min(choice, len(found) - 1)] for word, found in near.items() if found}
        if chosen:
            yield Suggestion("spelling", _replaced(text, chosen))


def _near(word: Word, nearly: Nearly) -> list[str]:
    """The archive's own words that are spelt nearly as this one."""
    assert word.side
    own = folded(word.text)
    found = nearly(word.side, own, tolerance(own), 2 * _SPELLINGS)
    common = stopwords(word.side)
    return [form for form, _ in found if form != own and form not in common][:_SPELLINGS]


def _retyped(text: str, lost: Collection[Word], nearly: Nearly | None) -> Iterator[Suggestion]:
    """The words as the other keyboard would have written them: what the archive has, or what is spelt nearly so."""
    texts = {word.text for word in lost}
    parts = text.split()
    wrong = {part: other_layout(part) for part in parts if any(token.text in texts for token in tokens(part))}
    if not any(wrong.values()):
        return
    for reading in range(2):
        other = {part: found[min(reading, len(found) - 1)] for part, found in wrong.items() if found}
        yield Suggestion("keyboard", " ".join(other.get(part, part) for part in parts))
    if nearly:
        meant = {part: _meant(part, found, nearly) for part, found in wrong.items()}
        yield Suggestion("keyboard", " ".join(meant.get(part, part) for part in parts))


def _meant(part: str, readings: Collection[str], nearly: Nearly) -> str:
    """Of a part of a query what the archive has: another layout's reading, or else what is spelt nearly as the part
    itself or as a reading."""
    for reading in readings:
        if all(list(nearly(word.side, folded(word.text), 0, 1)) for word in _told_apart(reading) if word.side):
            return reading
    for text in (part, *readings):
        near = {word.text: found[0] for word in _told_apart(text) if (found := _near(word, nearly))}
        if near:
            return _replaced(text, near)
    return part


def _told_apart(text: str) -> list[Word]:
    return [Word(token.text, _side(token.text)) for token in tokens(text)]


def _side(text: str) -> Side:
    return "en" if text.isascii() else "ar"


def _translated(asked: Collection[Word], knowledge: Knowledge) -> Iterator[Suggestion]:
    """The same in the other language, by the heaviest of what each word is called there."""
    plain = tuple(Word(word.text, word.side) for word in asked)
    if not plain or len({word.side for word in plain}) > 1:
        return
    side = plain[0].side
    query = Query("", And(plain))
    rows = list(_called(expand(query, knowledge).tree, "en" if side == "ar" else "ar"))
    if rows and all(rows):
        yield Suggestion("language", " ".join(rows))


def _called(node: Node, side: Side) -> Iterator[str]:
    """Word by word what it is called in that language; empty for what has no name there. Stop words are left out."""
    match node:
        case Or((And() as apart, Expanded() as name)):
            whole = _heaviest(name.others, side)
            yield from [whole] if whole else _called(apart, side)
        case And(parts):
            for part in parts:
                yield from _called(part, side)
        case Expanded(Word(text, own), _, others) if own and folded(text) not in stopwords(own):
            yield _heaviest(others, side)


def _heaviest(others: Iterable[Alternative], side: Side) -> str:
    best = max(
        (each for each in others if each.side == side and each.source), key=lambda each: each.weight, default=None
    )
    if best is None:
        return ""
    return f'"{best.source}"' if " " in best.source else best.source


def _wider(failed: Failed, asked: Collection[Word]) -> Iterator[Suggestion]:
    """Less that must be true of a story."""
    text = failed.query.text
    if failed.steered:
        yield Suggestion("related", text, related=True)
    for name in failed.filters:
        yield Suggestion("filter", text, (name,))
    if len(failed.filters) > 1:
        yield Suggestion("filters", text, failed.filters)
    yield from _without_limits(text)
    unquoted = " ".join(text.translate(_QUOTES).split())
    if unquoted != text:
        yield Suggestion("unquoted", unquoted)
    if 1 < len(asked) < MOST_WORDS:
        yield Suggestion("any", " OR ".join(word.text for word in asked))


def _without_limits(text: str) -> Iterator[Suggestion]:
    """The query without its fields and dates: without each of them, and without all."""
    limits = [part for part in _PART.finditer(text) if _limits(parse(part["typed"]).tree)][:_MOST_PARTS]
    for some in [[part] for part in limits] + ([limits] if len(limits) > 1 else []):
        rest = text
        for part in reversed(some):
            rest = rest[: part.start()] + rest[part.end() :]
        rest = " ".join(rest.split()).removeprefix("AND ")
        if rest:
            typed = tuple(part["typed"] for part in some)
            yield Suggestion("part" if len(some) == 1 else "parts", rest, parts=typed)


def _limits(node: Node) -> bool:
    """Whether it says where or when to look, but no word."""
    match node:
        case InField() | DateRange():
            return True
        case And(parts) | Or(parts):
            return all(_limits(part) or isinstance(part, Everything) for part in parts)
        case Not(inside):
            return _limits(inside)
    return False


def _replaced(text: str, words: dict[str, str]) -> str:
    """The text with some of its words exchanged."""
    out, at = "", 0
    for token in tokens(text):
        out += text[at : token.start] + words.get(token.text, token.text)
        at = token.end
    return out + text[at:]


def _as_written(text: str, written: Iterable[str]) -> str:
    """The text with its words in the spelling in which they were found."""
    by_form = {folded(word): word for word in sorted(written, key=str.islower)}  # no capital of a sentence
    return _replaced(text, {t.text: by_form[folded(t.text)] for t in tokens(text) if folded(t.text) in by_form})
