"""Whether an Arabic and a Latin word are the same name, written by ear: كوتشلي and Kuechly, غوتيريش and Guterres.

A pair hidden Markov model as in Durbin, Eddy, Krogh, Mitchison, "Biological Sequence Analysis" (1998), chapter 4, with
one state: the best alignment of letters with what they are heard as is worth the sum of its logarithmic odds against
chance (mappings/transliteration.tsv). A short word, or one of common letters, cannot be worth much. The odds were
learned by Viterbi training from the name table and from names of paired texts (scripts/transliteration.py).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from language.names import behind_particles, skeleton
from language.tokens import Script

Sounding = Callable[[Script, str, int], list[tuple[str, int]]]  # `FormsTable.sounding`

TABLE = Path(__file__).parent.parent / "mappings" / "transliteration.tsv"
_EVEN, _SLOPE = 10.0, 2.0  # nats at which one in two is the same name, and the width of the way there
_NEAR, _NEAR_SHORT = 0.2, 0.4  # the least likeness of a candidate, and of one of fewer than three consonants
_MOST = 8  # candidates
_ASKED, _ASKED_NEAR = 40, 10  # forms of the name's own skeletons, and of each that is near
_PARTICLE = 1.0  # nats that each reading of a word with particles written to it costs
_LONGEST = 30  # letters; a longer word is no name
_NEVER = float("-inf")
# Skeletons of Arabic forms begin with these where particles, with or without the article, are written to a name.
_BEFORE = ("", "b", "l", "bl", "f", "fl", "k", "kl")
# Signs of `language.names` that stand for each other between the languages, and what one side alone has.
_PAIRS = "t s,z s,s c,s k,d z,d t,c k,c x,c g,c t,k g,k x,x h,tc c,ts z,dg g,ng n,sc c"
_CONFUSED = [
    *(pair for one, two in map(str.split, _PAIRS.split(",")) for pair in ((one, two), (two, one))),
    *product("ghf", [""]),
]
_LAST = "strn"
_TWICE = re.compile(r"(.)\1+")


class Sounds(NamedTuple):
    """The table: by the first letters of both sides, all Arabic letters, how many Latin ones, and the gain; by both
    ends; by a Latin letter that is not written."""

    heard: dict[str, dict[str, list[tuple[str, str, float]]]]
    ends: dict[str, dict[str, float]]
    added: dict[str, float]


@cache
def sounds(path: Path = TABLE) -> Sounds:
    heard: dict[str, dict[str, list[tuple[str, str, float]]]] = defaultdict(lambda: defaultdict(list))
    ends: dict[str, dict[str, float]] = defaultdict(dict)
    added: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            arabic, latin, gain = line.replace("-\t", "\t").split("\t")
            if not arabic:
                added[latin] = float(gain)
            elif arabic.endswith("$"):
                ends[arabic[:-1]][latin] = float(gain)
            else:
                heard[arabic[0]][latin[:1]].append((arabic, latin, float(gain)))
    return Sounds(dict(heard), dict(ends), added)


def likelihood(nats: float) -> float:
    """From the logarithmic odds, as they were on candidates among the words of the evaluation's odd topics, from which
    the odds of letters were not learned; these two figures were."""
    return 1.0 / (1.0 + math.exp((_EVEN - nats) / _SLOPE)) if nats > -1000.0 else 0.0


@lru_cache(maxsize=1 << 14)
def odds(arabic: str, latin: str) -> float:
    """The worth of the best alignment of two folded words, in nats; minus infinite if there is none."""
    bare = arabic[2:] if arabic.startswith("ال") and len(arabic) > 4 else arabic
    if not bare or not latin or max(len(bare), len(latin)) > _LONGEST:
        return _NEVER
    table = sounds()
    high, wide = len(bare), len(latin)
    best = [[_NEVER] * (wide + 1) for _ in range(high + 1)]
    best[0][0] = 0.0
    for i, row in enumerate(best):
        heard = table.heard.get(bare[i], {}) if i < high else {}
        silent = heard.get("", ())
        ends = table.ends.get(bare[i:], {})
        for j, here in enumerate(row):
            if here == _NEVER:
                continue
            if j < wide:
                added = here + table.added.get(latin[j], _NEVER)
                if added > row[j + 1]:
                    row[j + 1] = added
            for letters, sound, gain in (*heard.get(latin[j : j + 1], ()), *silent):
                if latin.startswith(sound, j) and bare.startswith(letters, i):
                    below, at = best[i + len(letters)], j + len(sound)
                    if here + gain > below[at]:
                        below[at] = here + gain
            if ends and latin[j:] in ends:
                best[high][wide] = max(best[high][wide], here + ends[latin[j:]])
    return best[high][wide]


def candidates(word: str, side: Script, sounding: Sounding, near: bool = True) -> tuple[tuple[str, float], ...]:
    """Words of the other language that may be this name, and how likely: at most eight, the likest first, then the most
    frequent.

    word: folded, of `side`. sounding: the folded forms of a side that have a skeleton, the most frequent first. near:
    forms with nearly the same consonants are looked at too, which takes most of the time.
    """
    other: Script = "en" if side == "ar" else "ar"
    found: dict[str, tuple[float, int]] = {}
    for bones, most in _bones(word, side, near).items():
        for form, count in sounding(other, bones, most):
            if form not in found:
                nats = _best(word, form) if side == "ar" else _best(form, word)
                found[form] = (likelihood(nats), count)
    kept = sorted((-likeness, -count, form) for form, (likeness, count) in found.items() if likeness >= _least(form))
    return tuple((form, -likeness) for likeness, _, form in kept[:_MOST])


def _least(form: str) -> float:
    return _NEAR if len(skeleton(form)) > 2 else _NEAR_SHORT


def _best(arabic: str, latin: str) -> float:
    """The Arabic word may have particles written to it."""
    return max(odds(part, latin) - _PARTICLE * taken for taken, part in enumerate(behind_particles(arabic)))


def _bones(word: str, side: Script, neighbours: bool) -> dict[str, int]:
    """The skeletons that a name's form in the other language may have, and how many forms are to be looked at."""
    parts = behind_particles(word) if side == "ar" else [word]
    own = [bones for part in parts if len(part) <= _LONGEST and (bones := skeleton(part))]
    before = ("",) if side == "ar" else _BEFORE
    nearly = (found for bones in own for found in _neighbours(bones)) if neighbours else ()
    near = {_TWICE.sub(r"\1", found): _ASKED_NEAR for found in nearly}
    return near | {_TWICE.sub(r"\1", start + bones): _ASKED for bones in own for start in before}


def _neighbours(bones: str) -> Iterator[str]:
    """With one consonant heard otherwise, left out or added."""
    for old, new in _CONFUSED:
        at = bones.find(old)
        while at >= 0:
            yield bones[:at] + new + bones[at + len(old) :]
            at = bones.find(old, at + 1)
    for i in range(len(bones)):
        yield f"{bones[:i]}h{bones[i:]}"
    for last in _LAST:
        yield bones + last
        yield bones.removesuffix(last)
