"""The posts collection of WordPress' REST interface, with the translations that Polylang or WPML add to it.

Pages are asked for newest change first: a post that is edited meanwhile moves to the front, so others can only be seen
twice, never missed. A page past the end is answered with 400, a collection that was switched off mostly with 401.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from archive.discovery.search import Found, Problem, Search, absolute, answered
from archive.fetched import Hop
from archive.model import Lang, VersionLink

PER_PAGE = 100  # the most that WordPress gives
_FIELDS = {
    None: "id,link,date_gmt,modified_gmt",
    "polylang": "id,link,date_gmt,modified_gmt,lang,translations",
    "wpml": "id,link,date_gmt,modified_gmt,wpml_current_locale,wpml_translations",
}

Post = dict[str, Any]


def posts(search: Search, endpoint: str) -> Iterator[Found | Problem]:
    """All posts of a collection that may be of the wanted days."""
    links: dict[int, str] = {}  # addresses of the posts seen so far, by id
    page = 1
    while True:
        answer = search.fetch(with_parameters(endpoint, **_parameters(search, page)))
        if isinstance(answer, Problem):
            yield answer
            return
        if answer.status == 400 and page > 1:
            return
        read = _read(answer)
        if isinstance(read, Problem):
            yield read
            return
        links |= {post["id"]: post["link"] for post in read if _is_linked(post)}
        if search.outlet.versions.rest == "polylang":
            yield from _look_up(search, endpoint, read, links)
        yield from _found(search, endpoint, read, links)
        if not read or page >= _pages(answer, page):
            return
        page += 1


def with_parameters(url: str, **parameters: str | None) -> str:
    """The address with parameters set, or removed where None."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in parameters]
    query = urlencode(kept + [(name, value) for name, value in parameters.items() if value is not None], safe=",:/")
    return urlunsplit(parts._replace(query=query))


def _parameters(search: Search, page: int) -> dict[str, str]:
    """A day more on both sides than wanted: WordPress compares in the site's own zone."""
    parameters = {"per_page": str(PER_PAGE), "page": str(page), "orderby": "modified", "order": "desc"}
    parameters["_fields"] = _FIELDS[search.outlet.versions.rest]
    if search.since:
        parameters["modified_after"] = f"{search.since - timedelta(days=1)}T00:00:00"
    if search.until:
        parameters["before"] = f"{search.until + timedelta(days=2)}T00:00:00"
    return parameters


def _read(answer: Hop) -> list[Post] | Problem:
    if answer.status in (401, 403):
        return Problem(answer.url, f"answered {answer.status}: REST is switched off; remove `rest` if it stays so")
    if answer.status != 200:
        return answered(answer)
    try:
        read = json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Problem(answer.url, f"is not JSON ({str(error)[:80]}); remove `rest` if it stays so")
    if not isinstance(read, list):
        return Problem(answer.url, "is not a list of posts; `rest` must name the posts collection")
    return [post for post in read if isinstance(post, dict)]


def _pages(answer: Hop, page: int) -> int:
    """How many pages there are; without a word about it, one more than this."""
    told = answer.header("x-wp-totalpages") or ""
    return int(told) if told.isdecimal() else page + 1


def _is_linked(post: Post) -> bool:
    return isinstance(post.get("id"), int) and isinstance(post.get("link"), str)


def _found(search: Search, endpoint: str, read: Iterable[Post], links: dict[int, str]) -> Iterator[Found]:
    for post in read:
        url = absolute(endpoint, post["link"]) if isinstance(post.get("link"), str) else None
        if url is None or not search.is_own(url):
            continue
        yield Found(
            url,
            _lang(post.get("lang") or post.get("wpml_current_locale")) or search.lang,
            "rest",
            modified=_gmt(post.get("modified_gmt")),
            published=_gmt(post.get("date_gmt")),
            versions=tuple(_versions(search, post, endpoint, links)),
        )


def _versions(search: Search, post: Post, endpoint: str, links: dict[int, str]) -> Iterator[VersionLink]:
    for lang, number in _translations(post).items():
        if number != post.get("id"):
            home = urljoin(_endpoint(search, endpoint, lang), "/")
            yield VersionLink(links.get(number, f"{home}?p={number}"), "rest", _lang(lang))
    wpml = post.get("wpml_translations")
    for other in wpml if isinstance(wpml, list) else ():
        if isinstance(other, dict) and (target := absolute(endpoint, _text(other.get("href")))):
            yield VersionLink(target, "rest", _lang(other.get("locale")))


def _translations(post: Post) -> dict[str, int]:
    """Polylang's map of language to post id."""
    told = post.get("translations")
    pairs = told.items() if isinstance(told, dict) else ()
    return {lang: int(number) for lang, number in pairs if str(number).isdecimal()}


def _look_up(search: Search, endpoint: str, read: list[Post], links: dict[int, str]) -> Iterator[Problem]:
    """Adds the addresses of translations that are not in `links` yet; what stays unknown is reached by `?p=`."""
    wanted: dict[str, set[int]] = {}
    for post in read:
        for lang, number in _translations(post).items():
            if number not in links:
                wanted.setdefault(_endpoint(search, endpoint, lang), set()).add(number)
    for other, unknown in wanted.items():
        for first in range(0, len(unknown), PER_PAGE):
            numbers = ",".join(map(str, sorted(unknown)[first : first + PER_PAGE]))
            # `lang` limits Polylang to one language, and here the others are wanted.
            url = with_parameters(other, include=numbers, per_page=str(PER_PAGE), _fields="id,link", lang=None)
            answer = search.fetch(url)
            told = answer if isinstance(answer, Problem) else _read(answer)
            if isinstance(told, Problem):
                yield told
                break
            links |= {post["id"]: post["link"] for post in told if _is_linked(post)}


def _endpoint(search: Search, own: str, lang: str) -> str:
    """Where posts of a language are: its own collection where the outlet has one (each language may have a host)."""
    return next((start.rest for start in search.outlet.start if start.rest and start.lang == _lang(lang)), own)


def _gmt(text: object) -> datetime | None:
    """`date_gmt` has no offset; drafts have `0000-00-00T00:00:00`, which is no time."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))


def _lang(locale: object) -> Lang | None:
    """`ar`, `en_US` or `en-US` as a language tag of the language alone."""
    return Lang(locale.replace("_", "-").partition("-")[0].lower()) if isinstance(locale, str) and locale else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
