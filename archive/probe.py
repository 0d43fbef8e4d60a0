"""Looks at an unknown site, given a page in Arabic and one in English; what it finds becomes a declaration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from archive.address import NotAnAddress, bare, normalise
from archive.discovery.search import Get, Search
from archive.fetched import FetchError
from archive.model import AR, EN, Lang
from archive.probing.look import Evidence, Look, Side, soup_of
from archive.probing.patterns import article_patterns, id_patterns
from archive.probing.sources import Sources, sources
from archive.probing.versions import Seen, look_at, translations
from archive.probing.writing import write
from archive.publishers.declaration import Layout, Name, Outlet, Versions
from language.script import side_of

__all__ = ["probe", "write"]

_PAGES = 3  # articles looked at in each language
_COMMON = {"www", "ar", "en", "arabic", "english", "com", "net", "org", "co", "info", "news", "gov", "edu"}


def probe(arabic_url: str, english_url: str, get: Get) -> tuple[Outlet, tuple[Evidence, ...]]:
    """What the site's pages show of it, and for each line of the declaration what it rests on.

    The two addresses are front pages or articles, one in each language, in either order.

    Raises:
        FetchError: one of the two pages cannot be had, or both are in the same language.
    """
    look = Look(get)
    arabic, english = _sides(look, arabic_url, english_url)
    hosts = tuple(dict.fromkeys((arabic.host, english.host)))
    frame = Outlet(key=_key(hosts), name=_name(arabic, english), hosts=hosts)
    from_arabic = sources(look, frame, arabic, english, [])
    from_english = sources(look, frame, english, arabic, from_arabic.sitemaps)
    both = ((arabic, from_arabic), (english, from_english))
    evidence = [Evidence("hosts", "the two addresses, after redirects")]
    urls = [*from_arabic.articles, *from_english.articles]
    patterns = article_patterns(urls)
    frame = frame.model_copy(update={"articles": patterns, "identity": id_patterns(patterns, urls)})
    evidence.append(Evidence("articles", f"learned from {len(urls)} addresses that the sources list"))
    evidence += [Evidence("identity", "each number occurs in one article only")] if frame.identity else []
    zone, why = _zone(from_arabic.site or from_english.site)
    evidence.append(Evidence("zone", why))
    seen = [_look_at_articles(look, frame, side, found) for side, found in both]
    versions, told = _versions(seen, [*from_arabic.posts, *from_english.posts])
    layouts = tuple(_layouts(both, seen, evidence))
    for number, (_, found) in enumerate(both, 1):
        evidence += [Evidence(f"start[{number}].{line.key}", line.what) for line in found.evidence]
    start = tuple(found.start(side) for side, found in both)
    outlet = frame.model_copy(update={"zone": zone, "start": start, "versions": versions, "layout": layouts})
    return outlet, (*evidence, *told)


def _sides(look: Look, arabic_url: str, english_url: str) -> tuple[Side, Side]:
    """Both sides, Arabic first: by the script of their text, or as given where that does not tell."""
    first, second = _side(look, arabic_url, AR), _side(look, english_url, EN)
    if first.lang == second.lang:
        name = {AR: "Arabic", EN: "English"}[first.lang]
        raise FetchError(second.url, f"is in {name}, as the other page is; give a page of each language")
    return (first, second) if first.lang == AR else (second, first)


def _side(look: Look, url: str, given: Lang) -> Side:
    try:
        address = normalise(url)
    except NotAnAddress as error:
        raise FetchError(url, str(error)) from error
    answer = look.get(address)
    if answer.status != 200:
        raise FetchError(address, f"answered {answer.status}; give the address of a page that can be read")
    soup = soup_of(answer)
    text = " ".join(element.get_text(" ") for element in soup.select("h1, h2, h3, p, title"))
    return Side(Lang(side_of(text) or given), answer.url, soup)


def _key(hosts: tuple[str, ...]) -> str:
    """The name in the hosts: "warda" of ar.warda.example."""
    labels = re.split(r"[.:]", bare(hosts[0]))
    shared = [label for label in labels if all(label in re.split(r"[.:]", host) for host in hosts)]
    telling = [label for label in shared if label not in _COMMON and not label.isdecimal()]
    name = max(telling[:-1] or telling or ["-".join(labels)], key=len)
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:40].rstrip("-") or "outlet"


def _name(arabic: Side, english: Side) -> Name:
    return Name(ar=_site_name(arabic), en=_site_name(english))


def _site_name(side: Side) -> str:
    meta = side.soup.select_one('meta[property="og:site_name"][content]')
    title = side.soup.title.get_text(" ", strip=True) if side.soup.title else ""
    return (str(meta["content"]).strip() if meta else re.split(r"\s[|–—-]\s", title)[-1].strip()) or side.host


def _zone(site: dict[str, Any]) -> tuple[str, str]:
    name, offset = site.get("timezone_string"), site.get("gmt_offset")
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name).key, "the site's own setting, from REST"
        hours = float(offset) if isinstance(offset, int | float | str) and str(offset) else None
    except (KeyError, ValueError, OSError):
        hours = None
    if hours is not None and hours.is_integer() and -12 <= hours <= 14:
        zone = f"Etc/GMT{-int(hours):+d}" if hours else "UTC"
        return zone, f"the site is {hours:+.0f} hours from UTC, from REST; better write the name of the place"
    return "UTC", "unknown: write the zone of the newsroom, it decides what a day is"


def _look_at_articles(look: Look, frame: Outlet, side: Side, found: Sources) -> Seen:
    search, seen = Search(frame, found.start(side), look.get), Seen()
    own = [side.url] if search.is_article(side.url) else []
    for url in [*own, *filter(search.is_article, found.articles)][:_PAGES]:
        if soup := look.page(url):
            look_at(soup, url, side.lang, search, seen)
    return seen


def _versions(seen: list[Seen], posts: list[dict[str, Any]]) -> tuple[Versions, list[Evidence]]:
    pages, hreflang = sum(one.pages for one in seen), sum(one.hreflang for one in seen)
    anchors = seen[0].anchors + seen[1].anchors
    add_on = translations(posts)
    told = [Evidence("versions", f"hreflang links on {hreflang} of {pages} articles looked at")]
    if anchors:
        counts = ", ".join(f"{text} ({count})" for text, count in anchors.most_common())
        told.append(Evidence("versions.anchors", f"links with these texts lead from article to article: {counts}"))
    if add_on:
        told.append(Evidence("versions.rest", "the posts in REST name their translations"))
    return Versions(anchors=tuple(text for text, _ in anchors.most_common()), rest=add_on), told


def _layouts(both: Iterable[tuple[Side, Sources]], seen: list[Seen], evidence: list[Evidence]) -> Iterator[Layout]:
    number = 0
    for (side, _), one in zip(both, seen, strict=True):
        [(body, count)] = one.bodies.most_common(1) or [(None, 0)]
        if body is None:
            evidence.append(Evidence("layout", f"none for {side.lang}: no known element holds the text; it is guessed"))
            continue
        number += 1
        evidence.append(Evidence(f"layout[{number}].body", f"holds the text of {count} of {one.pages} articles"))
        yield Layout(lang=side.lang, body=body, remove=tuple(sorted(one.removed)))
