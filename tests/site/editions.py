"""One edition's answers: which address gives what, as WordPress would."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from werkzeug.wrappers import Request, Response

from archive.model import AR, EN

from . import wordpress
from .content import SECTIONS, Side, Story
from .pages import Theme, category_path, placeholder
from .switches import Switches

PAGE_SIZE = 11
FEATURED = 5
_HTML, _XML, _SVG = "text/html; charset=utf-8", "application/xml; charset=utf-8", "image/svg+xml"
_RSS = "application/rss+xml; charset=utf-8"
_INVENTED = (
    "هذه صحيفة لا وجود لها: كل ما فيها مخترع.",
    "This newspaper does not exist: all that it holds is invented.",
)
_PAGES = {
    "/about/": ("من نحن", "About"),
    "/contact/": ("اتصل بنا", "Contact"),
    "/support/": ("ادعم الصحافة الحرة", "Support free media"),
    "/follow/": ("تابعنا", "Follow"),
    "/private/notes/": ("ملاحظات داخلية", "Internal notes"),
    "/author/desk/": ("غرفة الأخبار", "News desk"),
}
_EMBED = (
    '<!doctype html><meta charset="utf-8"><title>embed</title>'
    '<body style="background:#3a3f3b;color:#fff;font:15px sans-serif;padding:4em 1em;text-align:center">'
    "▶ مقطع مخترع · an invented clip"
)
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="0 0 18 18">'
    '<rect x="2" y="5" width="14" height="10" rx="2" fill="#9a9184"/><circle cx="9" cy="10" r="3" fill="#fff"/></svg>'
)
_ARABIC = re.compile(
    r"/(?P<old>archives/)?(?P<id>\d+)(?:/(?P<slug>(?!amp/?$|feed/?$)[^/]+))?(?P<tail>/+(?:amp|feed))?/*"
)
_ENGLISH = re.compile(r"/archives/(?P<year>\d{4})/(?P<month>\d\d)/(?P<slug>[^/]+?)(?P<tail>/+(?:amp|feed))?/*")
_CATEGORY = re.compile(r"/archives/category/(?:news/)?(?P<name>[^/]+?)(?:/page/(?P<page>\d+))?/?")
_TAG = re.compile(r"/archives/tag/(?P<name>[^/]+?)(?:/page/(?P<page>\d+))?/?")
_HOME = re.compile(r"/(?:page/(?P<page>\d+)/?)?")
_SITEMAP = re.compile(r"/wp-sitemap(?:-(?P<name>[a-z0-9-]+))?\.xml")
_PICTURE = re.compile(r"/wp-content/(?:uploads|themes)/(?:\d{4}/\d\d/)?(?P<name>\w+)\.svg")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition ("ar" or "en") at the moment of one request, the `turn`-th."""

    host: str
    stories: Sequence[Story]
    theme: Theme
    switches: Switches
    turn: int

    @property
    def base(self) -> str:
        return self.theme.at.base(self.host)

    @property
    def posts(self) -> list[tuple[Story, Side]]:
        """What this edition publishes, newest first."""
        own = [(story, side) for story in self.stories for side in story.sides if side.host == self.host]
        gone = {*self.switches.removed, *self.switches.redirected}
        return sorted((p for p in own if p[1].id not in gone), key=lambda p: p[1].published, reverse=True)

    def respond(self, request: Request, raw: str) -> Response:
        """The answer to a request for `raw`, the path and query as sent."""
        bare = urlsplit(self.theme.at.bare).netloc
        if self.host == "ar" and request.host == bare and bare != urlsplit(self.base).netloc:
            return self._moved(raw)
        path = unquote(raw.partition("?")[0])
        for answer in (self._service, self._listings, self._articles):
            if response := answer(path, request):
                return response
        return self._missing()

    def _service(self, path: str, request: Request) -> Response | None:
        for answer in (self._assets, self._machines, self._page):
            if response := answer(path):
                return response
        return self._rest(path, request) if path.startswith("/wp-json") else None

    def _assets(self, path: str) -> Response | None:
        if path == "/wp-content/themes/site.css":
            css = (Path(__file__).parent / "templates" / "site.css").read_text("utf-8")
            return Response(css, content_type="text/css; charset=utf-8")
        if path in ("/wp-content/themes/camera.svg", "/wp-content/themes/tag.svg"):
            return Response(_ICON, content_type=_SVG)
        match = _PICTURE.fullmatch(path)
        return Response(placeholder(sum(match["name"].encode())), content_type=_SVG) if match else None

    def _machines(self, path: str) -> Response | None:
        """What is there for robots and feed readers."""
        if path == "/robots.txt":
            status, media, text = wordpress.robots(self.base, self.switches.robots)
            return Response(text, status, content_type=media)
        if path in ("/sitemap.xml", "/feed"):
            return self._moved("/wp-sitemap.xml" if path == "/sitemap.xml" else "/feed/")
        if (match := _SITEMAP.fullmatch(path)) and self.switches.sitemaps:
            name = match["name"] or "index"
            urls = wordpress.sitemap(self.theme, self.host, name, self.posts, self.switches.lastmod)
            return Response(urls, content_type=_XML) if urls else self._missing()
        if path == "/feed/" and self.switches.feeds:
            return Response(wordpress.feed(self.theme, self.host, self.posts), content_type=_RSS)
        return None

    def _page(self, path: str) -> Response | None:
        if path.startswith("/embed/"):
            return Response(_EMBED, content_type=_HTML)
        if path not in _PAGES:
            return None
        english = self.host == "en"
        return Response(self.theme.page(self.host, _PAGES[path][english], [_INVENTED[english]]), content_type=_HTML)

    def _rest(self, path: str, request: Request) -> Response:
        headers: dict[str, str] = {}
        status, rows = 401, wordpress.rest_off()
        if self.switches.rest:
            one = re.fullmatch(r"/wp-json/wp/v2/posts/(\d+)/?", path)
            if one:
                post = next((p for p in self.posts if p[1].id == int(one[1])), None)
                if post:
                    status, rows = 200, wordpress.rest_post(self.theme, post, self.switches.translations)
                else:
                    status, rows = 404, {"code": "rest_post_invalid_id", "message": "Invalid post ID."}
            elif re.fullmatch(r"/wp-json/wp/v2/posts/?", path):
                status, headers, rows = wordpress.rest_posts(
                    self.theme, self.posts, request.args, self.switches.translations
                )
            elif path.rstrip("/") == "/wp-json":
                status, rows = 200, {"name": self.theme.brand.name(self.host), "namespaces": ["wp/v2"], "routes": {}}
            else:
                status, rows = 404, {"code": "rest_no_route", "message": "No route was found."}
        text = json.dumps(rows, ensure_ascii=True)
        return Response(text, status, headers, content_type="application/json; charset=UTF-8")

    def _listings(self, path: str, request: Request) -> Response | None:
        if (match := _HOME.fullmatch(path)) and not {"p", "share"} & set(request.args):
            return self._listing(
                self.theme.brand.name(self.host), self.posts, match["page"], lambda n: f"/page/{n}/", FEATURED
            )
        if match := _CATEGORY.fullmatch(path):
            name = match["name"]
            key = next((k for k, labels in SECTIONS.items() if name in (k, *labels)), None)
            if key is None:
                return self._missing()
            posts = [p for p in self.posts if p[0].section == key]
            where = lambda n: category_path(key, self.host, n)  # noqa: E731
            return self._listing(SECTIONS[key][self.host == "en"], posts, match["page"], where, 2)
        if match := _TAG.fullmatch(path):
            name = match["name"]
            posts = [p for p in self.posts if name in [t.replace(" ", "-").lower() for t in p[1].tags]]
            return self._listing(name, posts, match["page"], lambda n: f"/archives/tag/{quote(name)}/page/{n}/", 0)
        return None

    def _listing(
        self,
        heading: str,
        posts: list[tuple[Story, Side]],
        page: str | None,
        where: Callable[[int], str],
        featured: int,
    ) -> Response:
        """A page of a listing; past the end 404, but the English edition has one empty page first."""
        number, last = int(page or 1), max(1, -(-len(posts) // PAGE_SIZE))
        empty_one = self.host == "en" and self.switches.empty_last_page and number == last + 1
        if number < 1 or (number > last and not empty_one):
            return self._missing()
        shown = [side for _, side in posts[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
        newer = self.base + where(number - 1) if number > 1 else None
        older = self.base + where(number + 1) if number < last else None
        text = self.theme.listing(self.host, heading, shown, featured if number == 1 else 0, (newer, older))
        return Response(text, content_type=_HTML)

    def _articles(self, path: str, request: Request) -> Response | None:
        if path == "/" and request.args.get("p", "").isdigit():
            post = self._by_id(int(request.args["p"]))
            return self._moved(post[1].path) if post else None
        while "%" in path and unquote(path) != path:
            path = unquote(path)  # a link that was encoded twice
        match = (_ARABIC if self.host == "ar" else _ENGLISH).fullmatch(path)
        if match is None:
            return self._guess(path.strip("/").rsplit("/", 1)[-1])
        known = match.groupdict()
        if self.host == "ar":
            return self._arabic(int(known["id"]), known["slug"], bool(known["old"]), path, known["tail"], request)
        return self._english(known["year"] + known["month"], known["slug"], known["tail"], request)

    def _arabic(
        self, number: int, slug: str | None, old: bool, path: str, tail: str | None, request: Request
    ) -> Response | None:
        if number in self.switches.redirected:
            return self._moved(self.switches.redirected[number])
        post = self._by_id(number)
        if post is None:
            if self.switches.removed.get(number) == 410:
                return Response("<!doctype html><title>410</title><p>Gone", 410, content_type=_HTML)
            return self._guess(slug) if slug else None
        side = post[1]
        wrong = slug is not None and unquote(slug) != side.slug
        bare = not path.endswith("/") and not tail and not old
        if wrong or bare or (old and "old-form" not in side.features):
            return self._moved(f"/{number}/" if bare and slug is None else side.path)
        return self._post(post, tail, request)

    def _english(self, month: str, slug: str, tail: str | None, request: Request) -> Response | None:
        own = [(s, side) for s in self.stories for side in s.sides if side.host == "en" and side.slug == slug]
        if own and own[0][1].id in self.switches.redirected:
            return self._moved(self.switches.redirected[own[0][1].id])
        if own and self.switches.removed.get(own[0][1].id) == 410:
            return Response("<!doctype html><title>410</title><p>Gone", 410, content_type=_HTML)
        post = next((p for p in self.posts if p[1].slug == slug), None)
        if post is None:
            return self._guess(slug)
        if f"{post[1].published:%Y%m}" != month:
            return self._moved(post[1].path)
        return self._post(post, tail, request)

    def _by_id(self, number: int) -> tuple[Story, Side] | None:
        return next((post for post in self.posts if post[1].id == number), None)

    def _guess(self, slug: str | None) -> Response | None:
        """WordPress sends an unknown slug to a post whose slug begins so."""
        post = next((p for p in self.posts if slug and p[1].slug.startswith(slug)), None)
        return self._moved(post[1].path) if post else None

    def _post(self, post: tuple[Story, Side], tail: str | None, request: Request) -> Response:
        """An article's page, its AMP page or its feed; conditional requests are answered as WordPress does."""
        story, side = post
        if tail and tail.endswith("feed"):
            return Response(wordpress.comment_feed(self.theme, post), content_type=_RSS)
        amp = bool(tail) or request.args.get("amp") == "1"
        state = f"{amp} {side!r}".encode()
        headers = {
            "ETag": f'"{hashlib.sha256(state).hexdigest()[:24]}"',
            "Last-Modified": format_datetime(side.modified.astimezone(UTC), usegmt=True),
            "Link": f'<{self.base}/wp-json/>; rel="https://api.w.org/"',
        }
        if self.switches.conditional and _unchanged(request, headers["ETag"], side):
            return Response(status=304, headers=headers)
        real, said = self.switches.charsets.get(side.id, (side.charset, side.charset))
        if amp:
            return Response(self.theme.amp(story, side), headers=headers, content_type=_HTML)
        text = self.theme.article(story, side, said or real, self._neighbours(post), self.turn)
        media = f"text/html; charset={said}" if said else "text/html"
        return Response(text.encode(real, "xmlcharrefreplace"), headers=headers, content_type=media)

    def _neighbours(self, post: tuple[Story, Side]) -> list[tuple[Story, Side]]:
        posts = [p for p in self.posts if p[1].lang == post[1].lang]
        at = next((n for n, p in enumerate(posts) if p[1].id == post[1].id), 0)
        around = [*posts[max(0, at - 4) : at], *posts[at + 1 : at + 5]]
        return [p for p in around if p[1].id != post[1].id]

    def _moved(self, path: str) -> Response:
        target = path if "://" in path else self.base + path
        return Response("", 301, {"Location": target}, content_type=_HTML)

    def _missing(self) -> Response:
        english = self.host == EN
        heading = "Page not found" if english else "الصفحة غير موجودة"
        line = "There is nothing at this address." if english else "لا شيء في هذا العنوان."
        return Response(self.theme.page(EN if english else AR, heading, [line]), 404, content_type=_HTML)


def _unchanged(request: Request, etag: str, side: Side) -> bool:
    """WordPress compares the ETag literally, so a weak one never matches, and a date only where no ETag is sent."""
    sent = request.headers.get("If-None-Match")
    if sent is not None:
        return etag in [part.strip() for part in sent.split(",")]
    since = request.headers.get("If-Modified-Since")
    if not since:
        return False
    try:
        return side.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except ValueError:
        return False
