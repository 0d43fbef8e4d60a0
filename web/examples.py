"""What to try first: searches made of the archive's own newest stories, so that each finds something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.model import Article, Story
from language.tokens import tokens
from web.cards import columns
from web.words import InterfaceLang

SHORTEST = 4  # letters of a word worth searching for


@dataclass(frozen=True, slots=True)
class Example:
    q: str
    lang: str


def examples(stories: Sequence[Story], lang: InterfaceLang) -> tuple[Example, ...]:
    """Of each language two words of a headline, a phrase of another one and, if somebody signed, an author."""
    found: list[Example] = []
    for own in columns(lang):
        texts = [v.content for story in stories for v in story.versions if v.lang == own and v.readable]
        texts = [text for text in texts if len(_words(text)) > 1]
        if texts:
            found += [Example(q, own) for q in (_two_words(texts[0]), _phrase(texts[-1], own))]
    return (*found, *_author(stories, lang))


def _words(text: Article) -> list[str]:
    """The long words of a headline, each once; "OR" and its like are short."""
    return list(dict.fromkeys(t.text for t in tokens(text.title) if len(t.text) >= SHORTEST and t.text.isalpha()))


def _two_words(text: Article) -> str:
    words = _words(text)
    return " ".join(sorted(sorted(words, key=len)[-2:], key=words.index))


def _phrase(text: Article, lang: InterfaceLang) -> str:
    """The first two neighbours that are long words, or else one word with others that begin so."""
    found, long = tokens(text.title), _words(text)
    for one, other in pairwise(found):
        if one.text in long and other.text in long and not text.title[one.end : other.start].strip():
            return f"«{one.text} {other.text}»" if lang == "ar" else f"“{one.text} {other.text}”"
    return f"{max(long, key=len)}*"


def _author(stories: Sequence[Story], lang: InterfaceLang) -> tuple[Example, ...]:
    texts = [v.content for story in stories for v in story.versions if v.readable and v.lang == lang]
    name = next((n for text in texts for n in text.authors if all(word.isalpha() for word in n.split())), None)
    field = "الكاتب" if lang == "ar" else "author"
    return (Example(f'{field}:"{name}"', lang),) if name else ()
