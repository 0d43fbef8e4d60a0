"""Which language is this: by script for what a reader types, by langdetect for an article's body."""

from __future__ import annotations

from functools import cache

import regex
from langdetect import detector_factory
from langdetect.lang_detect_exception import LangDetectException

from language import arabic
from language.tokens import Script

_ARABIC = regex.compile(rf"[{arabic.LETTERS}]")
_LATIN = regex.compile(r"\p{Script=Latin}")
_SAMPLE = 4000  # characters: more does not change the answer, only the time


def side_of(text: str) -> Script | None:
    """ "ar" or "en", whichever script has more letters in `text`; None when neither or both alike."""
    ar, en = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if ar == en:
        return None
    return "ar" if ar > en else "en"


def detect(text: str) -> tuple[str | None, float]:
    """The language of a body of text as (BCP 47 tag, confidence 0..1); (None, 0.0) when it has no words.

    langdetect with a fixed seed: the same text always gives the same answer.
    """
    detector = _factory().create()
    detector.seed = 0
    detector.append(text[:_SAMPLE])
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return None, 0.0
    return (best[0].lang, float(best[0].prob)) if best else (None, 0.0)


@cache
def _factory() -> detector_factory.DetectorFactory:
    factory = detector_factory.DetectorFactory()
    factory.load_profile(detector_factory.PROFILES_DIRECTORY)
    return factory
