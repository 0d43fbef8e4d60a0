"""What the archive's certain pairs teach: rows of words that translate each other, for the lexicon.

Only versions that a certain link holds together teach: what a page says of its other version, or what an editor
decided. Proposals and inferred links do not, since the lexicon would then confirm its own guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from archive.model import AR, EN, Change, Story, StoryId, Version
from archive.pairing.align import ALGORITHM, align
from language.lexicon import Lexicon
from language.stopwords import stopwords
from language.tokens import Script, form, words

TEACHER = f"rows-2 {ALGORITHM}"  # its number is raised with every change of what is taught
GOOD = 0.3  # score of paragraphs that teach: length alone speaks for up to .5; within them any two sentences aligned
BATCH = 200  # stories read at once
Terms = tuple[list[str], list[str]]  # of a row, Arabic and English, in the order of the text

_SENTENCE = re.compile(r"(?<=[.!?؟؛…])[\"”»’)\]]*\s+")
_Item = TypeVar("_Item")


class Truth(Protocol):
    """What is needed of the store."""

    def change(self) -> Change: ...
    def changes(self, after: Change, limit: int) -> list[tuple[Change, StoryId]]: ...
    def stories(self, ids: Iterable[StoryId], /) -> list[Story]: ...
    def story_ids(self) -> Iterable[StoryId]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """Stories whose words were learned, anew or for the first time, and stories whose words were taken back."""

    learned: int
    forgotten: int


def learn(store: Truth, lexicon: Lexicon, progress: Callable[[int, int], None] | None = None) -> Report:
    """Bring the lexicon in step with the store. Idempotent, and an interrupted run is simply run again.

    progress: called with the stories looked at so far, and of how many.
    """
    lexicon.taught_by(TEACHER)
    newest = store.change()
    learned = forgotten = done = 0
    known = lexicon.stories()
    wanted = _to_look_at(store, lexicon.change, known)
    for some in _batches(wanted, BATCH):
        there = {story.id: story for story in store.stories(some)}
        for number in some:
            story = there.get(number)
            pair = certain_pair(story) if story else None
            if story and pair and known.get(number) != story.change:
                lexicon.learn(number, story.change, rows(*map(_paragraphs, pair)))
                learned += 1
            elif not pair and number in known:
                lexicon.forget(number)
                forgotten += 1
        done += len(some)
        if progress:
            progress(done, len(wanted))
    lexicon.reached(newest)
    return Report(learned, forgotten)


def certain_pair(story: Story) -> tuple[Version, Version] | None:
    """The Arabic and the English version, when both can be read and a certain link holds them together."""
    arabic, english = story.version(AR), story.version(EN)
    if arabic is None or english is None or not (arabic.readable and english.readable):
        return None
    both = {arabic.article, english.article}
    certain = any(link.certain and {link.a, link.b} == both for link in story.links)
    return (arabic, english) if certain else None


def rows(arabic: Sequence[str], english: Sequence[str]) -> Iterator[Terms]:
    """The words of each pair of sentences in paragraphs that say the same: of the side's own script, no stop words,
    folded in Arabic, their stems in English.
    """
    for left, right in _aligned(arabic, english, GOOD):
        for some, others in _aligned(_sentences(left), _sentences(right), 0.0):
            terms = _terms(some, "ar"), _terms(others, "en")
            if all(terms):
                yield terms


def _to_look_at(store: Truth, reached: int, known: Iterable[int]) -> list[StoryId]:
    """The stories of the changes since then; all, where the lexicon is empty or of a later state than the store."""
    if not 0 < reached <= store.change():
        return sorted({*store.story_ids(), *map(StoryId, known)})
    found: set[StoryId] = set()
    at = Change(reached)
    while lines := store.changes(at, 1000):
        found.update(story for _, story in lines)
        at = lines[-1][0]
    return sorted(found)


def _paragraphs(version: Version) -> list[str]:
    return [version.content.title, *(block.text for block in version.content.blocks)]


def _aligned(left: Sequence[str], right: Sequence[str], least: float) -> Iterator[tuple[str, str]]:
    if len(left) == len(right) == 1:
        yield left[0], right[0]
        return
    for row in align(left, right):
        if row.left and row.right and row.score >= least:
            yield " ".join(left[i] for i in row.left), " ".join(right[j] for j in row.right)


def _sentences(paragraph: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(paragraph) if sentence]


def _terms(text: str, side: Script) -> list[str]:
    forms = map(form, words(text))
    kept = (f for f in forms if f.script == side and len(f.stem) > 1 and f.folded not in stopwords(side))
    return [f.folded if side == "ar" else f.stem for f in kept]


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
