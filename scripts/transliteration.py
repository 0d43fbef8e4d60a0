"""Learns how much each way of writing Arabic letters in Latin ones speaks for both words being one name.

    python -m scripts.transliteration

Writes the third column of mappings/transliteration.tsv anew: Viterbi training, from the odds that are there, on the
names of the table and on words of translated paragraphs that the odds so far take for one name. Of the paragraphs it
reads those of the even topics of WARRAQ_EVAL_DATA/eval and every second story of WARRAQ_EVAL_DATA/pairs (default
../shared); the odd topics are kept for measuring.
"""

from __future__ import annotations

import gzip
import json
import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from language import transliteration
from language.names import behind_particles, skeleton
from language.nametable import NameTable
from language.tokens import folded

Pair = tuple[str, str]  # of folded words, Arabic first, without its article

ROUNDS = 5
UNSEEN = 0.1  # times that a way never met is taken to have been met
MOST, MOST_UNSEEN = 6.0, 1.0  # nats; what is rare is not believed to say more
SURE, SURE_TOGETHER = 0.3, 0.5  # likeness from which on two words of one name, or of one paragraph, are a pair
BY_CHANCE = 0.2  # paragraphs that have both words, at most, were they strangers


class Way(NamedTuple):
    """Arabic letters ($: at the end of both words) and the Latin ones, either of them empty."""

    arabic: str
    latin: str


def main() -> None:
    head, gains = read()
    data = Path(os.environ.get("WARRAQ_EVAL_DATA", "../shared"))
    documents = [doc for doc in rows(data / "eval" / "documents.jsonl.gz") if doc["topic"] % 2 == 0]
    stories = rows(data / "pairs" / "stories.jsonl.gz")[::2]
    texts = [(doc["ar"], doc["en"]) for doc in documents]
    paragraphs = [pair for story in stories for pair in zip(story["ar"], story["en"], strict=True)]
    pairs = sorted({*of_the_table(NameTable.read()), *of_texts(texts), *of_texts(paragraphs)})
    chance = by_chance(texts)
    for _ in range(ROUNDS):
        times = Counter(way for pair in pairs for way in best(pair, gains))
        gains = {way: odds(way, times, len(gains), chance) for way in gains}
    lines = (f"{way.arabic or '-'}\t{way.latin or '-'}\t{gain:.2f}\n" for way, gain in gains.items())
    transliteration.TABLE.write_text(head + "".join(lines), encoding="utf-8")
    print(f"{len(pairs)} pairs, {len(gains)} ways of writing")  # noqa: T201


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read() -> tuple[str, dict[Way, float]]:
    """The table's head and its lines."""
    lines = transliteration.TABLE.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    ways = {
        Way(*("" if part == "-" else part for part in (arabic, latin))): float(gain) for arabic, latin, gain in parts
    }
    return "".join(line for line in lines if line.startswith("#")), ways


def of_the_table(names: NameTable) -> Iterator[Pair]:
    """The words of names that have as many in both languages."""
    for name in names.names:
        for english in name.en:
            latin = [
                word
                for word in folded(english).split()
                if word not in {"al", "el", "as", "ash", "ar", "an", "az", "ez"}
            ]
            for spelling in name.ar:
                arabic = folded(spelling).split()
                if len(arabic) == len(latin):
                    yield from (pair for pair in zip(map(bare, arabic), latin, strict=True) if likeness(pair) >= SURE)


def of_texts(texts: Iterable[tuple[str, str]]) -> Iterator[Pair]:
    """Rare words that stand in the same paragraphs and are alike."""
    where: tuple[dict[str, set[int]], dict[str, set[int]]] = defaultdict(set), defaultdict(set)
    count = 0
    for count, sides in enumerate(texts, 1):
        for side, text in zip(where, sides, strict=True):
            for word in folded(text).split():
                side[word].add(count)
    forms = defaultdict(list)
    for word in where[0]:
        forms[skeleton(word)].append((word, len(where[0][word])))
    for latin, paragraphs in where[1].items():
        for arabic, _ in transliteration.candidates(latin, "en", lambda _, bones, most: forms.get(bones, [])[:most]):
            there = where[0][arabic]
            if paragraphs & there and len(paragraphs) * len(there) / count < BY_CHANCE:
                part = max(behind_particles(arabic), key=lambda one: transliteration.odds(one, latin))
                if likeness((bare(part), latin)) >= SURE_TOGETHER:
                    yield bare(part), latin


def bare(arabic: str) -> str:
    return arabic[2:] if arabic.startswith("ال") and len(arabic) > 4 else arabic


def likeness(pair: Pair) -> float:
    return transliteration.likelihood(transliteration.odds(*pair))


def by_chance(texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The logarithm of each letter's share in its language's words, each word counted once."""
    out: dict[str, float] = {}
    for side in zip(*texts, strict=True):
        times = Counter(letter for word in set(folded(" ".join(side)).split()) for letter in word)
        out |= {letter: math.log(count / times.total()) for letter, count in times.items()}
    return out


def odds(way: Way, times: Counter[Way], ways: int, chance: dict[str, float]) -> float:
    share = (times[way] + UNSEEN) / (times.total() + UNSEEN * ways)
    alone = sum(chance.get(letter, min(chance.values())) for letter in way.arabic.rstrip("$") + way.latin)
    return min(math.log(share) - alone, MOST if times[way] else MOST_UNSEEN)


def best(pair: Pair, gains: dict[Way, float]) -> list[Way]:
    """The ways that the best alignment of a pair takes; none if there is no alignment."""
    arabic, latin = pair
    reached: dict[tuple[int, int], tuple[float, list[Way]]] = {(0, 0): (0.0, [])}
    for i in range(len(arabic) + 1):
        for j in range(len(latin) + 1):
            if (i, j) not in reached:
                continue
            worth, path = reached[i, j]
            for way in ways_at(arabic[i : i + 2], latin[j : j + 5], len(arabic) - i, len(latin) - j):
                if way in gains:
                    to = i + len(way.arabic.rstrip("$")), j + len(way.latin)
                    if to not in reached or worth + gains[way] > reached[to][0]:
                        reached[to] = worth + gains[way], [*path, way]
    return reached.get((len(arabic), len(latin)), (0.0, []))[1]


def ways_at(arabic: str, latin: str, left: int, wide: int) -> Iterator[Way]:
    for a in range(len(arabic) + 1):
        for b in range(len(latin) + 1):
            if a or b == 1:
                yield Way(arabic[:a], latin[:b])
                if a == left and b == wide:
                    yield Way(f"{arabic[:a]}$", latin[:b])


if __name__ == "__main__":
    main()
