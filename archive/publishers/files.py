"""Reads declarations from TOML files; checks what types cannot: selectors, expressions, zones, hosts, addresses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from archive.address import bare, host_of
from archive.publishers.declaration import Layout, Outlet, Start

_BUILT_IN = Path(__file__).parent
_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*(?::\d{1,5})?")

Mistake = tuple[str, str]  # key path, what is wrong and what to do


class DeclarationError(Exception):
    """A declaration with mistakes. Its text is one line about the first; `mistakes` has a line for each."""

    def __init__(self, file: Path, mistakes: Iterable[Mistake]) -> None:
        self.file = file
        self.mistakes = tuple(f"{file}: {key}: {what}" if key else f"{file}: {what}" for key, what in mistakes)
        more = f" (and {len(self.mistakes) - 1} more)" if len(self.mistakes) > 1 else ""
        super().__init__(self.mistakes[0] + more)


def load(path: Path, *, built_in: bool = False, selectors: bool = True) -> Outlet:
    """The outlet that a file declares. selectors: they are looked at too, which whoever extracts nothing can spare.

    Raises:
        DeclarationError: the file cannot be read, is not TOML, or declares what cannot be.
    """
    data = _read(path)
    try:
        outlet = Outlet.model_validate(data)
    except ValidationError as error:
        raise DeclarationError(path, map(_explain, error.errors())) from error
    mistakes = list(_mistakes(outlet))
    if selectors:
        mistakes += [each for i, layout in enumerate(outlet.layout, 1) for each in _selectors(f"layout[{i}]", layout)]
    if outlet.extractor is not None and not built_in:
        mistakes.append(("extractor", "only a built-in declaration may name code; remove this line"))
    if mistakes:
        raise DeclarationError(path, mistakes)
    return outlet


def builtin() -> dict[str, Outlet]:
    """The declarations that come with the program, by key."""
    return _folder(_BUILT_IN, {}, built_in=True)


def outlets(folder: Path | None, *, selectors: bool = True) -> dict[str, Outlet]:
    """The built-in declarations and those in `folder` (which need not exist), by key. selectors: see `load`.

    Raises:
        DeclarationError: as `load`; or two declarations have the same key or host.
    """
    known = _folder(_BUILT_IN, {}, built_in=True, selectors=selectors)
    return known | _folder(folder, known, selectors=selectors) if folder is not None else known


def owner(known: Mapping[str, Outlet], url: str) -> Outlet | None:
    """The outlet on one of whose hosts (with or without `www.`) an address lies."""
    host = bare(host_of(url))
    return next((outlet for outlet in known.values() if host in map(bare, outlet.hosts)), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(path, [("", f"is not TOML: {error}; correct that line")]) from error
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise DeclarationError(path, [("", what)]) from error
    except OSError as error:
        what = f"cannot be read ({error.strerror}); check that it exists and may be read"
        raise DeclarationError(path, [("", what)]) from error


def _folder(
    folder: Path, before: Mapping[str, Outlet], *, built_in: bool = False, selectors: bool = True
) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for path in sorted(folder.glob("*.toml")):
        outlet = load(path, built_in=built_in, selectors=selectors)
        others = {**before, **found}
        if outlet.key in others:
            raise DeclarationError(path, [("key", f"{outlet.key!r} is another outlet's key; choose a new one")])
        for host in outlet.hosts:
            if rival := owner(others, f"http://{host}/"):
                what = f"{host} belongs to the outlet {rival.key!r} already; give it to one of the two"
                raise DeclarationError(path, [("hosts", what)])
        found[outlet.key] = outlet
    return found


def _explain(error: Any) -> Mistake:
    """A pydantic error as a mistake: key paths count from 1, as a reader of the file does."""
    key = ".".join(f"[{part + 1}]" if isinstance(part, int) else str(part) for part in error["loc"]).replace(".[", "[")
    match error["type"]:
        case "extra_forbidden":
            return key, "is not a known key; correct its spelling or remove it"
        case "missing":
            return key, "is missing; add it"
        case "string_pattern_mismatch":
            return key, f"{error['input']!r} must match {error['ctx']['pattern']}; change it"
        case _:
            shown = repr(error["input"])
            return key, f"{error['msg']}; {shown if len(shown) < 80 else 'what is there'} is not that: change it"


def _mistakes(outlet: Outlet) -> Iterator[Mistake]:
    if not _is_zone(outlet.zone):
        yield "zone", f'{outlet.zone!r} is not a time zone; write one like "Asia/Damascus"'
    for i, host in enumerate(outlet.hosts, 1):
        if not _HOST.fullmatch(host):
            yield f"hosts[{i}]", f'{host!r} is not a host in lower case; write it like "news.example" or "host:8080"'
    yield from _expressions(outlet)
    for i, start in enumerate(outlet.start, 1):
        yield from _start(f"start[{i}]", start, outlet)
    for i, layout in enumerate(outlet.layout, 1):
        yield from _lang(f"layout[{i}].lang", layout.lang)
    for i, tail in enumerate(outlet.tail, 1):
        yield from _lang(f"tail[{i}].lang", tail.lang)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a relative path, a folder
        return False
    return True


def _lang(key: str, lang: str) -> Iterator[Mistake]:
    if not _LANG.fullmatch(lang):
        yield key, f'{lang!r} is not a language tag; write one like "ar" or "en"'


def _expressions(outlet: Outlet) -> Iterator[Mistake]:
    for name, expressions in (("articles", outlet.articles), ("identity", outlet.identity)):
        for i, expression in enumerate(expressions, 1):
            try:
                groups = re.compile(expression).groups
            except re.error as error:
                yield f"{name}[{i}]", f"{expression!r} is not a regular expression ({error}); correct it"
            else:
                if name == "identity" and groups != 1:
                    yield (
                        f"identity[{i}]",
                        f"{expression!r} has {groups} groups; write exactly one, round what names the page",
                    )


def _start(key: str, start: Start, outlet: Outlet) -> Iterator[Mistake]:
    yield from _lang(f"{key}.lang", start.lang)
    own = {bare(host) for host in outlet.hosts}
    sources = [(f"{key}.rest", start.rest)] if start.rest else []
    for name in ("sitemaps", "feeds", "listings"):
        sources += [(f"{key}.{name}[{i}]", url) for i, url in enumerate(getattr(start, name), 1)]
    for where, url in sources:
        if not re.match(r"https?://", url):
            yield where, f"{url!r} is not absolute; begin it with https://"
        elif bare(host_of(url.replace("{page}", "1"))) not in own:
            yield where, f"{url!r} is not on a host of this outlet; add the host to `hosts` or remove the line"
    for i, url in enumerate(start.listings, 1):
        if "{page}" not in url:
            yield f"{key}.listings[{i}]", f"{url!r} lacks {{page}}; put it where the page's number stands"


def _selectors(key: str, layout: Layout) -> Iterator[Mistake]:
    import soupsieve  # half of the time that it takes to read the declarations

    single = ("body", "title", "kicker", "byline", "caption", "published", "section", "tags")
    selectors = [(name, getattr(layout, name)) for name in single]
    selectors += [(f"remove[{i}]", selector) for i, selector in enumerate(layout.remove, 1)]
    for name, selector in selectors:
        if selector is None:
            continue
        try:
            soupsieve.compile(selector)
        except soupsieve.SelectorSyntaxError as error:
            reason = str(error).splitlines()[0]
            yield f"{key}.{name}", f"{selector!r} is not a CSS selector ({reason}); correct it"
