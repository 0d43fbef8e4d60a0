"""What of a document and of a query is compared, the same for every engine.

A text has two streams of terms, folded and stem, one term a word, paragraph by paragraph; a phrase or a nearness never
reaches across two paragraphs. Names (author, section, place, tag, outlet, issue) have folded terms only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from indexer.document import Analysed, IndexDocument, IndexedSide, Streams
from indexer.places import places
from indexer.tree import Side, Stream
from language.script import side_of
from language.tokens import Term, analyse, folded, terms, words_and_terms

Choose = Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]  # folded Arabic words -> lemma and root, or neither

STREAMS: tuple[Stream, ...] = ("folded", "stem", "lemma", "root")
NAMES = ("author", "section", "place", "tag", "outlet", "issue")
SIDES: tuple[Side, Side] = ("ar", "en")
PREFIX_TERMS = 500  # the words a beginning stands for, at most: the most frequent ones
FUZZY_SHORT, FUZZY_LONG = 3, 8  # letters from which on one, or two, may be wrong

_UNKNOWN = ("", "")
_FIRST_LETTER = "\u0600"

# Words that go through every rule of folding, stemming and cutting. How they are analysed names the analysis, so that
# an index made by other rules is recognised without anybody having to remember to raise a number.
_PROBE = """
الْمُهَجَّرُونَ والنازحين للمدينة وبالمخيمات فالأسعار إدلب آخر ٱلشام مؤتمر شؤون هيئة على علي مدرسة كـــتاب
كالمدارس سيذهبون بيوتهم الـBBC ب15 ١٢٬٥٠٠٫٥ ۱۹۸۰ 2.5.2014 لـ«دمشق» مسؤوليتها منازلنا قصفوا يقصفان عربيات ولله
Displaced families' returns, Sana'a studies; Café-owners running 1,250.5 naïve Raqqa’s COVID-19 ＡＢ１ governments
خانۀ adding Aleppo´s Ħamra น้ำ
"""


def streams(paragraphs: Iterable[str], lang: str) -> Streams:
    """As `analyse` has it: words of a third language have their folded spelling for a stem."""
    return _streams([terms(paragraph) for paragraph in paragraphs], lang)


def _streams(found: Iterable[tuple[str, str]], lang: str) -> Streams:
    spelt, stems = tuple(zip(*found, strict=True)) or ((), ())
    return Streams(spelt, stems if lang in SIDES else spelt)


def analysed(document: IndexDocument) -> IndexDocument:
    """The document with the analysis of its texts, so that writing it does not analyse them."""
    return replace(document, sides=tuple(replace(side, analysis=side_analysis(side)) for side in document.sides))


def lemmatised(documents: Iterable[IndexDocument], choose: Choose) -> list[IndexDocument]:
    """The documents with the analysis of their texts, lemmas and roots too. A word that the dictionary does not know
    has its stem for both, so that all streams have one term a word."""
    ready = [analysed(document) for document in documents]
    sides = [side for document in ready for side in document.sides if side.lang == "ar"]
    found = choose({word for side in sides for word in arabic_words(side_streams(side).folded)})
    return [
        replace(
            document, sides=tuple(_with_lemmas(side, found) if side.lang == "ar" else side for side in document.sides)
        )
        for document in ready
    ]


def arabic_words(paragraphs: Iterable[str]) -> set[str]:
    """The words of folded paragraphs that an Arabic dictionary may know."""
    return {word for paragraph in paragraphs for word in paragraph.split(" ") if word > _FIRST_LETTER}


def _with_lemmas(side: IndexedSide, found: Mapping[str, tuple[str, str]]) -> IndexedSide:
    analysis = side_analysis(side)
    rows = [
        [(found.get(word, _UNKNOWN), stem) for word, stem in zip(words.split(" "), stems.split(" "), strict=True)]
        for words, stems in zip(analysis.streams.folded, analysis.streams.stem, strict=True)
    ]
    lemmas = tuple(" ".join([lemma or stem for (lemma, _), stem in row]) for row in rows)
    roots = tuple(" ".join([root or stem for (_, root), stem in row]) for row in rows)
    return replace(side, analysis=analysis._replace(streams=analysis.streams._replace(lemma=lemmas, root=roots)))


def side_analysis(side: IndexedSide) -> Analysed:
    """The analysis it brings along, or else of its texts."""
    if side.analysis:
        return side.analysis
    found = [words_and_terms(paragraph) for paragraph in side.paragraphs]
    where = tuple(places(text, words) for text, (words, _) in zip(side.paragraphs, found, strict=True))
    return Analysed(_streams([both for _, both in found], side.lang), where)


def side_streams(side: IndexedSide) -> Streams:
    """Its terms alone."""
    return side.analysis.streams if side.analysis else streams(side.paragraphs, side.lang)


def _fingerprint() -> str:
    found = "\n".join(line for stream in streams([_PROBE], "ar") for line in stream)
    return hashlib.sha256(found.encode()).hexdigest()[:12]


def searched_as(side: IndexedSide) -> Side:
    """The side whose queries search this version: a third language's by the script of its title."""
    if side.lang not in SIDES:
        return side_of(side.paragraphs[0]) or "en"
    return "ar" if side.lang == "ar" else "en"


@lru_cache(maxsize=10_000)
def _folded_label(label: str) -> str:
    """Most stories have the sections, places and authors of others."""
    return folded(label)


def names(document: IndexDocument) -> dict[str, tuple[str, ...]]:
    """The words of each field in NAMES, folded, one string a name."""
    labels = {
        "author": [name for side in document.sides for name in side.authors],
        "section": [document.section or ""],
        "place": list(document.places),
        "tag": list(document.tags),
        "outlet": [document.outlet],
        "issue": ["" if document.issue is None else str(document.issue)],
    }
    return {field: tuple(map(_folded_label, found)) for field, found in labels.items()}


def asked(*typed: str) -> list[Term]:
    """The terms of what a reader typed, in order."""
    return [term for word in typed for term in analyse(word)]


def folded_terms(*typed: str) -> list[str]:
    """The same, folded only."""
    return [term.folded for term in asked(*typed)]


def tolerance(word: str) -> int:
    """How many letters of a word may be wrong, missing, too many or swapped with the next one."""
    if len(word) < FUZZY_SHORT:
        return 0
    return 1 if len(word) < FUZZY_LONG else 2


def near(wanted: frozenset[str], paragraph: Iterable[str], distance: int | None) -> bool:
    """Whether all `wanted` stand in the paragraph with at most `distance` other words among them (None: anywhere).

    One pass: the last place of each word, and the width from the earliest of these to here.
    """
    last: dict[str, int] = {}
    for place, word in enumerate(paragraph):
        if word not in wanted:
            continue
        last[word] = place
        if len(last) == len(wanted) and (distance is None or place - min(last.values()) + 1 - len(wanted) <= distance):
            return True
    return False


ANALYSIS = f"words-{_fingerprint()}"  # the version of the analysis, kept with every index
