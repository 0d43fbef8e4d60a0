"""Query text -> Query. Never raises on what a reader types, and says in notes what it had to repair.

    query   := any ("OR" | "|") any …         any := part ["AND"] part …
    part    := ("NOT" | "-" | field ":")* (leaf | "(" query ")")

A field is handed down to the leaves: `title:(a OR b)` is `Or(InField(a), InField(b))`, so `InField` holds one leaf.
`Not` stands only in an `And`, beside something that it takes from: `Everything` when nothing else was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from indexer.lexer import Kind, Lexeme, Lexer
from indexer.tree import And, DateRange, Everything, InField, Node, Not, Note, Nothing, Or, Query
from language.arabic import CONTROLS

LENGTH, DEPTH, LEAVES = 2000, 16, 100  # characters kept; brackets inside one another; words and other leaves

_WRAPPING = rf"[\s<>«»“”„‘’‹›\"'{CONTROLS}]+"
_WRAPPED = re.compile(rf"\A{_WRAPPING}|{_WRAPPING}\Z")
_HOST = r"(?:[\w-]+\.)+[^\W\d_]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|localhost"
_OPENING, _ENDING = "([{", r".,،;؛:!?؟…)]}"  # of the sentence that an address was copied from
_ADDRESS = re.compile(rf"(?P<scheme>https?://)\S+|(?:{_HOST})(?::\d{{1,5}})?/\S*", re.IGNORECASE)
LONGEST_ADDRESS = 4000


def parse(text: str) -> Query:
    """What the reader asked for. `text` may be anything; of more than LENGTH characters the first are read."""
    address = _address(text)
    if address:
        return Query(text.strip(), Nothing(), address=address)
    notes: list[Note] = []
    kept = text[:LENGTH]
    if len(text) > LENGTH:
        notes.append(Note("too-long", (("kept", str(LENGTH)),)))
    lexer = Lexer(kept)
    lexemes = _capped(lexer.lexemes(), notes)
    lexemes = _balanced(lexemes, notes)
    parser = _Parser(lexemes, notes)
    found = parser.query()
    tree = parser.grounded(found) if found else Nothing() if kept.strip() else Everything()
    if isinstance(tree, Nothing):
        notes.append(Note("no-words"))
    return Query(kept, tree, tuple(dict.fromkeys([*lexer.notes, *notes])))


def _address(text: str) -> str | None:
    """The address that is all of `text`, with a scheme; None when it is something else."""
    if len(text) > LONGEST_ADDRESS:
        return None
    bare = _unwrapped(text)
    if re.match(r"https?%3a", bare, re.IGNORECASE):
        bare = unquote(bare)
    match = _ADDRESS.fullmatch(bare)
    if not match:
        return None
    return bare if match["scheme"] else f"https://{bare}"


def _unwrapped(text: str) -> str:
    """`text` without what stands around an address in a sentence; a bracket that the address itself opens stays."""
    bare = _WRAPPED.sub("", text).lstrip(_OPENING)
    while bare and bare[-1] in _ENDING and not (bare[-1] in ")]}" and _closes(bare)):
        bare = _WRAPPED.sub("", bare[:-1])
    return bare


def _closes(text: str) -> bool:
    """Whether the last sign closes a bracket that the text opens."""
    opening = _OPENING[")]}".index(text[-1])]
    return text.count(text[-1]) <= text.count(opening)


def _capped(lexemes: Iterable[Lexeme], notes: list[Note]) -> list[Lexeme]:
    out: list[Lexeme] = []
    leaves = 0
    for lexeme in lexemes:
        leaves += lexeme.kind == "leaf"
        if leaves > LEAVES:
            notes.append(Note("too-many", (("kept", str(LEAVES)),)))
            while out and out[-1].kind not in ("leaf", "close"):
                out.pop()
            break
        out.append(lexeme)
    return out


def _balanced(lexemes: list[Lexeme], notes: list[Note]) -> list[Lexeme]:
    """Every bracket with its partner, none empty, none deeper than DEPTH."""
    out: list[Lexeme] = []
    depth = 0  # of brackets typed; those beyond DEPTH are left out
    for lexeme in lexemes:
        if lexeme.kind == "open":
            depth += 1
            if depth > DEPTH:
                notes.append(Note("too-deep", (("kept", str(DEPTH)),)))
                continue
        elif lexeme.kind == "close":
            if depth == 0:
                notes.append(Note("stray-bracket"))
                continue
            depth -= 1
            if depth >= DEPTH:
                continue
            if out[-1].kind == "open":
                notes.append(Note("empty-brackets"))
                out.pop()
                continue
        out.append(lexeme)
    if depth:
        notes.append(Note("unclosed-bracket"))
        out += [Lexeme("close")] * min(depth, DEPTH)
    return out


@dataclass(slots=True)
class _Parser:
    """Recursive descent; brackets are balanced already, so the recursion is at most DEPTH deep."""

    lexemes: list[Lexeme]
    notes: list[Note]
    at: int = 0

    def query(self) -> Node | None:
        return self._joined("or", self._any, Or)

    def _any(self) -> Node | None:
        return self._joined("and", self._part, And)

    def _joined(self, operator: Kind, operand: Callable[[], Node | None], join: type[And] | type[Or]) -> Node | None:
        """Operands with `operator` between them; between the parts of an And it may be left out."""
        parts: list[Node] = []
        pending = False  # an operator that still lacks its right side
        while (kind := self._kind()) not in (None, "close"):
            if kind == operator:
                if pending or not parts:
                    self._dangling(operator)
                pending, self.at = bool(parts), self.at + 1
                continue
            if kind == "or":
                break  # an And ends here
            node = operand()
            if node is not None:
                parts.append(node)
                pending = False
        if pending:
            self._dangling(operator)
        return self._join(join, parts)

    def _part(self) -> Node | None:
        negated, name = False, ""
        while (kind := self._kind()) in ("not", "field"):
            negated ^= kind == "not"
            name = self.lexemes[self.at].name or name
            self.at += 1
        node: Node | None = None
        if kind == "leaf":
            node = self.lexemes[self.at].node
            self.at += 1
        elif kind == "open":
            self.at += 1
            node = self.query()
            self.at += 1  # its closing bracket
        elif negated or name:
            self._dangling(f"{name}:" if name else "not")
        if node is None:
            return None
        node = _within(name, node) if name else node
        return _negated(node) if negated else node

    def _kind(self) -> Kind | None:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else None

    def _join(self, join: type[And] | type[Or], parts: list[Node]) -> Node | None:
        if len(parts) < 2:
            return parts[0] if parts else None
        if join is Or:
            return Or(tuple(self.grounded(part) for part in parts))
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
        if all(isinstance(part, Not) for part in flat):
            return self.grounded(And(tuple(flat)))
        found = [part for part in flat if not isinstance(part, Everything | Not)]
        return And(tuple(part for part in flat if not (found and isinstance(part, Everything))))

    def grounded(self, node: Node) -> Node:
        """What only takes away takes from everything."""
        parts = node.parts if isinstance(node, And) else (node,)
        if not all(isinstance(part, Not) for part in parts):
            return node
        self.notes.append(Note("lone-not"))
        return And((Everything(), *parts))

    def _dangling(self, operator: str) -> None:
        shown = operator if operator.endswith(":") else operator.upper()
        self.notes.append(Note("dangling-operator", (("operator", shown),)))


def _negated(node: Node) -> Node:
    return node.inside if isinstance(node, Not) else Not(node)


def _within(name: str, node: Node) -> Node:
    """`node` with every leaf in the field; an inner field and dates stay what they are."""
    match node:
        case And(parts):
            return And(tuple(_within(name, part) for part in parts))
        case Or(parts):
            return Or(tuple(_within(name, part) for part in parts))
        case Not(inside):
            return Not(_within(name, inside))
        case InField() | DateRange() | Everything() | Nothing():
            return node
    return InField(name, node)
