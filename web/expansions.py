"""What the words of a query are expanded by, told as chips that switch an expansion off and on again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from archive.store.values import WordSwitch
from indexer.expand import alternatives, key
from indexer.tree import Alternative, Query
from language.script import side_of
from language.tokens import terms
from web.params import LONGEST_VALUE, SearchParams
from web.render import MARK_CLASS, MARK_NAME, shortened
from web.words import N_, Words

SHOWN = {"form": 3, "name": 3, "translation": 4}  # chips of a word, the heaviest; the table has all
MOST_CHIPS = 60  # of a page: each carries the whole address
HOW = {
    "stem": N_("by the light stem"), "lemma": N_("by the dictionary’s basic form"), "root": N_("by the root"),
    "name": N_("another spelling of the name"), "learned": N_("learned from translated stories"),
    "gloss": N_("from the dictionary"),
}  # fmt: skip
SHORT = {
    "stem": N_("stem"), "lemma": N_("basic form"), "root": N_("root"), "learned": N_("learned"),
    "gloss": N_("dictionary"),
}  # fmt: skip


class Expansion(NamedTuple):
    """typed: the reader's word or words. off: switched off for this search."""

    typed: str
    alternative: Alternative
    off: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """An expansion with the address of the search without it (or, if it is off, with it)."""

    key: str
    text: str
    lang: str
    how: str  # in a word or two; empty where the group's name says it all
    title: str
    weight: str
    href: str
    off: bool
    pair: tuple[str, str] | None  # an Arabic and an English word that an editor can keep apart for good


@dataclass(frozen=True, slots=True)
class Group:
    """Expansions that readers know by one name: forms, names, translations."""

    name: str
    mark: str
    chips: tuple[Chip, ...]
    shown: tuple[Chip, ...]  # the heaviest, and those switched off
    more: str  # how many are not


@dataclass(frozen=True, slots=True)
class Expanded:
    """A word, or the words of a name, with what it is expanded by."""

    typed: str
    lang: str
    groups: tuple[Group, ...]


def expansions(asked: Query, params: SearchParams, whole: Callable[[], Query]) -> tuple[Expansion, ...]:
    """All of a query, in its order, the heaviest of a word first. asked: as the engine gets it; whole: the same with
    nothing switched off, wanted when something is."""
    active = list(alternatives(asked.tree))
    if not params.off:
        return tuple(Expansion(typed, each, False) for typed, each in active)
    full = list(alternatives(whole().tree))
    rows = {pair: Expansion(*pair, key(pair[1]) in params.off) for pair in full}
    return tuple((rows | {pair: Expansion(*pair, False) for pair in active if pair not in rows}).values())


def told(
    found: Iterable[Expansion], params: SearchParams, words: Words, link: Callable[[SearchParams], str]
) -> tuple[Expanded, ...]:
    """The expansions word by word, each word once, at most MOST_CHIPS."""
    by_word: dict[str, dict[tuple[str, str], Expansion]] = {}
    count = 0
    for each in found:
        rows = by_word.setdefault(each.typed, {})
        place = (key(each.alternative), each.alternative.side)
        if place in rows or len(place[0]) > LONGEST_VALUE or count >= MOST_CHIPS:
            continue
        rows[place] = each
        count += 1
    return tuple(
        Expanded(shortened(typed), side_of(typed) or "", _groups(list(rows.values()), params, words, link))
        for typed, rows in by_word.items()
        if rows
    )


def _groups(
    rows: Sequence[Expansion], params: SearchParams, words: Words, link: Callable[[SearchParams], str]
) -> tuple[Group, ...]:
    order = list(SHOWN)
    ranked = sorted(rows, key=lambda row: (order.index(MARK_NAME[row.alternative.kind]), -row.alternative.weight))
    groups = []
    for name, members in groupby(ranked, key=lambda row: MARK_NAME[row.alternative.kind]):
        found = list(members)
        chips = tuple(_chip(row, params, words, link) for row in found)
        heaviest = [chip for chip in chips if not chip.off][: SHOWN[name]]
        shown = tuple(chip for chip in chips if chip.off or chip in heaviest)
        more = words.number(len(chips) - len(shown)) if len(chips) > len(shown) else ""
        groups.append(Group(words.gettext(name), MARK_CLASS[found[0].alternative.kind], chips, shown, more))
    return tuple(groups)


def _chip(row: Expansion, params: SearchParams, words: Words, link: Callable[[SearchParams], str]) -> Chip:
    alternative = row.alternative
    own = alternative.kind in ("stem", "lemma", "root")
    text = " ".join(alternative.terms) if own or not alternative.source else alternative.source
    text += "…" if alternative.kind == "stem" else ""
    weight = words.digits(f"{alternative.weight:.2f}".rstrip("0").rstrip("."))
    return Chip(
        key=key(alternative),
        text=shortened(text),
        lang=alternative.side,
        how=words.gettext(SHORT.get(alternative.kind, "")),
        title=words.gettext("%(how)s, weight %(weight)s")
        % {"how": words.gettext(HOW[alternative.kind]), "weight": weight},
        weight=weight,
        href=link(params.switched(key(alternative))),
        off=row.off,
        pair=_pair(row),
    )


def _pair(row: Expansion) -> tuple[str, str] | None:
    alternative = row.alternative
    if alternative.kind not in ("learned", "gloss") or not alternative.source:
        return None
    return (alternative.source, row.typed) if alternative.side == "ar" else (row.typed, alternative.source)


@dataclass(frozen=True, slots=True)
class Apart:
    """Two words that somebody keeps from standing for each other. typed: the reader's."""

    typed: str
    other: str
    lang: str  # of the other
    by: str
    pair: tuple[str, str]


def apart(switches: Iterable[WordSwitch], typed: Iterable[str], words: Words) -> tuple[Apart, ...]:
    """The switches that touch words of the query, in any form."""
    asked = {terms(word)[1]: word for word in typed}
    found = []
    for switch in switches:
        by = words.gettext("off for good: %(who)s, %(when)s") % {"who": switch.actor.name, "when": words.day(switch.at)}
        for own, other, lang in ((switch.ar, switch.en, "en"), (switch.en, switch.ar, "ar")):
            if word := asked.get(terms(own)[1]):
                found.append(Apart(shortened(word), shortened(other), lang, by, (switch.ar, switch.en)))
    return tuple(found[:MOST_CHIPS])
