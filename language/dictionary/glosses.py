"""English words out of a dictionary's glosses."""

from __future__ import annotations

import re
from functools import lru_cache

from language import english

_ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|<[^>]*>?|\?+|[\"“”]")
_BETWEEN = re.compile(r"[;,+/|]")
_LEADING = re.compile(r"^(?:(?:be|to|the|a|an|of) )+(?=.)")
_WORD = re.compile(r"[a-z0-9][a-z0-9.&-]*")


@lru_cache(maxsize=1 << 12)
def glosses(text: str) -> tuple[str, ...]:
    """The words and phrases of a gloss, in its order, in lower case, each once.

    "displaced_person;refugee" is two. Asides in brackets, doubts and placeholders go, as do a leading article, "to" and
    the "be" of a verb; a phrase keeps its words with one space between them.
    """
    plain = english.fold(_ASIDE.sub(" ", text.replace("_", " ")))
    phrases = (" ".join(_WORD.findall(part)) for part in _BETWEEN.split(plain))
    return tuple(dict.fromkeys(cut for phrase in phrases if (cut := _LEADING.sub("", phrase).strip(".-& "))))
