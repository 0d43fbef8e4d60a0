"""Invented words of both languages with the habits of real ones: roots in patterns, prefixes, suffixes, Zipf's law.

A lemma is one word of the story's world; its number is the same in both languages, so that two versions of a story
speak of the same things. Forms of a lemma share a beginning or a root, as inflected words do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, product

from indexer.tree import Side
from language.stopwords import stopwords

LEMMAS = 12_000  # with their forms, some 80,000 words a language
_EXPONENT, _SHIFT = 1.1, 2.7  # Zipf-Mandelbrot, as fitted to news text
_SHARED = 40  # every such lemma is a number or a Latin name that both languages write alike

_RADICALS = "بتثجحخدذرزسشصضطعغفقكلمنهوي"
_PATTERNS = ("{}{}{}", "{}ا{}{}", "م{}{}و{}", "{}{}ا{}", "ت{}{}ي{}", "است{}{}ا{}", "{}{}ي{}ة", "م{}{}{}ة", "ا{}ت{}ا{}")
_AR_FORMS = (("", "", 5), ("ال", "", 6), ("وال", "", 1), ("بال", "", 1), ("", "ين", 1), ("", "ها", 1), ("و", "", 1))
_ONSETS = ("b", "br", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "sh")
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea")
_CODAS = ("", "n", "r", "l", "t", "nd", "ck")
_EN_FORMS = (("", "", 8), ("", "s", 3), ("", "ed", 2), ("", "ing", 2), ("", "er", 1), ("re", "", 1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words. forms: of each lemma, by falling frequency of the lemma; the first form is the bare one.
    words, weights: all forms with cumulative weights, for `random.choices`."""

    forms: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    weights: tuple[float, ...]

    def drawn(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def vocabularies(seed: int) -> dict[Side, Vocabulary]:
    """The same for the same seed."""
    arabic, english = (_lemmas(side, random.Random(f"{seed}-{side}")) for side in ("ar", "en"))
    return {
        "ar": _vocabulary(arabic, _AR_FORMS, sorted(stopwords("ar"))),
        "en": _vocabulary(english, _EN_FORMS, sorted(stopwords("en"))),
    }


def _lemmas(side: str, chance: random.Random) -> list[str]:
    made = _arabic(chance) if side == "ar" else _english(chance)
    found = list(islice(made, LEMMAS))
    for place in range(_SHARED, LEMMAS, _SHARED):
        found[place] = str(1900 + place // _SHARED) if place % 80 else f"Q{place}x"
    return found


def _arabic(chance: random.Random) -> Iterator[str]:
    roots = [root for root in product(_RADICALS, repeat=3) if len(set(root)) == 3]
    chance.shuffle(roots)
    words = [(pattern.format(*root)) for root in roots[: LEMMAS // 6] for pattern in _PATTERNS]
    chance.shuffle(words)
    yield from dict.fromkeys(words)


def _english(chance: random.Random) -> Iterator[str]:
    syllables = ["".join(parts) for parts in product(_ONSETS, _NUCLEI, _CODAS)]
    seen: set[str] = set()
    while True:  # the commonest words are the shortest
        most = 1 if len(seen) < len(syllables) // 4 else 2
        word = "".join(chance.choice(syllables) for _ in range(most))
        if word not in seen:
            seen.add(word)
            yield word


def _vocabulary(lemmas: list[str], habits: tuple[tuple[str, str, int], ...], common: list[str]) -> Vocabulary:
    """The commonest places belong to real stop words, which have one form each."""
    rows = [(word,) for word in common[:60]]
    forms = (*rows, *(tuple(f"{before}{lemma}{after}" for before, after, _ in habits) for lemma in lemmas))
    shares = [share / sum(share for *_, share in habits) for *_, share in habits]
    words: list[str] = []
    weights: list[float] = []
    for rank, row in enumerate(forms, 1):
        weight = (rank + _SHIFT) ** -_EXPONENT
        words += row
        weights += [weight] if len(row) == 1 else [weight * share for share in shares]
    return Vocabulary(forms, tuple(words), tuple(accumulate(weights)))
