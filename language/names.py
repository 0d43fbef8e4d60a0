"""Names across the two scripts: the consonants that an Arabic name and its spellings in Latin letters have in common.

سميرة and Samira are both smr, الخابور and al-Khabour xbr. What transliterations disagree on is given up:

    vowels, ا و ي ء ع ئ ؤ and w, y, apostrophes   nothing
    a last ة ه ح and h (Raqqa, Raqqah; Saleh)     nothing
    ال and al-, el-, as-, ad-, ash- … before a part   nothing
    ت ط ث, t, th                                  t
    ج غ, j, g, gh (Golan, Jolan)                  g
    خ, kh                                         x
    د ض, d                                        d
    ذ ز ظ, z, dh                                  z
    س ص, s, and c before e, i, y                  s
    ش, sh, ch, and تش                             c
    ف, f, v, ph                                   f
    ق ك, q, k, c, ck (x is ks)                    k
    ح ه, h                                        h
    ب, b, p;  ر, r;  ل, l;  م, m;  ن, n           themselves

Of the same letter twice in a row, with nothing but vowels between, one stays: a shadda is not written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from language.arabic import COMBINING, CONTROLS, LETTERS, MARKS, members
from language.tokens import folded_words

_CLASSES = {
    "t": "تطث", "g": "جغگ", "x": "خ", "d": "دض", "z": "ذزظژ", "s": "سص", "c": "شچ", "f": "فڤ", "k": "قكک",
    "h": "حهةھ", "b": "بپ", "r": "ر", "l": "ل", "m": "م", "n": "ن",
}  # fmt: skip
_ARABIC = {ord(letter): sign for sign, letters in _CLASSES.items() for letter in letters}
_LATIN = {
    ord(letter): sign
    for sign, letters in {"t": "t", "g": "gj", "d": "d", "z": "z", "s": "s", "f": "fv", "k": "kq", "h": "h", "b": "bp",
                          "r": "r", "l": "l", "m": "m", "n": "n", "x": "X", "c": "C"}.items()
    for letter in letters
}  # fmt: skip
_MORE = (("kh", "X"), ("sh", "C"), ("ch", "C"), ("gh", "g"), ("th", "t"), ("dh", "z"), ("ph", "f"), ("x", "ks"))
_SOFT_C = re.compile("c(?=[eiy])")
_SIGNS = dict.fromkeys(members(MARKS + COMBINING + CONTROLS))
_ARABIC_LETTER = re.compile(f"[{LETTERS}]")
_ARTICLE = re.compile(r"(?:[aeu](?:l|dh|sh|th|[drstzn]))-", re.IGNORECASE)
_PARTS = re.compile(r"[\s_\u2010-\u2015-]+")
_PARTICLES = ("وف", "بكل")  # in the order in which they can stand before each other
_LEFT = 3  # letters that stay at least when a particle is taken off
_TWICE = re.compile(r"(.)\1+")


def key(name: str) -> str:
    """The key of a name of a person, place or tag: its folded words joined by hyphens, one for all spellings that fold
    alike ("أحمد الأحمد", "احمد الاحمد"). Empty when the name has no word."""
    return "-".join(word for word, _ in folded_words(name))


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """The consonants of a name in either script, of one word or several (دير الزور: drzr); empty if it has none.

    Classes as in the table above; letters of other scripts and digits count for nothing.
    """
    text = unicodedata.normalize("NFKD", word).translate(_SIGNS)
    if _ARABIC_LETTER.search(text):
        return "".join(_arabic(part) for part in _PARTS.split(text))
    return "".join(_latin(part) for part in _PARTS.split(_ARTICLE.sub("", text)))


def _arabic(part: str) -> str:
    bare = part[2:] if part.startswith("ال") and len(part) > 3 else part
    return _short(bare.replace("تش", "ش").translate(_ARABIC))


def _latin(part: str) -> str:
    text = _SOFT_C.sub("s", part.lower())
    for letters, sign in _MORE:
        text = text.replace(letters, sign)
    return _short(text.replace("c", "k").translate(_LATIN))


def _short(signs: str) -> str:
    """Without what has no class, what is double, and a last h."""
    return _TWICE.sub(r"\1", "".join(s for s in signs if "a" <= s <= "z" and s not in "aeiouwy")).removesuffix("h")


def behind_particles(word: str) -> Iterator[str]:
    """A folded Arabic word and what is left without the particles that may be written to it: وبدمشق, بدمشق, دمشق;
    للرقة may be لرقة and الرقة."""
    yield word
    rest = word
    for particles in _PARTICLES:
        if rest[:1] in particles and len(rest) > _LEFT:
            joined = rest.startswith("لل")
            rest = rest[1:]
            yield rest
            if joined:
                yield f"ا{rest}"
