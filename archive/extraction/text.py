"""Published text without what is not text: controls, broken characters, loose whitespace."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from language import arabic, english

# Dropped: controls, lone surrogates, noncharacters, and marks that only say where a line may break (soft hyphen,
# zero-width space, word joiner, byte order mark). Joiners and direction marks stay: they are spelling.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef]"
)
_C1 = re.compile("[\x80-\x9f]")
_SPACE = re.compile(r"\s+")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBEDDINGS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_SHORT = 100  # characters: names, markers and labels, which come on every page
_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """`text` as it may be stored: NFC, single spaces, no line break, no control character but balanced bidi ones.

    Tatweel and vowel signs stay: they were published. A C1 control is read as windows-1252, as browsers do (HTML
    standard, numeric character references). A bidi embedding, override or isolate stays only if
    its end is in the same text, and the reverse: an open one would reorder its neighbours, a closed pair may be meant.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _C1.sub(_windows, text))
        if _BIDI.search(text):
            text = _balanced(text)
    return _SPACE.sub(" ", _DROPPED.sub("", text)).strip()


def _windows(match: re.Match[str]) -> str:
    if match[0] == "\x85":  # NEXT LINE, whitespace in Unicode; in a page an ellipsis
        return "…"
    return match[0].encode("latin-1").decode("windows-1252", "ignore")


def _balanced(text: str) -> str:
    """`text` without the bidi controls that have no partner (pairing as in UAX #9, BD8-BD11)."""
    paired: set[int] = set()
    open_: list[int] = []
    for match in _BIDI.finditer(text):
        at, char = match.start(), match[0]
        if char == _POP_ISOLATE:
            opener = next((i for i in reversed(open_) if text[i] in _ISOLATES), None)
            if opener is not None:
                del open_[open_.index(opener) :]
                paired |= {opener, at}
        elif char == _POP_EMBEDDING:
            if open_ and text[open_[-1]] in _EMBEDDINGS:
                paired |= {open_.pop(), at}
        else:
            open_.append(at)
    return _BIDI.sub(lambda match: match[0] if match.start() in paired else "", text)


def key(text: str) -> str:
    """What two spellings of one line have in common: folded letters and digits, nothing else."""
    return _key(text) if len(text) <= _SHORT else _key.__wrapped__(text)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return _NOT_WORD.sub("", english.fold(arabic.fold(text)))
