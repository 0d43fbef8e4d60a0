"""The name table: places, persons, organisations, and how each is spelt in both languages.

The table is a text file that its keeper edits; its form is told at the head of mappings/names.txt. Names are compared
by their folded words. In Latin letters the Arabic article may be there or not; in Arabic the particles that are written
to a word (و ف ب ل ك) are looked behind.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from language.arabic import CONTROLS, members
from language.names import behind_particles, key
from language.stopwords import stopwords
from language.tokens import Script, folded, folded_words

Kind = Literal["place", "person", "organisation", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BUILTIN = Path(__file__).parent.parent / "mappings" / "names.txt"

# The article in Latin letters, and the letters that it stands before where its own l became one of them.
_ARTICLE = {"al": "", "el": ""} | {
    vowel + sun: sun for vowel in "aeu" for sun in ("t", "th", "d", "dh", "r", "z", "s", "sh", "n")
}
_SHORT = 3  # letters of a name that is no name without its article
_CONTROLS = dict.fromkeys(members(CONTROLS))


class NameTableError(ValueError):
    """A table with a mistake: the message has file, line and reason."""


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called; `ar` and `en` as they are written, the one to be shown first."""

    key: str
    kind: Kind
    ar: tuple[str, ...]
    en: tuple[str, ...]

    def spelt(self, side: Script) -> tuple[str, ...]:
        return self.ar if side == "ar" else self.en


class Found(NamedTuple):
    """A name in a text, where it begins and how many words it is long."""

    start: int
    length: int
    name: Name


Words = tuple[str, ...]


class _Entry(NamedTuple):
    """A line as it was read, with the folded words of each spelling, English first. One without Arabic takes the name
    with its key out."""

    name: Name
    words: tuple[Words, ...]
    where: str


class _Spelling(NamedTuple):
    """The words of a spelling, without articles if they are Latin."""

    words: Words
    article: bool  # must stand before it
    name: Name


class NameTable:
    """The names of a table, found in texts."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        starts: dict[str, list[_Spelling]] = defaultdict(list)
        self._keys: dict[str, Name] = {}
        for name, spellings, _ in entries:
            self._keys[name.key] = name
            for words in dict.fromkeys(spellings):
                bare = _bare(words)
                short = len(bare) == 1 and len(bare[0]) <= _SHORT and len(words) > 1
                starts[bare[0]].append(_Spelling(bare, short, name))
        self._starts = dict(starts)

    @classmethod
    def read(cls, path: Path = BUILTIN, home: Path | None = None) -> NameTable:
        """The table in `path`, changed by the one in `home` if there is one.

        Raises:
            NameTableError: a line is wrong, or the file is not there or no UTF-8.
        """
        lines, wrong = _read(path)
        ours, wrong_here = _read(home) if home and home.exists() else ([], [])
        for mistake in (*wrong, *_mistakes(lines), *wrong_here, *_mistakes(ours, _keys(lines))):
            raise NameTableError(mistake)
        return cls(_changed(lines, ours))

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(self._keys.values())

    @property
    def version(self) -> str:
        """12 hex digits over all names: two tables with the same find the same."""
        return hashlib.sha256(repr(self.names).encode()).hexdigest()[:12]

    def named(self, key: str) -> Name | None:
        return self._keys.get(key)

    def find(self, words: Sequence[str]) -> list[Found]:
        """The names among folded words in their order, from the left, the longest at each place, none over another."""
        out: list[Found] = []
        at = 0
        while at < len(words):
            found = self._longest(words, at)
            if found:
                out.append(found)
            at += found.length if found else 1
        return out

    def places_in(self, text: str) -> tuple[str, ...]:
        """The keys of the places that a dateline names, in their order; the same for both languages."""
        found = (hit.name for hit in self.find(folded(text).split()))
        return tuple(dict.fromkeys(name.key for name in found if name.kind == "place"))

    def _longest(self, words: Sequence[str], at: int) -> Found | None:
        best: Found | None = None
        article = _article(words, at)
        for first, start in ((words[at], at), *((words[at + 1], at + 1) for _ in (0,) if article)):
            for bare in behind_particles(first):
                for spelling in self._starts.get(bare, ()):
                    end = _end(spelling.words, words, start)
                    needed = spelling.article and start == at
                    if end and not needed and (best is None or end - at > best.length):
                        best = Found(at, end - at, spelling.name)
        return best


def problems(path: Path, base: Path | None = None) -> list[str]:
    """All that is wrong in a file, one line each. base: the table that it changes."""
    lines, wrong = _read(path)
    return [*wrong, *_mistakes(lines, _keys(_read(base)[0]) if base else None)]


def lost(path: Path, base: Path = BUILTIN) -> Iterator[str]:
    """The names of `base` of which a file without a mistake takes all spellings of a language, one line each."""
    ours = _read(path)[0]
    keys = _keys(ours)
    takers = {_bare(words): entry for entry in ours if entry.name.ar for words in entry.words}
    for name, words, _ in _read(base)[0]:
        english, arabic = words[: len(name.en)], words[len(name.en) :]
        for language, spelt in (("English", english), ("Arabic", arabic)):
            if spelt and name.key not in keys and all(_bare(each) in takers for each in spelt):
                yield (
                    f"{takers[_bare(spelt[0])].where}: takes the last {language} spelling of {name.en[0]!r}, which is "
                    "no name any more; to keep it, write the spellings of both into one line"
                )
                break


def _bare(words: Words) -> Words:
    return tuple(word for i, word in enumerate(words) if not _article(words, i)) or words


def _article(words: Sequence[str], at: int) -> bool:
    """Whether there is an article, with a word that it can stand before."""
    before = _ARTICLE.get(words[at])
    return before is not None and at + 1 < len(words) and words[at + 1].startswith(before)


def _end(wanted: Words, words: Sequence[str], start: int) -> int:
    """Behind the last word of a spelling of which the first word stands at `start`; 0 if the others do not follow."""
    at = start + 1
    for word in wanted[1:]:
        if at < len(words) and words[at] != word and _article(words, at):
            at += 1
        if at >= len(words) or words[at] != word:
            return 0
        at += 1
    return at


def _read(path: Path) -> tuple[list[_Entry], list[str]]:
    """The lines of a file, and what is wrong with the form of others."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before = path.read_bytes()[: error.start]
        return [], [f"{path}:{before.count(10) + 1}: not UTF-8; save the file in that encoding"]
    except OSError as error:
        return [], [f"{path}: cannot be read: {error.strerror}"]
    out: list[_Entry] = []
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        clean = line.translate(_CONTROLS).strip()
        if clean and not clean.startswith("#"):
            where = f"{path}:{number}"
            try:
                out.append(_entry(clean, where))
            except ValueError as error:
                wrong.append(f"{where}: {error}")
    return out, wrong


def _entry(line: str, where: str) -> _Entry:
    columns = [column.strip() for column in line.split("|")]
    if len(columns) not in (2, 3):
        raise ValueError(f"{len(columns)} columns; write kind | English spellings | Arabic spellings")
    kind, english, arabic = (*columns, "")[:3]
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; one of {', '.join(KINDS)}")
    if len(columns) == 3 and not arabic:
        raise ValueError("no Arabic spelling")
    en, ar = _side(english, "en"), _side(arabic, "ar")
    if not en:
        raise ValueError("no English spelling")
    name = Name(key(next(iter(en))), kind, tuple(ar), tuple(en))
    return _Entry(name, (*en.values(), *ar.values()), where)


def _side(column: str, side: Script) -> dict[str, Words]:
    """The spellings of a column and the words of each."""
    out: dict[str, Words] = {}
    for spelling in filter(None, map(str.strip, column.replace("،", ",").split(","))):
        words = folded_words(spelling)
        if not words or {script for _, script in words} - {side, None}:
            raise ValueError(f"{spelling!r} is no {'Arabic' if side == 'ar' else 'English'} spelling")
        if len(words) == 1 and words[0][0] in stopwords(side):
            raise ValueError(f"{spelling!r} is a stop word: it would be found everywhere")
        out[spelling] = tuple(word for word, _ in words)
    return out


def _keys(entries: Iterable[_Entry]) -> frozenset[str]:
    return frozenset(entry.name.key for entry in entries)


def _mistakes(entries: Iterable[_Entry], base: Set[str] | None = None) -> Iterator[str]:
    """What is wrong between lines. base: the keys that may be taken out."""
    keys: dict[str, str] = {}
    taken: dict[Words, _Entry] = {}
    for entry in entries:
        name, where = entry.name, entry.where
        if not name.ar and base is None:
            yield f"{where}: no Arabic spelling"
        elif not name.ar and base is not None and name.key not in base:
            yield (
                f"{where}: no Arabic spelling, and no name {name.key!r} that could be taken out; "
                "`warraq names list` prints all names"
            )
        if name.key in keys:
            yield f"{where}: {name.en[0]!r} has a line already, {keys[name.key]}"
            continue
        keys[name.key] = where
        for words in map(_bare, entry.words):
            other = taken.setdefault(words, entry)
            if other is not entry:
                yield f"{where}: the spelling {' '.join(words)!r} stands in another line too, {other.where}"


def _changed(entries: Iterable[_Entry], ours: Sequence[_Entry]) -> Iterator[_Entry]:
    """The names, changed by ours: those with the same key are replaced, spellings are taken from all others."""
    keys = _keys(ours)
    taken = {_bare(words) for entry in ours if entry.name.ar for words in entry.words}
    for entry in entries:
        if entry.name.key not in keys:
            rest = _without(entry, taken) if taken else entry
            if rest.name.ar and rest.name.en:
                yield rest
    yield from (entry for entry in ours if entry.name.ar)


def _without(entry: _Entry, taken: Set[Words]) -> _Entry:
    name = entry.name
    spelt = [*zip((*name.en, *name.ar), entry.words, strict=True)]
    kept = [(spelling, words) for spelling, words in spelt if _bare(words) not in taken]
    if len(kept) == len(spelt):
        return entry
    there = {spelling for spelling, _ in kept}
    ar, en = (tuple(s for s in side if s in there) for side in (name.ar, name.en))
    return _Entry(Name(name.key, name.kind, ar, en), tuple(words for _, words in kept), entry.where)
