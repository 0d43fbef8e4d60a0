"""Query text -> lexemes: operators, brackets, field names, and leaves of the query tree. Linear in the length."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from indexer.tree import DateRange, Fuzzy, Leaf, Near, Note, Phrase, Prefix, Side, Word
from language.arabic import CONTROLS, DIGITS
from language.dates import parse_day
from language.tokens import Token, folded, form, tokens

_QUOTES = '"“”„‟«»＂'
_LEXEME = re.compile(
    rf"[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}])?(?:~(?P<near>\w*))?"
    r"|(?P<open>\()|(?P<close>\))|(?P<or>\|+)"
    rf"|(?P<chunk>(?:[^\s{_QUOTES}()|؛؟;!?,،]|[,،](?=\d))+)"
)
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}
_FIELD = re.compile(r"([^\W\d_]+):")
_NAMES = (
    ("title", "العنوان"),
    ("author", "الكاتب"),
    ("section", "القسم"),
    ("place", "المكان"),
    ("tag", "الوسم"),
    ("outlet", "المصدر"),
    ("issue", "العدد"),
    ("date", "التاريخ"),
)
_FIELDS = {folded(name): key for key, arabic in _NAMES for name in (key, arabic, arabic.removeprefix("ال"))}
_PARAGRAPH = {"para", folded("فقرة")}
_ENDING = re.compile(r"(?P<exact>=?)(?P<body>.*?)(?P<end>[*٭＊]|~\d?)?[.:]*", re.DOTALL)
# What joins words into one name (al-Shara, enabbaladi.net, كوفيد-19); other signs only stand between words.
_JOINS = re.compile(r"[-‐‑–.@_'’]?")
_DAY = re.compile(r"(?P<y>\d{4})(?:[-/](?P<m>\d{1,2})(?:[-/](?P<d>\d{1,2}))?)?")
_RANGE = re.compile(r"\.{2,3}|…")
_CONTROLS = re.compile(f"[{CONTROLS}]")
_YEARS = range(1900, 2101)
_WORDS = 100  # of one phrase

Kind = Literal["leaf", "open", "close", "and", "or", "not", "field"]


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`node` of a leaf, `name` of a field (one of tree.FIELDS)."""

    kind: Kind
    node: Leaf | DateRange | None = None
    name: str = ""


@dataclass(slots=True)
class Lexer:
    """Reads one query; what it had to guess is in `notes`."""

    text: str
    notes: list[Note] = field(default_factory=list)
    _date_next: bool = False  # `date:` was read, its date was not

    def lexemes(self) -> Iterator[Lexeme]:
        for match in _LEXEME.finditer(self.text):
            if match["quoted"] is not None:
                yield from self._quoted(match)
            elif match["chunk"]:
                follows = self.text[match.end() : match.end() + 1]
                yield from self._chunk(match["chunk"], bool(follows) and follows in _QUOTES + "(")
            else:
                kind: Kind = "open" if match["open"] else "close" if match["close"] else "or"
                yield Lexeme(kind)

    def _quoted(self, match: re.Match[str]) -> Iterator[Lexeme]:
        inside = match["quoted"]
        if match["closed"] is None:
            self._note("unclosed-quote")
        if self._date_next:
            yield from self._date(inside)
            return
        found = self._tokens(inside)
        words, side = tuple(t.text for t in found), _side(found)
        near = folded(match["near"] or "")
        if len(words) == 1:
            yield Lexeme("leaf", Word(words[0], side, exact=True))
        elif words and near in _PARAGRAPH:
            yield Lexeme("leaf", Near(words, side, None))
        elif words and near.isdecimal():
            yield Lexeme("leaf", Near(words, side, int(near[:4])))
        elif words:
            yield Lexeme("leaf", Phrase(words, side))

    def _chunk(self, chunk: str, attached: bool) -> Iterator[Lexeme]:
        """`attached`: a quote or bracket follows at once, so that `-` and `title:` speak of it."""
        if chunk in _OPERATORS:
            yield Lexeme("and" if chunk == "AND" else "or" if chunk == "OR" else "not")
            return
        rest, negated = _without_minus(chunk, attached)
        if negated:
            yield Lexeme("not")
        name, rest = self._field(rest)
        if name == "date":
            self._date_next = True
        elif name:
            yield Lexeme("field", name=name)
            rest, negated = _without_minus(rest, attached)
            if negated:
                yield Lexeme("not")
        if self._date_next:
            if rest:
                yield from self._date(rest)
        else:
            yield from self._words(rest, dates=not name)

    def _field(self, chunk: str) -> tuple[str, str]:
        """The field's key, or "", and what is left of the chunk."""
        match = _FIELD.match(chunk)
        if not match:
            return "", chunk
        key = _FIELDS.get(folded(match[1]))
        if key:
            return key, chunk[match.end() :]
        if tokens(chunk[match.end() :]) and not chunk.startswith("//", match.end()):
            self._note("unknown-field", field=match[1])
        return "", chunk

    def _words(self, chunk: str, dates: bool) -> Iterator[Lexeme]:
        if dates and (found := self._bare_date(chunk)):
            yield Lexeme("leaf", found)
            return
        match = _ENDING.fullmatch(chunk)
        assert match is not None  # every part of the pattern may be empty
        body, end = match["body"], (match["end"] or "")[:1]
        found_tokens = self._tokens(body)
        if any(star in body for star in "*٭＊") or (end in ("*", "٭", "＊") and not found_tokens):
            self._note("lone-prefix", text=chunk)
        if not found_tokens:
            return
        if end:
            yield from _leaves(body, found_tokens[:-1], exact=False)
            word, side = found_tokens[-1].text, _side(found_tokens[-1:])
            yield Lexeme("leaf", Fuzzy(word, side) if end == "~" else Prefix(word, side))
            return
        if dates and _year(chunk) and not match["exact"]:
            self._note("offer-date", year=_plain(chunk))
        yield from _leaves(body, found_tokens, exact=bool(match["exact"]))

    def _bare_date(self, chunk: str) -> DateRange | None:
        plain = _plain(chunk)
        if "-" not in plain and not _RANGE.search(plain):
            return None
        found = _days(plain)
        if isinstance(found, str):
            self._note("bad-date", text=found)
        return found if isinstance(found, DateRange) else None

    def _date(self, text: str) -> Iterator[Lexeme]:
        self._date_next = False
        found = _days(_plain(text))
        day = None if isinstance(found, DateRange) else parse_day(text)
        if isinstance(found, DateRange):
            yield Lexeme("leaf", found)
        elif day:
            yield Lexeme("leaf", DateRange(day, day))
        else:
            self._note("bad-date", text=text)

    def _tokens(self, text: str) -> list[Token]:
        found = tokens(text)
        if len(found) > _WORDS:
            self._note("too-many", kept=str(_WORDS))
        return found[:_WORDS]

    def _note(self, key: str, **values: str) -> None:
        note = Note(key, tuple(values.items()))
        if note not in self.notes:
            self.notes.append(note)


def _without_minus(chunk: str, attached: bool) -> tuple[str, bool]:
    rest = chunk.lstrip("-")
    negates = rest != chunk and (bool(rest) or attached)
    return (rest if negates else chunk), negates


def _leaves(body: str, found: list[Token], exact: bool) -> Iterator[Lexeme]:
    """Words that `body` joins become a phrase, the others words of their own."""
    group: list[Token] = []
    for token in found:
        if group and not _JOINS.fullmatch(body[group[-1].end : token.start]):
            yield _leaf(group, exact)
            group = []
        group.append(token)
    if group:
        yield _leaf(group, exact)


def _leaf(group: list[Token], exact: bool) -> Lexeme:
    if len(group) == 1:
        return Lexeme("leaf", Word(group[0].text, _side(group), exact))
    return Lexeme("leaf", Phrase(tuple(t.text for t in group), _side(group), joined=not exact))


def _side(found: Iterable[Token]) -> Side | None:
    """The one script of the tokens; None when there is none or are two. Numbers go with either."""
    scripts = {form(t.text).script for t in found} - {None}
    return scripts.pop() if len(scripts) == 1 else None


def _plain(text: str) -> str:
    return _CONTROLS.sub("", text).translate(DIGITS).strip().strip(":")


def _year(chunk: str) -> bool:
    plain = _plain(chunk).rstrip(".")
    return len(plain) == 4 and plain.isdecimal() and int(plain) in _YEARS


def _days(plain: str) -> DateRange | str | None:
    """Days of a date or range; the text of a date that cannot be; None when `plain` has not the form of dates."""
    ends = _RANGE.split(plain)
    if len(ends) > 2 or not any(ends):
        return None
    matches = [_DAY.fullmatch(end) for end in ends]
    if any(end and not match for end, match in zip(ends, matches, strict=True)):
        return None
    spans = [_span(match) if match else (None, None) for match in matches]
    for end, span in zip(ends, spans, strict=True):
        if end and span == (None, None):
            return end
    start, last = spans[0][0], spans[-1][1]
    if start and last and start > last:
        start, last = spans[-1][0], spans[0][1]
    return DateRange(start, last)


def _span(match: re.Match[str]) -> tuple[date, date] | tuple[None, None]:
    """First and last day of a year, month or day."""
    year, month, day = (int(match[k]) if match[k] else None for k in "ymd")
    try:
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        return first, date(first.year, last_month, day or calendar.monthrange(first.year, last_month)[1])
    except ValueError:
        return None, None
