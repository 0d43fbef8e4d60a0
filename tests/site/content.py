"""The sample outlet's stories: TOML files to frozen values, and what an archive should read from their pages.

A body is text: blocks are parted by blank lines; `## ` begins a subheading, `> ` a quotation, `- ` list items (one a
line), `^ ` the caption of a picture in the body, `@ ` an embedded post, `% ` a video, `+ ` a box that leads to another
story. The last three are furniture and no part of the article. `[text](address)` is a link, `**text**` bold.
`{outlet}` stands for the outlet's name in the language of the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.model import AR, EN, Block, BlockKind, Lang, VersionLink

STORIES = Path(__file__).parent / "stories"
SLUG_BYTES = 200  # WordPress cuts a slug at this many encoded bytes, mid-word
SECTIONS = {
    "society": ("مجتمع", "Society"),
    "economy": ("اقتصاد", "Economy"),
    "services": ("خدمات", "Services"),
    "culture": ("ثقافة", "Culture"),
    "environment": ("بيئة", "Environment"),
    "sport": ("رياضة", "Sport"),
    "investigations": ("تحقيقات", "Investigations"),
    "opinion": ("رأي", "Opinion"),
}
_KINDS = {
    "## ": "subheading",
    "> ": "quote",
    "- ": "item",
    "^ ": "caption",
    "@ ": "tweet",
    "% ": "video",
    "+ ": "related",
}
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Brand:
    """The outlet's name in both languages."""

    ar: str
    en: str

    def name(self, lang: str) -> str:
        return self.ar if lang == AR else self.en


NARANJ = Brand("نارنج", "Naranj")
ENAB_BALADI = Brand("عنب بلدي", "Enab Baladi")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two editions stand, without a last slash; `bare` is the Arabic host without www."""

    ar: str
    en: str
    bare: str

    def base(self, host: str) -> str:
        return self.ar if host == "ar" else self.en


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as it was written: its kind (a BlockKind's value, "tweet", "video" or "related") and marked-up text."""

    kind: str
    text: str

    @property
    def plain(self) -> str:
        return _BOLD.sub(r"\1", _LINK.sub(r"\1", self.text))


@dataclass(frozen=True, slots=True)
class Side:
    """One language's version of a story, as the newsroom typed it."""

    lang: Lang
    host: str  # the edition that serves it: "ar" or "en"
    id: int
    slug: str
    title: str
    published: datetime
    pieces: tuple[Piece, ...]
    updated: datetime | None = None
    kicker: str | None = None
    caption: str | None = None
    byline: str | None = None  # the line as printed
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    issue: int | None = None
    issue_line: str | None = None
    tags: tuple[str, ...] = ()
    link: str | None = None  # how the page leads to the other version: a key of LINKS, or None
    target: str | None = None  # of a broken link: its path on the Arabic host
    features: frozenset[str] = frozenset()
    charset: str = "utf-8"

    @property
    def path(self) -> str:
        """The canonical path, percent-encoded in lower case as WordPress writes it."""
        slug = quote(self.slug).lower()
        return f"/{self.id}/{slug}/" if self.host == "ar" else f"/archives/{self.published:%Y/%m}/{slug}/"

    @property
    def modified(self) -> datetime:
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Story:
    """A story in one or two languages, and which page variants it shows."""

    key: str
    section: str
    sides: tuple[Side, ...]
    place: str | None = None
    shows: tuple[int, ...] = ()
    edits: tuple[Side, ...] = ()  # later states, to be published by `Site.edit`

    def side(self, lang: str) -> Side | None:
        return next((side for side in self.sides if side.lang == lang), None)


@dataclass(frozen=True, slots=True)
class Truth:
    """What an archive should have read of one article. `counterpart` is the other version's canonical address."""

    story: str
    lang: Lang
    url: str
    title: str
    published: datetime
    updated: datetime | None
    kicker: str | None
    authors: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    issue: int | None
    dateline: str | None
    image: str | None
    blocks: tuple[Block, ...]
    links: tuple[VersionLink, ...]
    aliases: tuple[str, ...]  # other spellings that lead here
    counterpart: str | None


def slug_of(title: str) -> str:
    """A WordPress slug: words joined by hyphens, cut at 200 encoded bytes."""
    words = re.sub(r"[^\w\s-]|ـ|_", "", title.lower().replace("–", "-").replace("—", "-"))
    slug = re.sub(r"[\s-]+", "-", words).strip("-")
    while len(quote(slug)) > SLUG_BYTES:
        slug = slug[:-1]
    return slug.rstrip("-")


def pieces(body: str) -> tuple[Piece, ...]:
    """The blocks of a body, as described above."""
    out = []
    for chunk in re.split(r"\n\s*\n", body.strip()):
        mark = next((mark for mark in _KINDS if chunk.startswith(mark)), "")
        lines = chunk.split("\n- ") if mark == "- " else [chunk]
        for number, line in enumerate(lines):
            text = line[len(mark) :] if number == 0 else line
            out.append(Piece(_KINDS.get(mark, "paragraph"), " ".join(text.split())))
    return tuple(out)


def side_from(lang: Lang, table: Mapping[str, Any], twin: bool) -> Side:
    """One side from its table; `twin`: there is a version in the other language."""
    known = dict(table)
    body, features = known.pop("body"), frozenset(known.pop("features", ()))
    lists: dict[str, Any] = {name: tuple(known.pop(name, ())) for name in ("authors", "tags")}
    known.setdefault("slug", slug_of(known["title"]))
    known.setdefault("host", str(lang))
    if lang == EN and twin:
        known.setdefault("link", "new")
    if known.get("link") == "none":
        known["link"] = None
    return Side(lang=lang, pieces=pieces(body), features=features, **lists, **known)


def story_from(key: str, table: Mapping[str, Any]) -> Story:
    """A story from its file's table."""
    known, sides, edits = dict(table), [], []
    for lang in (AR, EN):
        if lang in known:
            text = dict(known.pop(lang))
            edit = text.pop("edited", None)
            side = side_from(lang, text, twin=(EN if lang == AR else AR) in table)
            sides.append(side)
            if edit:
                changed = {"pieces": pieces(edit.pop("body"))} | edit
                edits.append(replace(side, **changed))
    shows = tuple(known.pop("shows", ()))
    return Story(key=key, sides=tuple(sides), edits=tuple(edits), shows=shows, **known)


def load(folder: Path = STORIES) -> tuple[Story, ...]:
    """All stories, in the order of their files' names."""
    return tuple(
        story_from(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))
    )


def branded(text: str, brand: Brand, lang: str) -> str:
    return text.replace("{outlet}", brand.name(lang))


def image_path(side: Side) -> str | None:
    return None if "no-image" in side.features else f"/wp-content/uploads/{side.published:%Y/%m}/{side.id}.svg"


def twin_address(story: Story, side: Side, at: Addresses) -> str | None:
    """The address of the other version, in the form this side links to it with; None: it does not."""
    twin = story.side(AR if side.lang == EN else EN)
    if side.link == "broken":
        return at.ar + (side.target or "/0/")
    if twin is None or side.link is None:
        return None
    base = at.base(twin.host)
    slug = quote(twin.slug)
    return {
        "new": base + twin.path,
        "upper": f"{base}/{twin.id}/{slug}/",
        "id": f"{base}/{twin.id}/",
        "old": f"{base}/archives/{twin.id}",
        "encoded": f"{base}/archives/{twin.id}/{quote(slug)}",
        "bare": at.bare + twin.path,
    }[side.link]


def aliases(side: Side, at: Addresses) -> tuple[str, ...]:
    """Other addresses that lead to the same article."""
    base, url = at.base(side.host), at.base(side.host) + side.path
    common = (
        url.rstrip("/"),
        f"{url}?so=related",
        f"{url}?so=popular",
        f"{url}?amp=1",
        f"{url}amp/",
        f"{base}/?p={side.id}",
    )
    if side.host == "en":
        return (*common, f"{url}/amp?so=related")
    slug = quote(side.slug)
    own = (f"{base}/{side.id}/", f"{base}/{side.id}/{slug}/", f"{base}/archives/{side.id}")
    return (*common, *own, f"{base}/archives/{side.id}/{quote(slug)}")


def blocks(side: Side, brand: Brand) -> tuple[Block, ...]:
    """The article's blocks, the lead picture's caption first."""
    kinds = {kind.value for kind in BlockKind}
    lead = (Piece("caption", side.caption),) if side.caption and "no-image" not in side.features else ()
    return tuple(
        Block(BlockKind(p.kind), branded(p.plain, brand, side.lang)) for p in (*lead, *side.pieces) if p.kind in kinds
    )


def truth_of(story: Story, side: Side, at: Addresses, brand: Brand) -> Truth:
    twin = story.side(AR if side.lang == EN else EN)
    target, image = twin_address(story, side, at), image_path(side)
    links = [VersionLink(target, "in-text link", AR)] if target else []
    if twin and "hreflang" in side.features:
        links.append(VersionLink(at.base(twin.host) + twin.path, "hreflang", twin.lang))
    return Truth(
        story=story.key,
        lang=side.lang,
        url=at.base(side.host) + side.path,
        title=branded(side.title, brand, side.lang),
        published=side.published,
        updated=side.updated,
        kicker=side.kicker,
        authors=tuple(branded(a, brand, side.lang) for a in side.authors),
        section=story.section,
        tags=side.tags,
        issue=side.issue,
        dateline=side.dateline,
        image=at.base(side.host) + image if image else None,
        blocks=blocks(side, brand),
        links=tuple(links),
        aliases=aliases(side, at),
        counterpart=at.base(twin.host) + twin.path if twin else None,
    )


def truth(stories: Iterable[Story], at: Addresses, brand: Brand = NARANJ) -> tuple[Truth, ...]:
    """What every article should come out as."""
    return tuple(truth_of(story, side, at, brand) for story in stories for side in story.sides)
