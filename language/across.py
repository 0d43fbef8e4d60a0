"""What a word may be called in the other language: learned words, the dictionary's glosses, names by their sound.

Each source has its weight, so that an engine that takes the best alternative of a word, and a little of the others,
needs one figure for each. What they were chosen by is told in docs/search-quality.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from language import english
from language.arabic import fold, light_stem
from language.dictionary.rows import gloss_stems
from language.forms import FormsTable
from language.lexicon import Level, Lexicon
from language.names import skeleton
from language.stopwords import stopwords
from language.tokens import Script, terms
from language.transliteration import candidates

Kind = Literal["learned", "gloss", "name"]
Stream = Literal["folded", "stem", "lemma", "root"]

# Of the lexicon's own weight, by what Arabic words are counted as one. R@10 of learned words alone, English asked and
# Arabic asked: stem .680/.690, with lemma .725/.743, with root at .6 .745/.763, at .3 .735/.763.
LEARNED: dict[Level, float] = {"stem": 1.0, "lemma": 1.0, "root": 0.6}
GLOSS = 0.6  # of the part that a word is of its gloss: R@10 .928/.935 at 1, .936/.938 at .7, .935/.938 at .5
NAME = 1.5  # of the likeness of two names, which say most: .928/.935 at 1, .936/.938 at 1.5, .917/.923 at .7
LEARNED_WORDS, GLOSSES, NAMES = 10, 20, 8  # of one word, the heaviest; a few more or less change nothing
MOST = 24  # of one word, from all sources together
ONCE = 20.0  # log-likelihood ratio from which on a word is believed that one story alone teaches
SURE = 0.6  # likeness of a name that is a word of the dictionary too
RESPELT = 3  # consonants from which on a name is known by them in its own language


class Other(NamedTuple):
    """A term of the other language in one of its streams. source: the word as a reader knows it. sure: it may find a
    text by itself."""

    side: Script
    stream: Stream
    terms: tuple[str, ...]
    kind: Kind
    weight: float
    source: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Sources:
    """Any of them may be missing. off: the pairs (`language.lexicon.pair_key`)
    that editors keep from standing for each other."""

    table: FormsTable | None = None
    lexicon: Lexicon | None = None
    off: frozenset[tuple[str, str]] = frozenset()


def across(folded: str, stem: str, side: Script, sources: Sources) -> tuple[Other, ...]:
    """What one word of `side` may be in the other language, the heaviest first; nothing for stop words.

    Of the same term from two sources the heavier stays; it is sure when either is.
    """
    if folded in stopwords(side) or not folded:
        return ()
    heaviest: dict[tuple[Stream, tuple[str, ...]], Other] = {}
    for one in _all(folded, stem, side, sources):
        if one.weight > 0 and not _off(stem, one, sources.off):
            known = heaviest.get((one.stream, one.terms), one)
            sure = known.sure or one.sure
            heaviest[one.stream, one.terms] = max(known, one, key=lambda each: each.weight)._replace(sure=sure)
    return tuple(sorted(heaviest.values(), key=lambda one: (-one.weight, one.kind, one.terms))[:MOST])


def _all(folded: str, stem: str, side: Script, sources: Sources) -> Iterator[Other]:
    other: Script = "en" if side == "ar" else "ar"
    if sources.lexicon:
        for level, term in _levels(folded, stem, side, sources.table):
            stream: Stream = level if other == "ar" else "stem"
            for found in sources.lexicon.translations(side, term, LEARNED_WORDS, level):
                shown = _shown(found.term, other, sources.table) if stream == "stem" else found.term
                sure = len(found.stories) > 1 or found.score >= ONCE
                yield Other(other, stream, (found.term,), "learned", LEARNED[level] * found.weight, shown, sure)
    if sources.table:
        glossed = [*(_glossed(stem, sources.table) if side == "en" else _glosses(folded, sources.table))]
        yield from glossed
        yield from _heard(folded, side, sources.table, known=bool(glossed))


def _levels(folded: str, stem: str, side: Script, table: FormsTable | None) -> Iterator[tuple[Level, str]]:
    """By what the lexicon is asked for a word, and what it then is."""
    yield "stem", stem
    if table and table.lemmas:
        chosen = table.chosen([folded])[folded] if side == "ar" else None
        yield "lemma", chosen.lemma if chosen else stem
        yield "root", chosen.root if chosen else stem


def _glossed(stem: str, table: FormsTable) -> Iterator[Other]:
    for lemma, share in table.glossed(stem)[:GLOSSES]:
        yield Other("ar", "lemma", (lemma,), "gloss", GLOSS * share, lemma)


def _glosses(folded: str, table: FormsTable) -> Iterator[Other]:
    """The words of a gloss, each for a part of it."""
    lemma = table.chosen([folded])[folded].lemma
    for gloss in table.glosses(lemma)[:GLOSSES] if lemma else ():
        stems = gloss_stems(gloss)
        for stem in stems:
            yield Other("en", "stem", (stem,), "gloss", GLOSS / len(stems), gloss)


def _heard(folded: str, side: Script, table: FormsTable, known: bool) -> Iterator[Other]:
    """Names by their sound. Where the dictionary knows the word or what sounds like it, only what is surely the same
    name; where it knows both, neither is one: bread is not البريد. In Arabic the other spellings of a name too."""
    other: Script = "en" if side == "ar" else "ar"
    heard = candidates(folded, side, table.sounding, near=not known)[:NAMES]
    ordinary = _ordinary([form for form, _ in heard], other, table)
    for form, likeness in heard:
        doubts = known + (form in ordinary)
        if doubts == 0 or (doubts == 1 and likeness >= SURE):
            yield Other(other, "folded", (form,), "name", NAME * likeness, form)
    bones = skeleton(folded)
    if side == "ar" and not known and table.lemmas and len(bones) >= RESPELT:
        forms = [form for form, _ in table.sounding(side, bones, NAMES) if form != folded]
        for form in set(forms) - _ordinary(forms, side, table):
            yield Other(side, "folded", (form,), "name", 1.0, form)


def _ordinary(forms: Sequence[str], side: Script, table: FormsTable) -> set[str]:
    """Those that the dictionary knows."""
    if side == "en":
        return {form for form in forms if table.glossed(english.stem(form))}
    return {form for form, (lemma, _) in table.chosen(forms).items() if lemma}


def _shown(stem: str, side: Script, table: FormsTable | None) -> str:
    """The most frequent form that begins with the stem and has it; else the stem."""
    cut = light_stem if side == "ar" else english.stem
    forms = table.beginning(side, stem, 8) if table else []
    return next((form for form, _ in forms if cut(form) == stem), stem)


def _off(stem: str, one: Other, off: frozenset[tuple[str, str]]) -> bool:
    """Whether the word itself, or what a reader knows it as, is kept from standing for the typed one."""
    if not off:
        return False
    if one.side == "en":
        return not off.isdisjoint((stem, theirs) for theirs in (" ".join(one.terms), terms(one.source)[1]))
    theirs = " ".join(one.terms) if one.stream == "stem" else terms(fold(" ".join(one.terms)))[1]
    return not off.isdisjoint(((theirs, stem), (terms(fold(one.source))[1], stem)))
