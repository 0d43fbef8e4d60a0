"""What an Arabic word can be: lemma, root, part of speech and English glosses, by camel-tools' analyzer.

A dictionary takes seconds to load and 200 MB to hold, so that programs ask a process of its own
(`language.dictionary.process`) and keep what they were told in a table of forms (`language.forms`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from language import arabic
from language.dictionary import supplement
from language.dictionary.glosses import glosses

if TYPE_CHECKING:
    from camel_tools.morphology.database import MorphologyDB

LONGEST = 30  # letters; what is longer is no word
OURS = "supplement"  # the feature that marks a stem of the supplement

# Chosen by the rank of the paragraph searched for, with one lemma a word; half or twice as much does a little worse.
_AFFIX, _VERB = 0.37, 0.5
_NO_WORDS = ("digit", "punc", "foreign")  # what the analyzer says of anything else
_NO_LETTER = re.compile("[^\u0621-\u063a\u0641-\u064a]")


class Reading(NamedTuple):
    """One way to read a word. `lemma` has its vowels, as the dictionary names the word; `root` is bare letters.

    `ease` (0..1) is how readily the word is read so, all else being equal: whole words before those with prefixes or
    suffixes, others before verbs.
    """

    lemma: str
    root: str
    pos: str
    glosses: tuple[str, ...]
    ease: float = 1.0


class Readings(Protocol):
    """A dictionary, or a process in front of one."""

    @property
    def version(self) -> str:
        """12 hex digits that are others when an answer can be."""

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        """The readings of each form (Arabic, folded or not).

        Raises:
            DictionaryError: there are none to be had now.
        """


class DictionaryError(Exception):
    """A dictionary that cannot be had or used; the message says why."""


def version(database: Path, extra: Path) -> str:
    """12 hex digits over the bytes of a database and a supplement."""
    digest = hashlib.sha256()
    for file in (database, extra):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


class Dictionary:
    """camel-tools' analyzer on a database of its format, for words as `language.arabic.fold` spells them.

    The process that opens one has CAMELTOOLS_DATA name a folder with a catalogue; else camel-tools looks for one on the
    network when it is imported.
    """

    def __init__(self, database: Path, extra: Path = supplement.FILE) -> None:
        """Load `database` and the supplement.

        Raises:
            DictionaryError: the database is not one.
            SupplementError: the supplement has a mistake.
        """
        from camel_tools.morphology.analyzer import Analyzer

        self._files = (database, extra)
        self._analyzer = Analyzer(_loaded(database, supplement.read(extra)))

    @cached_property
    def version(self) -> str:
        return version(*self._files)

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        return [self._readings(form) for form in forms]

    def _readings(self, form: str) -> tuple[Reading, ...]:
        folded = arabic.fold(form) if len(form) <= LONGEST * 4 else ""
        if not 0 < len(folded) <= LONGEST:
            return ()
        found = [one for one in self._analyzer.analyze(folded) if one.get("source") not in _NO_WORDS]
        return tuple(dict.fromkeys(_reading(one, folded) for one in _preferred(found)))


def _preferred(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The supplement's analyses, unless the dictionary needs fewer letters before the stem: ورقة is not و and رقة."""
    ours = [one for one in found if OURS in one]
    others = [one for one in found if OURS not in one]
    if not ours or not others:
        return found
    return ours if min(map(_before_stem, ours)) <= min(map(_before_stem, others)) else others


def _before_stem(analysis: dict[str, Any]) -> int:
    """Letters of the prefixes."""
    return max(0, arabic.fold(analysis["diac"]).find(arabic.fold(analysis["stem"])))


def _reading(analysis: dict[str, Any], form: str) -> Reading:
    root = _NO_LETTER.sub("", analysis.get("root") or "")
    before = _before_stem(analysis)
    after = len(form) > before + len(arabic.fold(analysis["stem"]))
    ease = _AFFIX ** ((before > 0) + after) * (_VERB if analysis["pos"] == "verb" else 1)
    return Reading(analysis["lex"], root, analysis["pos"], glosses(analysis.get("stemgloss", "")), ease)


def _loaded(database: Path, entries: Iterable[supplement.Entry]) -> MorphologyDB:
    from camel_tools.morphology.database import MorphologyDB
    from camel_tools.morphology.errors import MorphologyError

    try:
        found = MorphologyDB(str(database))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, MorphologyError) as error:
        raise DictionaryError(f"{database}: is no database of camel-tools: {error}") from error
    if not found.stem_hash:
        raise DictionaryError(f"{database}: is no database of camel-tools: it has no stem")
    for table in (found.prefix_hash, found.suffix_hash, found.stem_hash):
        _fold(table)
    for entry in entries:
        features = {**found.defaults.get(entry.pos, {}), **_features(entry)}
        found.stem_hash.setdefault(arabic.fold(entry.stem), []).append((entry.category, features))
    return found


def _features(entry: supplement.Entry) -> dict[str, str]:
    return {
        "diac": entry.stem, "lex": entry.lemma, "root": entry.root, "pos": entry.pos,
        "gloss": entry.gloss.replace(" ", "_"), OURS: "yes",
    }  # fmt: skip


def _fold(table: dict[str, list[Any]]) -> None:
    """Spell the keys as `arabic.fold` does: camel-tools keeps ؤ and ئ apart, the archive does not."""
    for key in [key for key in table if arabic.fold(key) != key]:
        table.setdefault(arabic.fold(key), []).extend(table.pop(key))
