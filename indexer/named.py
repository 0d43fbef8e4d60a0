"""Outlets and sections by their names: the index has their keys, readers know what the declarations call them.

`outlet:نارنج` also asks for `outlet:naranj`, `section:مجتمع` for `section:society`. A name is looked up when a query is
asked, so that a declaration that changes needs no new index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archive.publishers.declaration import Name, Outlet
from indexer.streams import asked
from indexer.tree import And, InField, Near, Node, Not, Or, Phrase, Prefix, Query, Word
from language.tokens import Term, tokens

Names = Mapping[str, Mapping[str, Sequence[Name]]]  # field -> key -> what it is called


def resolved(query: Query, outlets: Mapping[str, Outlet]) -> Query:
    """The query as engines should get it; what was understood is told of the query as it was read."""
    return replace(query, tree=_resolved(query.tree, _names(outlets)))


def _names(outlets: Mapping[str, Outlet]) -> Names:
    sections: dict[str, list[Name]] = defaultdict(list)
    for outlet in outlets.values():
        for key, section in outlet.sections.items():
            sections[key].append(section.label)
    return {"outlet": {key: [outlet.name] for key, outlet in outlets.items()}, "section": sections}


def _resolved(node: Node, names: Names) -> Node:
    match node:
        case And(parts):
            return And(tuple(_resolved(part, names) for part in parts))
        case Or(parts):
            return Or(tuple(_resolved(part, names) for part in parts))
        case Not(inside):
            return Not(_resolved(inside, names))
        case InField(field, leaf):
            called = names.get(field, {}).items()
            keys = [
                key for key, labels in called if any(_means(leaf, text) for it in labels for text in (it.ar, it.en))
            ]
            return Or((node, *(InField(field, _key(key)) for key in keys))) if keys else node
    return node


def _key(key: str) -> Word | Phrase:
    words = tuple(token.text for token in tokens(key))
    return Word(words[0], "en", exact=True) if len(words) == 1 else Phrase(words, "en")


def _means(leaf: Node, label: str) -> bool:
    """Whether a name has what the leaf asks for."""
    found = asked(label)
    match leaf:
        case Word(text, _, exact):
            return _runs(asked(text), found, exact)
        case Phrase(words):
            return _runs(asked(*words), found, exact=True)
        case Near(words):
            return {term.folded for term in asked(*words)} <= {term.folded for term in found}
        case Prefix(text):
            begins = "".join(term.folded for term in asked(text))
            return any(term.folded.startswith(begins) for term in found)
    return False


def _runs(wanted: Sequence[Term], found: Sequence[Term], exact: bool) -> bool:
    """Whether the wanted terms stand in what was found, one after the other."""
    starts: Iterable[int] = range(len(found) - len(wanted) + 1)
    pairs = ([*zip(wanted, found[start:], strict=False)] for start in starts if wanted)
    return any(all(a.folded == b.folded or (not exact and a.stem == b.stem) for a, b in run) for run in pairs)
