"""How a query was read, in the reader's words: one chip a term with what it is expanded by, one sentence a note."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from indexer.expand import Match
from indexer.tree import Note, Query
from indexer.understood import Said, describe
from language.script import side_of
from web.expansions import Expanded
from web.render import shortened
from web.words import N_, Words

MOST_TERMS = 24
BETWEEN = {"or": N_("or"), "not": N_("not")}

FIELD_NAMES = {
    "title": N_("in the headline"), "author": N_("author"), "section": N_("section"), "place": N_("place"),
    "tag": N_("tag"), "outlet": N_("outlet"), "issue": N_("issue"),
}  # fmt: skip

HOW = {
    "word": N_("in any form"), "exact": N_("exactly this form"), "phrase": N_("these words, this spelling"),
    "near": N_("in one paragraph"), "prefix": N_("words that begin so"), "fuzzy": N_("also spelt nearly so"),
}  # fmt: skip

NOTES = {
    "unclosed-quote": N_("A quotation mark is not closed. The words were searched without it."),
    "unclosed-bracket": N_("An opening bracket has no closing one. It was left out and the rest was searched."),
    "stray-bracket": N_("A closing bracket has no opening one. It was left out and the rest was searched."),
    "empty-brackets": N_("Brackets without words were left out."),
    "unknown-field": N_("There is no field <bdi>%(what)s</bdi>. It was searched as a word."),
    "bad-date": N_("<bdi>%(what)s</bdi> is not a date. Write 2024, 2024-03 or 2024-03-05."),
    "too-long": N_("The query was too long. Its first part was searched."),
    "too-deep": N_("The brackets go too deep. The innermost were searched as plain words."),
    "too-many": N_("There are too many words. The first ones were searched."),
    "lone-not": N_("A search needs at least one word that must be there; <bdi>%(what)s</bdi> only leaves stories out."),
    "lone-prefix": N_("A beginning needs at least two letters before the *."),
    "prefix-cut": N_("So many words begin with <bdi>%(what)s</bdi> that only the most frequent ones were searched."),
    "offer-date": N_("<bdi>%(what)s</bdi> was searched as a word."),
    "dangling-operator": N_("<bdi>%(what)s</bdi> has nothing to join. It was left out."),
    "no-words": N_("There is no word in this query that could be searched."),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One step of the reading: a chip with a note, or (`link`) a word or bracket between chips, or a word that is
    expanded."""

    text: str
    note: str = ""
    lang: str = ""
    link: bool = False
    expanded: Expanded | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for the reader, with a link that does something about it, where there is one. `text` may hold bdi."""

    text: str
    href: str = ""
    action: str = ""


def terms(query: Query, match: Match, expanded: Iterable[Expanded], words: Words) -> tuple[Term, ...]:
    """The query's parts in reading order; empty when there is nothing to explain. A name of several words stands before
    them, a word that is there twice is told once how it is expanded."""
    left = {each.typed: each for each in expanded}
    shown = []
    for said in describe(query.tree):
        term = _term(_only_as_typed(said) if match == "exact" else said, words)
        if term and said.role == "word":
            shown += [
                Term(typed, expanded=left.pop(typed)) for typed in list(left) if typed.startswith(f"{term.text} ")
            ]
            term = replace(term, note="", expanded=left.pop(term.text)) if term.text in left else term
        shown += [term] if term else []
    return tuple(shown) if len(shown) <= MOST_TERMS else (*shown[:MOST_TERMS], Term("…", link=True))


def _only_as_typed(said: Said) -> Said:
    return replace(said, role="exact") if said.role == "word" else said


def _term(said: Said, words: Words) -> Term | None:
    say = words.gettext
    match said.role:
        case "everything" | "and":
            return None
        case "or" | "not":
            return Term(say(BETWEEN[said.role]), link=True)
        case "open" | "close":
            return Term("(" if said.role == "open" else ")", link=True)
        case "field":
            return Term(say(FIELD_NAMES.get(said.text, said.text)), link=True)
        case "date":
            start, _, end = said.text.partition("..")
            return Term(words.digits(f"{start or '…'} – {end or '…'}"), say("published between"))
        case _:
            return Term(shortened(said.text), _how(said, words), side_of(said.text) or "")


def _how(said: Said, words: Words) -> str:
    if said.role == "near" and said.value != "para":
        return words.count("within %(num)s word", "within %(num)s words", int(said.value))
    return words.gettext(HOW[said.role])


def told(notes: tuple[Note, ...], words: Words, year_link: Callable[[str], str]) -> tuple[Told, ...]:
    """One sentence a note. year_link: from a year to the address of the search limited to it."""
    sentences = []
    if cut := [note for note in notes if note.key == "too-long"]:
        notes = tuple(cut)  # what else had to be repaired came of the cut
    for note in notes:
        what = shortened(note.values[0][1]) if note.values else ""
        text = Markup(words.gettext(NOTES[note.key]) if note.key in NOTES else note.key) % {"what": what}
        if note.key == "offer-date" and what:
            sentences.append(Told(text, year_link(what), words.gettext("Show only stories of %s") % words.digits(what)))
        else:
            sentences.append(Told(text))
    return tuple(dict.fromkeys(sentences))
