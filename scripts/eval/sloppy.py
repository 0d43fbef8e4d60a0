"""Queries as they are typed in a hurry: what each habit costs of the first place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from language.morphology import Readings
from scripts.bench.figures import Figure
from scripts.eval.archive import Archive
from scripts.eval.data import Data
from scripts.eval.metrics import quality, rank
from scripts.eval.under_test import UnderTest

SEED = 5
GOAL = 0.02  # of recall@1, at most
_HAMZA = str.maketrans("أإآؤئ", "اااوي")
_WORD = re.compile(r"[\u0621-\u064a]+")


def without_hamza(word: str, _rng: Random) -> str:
    """أحمد as احمد, مسؤول as مسوول, أجزاء as اجزا."""
    plain = word.translate(_HAMZA)
    return plain[:-1] if len(plain) > 3 and plain.endswith("اء") else plain


def other_yeh(word: str, _rng: Random) -> str:
    """على as علي, في as فى."""
    return word[:-1] + {"ى": "ي", "ي": "ى"}[word[-1]] if word[-1] in "ىي" else word


def other_heh(word: str, _rng: Random) -> str:
    """مدرسة as مدرسه, كتابه as كتابة."""
    return word[:-1] + {"ة": "ه", "ه": "ة"}[word[-1]] if word[-1] in "ةه" else word


def joined_waw(word: str, rng: Random) -> str:
    """One word in three with an "and" written to it, as in a list."""
    return f"و{word}" if len(word) > 3 and not word.startswith("و") and rng.random() < 1 / 3 else word


HABITS: dict[str, Callable[[str, Random], str]] = {
    "hamza": without_hamza, "yeh": other_yeh, "heh": other_heh, "waw": joined_waw,
}  # fmt: skip


def typed(text: str, habit: str) -> str:
    """`text` with the habit in every word; the same text always gives the same."""
    rng = Random(f"{SEED} {habit} {text}")
    return _WORD.sub(lambda found: HABITS[habit](found[0], rng), text)


def measured(under_test: UnderTest, data: Data, folder: Path, dictionary: Readings | None) -> Iterator[Figure]:
    engine = under_test.fresh()
    archive = Archive(engine, folder / f"{under_test.name}-sloppy", data.paragraphs, ("ar",), dictionary)
    queries = data.asked("full", "ar")[::2]

    def first(text: Callable[[str], str]) -> float:
        return quality([rank(archive.scores(text(query.text)), query.doc) for query in queries]).recall1

    correct = first(str)
    yield Figure(f"{under_test.name}.typed.correct.recall1", correct)
    for habit in HABITS:
        lost = 1 - first(lambda text, habit=habit: typed(text, habit)) / correct  # type: ignore[misc]
        yield Figure(
            f"{under_test.name}.typed.{habit}.lost", lost, "", f"<={GOAL:g}", lost <= GOAL, checked=True, most=True
        )
    engine.close()
