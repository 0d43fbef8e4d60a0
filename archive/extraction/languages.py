"""Which language an article is in: a fact about its text, checked against what the page says."""

from __future__ import annotations

import re

from archive.model import AR, EN, Lang
from language import arabic, script

_ENOUGH = 200  # characters: langdetect guesses on less
_SURE = 0.9
# The commonest words of both languages. No other language in the same script has so many of them.
_COMMON_AR = "في من على إلى أن التي الذي عن مع هذا هذه بعد كان ما لم بين خلال كما قال"
_COMMON_EN = "the of and to in a that was for on is with by as from at which its were has"
_COMMON = {AR: frozenset(arabic.fold(_COMMON_AR).split()), EN: frozenset(_COMMON_EN.split())}
_COMMON_SHARE = 0.08
_SAMPLE = 2000  # characters
_SORANI = re.compile("[ڕڵێۆ]")  # letters of Central Kurdish, which langdetect does not know
_SORANI_SHARE = 0.02
_WORD = re.compile(r"[^\W\d_]+")


def decide(declared: str, text: str) -> tuple[Lang, list[str]]:
    """The language of `text` (title and body) and what is odd. `declared` is a tag of the page or "".

    The script decides between Arabic and English, their commonest words confirm it; where those are missing, seeded
    langdetect says what else is written in that script. A third language that the page declares is believed.
    """
    said = declared.split("-")[0].lower()
    side = script.side_of(text)
    if side is None:
        return Lang(said or "und"), [f"language taken as declared ({said or 'not at all'}): the text has no letters"]
    found = Lang(side) if _is_common(text, Lang(side)) else _rarer(text, Lang(side), said)
    if said and said != found:
        return found, [f"language declared {said}, detected {found}"]
    return found, []


def _is_common(text: str, side: Lang) -> bool:
    words = _WORD.findall(arabic.fold(text[:_SAMPLE]).lower())
    return bool(words) and sum(word in _COMMON[side] for word in words) >= _COMMON_SHARE * len(words)


def _rarer(text: str, side: Lang, said: str) -> Lang:
    """The language of a text with few of the common words of its script's side: another language, or a short text."""
    if said and said not in (AR, EN):
        return Lang(said)
    if side == AR and len(_SORANI.findall(text)) >= _SORANI_SHARE * len(text):
        return Lang("ckb")
    if len(text) < _ENOUGH:
        return side
    tag, confidence = script.detect(text)
    return Lang(tag) if tag is not None and confidence >= _SURE else side
