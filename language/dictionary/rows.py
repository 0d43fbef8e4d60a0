"""What stands in a table of forms (`language.forms`), and how it gets there."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from language import english
from language.dictionary import choice
from language.morphology import Reading, Readings
from language.names import skeleton
from language.stopwords import stopwords
from language.tokens import Script

FORMAT = 1
KIND = 0x57517246  # SQLite's application_id of such a file
SIDES: dict[Script, int] = {"ar": 0, "en": 1}
_AT_ONCE = 2000  # forms analysed together
_GLOSSES = 12  # of a lemma, at most

_TABLES = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA application_id = {KIND};
PRAGMA user_version = {FORMAT};
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lemma (id INTEGER PRIMARY KEY, lemma TEXT NOT NULL UNIQUE, root TEXT NOT NULL, weight REAL NOT NULL,
    glosses TEXT NOT NULL);
CREATE TABLE gloss (stem TEXT, lemma INTEGER, weight REAL NOT NULL, PRIMARY KEY (stem, lemma)) WITHOUT ROWID;
CREATE TABLE form (side INTEGER, length INTEGER, form TEXT, count INTEGER NOT NULL, letters INTEGER NOT NULL,
    skeleton TEXT NOT NULL, lemma INTEGER, PRIMARY KEY (side, length, form)) WITHOUT ROWID;
CREATE INDEX sound ON form (side, skeleton) WHERE skeleton <> '';
"""
_FORM = """INSERT INTO form VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (side, length, form) DO UPDATE SET count = count + excluded.count"""


class Word(NamedTuple):
    """A lemma and what all readings of the forms met say of it."""

    lemma: str
    root: str
    glosses: tuple[str, ...]


def create(
    connection: sqlite3.Connection, counts: Mapping[Script, Mapping[str, int]], dictionary: Readings | None
) -> None:
    """Write the tables into an empty file: every form, the lemma chosen for it, and the weights behind the choices."""
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO about VALUES ('dictionary', ?)", (dictionary.version if dictionary else "",))
    met = counts.get("ar", {})
    words, may_be = _read(met, dictionary)
    weights = choice.weights(((met[form], found) for form, found in may_be.items()), len(words))
    chosen = {form: choice.best(eases, weights.__getitem__) for form, eases in may_be.items() if eases}
    _lemmas(connection, words, weights, set(chosen.values()))
    for side, forms in counts.items():
        lemma_of = chosen if side == "ar" else {}
        connection.executemany(
            _FORM, (form_row(side, form, count, lemma_of.get(form)) for form, count in forms.items())
        )
    version = _version(dictionary.version if dictionary else "", ((form, words[i].lemma) for form, i in chosen.items()))
    connection.execute("INSERT INTO about VALUES ('version', ?)", (version,))
    connection.execute("COMMIT")


def add(
    connection: sqlite3.Connection, counts: Mapping[Script, Mapping[str, int]], found: Mapping[str, Word | None]
) -> None:
    """Count more forms; `found` has the lemma of each that is new. Lemmas met for the first time weigh nothing."""
    for word in {word for word in found.values() if word}:
        connection.execute(
            "INSERT OR IGNORE INTO lemma (lemma, root, weight, glosses) VALUES (?, ?, 0, ?)",
            (word.lemma, word.root, "\n".join(word.glosses)),
        )
        glosses = connection.execute("SELECT id, glosses FROM lemma WHERE lemma = ?", (word.lemma,)).fetchall()
        connection.executemany("INSERT OR IGNORE INTO gloss VALUES (?, ?, ?)", _gloss_rows(glosses))
    ids = {
        form: connection.execute("SELECT id FROM lemma WHERE lemma = ?", (word.lemma,)).fetchone()[0]
        for form, word in found.items()
        if word
    }
    for side, forms in counts.items():
        lemma_of = ids if side == "ar" else {}
        connection.executemany(
            _FORM, (form_row(side, form, count, lemma_of.get(form)) for form, count in forms.items())
        )


def form_row(side: Script, form: str, count: int, lemma: int | None) -> tuple[object, ...]:
    return SIDES[side], len(form), form, count, letters(form), skeleton(form), lemma


def letters(word: str) -> int:
    """A set of letters as bits. Two words that differ in n letters differ in at most n bits each way."""
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 61
    return bits


def words_of(readings: Sequence[Reading]) -> dict[str, Word]:
    """The lemmas that a form may be, in the dictionary's order."""
    found: dict[str, Word] = {}
    for one in readings:
        found[one.lemma] = merged(found.get(one.lemma), one)
    return found


def merged(word: Word | None, one: Reading) -> Word:
    if word is None:
        return Word(one.lemma, one.root, one.glosses[:_GLOSSES])
    glosses = tuple(dict.fromkeys(word.glosses + one.glosses))
    return Word(word.lemma, word.root or one.root, glosses[:_GLOSSES])


def _read(forms: Iterable[str], dictionary: Readings | None) -> tuple[list[Word], dict[str, choice.Eases]]:
    """All words that the forms may be, and for each form their numbers and how readily it is read so."""
    words: list[Word] = []
    numbers: dict[str, int] = {}
    may_be: dict[str, choice.Eases] = {}
    for batch in _batches(forms) if dictionary else ():
        assert dictionary
        for form, readings in zip(batch, dictionary(batch), strict=True):
            for one in readings:
                number = numbers.setdefault(one.lemma, len(words))
                if number == len(words):
                    words.append(merged(None, one))
                elif not set(one.glosses) <= set(words[number].glosses):
                    words[number] = merged(words[number], one)
            may_be[form] = {numbers[lemma]: ease for lemma, ease in choice.easiest(readings).items()}
    return words, may_be


def _batches(forms: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(forms)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _lemmas(connection: sqlite3.Connection, words: list[Word], weights: list[float], met: set[int]) -> None:
    rows = [
        (number, word.lemma, word.root, weights[number], "\n".join(word.glosses)) for number, word in enumerate(words)
    ]
    connection.executemany("INSERT INTO lemma VALUES (?, ?, ?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO gloss VALUES (?, ?, ?)", _gloss_rows((row[0], row[4]) for row in rows if row[0] in met)
    )


def _gloss_rows(lemmas: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int, float]]:
    for number, glosses in lemmas:
        weight: dict[str, float] = {}
        for gloss in filter(None, glosses.split("\n")):
            stems = gloss_stems(gloss)
            for stem in stems:
                weight[stem] = max(weight.get(stem, 0.0), 1 / len(stems))
        yield from ((stem, number, share) for stem, share in weight.items())


def gloss_stems(gloss: str) -> tuple[str, ...]:
    """The stems of a gloss's words, without those too common to tell anything, unless there are no others."""
    words = gloss.split(" ")
    telling = [word for word in words if word not in stopwords("en")] or words
    return tuple(dict.fromkeys(english.stem(word) for word in telling))


def _version(dictionary: str, chosen: Iterable[tuple[str, str]]) -> str:
    said = [dictionary, *(f"{form} {lemma}" for form, lemma in sorted(chosen))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
