"""Invented bilingual stories of real lengths, one by one, the same for the same seed and number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from archive.model import Change, StoryId
from indexer.document import IndexDocument, IndexedSide
from indexer.tree import Side
from language.names import key
from scripts.bench.vocabulary import LEMMAS, Vocabulary, vocabularies

SEED = 7
FIRST_DAY, DAYS = date(2012, 1, 1), 5_000
SECTIONS = ("news", "politics", "economy", "society", "culture", "opinion", "investigations", "sport", "human-rights")
OUTLETS = ("first-paper", "second-paper", "third-paper")
_VERSIONS: tuple[tuple[Side, ...], ...] = (("ar", "en"), ("ar", "en"), ("ar", "en"), ("ar",), ("en",))
_TOPIC_WORDS = 12  # lemmas that a story keeps coming back to, in both languages
_TOPIC_EVERY = 12  # one word in so many
_SENTENCE = 14  # words


class Stories:
    """Draws stories. Three of five have both versions; one of ten with both is out of date."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.words = vocabularies(seed)
        chance = random.Random(f"{seed}-names")
        self._places: dict[Side, list[str]] = {}
        self._authors: dict[Side, list[str]] = {}
        for side, vocabulary in self.words.items():
            bare = [forms[0].capitalize() for forms in chance.sample(vocabulary.forms[1_000:20_000], 900)]
            self._places[side] = bare[:100]
            self._authors[side] = [f"{first} {last}" for first, last in zip(bare[100:500], bare[500:], strict=True)]

    def documents(self, count: int, first: int = 1) -> Iterator[IndexDocument]:
        """`count` stories from number `first` on; a story's change number is its number."""
        for number in range(first, first + count):
            yield self._document(number)

    def _document(self, number: int) -> IndexDocument:
        chance = random.Random(f"{self.seed}-{number}")
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        langs = chance.choice(_VERSIONS)
        topic = [int(60 * (LEMMAS / 60) ** chance.random()) for _ in range(_TOPIC_WORDS)]
        place = int(chance.triangular(0, 100, 0)) if chance.random() < 0.8 else None
        sides = tuple(self._side(chance, lang, number, day, topic) for lang in langs)
        return IndexDocument(
            story=StoryId(number),
            change=Change(number),
            sides=sides,
            versions="both" if len(langs) == 2 else langs[0],
            stale=len(langs) == 2 and chance.random() < 0.1,
            day=day,
            section=chance.choice(SECTIONS),
            outlet=chance.choices(OUTLETS, (6, 3, 1))[0],
            places=() if place is None else (key(self._places[langs[0]][place]),),
            authors=tuple(dict.fromkeys(key(name) for side in sides for name in side.authors)),
            tags=tuple(key(self.words[langs[0]].forms[lemma][0]) for lemma in topic[:3]),
            issue=(day - FIRST_DAY).days // 7 + 1,
        )

    def _side(self, chance: random.Random, lang: Side, number: int, day: date, topic: list[int]) -> IndexedSide:
        words = self.words[lang]
        title = " ".join(_with_topic(chance, words, words.drawn(chance, chance.randint(8, 14)), topic))
        lengths = [chance.randint(20, 80) for _ in range(chance.randint(6, 20))]
        body = (_text(_with_topic(chance, words, words.drawn(chance, length), topic), lang) for length in lengths)
        return IndexedSide(
            lang=lang,
            url=f"https://{lang}.paper.example/{day.year}/{number}",
            paragraphs=(title, *body),
            authors=(self._authors[lang][int(chance.triangular(0, 400, 0))],),
            published=datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=UTC).isoformat(),
        )


def _with_topic(chance: random.Random, vocabulary: Vocabulary, words: list[str], topic: list[int]) -> list[str]:
    for place in range(chance.randrange(_TOPIC_EVERY), len(words), _TOPIC_EVERY):
        words[place] = chance.choice(vocabulary.forms[chance.choice(topic)])
    return words


def _text(words: list[str], lang: Side) -> str:
    """Words as sentences, with a comma in each."""
    comma = "،" if lang == "ar" else ","
    for end in range(_SENTENCE - 1, len(words), _SENTENCE):
        words[end - 6] += comma
        words[end] += "."
    for start in range(0, len(words), _SENTENCE):
        words[start] = words[start].capitalize()
    return " ".join(words)
