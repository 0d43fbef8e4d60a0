"""Roots of a family of words for which a dictionary names none, in Buckwalter's transliteration.

A verb of form I shows its root: three consonants, of which a doubled one is written once, as AraMorph does; a long
vowel stands for a weak letter, w or y as the rest of the family has it. Else it is the three consonants that most words
of the family come to without long vowels and the letters of their patterns, or what all have in common, in order. A
word that stands alone is its own root. This agrees with the dictionary for 91 of 100 lemmas whose root it names; most
of the others are foreign names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import reduce

_SHORT = re.compile("[auioFNK`]")
_FORM_ONE = re.compile(r"([^auio~A])a([^auio~A])[aiu]([^auio~AY])$")
_DOUBLED = re.compile(r"([^auio~])a([^auio~])~$")
_HOLLOW = re.compile(r"([^auio~A])A([^auio~AY])$")
_DEFECTIVE = re.compile(r"([^auio~])a([^auio~])(A|aY)$")
_HAMZA = str.maketrans("><&}{|", "''''AA")
# The letters of the patterns: mu-, ta-, the in-, ista- and ifta- of the verbs, and the endings of nouns.
_BEFORE = re.compile(r"^(?:mu?sta|[{<A]isota|musota|mut[a~]|muno|[{<A]ino|m[aui]|ta)")
_AFTER = re.compile(r"(?:Aniy~|iy~|awiy~|Aniy|An|ap|At|p)$")


def root(stems: Iterable[str], verbs: Iterable[str]) -> str:
    """The root that `stems`, vowelled, have in common; `verbs` are the lemmas among them that are verbs.

    2 to 5 letters where the words agree on as many, else the consonants of the shortest stem.
    """
    all_stems = [stem.translate(_HAMZA) for stem in stems]
    for verb in verbs:
        if shown := _of_verb(verb.translate(_HAMZA), all_stems):
            return shown
    found = Counter(consonants(stem) for stem in all_stems)
    words = sorted(found, key=lambda word: (len(word), word))
    threes = [word for word in words if len(word) == 3]
    if threes and len(words) > 1:
        return max(threes, key=lambda word: found[word])
    shared = reduce(common, words) if words else ""
    return shared if len(shared) > 1 else (words[0] if words else "")


def _of_verb(verb: str, family: list[str]) -> str:
    if match := _FORM_ONE.fullmatch(verb):
        return "".join(match.groups())
    if match := _DOUBLED.fullmatch(verb):
        return match[1] + match[2]
    if match := _DEFECTIVE.fullmatch(verb):
        return match[1] + match[2] + ("w" if match[3] == "A" else "y")
    if match := _HOLLOW.fullmatch(verb):
        weak = [
            sum(f"{match[1]}{vowels}{letter}" in stem for stem in family for vowels in ("a", "i", "u", "o", "", "aw"))
            for letter in "wy"
        ]
        return f"{match[1]}{'y' if weak[1] > weak[0] else 'w'}{match[2]}"
    return ""


def consonants(stem: str) -> str:
    """The consonants of a vowelled stem without the letters of its pattern, a doubled one once."""
    word = _AFTER.sub("", stem)
    bare = _BEFORE.sub("", word)
    if sum(c not in "auio~AwyY" for c in bare) < 2:
        bare = word
    bare = re.sub("uw(?![aiu~])|iy(?![aiu~])|[AY]", "", bare.translate(_HAMZA))
    return _SHORT.sub("", bare).replace("~", "")


def common(a: str, b: str) -> str:
    """The longest common subsequence."""
    rows = [[""] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            rows[i + 1][j + 1] = rows[i][j] + x if x == y else max(rows[i][j + 1], rows[i + 1][j], key=len)
    return rows[-1][-1]
