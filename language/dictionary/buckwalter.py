"""Buckwalter's transliteration: a Latin sign for each Arabic letter and vowel sign."""

from __future__ import annotations

_SIGNS = "'|>&<}AbptvjHxd*rzs$SDTZEgfqklmnhwYyFNKauio~`{"
_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي" + "\u064b\u064c\u064d\u064e\u064f\u0650\u0652\u0651\u0670ٱ"
_ARABIC = str.maketrans(_SIGNS, _LETTERS)
VOWELS = frozenset("FNKauio~`")


def arabic(text: str) -> str:
    """`text` in Arabic letters; signs that the transliteration does not have stay."""
    return text.translate(_ARABIC)
