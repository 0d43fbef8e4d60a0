"""What an outlet is, as its TOML file declares it. A declaration is data: it never runs code unless it is built in."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(_Part):
    """A label in both interface languages."""

    ar: str
    en: str


class Start(_Part):
    """Where one language's articles are found. All addresses are absolute; listings hold `{page}`."""

    lang: str
    sitemaps: tuple[str, ...] = ()
    rest: str | None = None  # the posts collection, .../wp-json/wp/v2/posts
    feeds: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()


class Layout(_Part):
    """CSS selectors that hold from a day on, until the next layout of the same language does."""

    lang: str
    since: date | None = None
    body: str
    title: str | None = None
    kicker: str | None = None
    byline: str | None = None
    caption: str | None = None
    published: str | None = None  # an element with a date, for pages without a meta tag
    remove: tuple[str, ...] = ()  # embeds, related items, share buttons, comments
    section: str | None = None
    tags: str | None = None


class Tail(_Part):
    """Where the article ends: a line that begins like one of these (folded) ends the body."""

    lang: str
    begins: tuple[str, ...]


class Section(_Part):
    """A section's key is its name in the file; `words` are what the publisher calls it, in addresses or on the page."""

    label: Name
    words: tuple[str, ...] = ()


class Versions(_Part):
    """How a page leads to its other versions."""

    anchors: tuple[str, ...] = ()  # anchor texts (folded) that name the other version
    hreflang: bool = True
    rest: Literal["polylang", "wpml"] | None = None


class Fetching(_Part):
    gap: float = Field(default=1.0, ge=0.0)  # seconds between requests to one host
    timeout: float = Field(default=20.0, gt=0)
    deadline: float = Field(default=60.0, gt=0)
    max_bytes: int = Field(default=20_000_000, gt=0)


class Outlet(_Part):
    """One publisher. `hosts` are its own (host or host:port); nothing else is fetched on its behalf."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: Name
    hosts: tuple[str, ...] = Field(min_length=1)
    zone: str = "UTC"
    public: Literal["excerpt", "full"] = "excerpt"
    articles: tuple[str, ...] = ()  # regular expressions; a path is an article's when one matches it whole
    identity: tuple[str, ...] = ()  # regular expressions with one group: what of an article's path names the page
    start: tuple[Start, ...] = ()
    layout: tuple[Layout, ...] = ()
    tail: tuple[Tail, ...] = ()
    sections: dict[str, Section] = {}
    versions: Versions = Versions()
    fetching: Fetching = Fetching()
    extractor: str | None = None  # built-in declarations only

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
