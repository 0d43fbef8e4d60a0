"""Results and stories as lines for a terminal. Text from outside is isolated: it moves no cursor and no neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text

from archive.model import AR, EN, Story, Version
from archive.pairing.align import align
from indexer.engine import Hit, Piece

# First-strong and pop isolate: text of the other direction stays in its place (UAX #9).
ISOLATE, POP = "\u2068", "\u2069"
ORDER = (EN, AR)
SHOWN = {
    "exact": "exact", "spelling": "spelling", "stem": "form", "lemma": "form", "root": "form",
    "name": "name", "learned": "translation", "gloss": "translation",
}  # fmt: skip


def plain(text: str) -> str:
    """Without control characters and direction overrides, within an isolate."""
    kept = "".join(
        c for c in text if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return f"{ISOLATE}{kept}{POP}"


def stories(count: int) -> str:
    return f"{count} story" if count == 1 else f"{count} stories"


def marked(pieces: Sequence[Piece]) -> Text:
    """Matches stand out; whatever a terminal cannot show stays text."""
    out = Text(ISOLATE)
    for piece in pieces:
        out.append(plain(piece.text)[1:-1], style="bold yellow" if piece.match else "")
    return out.append(POP)


def hit_lines(hit: Hit) -> list[Text]:
    head = " · ".join(filter(None, (f"#{hit.story}", str(hit.day or ""), hit.outlet, hit.section)))
    lines = [Text(head + ("  changed after translation" if hit.stale else ""), style="dim")]
    for lang in ORDER:
        if side := hit.sides.get(lang):
            lines += [
                Text.assemble(f"  {lang}  ", marked(side.title)).copy(),
                Text.assemble("      ", marked(side.passage)),
            ]
    told: dict[str, dict[str, None]] = {}
    for reason in hit.why:
        told.setdefault(SHOWN[reason.kind], {}).update(dict.fromkeys(map(plain, reason.words)))
    why = "; ".join(f"{name}: {', '.join(words)}" for name, words in told.items())
    return [*lines, Text(f"      {why}", style="dim")] if why else lines


def side_by_side(story: Story) -> Table:
    """English on the left, Arabic on the right, paragraph beside paragraph; a version alone fills the table."""
    sides = [version for lang in ORDER if (version := story.version(lang)) and version.readable]
    if not sides:
        sides = [version for version in story.versions if version.readable]
    table = Table(title=f"story {story.id}", show_lines=True, expand=True)
    for version in sides:
        table.add_column(
            f"{version.lang}  {plain(version.content.title)}", ratio=1, overflow="fold", justify=_justify(version)
        )
    for row in zip(*(_facts(version) for version in sides), strict=True):
        table.add_row(*row)
    texts = [[block.text for block in version.content.blocks] for version in sides]
    if len(sides) == 2:
        for pair in align(*texts):
            table.add_row(_paragraphs(texts[0], pair.left), _paragraphs(texts[1], pair.right))
    else:
        for paragraph in texts[0] if texts else ():
            table.add_row(Text(plain(paragraph)))
    return table


def _justify(version: Version) -> Literal["left", "right"]:
    return "right" if version.lang == AR else "left"


def _facts(version: Version) -> tuple[Text, Text]:
    article = version.content
    published = f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else "no date"
    facts = " · ".join(
        (", ".join(map(plain, article.authors)) or "no byline", published, f"revision {version.revision.number}")
    )
    return Text(facts, style="dim"), Text(version.url, style="dim")


def _paragraphs(texts: Sequence[str], numbers: Sequence[int]) -> Text:
    return Text("\n".join(plain(texts[number]) for number in numbers)) if numbers else Text("–", style="dim")
