"""Other texts in the sample outlet's theme: translated segments, and a page as a reader copied it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from archive.model import AR, EN, Lang

from .content import Piece, Side, Story, slug_of
from .pages import ANCHOR

_FIRST_ID = 900_000  # above the sample stories' ids
_TITLE_WORDS = 9
_START = datetime(2021, 3, 1, 9, 0, tzinfo=UTC)


def _title(segments: Sequence[str]) -> str:
    words = segments[0].split()
    return " ".join(words[:_TITLE_WORDS]).rstrip(".,،:؛;")


def _text(segment: str) -> str:
    """A segment as typed text: the marks of links and bold type mean themselves there, so they are left out."""
    return " ".join(segment.replace("**", "").replace("](", "] (").split())


def _side(lang: Lang, number: int, segments: Sequence[str], published: datetime, link: str | None) -> Side:
    title = _text(_title(segments))
    return Side(
        lang=lang,
        host=str(lang),
        id=_FIRST_ID + number,
        slug=f"{slug_of(' '.join(title.split()[:4]))}-{number}",
        title=title,
        published=published,
        pieces=tuple(Piece("paragraph", _text(segment)) for segment in segments if segment.strip()),
        link=link,
        features=frozenset({"no-image"}),
    )


def story_from_segments(
    number: int,
    en: Sequence[str],
    ar: Sequence[str],
    published: datetime | None = None,
    linked: bool = True,
) -> Story:
    """A story with one paragraph a segment; the English version comes a day later.

    `number` must differ between stories; `published` (of the Arabic) defaults to a day of its own. `linked`: the
    English page leads to the Arabic one. A side without segments is left out.
    """
    first = published or _START + timedelta(days=number)
    sides = []
    if ar:
        sides.append(_side(AR, number, ar, first, None))
    if en:
        sides.append(_side(EN, number, en, first + timedelta(days=1), "new" if linked and ar else None))
    return Story(key=f"segments-{number}", section="society", sides=tuple(sides))


def page_from_seed(text: str, number: int = 99_999) -> Story:
    """A page copied by a reader (title, caption twice, body, anchor of the Arabic version, tail), served as it was.

    What stands below the anchor is left to the theme, which has a tail of its own. A line without a full stop at its
    end is a subheading. The Arabic version behind the link is invented.

    Raises:
        ValueError: the text is too short, or lacks the anchor.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if ANCHOR not in lines or len(lines) < 5:
        raise ValueError(f"a copied page has a title, a caption twice, a body and the line {ANCHOR!r}")
    title, caption, *rest = lines[: lines.index(ANCHOR)]
    body = rest[1:] if rest and rest[0] == caption else rest
    pieces = tuple(Piece("paragraph" if line.endswith((".", "”", "!", "?")) else "subheading", line) for line in body)
    english = Side(
        lang=EN,
        host="en",
        id=_FIRST_ID + number,
        slug=slug_of(title),
        title=title,
        published=datetime(2024, 2, 5, 15, 30, tzinfo=UTC),
        pieces=pieces,
        caption=caption,
        link="new",
    )
    arabic = Side(
        lang=AR,
        host="ar",
        id=_FIRST_ID + number,
        slug="نسخة-عربية-مخترعة",
        title="نسخة عربية مخترعة لصفحة منسوخة",
        published=datetime(2024, 2, 5, 11, 0, tzinfo=UTC),
        pieces=(
            Piece("paragraph", "هذه فقرة مخترعة تقف مكان النسخة العربية التي تقود إليها الصفحة الإنكليزية."),
            Piece("paragraph", "وفيها تاريخ واحد هو 5 من شباط 2024، وعدد واحد هو 85 موقعًا، ولا شيء غير ذلك."),
        ),
        features=frozenset({"no-image"}),
    )
    return Story(key="seed", section="society", sides=(arabic, english))
