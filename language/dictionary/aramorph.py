"""Makes a database for camel-tools of the data files of AraMorph (Buckwalter's morphological analyzer, 2002).

The files are in Buckwalter's transliteration, latin-1: dictPrefixes, dictStems, dictSuffixes with four fields a line
(form, vowelled form, category, gloss with the part of speech in <pos>…</pos>), tableAB, tableBC, tableAC with two
categories a line. In dictStems a line ";" ends a family, ";--- root" names its root and ";; lemma_1" begins a lemma.

The database has one line an entry (form without vowels, category, features); a line of a stem carries every feature,
since readers do not merge in the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from language.dictionary.buckwalter import VOWELS, arabic
from language.dictionary.roots import root

FILES = ("dictPrefixes", "dictStems", "dictSuffixes", "tableAB", "tableAC", "tableBC")
FEATURES = ("diac", "lex", "root", "pos", "gloss")

_POS = re.compile(r"\s*<pos>(.*?)</pos>")
_SPACES = re.compile(r"\s+")  # a value has none
_LEMMA = re.compile(r"[-_]")  # what follows tells homonyms apart
_PLAIN = str.maketrans({**dict.fromkeys(VOWELS), **dict.fromkeys("|><{", "A"), "Y": "y", "p": "h"})
_HEAD = re.compile(r";-+ ?([^\s()/\[\]\"-]+)")
_TAG = re.compile(r"/([A-Z_]+)")
# Categories that the tables do not have, and the ones that are meant.
_MISSPELT = {
    "IV_V_intr_no-Pref-A": "IV_V_no-Pref-A_intr",
    "IV_0_Passyu": "IV_0_Pass_yu",
    "IV_Pass": "IV_Pass_yu",
    "IV_0Pass_yu": "IV_0_Pass_yu",
}
_PARTS_OF_SPEECH = {
    "NOUN": "noun", "NOUN_PROP": "noun_prop", "ADJ": "adj", "ADV": "adv", "PREP": "prep", "CONJ": "conj",
    "ABBREV": "abbrev", "INTERJ": "interj", "REL_PRON": "pron_rel", "VERB_PERFECT": "verb", "VERB_IMPERFECT": "verb",
    "VERB_IMPERATIVE": "verb",
}  # fmt: skip


class FormatError(ValueError):
    """A file that is not what AraMorph's files look like; the message names file and line."""


@dataclass(slots=True)
class _Stem:
    vowelled: str
    category: str
    pos: str
    gloss: str


@dataclass(slots=True)
class _Lemma:
    name: str
    stems: list[_Stem] = field(default_factory=list)


@dataclass(slots=True)
class _Family:
    root: str = ""
    lemmas: list[_Lemma] = field(default_factory=list)


def convert(files: Mapping[str, bytes]) -> str:
    """The text of a database of the six `files`.

    Raises:
        FormatError: a file is missing, empty or has a line that is no entry.
    """
    lines = {name: _lines(files, name) for name in FILES}
    tables = {name: sorted(set(_pairs(name, lines[name]))) for name in FILES if name.startswith("table")}
    known = {stem for _, stem in tables["tableAB"]}
    sections = (
        _head(),
        ["###PREFIXES###"], _affixes("dictPrefixes", lines["dictPrefixes"]),
        ["###SUFFIXES###"], _affixes("dictSuffixes", lines["dictSuffixes"]),
        ["###STEMS###"], _stems(families(lines["dictStems"]), known),
        ["###TABLE AB###"], _table(tables["tableAB"]),
        ["###TABLE BC###"], _table(tables["tableBC"]),
        ["###TABLE AC###"], _table(tables["tableAC"]),
    )  # fmt: skip
    return "\n".join(chain.from_iterable(sections)) + "\n"


def _lines(files: Mapping[str, bytes], name: str) -> list[str]:
    try:
        lines = files[name].decode("latin-1").splitlines()
    except KeyError:
        raise FormatError(f"there is no file {name}; AraMorph has {', '.join(FILES)}") from None
    if not any(line and not line.startswith(";") for line in lines):
        raise FormatError(f"{name}: has no entry")
    return lines


def _head() -> Iterator[str]:
    yield "###DEFINES###"
    yield from (f"DEFINE {feature} {feature}:*open*" for feature in FEATURES)
    yield "###DEFAULTS###"
    for pos in ("digit", "punc", "latin", *sorted({*_PARTS_OF_SPEECH.values(), "part"})):
        yield f"DEFAULT pos:{pos} lex:* diac:* root:* gloss:*"
    yield "###ORDER###"
    yield f"ORDER {' '.join(FEATURES)}"
    yield "###TOKENIZATIONS###"
    yield "###STEMBACKOFF###"


def _entry(name: str, number: int, line: str) -> tuple[str, str, str, str]:
    """Vowelled form, category, gloss and the first part-of-speech field of a line."""
    parts = line.split("\t")
    if len(parts) != 4:
        raise FormatError(f"{name}, line {number}: {len(parts)} fields, not 4: {line[:60]!r}")
    tags = _POS.search(parts[3])
    return parts[1].strip(), parts[2].strip(), _POS.sub("", parts[3]).strip(), tags[1].replace(" ", "") if tags else ""


def _pairs(name: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(";"):
            first, *more = line.split()
            if len(more) != 1:
                raise FormatError(f"{name}, line {number}: not two categories: {line[:60]!r}")
            yield first, more[0]


def _affixes(name: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if line.strip(" ") and not line.startswith(";"):
            vowelled, category, gloss, tags = _entry(name, number, line)
            article = "#" if "/DET" in tags else ""  # after it a reader doubles a sun letter
            values = {"diac": arabic(vowelled) + article, "gloss": gloss}
            yield _line(_form(vowelled), category, values)


def families(lines: Iterable[str]) -> Iterator[_Family]:
    """The families of dictStems, each with its lemmas and their stems."""
    family = _Family()
    for number, line in enumerate(lines, start=1):
        if line.strip() == ";" or _HEAD.match(line):
            if family.lemmas:
                yield family
            family = _Family(root=match[1]) if (match := _HEAD.match(line)) else _Family()
        elif line.startswith(";; "):
            family.lemmas.append(_Lemma(_LEMMA.split(line[3:].strip())[0]))
        elif line.strip() and not line.startswith(";"):
            vowelled, category, gloss, tags = _entry("dictStems", number, line)
            if not family.lemmas:  # an entry whose lemma was left out
                family.lemmas.append(_Lemma(vowelled + ("ap" if category.startswith("Nap") else "")))
            category = _MISSPELT.get(category, category)
            stem = _Stem(vowelled, category, _part_of_speech(tags, category, gloss), gloss)
            family.lemmas[-1].stems.append(stem)
    if family.lemmas:
        yield family


def _part_of_speech(tags: str, category: str, gloss: str) -> str:
    """By the tag; without one, by the category, and by its capital for a name."""
    if tag := _TAG.search(tags):
        return _PARTS_OF_SPEECH.get(tag[1], "part")
    if category.startswith(("PV", "IV", "CV")):
        return "verb"
    if category.startswith("N"):
        return "noun_prop" if gloss[:1].isupper() else "noun"
    return "part"


def _stems(found: Iterable[_Family], known: set[str]) -> Iterator[str]:
    written = set()
    for family in found:
        spelt = arabic(_root(family))
        for lemma in family.lemmas:
            for stem in lemma.stems:
                values = {
                    "diac": arabic(stem.vowelled), "lex": arabic(lemma.name), "root": spelt, "pos": stem.pos,
                    "gloss": stem.gloss,
                }  # fmt: skip
                line = _line(_form(stem.vowelled), stem.category, values)
                if stem.category in known and line not in written:
                    written.add(line)
                    yield line


def _root(family: _Family) -> str:
    """The root named, if there is one; of a few families (that of Harob, war) the file left out the third letter."""
    named = family.root
    if len(named) > 2:
        return named
    derived = root(
        (stem.vowelled for lemma in family.lemmas for stem in lemma.stems),
        (lemma.name for lemma in family.lemmas if any(stem.pos == "verb" for stem in lemma.stems)),
    )
    return derived if derived[:2] == named and derived[2:] != named[1] else named or derived


def _table(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairs)


def _form(vowelled: str) -> str:
    return arabic(vowelled.translate(_PLAIN))


def _line(form: str, category: str, values: Mapping[str, str]) -> str:
    features = (f"{name}:{_SPACES.sub('_', value)}" for name, value in values.items())
    return f"{form}\t{category}\t{' '.join(features)}"
