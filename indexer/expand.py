"""Query tree -> what else may match: other forms of a word, other spellings of a name, words of the other language.

Each alternative says its kind, its weight and what it comes from, and can be switched off by `key(alternative)`. What
stands in quotes, behind `=`, or is a beginning is searched as it was typed. What is negated is expanded by its forms
and names alone: a translation that is nearly right would take away stories that nobody named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Literal, TypeGuard, get_args

from indexer.streams import SIDES, Choose, asked, folded_terms
from indexer.tree import Alternative, And, Expanded, InField, Node, Not, Or, Phrase, Query, Side, Word
from indexer.weights import COMMON, NAME, OWN, telling
from language.nametable import Name, NameTable
from language.stopwords import stopwords
from language.tokens import Term

Match = Literal["exact", "inflected", "related"]
MATCHES: tuple[Match, ...] = get_args(Match)
_PARTICLES = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_NO_NAME = "-"  # stands where a word cannot be part of one
MOST = 24  # alternatives of one word; the heaviest

Related = Callable[[Term, Side], Iterable[Alternative]]
Nearly = Callable[[Side, str, int, int], Iterable[tuple[str, int]]]  # as `language.forms.FormsTable.nearly`


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beside the words themselves; any part may be missing.

    choose: lemma and root of Arabic words. rarity: 0..1, of a folded word of a side among the archive's. met: which of
    some folded words stand in the archive's texts of a side. related: what one word may be called otherwise, in either
    language. nearly: the archive's words spelt nearly as one, for who finds nothing.
    """

    choose: Choose | None = None
    rarity: Callable[[Side, str], float] | None = None
    met: Callable[[Side, Collection[str]], Collection[str]] | None = None
    names: NameTable | None = None
    related: Related | None = None
    nearly: Nearly | None = None


def key(alternative: Alternative) -> str:
    """What an alternative is called where it is switched off."""
    return f"{alternative.kind}:{alternative.source}"


def expand(query: Query, knowledge: Knowledge, match: Match = "related", off: Collection[str] = ()) -> Query:
    """The query as engines should get it; what was understood is told of the query as it was read.

    match: exact: the spelling as typed alone; inflected: its forms too; related: names and the other language too.
    """
    return replace(query, tree=_Expansion(knowledge, match, frozenset(off)).node(query.tree))


def alternatives(tree: Node) -> Iterator[tuple[str, Alternative]]:
    """All in a tree, with the words typed that they stand for."""
    match tree:
        case Expanded(typed, _, others):
            text = " ".join(typed.words) if isinstance(typed, Phrase) else typed.text
            yield from ((text, other) for other in others)
        case And(parts) | Or(parts):
            for part in parts:
                yield from alternatives(part)
        case InField(_, inside) | Not(inside):
            yield from alternatives(inside)


@dataclass(frozen=True, slots=True)
class _Expansion:
    """any_word: it is expanded for stories with any of the words, which the weak alternatives put in a better order."""

    knowledge: Knowledge
    match: Match
    off: frozenset[str]
    any_word: bool = False

    def node(self, node: Node) -> Node:
        match node:
            case Word() | Phrase(joined=True):
                return self._run([node])[0]
            case And(parts):
                return And(tuple(replace(self, any_word=False)._row(parts)))
            case Or(parts):
                return Or(tuple(replace(self, any_word=True)._row(parts)))
            case InField(name, inside):
                return InField(name, self.node(inside))
            case Not(inside):
                return Not(replace(self, knowledge=replace(self.knowledge, related=None)).node(inside))
            case _:
                return node

    def _row(self, parts: Sequence[Node]) -> Iterator[Node]:
        """Neighbouring words of one side may be one name."""
        for side, run in groupby(parts, key=lambda part: part.side if _spoken(part) else "other"):
            if side == "other":
                yield from map(self.node, run)
            else:
                yield from self._run([part for part in run if isinstance(part, Word | Phrase)])

    def _run(self, parts: Sequence[Word | Phrase]) -> list[Node]:
        named = self._named(parts)
        found: list[Node] = []
        at = 0
        while at < len(parts):
            length, names = named.get(at, (1, []))
            first = parts[at]
            if length > 1 or (names and isinstance(first, Phrase)):
                found.append(self._name(parts[at : at + length], names))
            else:
                found.append(self._word(first, names) if isinstance(first, Word) else first)
            at += length
        return found

    def _named(self, parts: Sequence[Word | Phrase]) -> dict[int, tuple[int, list[Alternative]]]:
        """By the place of its first part: how many parts a name has, and its other spellings."""
        if self.match != "related" or self.knowledge.names is None:
            return {}
        spelt = [_spelt(part) for part in parts]
        words = [word for row in spelt for word in row]
        starts = {start: place for place, start in enumerate(accumulate(map(len, spelt), initial=0))}
        return {
            starts[start]: (
                starts[start + length] - starts[start],
                self._spellings(name, words[start : start + length]),
            )
            for start, length, name in self.knowledge.names.find(words)
            if start in starts and start + length in starts
        }

    def _name(self, parts: Sequence[Word | Phrase], names: list[Alternative]) -> Node:
        """Its words in any form, or the name in another spelling."""
        own = tuple(self._word(part, [], own=True) if isinstance(part, Word) else part for part in parts)
        words = tuple(word for part in parts for word in ((part.text,) if isinstance(part, Word) else part.words))
        together = Expanded(Phrase(words, parts[0].side), NAME, self._kept(names))
        if len(own) == 1:
            return together
        return Or((*own, together) if self.any_word else (And(own), together))

    def _word(self, word: Word, names: list[Alternative], own: bool = False) -> Node:
        """own: its own forms alone, because it is part of a name."""
        terms = asked(word.text)
        if word.exact or self.match == "exact" or word.side is None or len(terms) != 1:
            return replace(word, exact=True) if self.match == "exact" else word
        (term,) = terms
        found = [*self._forms(term, word, own), *names]
        common = term.folded in stopwords(word.side)
        if self.match == "related" and not (own or common) and self.knowledge.related:
            related = self.knowledge.related(term, word.side)
            found += [
                each for each in related if not (names and each.kind == "name")
            ]  # a name of the table is no other
        rarity = self.knowledge.rarity(word.side, term.folded) if self.knowledge.rarity else 1.0
        return Expanded(word, OWN[word.side]["exact"], self._kept(found), rarity * (COMMON if common else 1.0))

    def _forms(self, term: Term, word: Word, own: bool) -> Iterator[Alternative]:
        """A part of a name has no root: that of المتحدة has one and alone (واحدة)."""
        assert word.side
        weights = OWN[word.side]
        yield Alternative(word.side, "stem", (term.stem,), "stem", weights["stem"], word.text)
        if word.side == "ar" and self.knowledge.choose:
            lemma, root = self.knowledge.choose([term.folded]).get(term.folded, ("", ""))
            yield Alternative("ar", "lemma", (lemma or term.stem,), "lemma", weights["lemma"], word.text)
            if root and not own:
                yield Alternative("ar", "root", (root,), "root", weights["root"], word.text)

    def _kept(self, found: Iterable[Alternative]) -> tuple[Alternative, ...]:
        """Each once, the heaviest, without those switched off."""
        best: dict[tuple[str, str, tuple[str, ...]], Alternative] = {}
        for each in found:
            place = (each.side, each.stream, each.terms)
            known = best[place].weight if place in best else 0.0
            if each.weight > known and (self.any_word or telling(each)) and key(each) not in self.off:
                best[place] = each
        return tuple(sorted(best.values(), key=lambda each: -each.weight)[:MOST])

    def _spellings(self, name: Name, typed: Sequence[str]) -> list[Alternative]:
        """What a name is called in either language, as far as the archive's texts have these words."""
        rows: dict[tuple[Side, tuple[str, ...]], str] = {}
        for side in SIDES:
            for spelling in name.spelt(side):
                first, *rest = folded_terms(spelling) or [""]
                for form in _with_particles(first) if side == "ar" and self.knowledge.met else (first,):
                    rows.setdefault((side, (form, *rest)), spelling)
        for side in SIDES:
            rows.pop((side, tuple(typed)), None)
        met = {side: self._met(side, [word for (of, row) in rows if of == side for word in row]) for side in SIDES}
        return [
            Alternative(side, "folded", row, "name", NAME, spelling)
            for (side, row), spelling in rows.items()
            if row[0] and met[side].issuperset(row)
        ]

    def _met(self, side: Side, words: list[str]) -> frozenset[str]:
        return frozenset(self.knowledge.met(side, words) if self.knowledge.met else words)


def _spoken(part: Node) -> TypeGuard[Word | Phrase]:
    """Whether it is a word, or words that are joined but not quoted."""
    return isinstance(part, Word) or (isinstance(part, Phrase) and part.joined)


def _spelt(part: Word | Phrase) -> list[str]:
    """Its folded words."""
    if isinstance(part, Phrase):
        return folded_terms(*part.words)
    return [_NO_NAME] if part.exact else folded_terms(part.text) or [_NO_NAME]


def _with_particles(word: str) -> Iterator[str]:
    """An Arabic word by itself, and with what is written to it."""
    yield word
    for before in _PARTICLES:
        yield before + word
    if word.startswith("ال"):
        yield from (before + "لل" + word[2:] for before in ("", "و", "ف"))
