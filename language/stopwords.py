"""Words too common to say why a text was found. They are searched like any other; they are not marked beside others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from language.tokens import Script, form

_LISTS = Path(__file__).parent.parent / "mappings"


@cache
def stopwords(side: Script) -> frozenset[str]:
    """The folded stop words of a language, from mappings/stopwords.<side>.txt (one a line)."""
    lines = (_LISTS / f"stopwords.{side}.txt").read_text(encoding="utf-8").split()
    return frozenset(form(line).folded for line in lines)
