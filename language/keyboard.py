"""What a text would be if the other keyboard had been on: Arabic 101 and US QWERTY, key by key.

The layouts are those of Microsoft Windows (`KBDA1`, `KBDUS`). One key writes two letters, لا, so an Arabic text may
come of more than one English one.
"""

from __future__ import annotations

from itertools import product

_KEYS = (
    ("`qwertyuiop[]asdfghjkl;'zxcvnm,./", "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ"),
    ("HYN", "أإآ"),
)  # with shift, only letters that are written by no key alone
_PAIRS = (("b", "لا"), ("G", "لأ"), ("T", "لإ"), ("B", "لآ"))
_TO_ARABIC = {key: letter for keys, letters in _KEYS for key, letter in zip(keys, letters, strict=True)} | dict(_PAIRS)
_TO_LATIN = {letter: key for key, letter in _TO_ARABIC.items()}
_ARABIC_LETTERS = frozenset(letter for letter in _TO_LATIN if len(letter) == 1)
MOST_READINGS = 4


def other_layout(text: str) -> tuple[str, ...]:
    """The readings of a text typed on the wrong layout, the likeliest first; none when it has letters of neither or of
    both. What is on no letter's key stays as it is."""
    arabic, latin = any(c in _ARABIC_LETTERS for c in text), any(c.isascii() and c.isalpha() for c in text)
    if arabic == latin:
        return ()
    if latin:
        return ("".join(_TO_ARABIC.get(c) or _TO_ARABIC.get(c.lower(), c) for c in text),)
    runs = [_latin(run) for run in _runs(text)]
    readings = list(product(*runs)) if sum(len(run) > 1 for run in runs) <= 2 else [tuple(run[0] for run in runs)]
    return tuple("".join(reading).lower() for reading in readings[:MOST_READINGS])


def _runs(text: str) -> list[str]:
    """One letter each, or the two of one key."""
    runs: list[str] = []
    at = 0
    while at < len(text):
        length = 2 if text[at : at + 2] in _TO_LATIN else 1
        runs.append(text[at : at + length])
        at += length
    return runs


def _latin(run: str) -> tuple[str, ...]:
    key = _TO_LATIN.get(run, run)
    return (key, "".join(_TO_LATIN[c] for c in run)) if len(run) == 2 else (key,)
