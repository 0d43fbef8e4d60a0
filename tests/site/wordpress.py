"""What a WordPress answers beside its pages: REST, feeds, sitemaps, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.sax.saxutils import escape as xml

from archive.model import AR, EN

from .content import SECTIONS, Side, Story, branded
from .pages import ZONE, Theme, category_path, excerpt

SITEMAP_SIZE = 20
FEED_SIZE = 10
Post = tuple[Story, Side]
_ENTITIES = {"’": "&#8217;", "‘": "&#8216;", "“": "&#8220;", "”": "&#8221;", "–": "&#8211;", "…": "&#8230;"}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_BOUNDS = ("after", "before", "modified_after", "modified_before")
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def entities(text: str) -> str:
    """A title as REST renders it: typographic signs and `&` as entities."""
    return "".join(_ENTITIES.get(letter, letter) for letter in escape(text, quote=False).replace("&amp;", "&#038;"))


def rest_post(theme: Theme, post: Post, translations: bool) -> dict[str, Any]:
    """A post of the collection; `date` is local without an offset."""
    story, side = post
    base = theme.at.base(side.host)
    stamps = {"date": side.published, "modified": side.modified}
    out: dict[str, Any] = {
        "id": side.id,
        "slug": side.path.rstrip("/").rsplit("/", 1)[1],
        "status": "publish",
        "type": "post",
    }
    for name, moment in stamps.items():
        out[name] = f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}"
        out[f"{name}_gmt"] = f"{moment:%Y-%m-%dT%H:%M:%S}"
    out |= {
        "link": base + side.path,
        "guid": {"rendered": f"{base}/?p={side.id}"},
        "title": {"rendered": entities(branded(side.title, theme.brand, side.lang))},
        "content": {"rendered": theme.rest_content(story, side), "protected": False},
        "excerpt": {"rendered": f"<p>{entities(excerpt(side, theme.brand))}</p>", "protected": False},
        "author": 1,
        "categories": [list(SECTIONS).index(story.section) + 2],
    }
    if translations:
        out |= {"lang": side.lang, "translations": {s.lang: s.id for s in story.sides}}
    return out


def _day(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def rest_posts(
    theme: Theme, posts: Sequence[Post], args: Mapping[str, str], translations: bool
) -> tuple[int, dict[str, str], Any]:
    """Status, headers and JSON of the posts collection."""
    try:
        page, size = int(args.get("page", "1")), int(args.get("per_page", "10"))
        bounds = {
            name: _day(args[name]) for name in ("after", "before", "modified_after", "modified_before") if name in args
        }
    except ValueError as error:
        return 400, {}, _rest_error("rest_invalid_param", f"Invalid parameter(s): {error}", 400)
    if page < 1 or not 1 <= size <= 100:
        return 400, {}, _rest_error("rest_invalid_param", "Invalid parameter(s): page, per_page", 400)
    chosen = [post for post in posts if _within(post[1], bounds)]
    if "slug" in args:
        chosen = [post for post in chosen if args["slug"] in (post[1].slug, post[1].path.rstrip("/").rsplit("/", 1)[1])]
    if "include" in args:
        chosen = [post for post in chosen if str(post[1].id) in args["include"].split(",")]
    by_change = args.get("orderby") == "modified"
    chosen.sort(
        key=lambda p: p[1].modified if by_change else p[1].published, reverse=args.get("order", "desc") == "desc"
    )
    pages = -(-len(chosen) // size)
    if page > max(pages, 1):
        message = "The page number requested is larger than the number of pages available."
        return 400, {}, _rest_error("rest_post_invalid_page_number", message, 400)
    rows = [rest_post(theme, post, translations) for post in chosen[(page - 1) * size : page * size]]
    if "_fields" in args:
        wanted = {name.split(".")[0] for name in args["_fields"].split(",")}
        rows = [{name: value for name, value in row.items() if name in wanted} for row in rows]
    return 200, {"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)}, rows


def _within(side: Side, bounds: Mapping[str, datetime]) -> bool:
    for name, bound in bounds.items():
        moment = side.modified if name.startswith("modified") else side.published
        if (moment <= bound) if name.endswith("after") else (moment >= bound):
            return False
    return True


def _rest_error(code: str, message: str, status: int) -> dict[str, Any]:
    return {"code": code, "message": message, "data": {"status": status}}


def rest_off() -> dict[str, Any]:
    return _rest_error("rest_disabled", "REST API restricted to authenticated users.", 401)


def feed(theme: Theme, host: str, posts: Sequence[Post]) -> str:
    """RSS with the ten newest posts, as excerpts."""
    base, name = theme.at.base(host), theme.brand.name(host)
    items = []
    for story, side in posts[:FEED_SIZE]:
        title, link = xml(branded(side.title, theme.brand, side.lang)), theme.at.base(side.host) + side.path
        items.append(
            f"<item><title>{title}</title><link>{link}</link><pubDate>{format_datetime(side.published)}</pubDate>"
            f"<category><![CDATA[{SECTIONS[story.section][side.lang == EN]}]]></category>"
            f'<guid isPermaLink="false">{base}/?p={side.id}</guid>'
            f"<description><![CDATA[<p>{escape(excerpt(side, theme.brand), quote=False)}</p>]]></description></item>"
        )
    note = "كل ما في هذا الموقع مخترع. Everything on this site is invented."
    return (
        f'{_XML}<rss version="2.0"><channel><title>{xml(name)}</title><link>{base}/</link>'
        f"<description>{note}</description><language>{'ar' if host == AR else 'en-US'}</language>\n"
        + "\n".join(items)
        + "\n</channel></rss>\n"
    )


def comment_feed(theme: Theme, post: Post) -> str:
    """A post's own feed: comments, none here."""
    _, side = post
    title = xml(branded(side.title, theme.brand, side.lang))
    link = theme.at.base(side.host) + side.path
    return f'{_XML}<rss version="2.0"><channel><title>Comments on: {title}</title><link>{link}</link></channel></rss>\n'


def _urlset(rows: Iterable[tuple[str, datetime | None]]) -> str:
    entries = (
        f"<url><loc>{xml(url)}</loc>" + (f"<lastmod>{moment.isoformat()}</lastmod>" if moment else "") + "</url>"
        for url, moment in rows
    )
    return f"{_XML}<urlset {_NS}>\n" + "\n".join(entries) + "\n</urlset>\n"


def sitemap(theme: Theme, host: str, name: str, posts: Sequence[Post], lastmod: bool) -> str | None:
    """The core sitemap `name` (`index`, `posts-post-1`, `posts-page-1`, …); None: there is none of that name."""
    base = theme.at.base(host)
    chunks = [posts[at : at + SITEMAP_SIZE] for at in range(0, len(posts), SITEMAP_SIZE)]
    posts_of = {f"posts-post-{number}": chunk for number, chunk in enumerate(chunks, 1)}
    others = {
        "posts-page-1": ["/about/", "/contact/", "/support/", "/private/notes/"],
        "taxonomies-category-1": [category_path(section, host) for section in SECTIONS],
        "users-1": ["/author/desk/"],
    }
    if name == "index":
        rows = (f"<sitemap><loc>{base}/wp-sitemap-{part}.xml</loc></sitemap>" for part in (*posts_of, *others))
        return f"{_XML}<sitemapindex {_NS}>\n" + "\n".join(rows) + "\n</sitemapindex>\n"
    if name in posts_of:
        return _urlset((base + side.path, side.modified if lastmod else None) for _, side in posts_of[name])
    return _urlset((base + path, None) for path in others[name]) if name in others else None


def robots(base: str, variant: str) -> tuple[int, str, str]:
    """Status, media type and text of robots.txt. Variants: normal, missing, error, deny, delay, bom, html."""
    rules = "User-agent: *\nDisallow: /wp-admin/\nDisallow: /private/\nAllow: /wp-admin/admin-ajax.php\n"
    normal = f"{rules}\nSitemap: {base}/wp-sitemap.xml\n"
    answers = {
        "normal": (200, "text/plain; charset=utf-8", normal),
        "missing": (404, "text/html; charset=utf-8", "<!doctype html><title>404</title><p>Not found"),
        "error": (500, "text/plain; charset=utf-8", "Internal Server Error"),
        "deny": (200, "text/plain; charset=utf-8", "User-agent: *\nDisallow: /\n"),
        "delay": (200, "text/plain; charset=utf-8", f"User-agent: *\nCrawl-delay: 2\n{rules.split(chr(10), 1)[1]}"),
        "bom": (200, "text/plain; charset=utf-8", "\ufeff" + normal),
        "html": (200, "text/html; charset=utf-8", "<!doctype html><title>Home</title><p>Welcome"),
    }
    return answers[variant]
