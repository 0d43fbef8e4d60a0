"""The sample outlet's theme: HTML of articles, AMP pages and listings."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from archive.model import AR, EN

from .content import SECTIONS, Addresses, Brand, Piece, Side, Story, branded, image_path, twin_address

ZONE = ZoneInfo("Asia/Damascus")
ANCHOR = "النسخة العربية من المقال"
_MONTHS: tuple[str, str] = (
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "January February March April May June July August September October November December",
)
_PALETTES = (  # sky, sun, far hill, near hill
    ("#f3e3c7", "#e9a23b", "#b98a5e", "#6f5138"),
    ("#d8e6ea", "#f4d58d", "#8fa89b", "#4a665a"),
    ("#f6d9c9", "#d9643a", "#a8756b", "#5c3f45"),
    ("#e4e7d3", "#f0b84c", "#9fab73", "#56683f"),
    ("#cfdcec", "#fbe6b4", "#7f93ab", "#3f4f66"),
)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ENGLISH_TAILS = (
    ("Propaganda distorts the truth and prolongs the war..", "Syria needs free media.. Ours lives on its readers.."),
    (
        "Propaganda distorts the truth, and people pay for it..",
        "Syria needs free media.. Help us to remain independent..",
    ),
    ("Propaganda  distorts the truth …", "Syria needs free media – and free media need you.."),
)
_ARABIC_TAILS = (
    ("الإعلام الموجّه يشوه الحقيقة ويطيل أمد الأزمة..", "سوريا بحاجة للصحافة الحرة.. ونحن بحاجة إلى قرائنا.."),
    ("الاعلام الموجه يشوّه الحقيقة..", "سورية بحاجة للصحافة الحرّة.. ساندها لتبقى مستقلة.."),
    ("الإعلام الموجَّه يشوه الحقيقه ..", "سوريا  بحاجة للصحافة الحرة .."),
)
_CORRECTIONS = (
    "اذا كنت تعتقد/تعتقدين أن في المقال خطأ أو لديك/لديكِ ما تضيفه أرسل/أرسلي إلينا تصحيحًا",
    "إذا كنت تعتقد / تعتقدين أن المقال ينقصه شيء فاكتب/فاكتبي لنا",
    "اذا كنتَ تعتقد/ تعتقدين أنّ في النص معلومة غير دقيقة راسلنا/راسلينا",
)


def local_date(moment: datetime, lang: str) -> str:
    """A day as listings print it: Gregorian month names in Arabic."""
    day = moment.astimezone(ZONE)
    month = _MONTHS[lang == EN].split()[day.month - 1]
    return f"{month} {day.day}, {day.year}" if lang == EN else f"{day.day} {month} {day.year}"


def inline(text: str) -> Markup:
    """Marked-up text to HTML."""
    html = escape(text, quote=False)
    html = _LINK.sub(r'<a href="\2">\1</a>', html)
    return Markup(_BOLD.sub(r"<strong>\1</strong>", html))


def _spans(html: str) -> str:
    """A paragraph's text within spans, as a word processor leaves it: parted at a space, never inside markup."""
    middle = html.find(" ", len(html) // 2)
    if middle < 0 or "<" in html:
        return f'<span style="font-weight: 400;">{html}</span>'
    return f'<span style="font-weight: 400;">{html[:middle]}</span><span> {html[middle + 1 :]}</span>'


def _furniture(kind: str, html: str, base: str) -> str:
    if kind == "tweet":
        link = f'<a href="{base}/embed/post/">link</a>'
        return f'<blockquote class="twitter-tweet"><p>{html}</p>&mdash; @sample {link}</blockquote>'
    if kind == "video":
        return f'<div class="video-embed"><iframe src="{base}/embed/video/" title="video"></iframe><p>{html}</p></div>'
    return f'<div class="read-more-box">{html}</div>'


def piece_html(piece: Piece, side: Side, brand: Brand, base: str) -> str:
    """One block as the editor's typing left it in the post."""
    html = str(inline(branded(piece.text, brand, side.lang)))
    nested, spans = "nested" in side.features, "spans" in side.features
    if piece.kind in ("tweet", "video", "related"):
        return _furniture(piece.kind, html, base)
    if piece.kind == "caption":
        image = f'<img src="{base}/wp-content/uploads/inside.svg" alt="">'
        return f'<figure class="wp-caption">{image}<figcaption>{html}</figcaption></figure>'
    if spans and piece.kind in ("subheading", "paragraph"):
        html = _spans(html)
    return {
        "subheading": "<h3>{}</h3>",
        "quote": "<blockquote><div><p>{}</p></div></blockquote>" if nested else "<blockquote><p>{}</p></blockquote>",
        "item": "<li><p>{}</p></li>" if nested else "<li>{}</li>",
        "paragraph": '<div class="wp-block-group"><p>{}</p></div>' if nested else "<p>{}</p>",
    }[piece.kind].format(html)


def body_html(side: Side, brand: Brand, base: str) -> list[Markup]:
    """The blocks' HTML; list items are gathered in lists."""
    out: list[str] = []
    for piece in side.pieces:
        html = piece_html(piece, side, brand, base)
        if piece.kind == "item" and out and out[-1].endswith("</ul>"):
            out[-1] = f"{out[-1][:-5]}\n{html}</ul>"
        else:
            out.append(f"<ul>{html}</ul>" if piece.kind == "item" else html)
    return [Markup(html) for html in out]


def link_line(story: Story, side: Side, at: Addresses) -> str:
    """The line with the link to the Arabic version, typed into the post."""
    target = twin_address(story, side, at)
    return f'<p><a href="{escape(target)}">{ANCHOR}</a></p>' if target else ""


def tail_html(side: Side, brand: Brand, base: str) -> str:
    """What the theme puts below each article; its spelling and markup drift from post to post."""
    drift, name = side.id % 3, brand.name(side.lang)
    if side.lang == EN:
        lines = [
            *_ENGLISH_TAILS[drift],
            f"Support {name}..",
            "$1 a month makes a difference..",
            f'<a href="{base}/support/">Click here to support</a>',
        ]
        if drift == 1:
            lines.append("If you find a mistake in this article, send a correction")
    else:
        follow = f'تابعنا على <a href="{base}/follow/">البريد</a> و<a href="{base}/feed/">الخلاصات</a>'
        lines = [*_ARABIC_TAILS[drift], _CORRECTIONS[side.id % len(_CORRECTIONS)], follow]
    if drift == 2:
        return "<p>" + "<br>\n".join(lines) + "</p>"
    paragraphs = "\n".join(f"<p>{line}</p>" for line in lines)
    return f'<div class="support-box">{paragraphs}</div>' if drift == 0 else paragraphs


def excerpt(side: Side, brand: Brand, words: int = 30) -> str:
    """A teaser: the first words of the text."""
    text = " ".join(branded(p.plain, brand, side.lang) for p in side.pieces if p.kind == "paragraph").split()
    return " ".join(text[:words]) + (" […]" if len(text) > words else "")


def category_path(section: str, host: str, page: int = 1) -> str:
    name = section if host == "ar" else f"news/{section}"
    return f"/archives/category/{name}/" + (f"page/{page}/" if page > 1 else "")


def placeholder(seed: int) -> str:
    """A simple picture, different for each post: hills under a sky."""
    sky, sun, far, near = _PALETTES[seed % len(_PALETTES)]
    at, hill = 120 + seed * 31 % 560, 250 + seed * 17 % 90
    shapes = (
        f'<rect width="800" height="450" fill="{sky}"/>',
        f'<circle cx="{at}" cy="130" r="55" fill="{sun}"/>',
        f'<path d="M0 {hill} Q200 {hill - 120} 420 {hill} T800 {hill - 40} V450 H0Z" fill="{far}"/>',
        f'<path d="M0 {hill + 70} Q260 {hill - 20} 520 {hill + 80} T800 {hill + 50} V450 H0Z" fill="{near}"/>',
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 450">{"".join(shapes)}</svg>'


@dataclass(frozen=True, slots=True)
class Theme:
    """Renders pages for one pair of addresses. `volatile` numbers change with every request."""

    at: Addresses
    brand: Brand

    def _render(self, template: str, host: str, lang: str, **values: Any) -> str:
        base = self.at.base(host)
        nav = [(base + category_path(key, host), SECTIONS[key][host == "en"]) for key in SECTIONS]
        return _ENVIRONMENT.get_template(template).render(
            {"lang": lang, "base": base, "other_base": self.at.base("en" if host == "ar" else "ar"), "nav": nav}
            | {"name": self.brand.name(lang), "charset": "utf-8"}
            | values
        )

    def _article(self, story: Story, side: Side) -> dict[str, Any]:
        base, twin = self.at.base(side.host), story.side(AR if side.lang == EN else EN)
        image, local = image_path(side), side.published.astimezone(ZONE)
        hreflang = [(s.lang, self.at.base(s.host) + s.path) for s in story.sides] if "hreflang" in side.features else []
        values = {
            "title": branded(side.title, self.brand, side.lang),
            "url": base + side.path,
            "shortlink": f"{base}/?p={side.id}",
            "hreflang": hreflang if twin else [],
            "image": base + image if image else None,
            "published": side.published.isoformat(),
            "updated": side.updated.isoformat() if side.updated else None,
            "day": local_date(side.published, side.lang),
            "amp_day": f"{local:%Y/%m/%d}",
            "amp_time": f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}",
            "section": SECTIONS[story.section][side.lang == EN],
            "section_url": base + category_path(story.section, side.host),
            "tags": [(tag, f"{base}/archives/tag/{quote(tag.replace(' ', '-')).lower()}/") for tag in side.tags],
            "authors": [branded(author, self.brand, side.lang) for author in side.authors],
            "byline": branded(side.byline, self.brand, side.lang) if side.byline else None,
            "byline_outside": "byline-outside" in side.features,
            "issue_line": branded(side.issue_line, self.brand, side.lang) if side.issue_line else None,
            "body": body_html(side, self.brand, base),
            "tail": Markup(link_line(story, side, self.at) + "\n" + tail_html(side, self.brand, base)),
            "caption": branded(side.caption, self.brand, side.lang) if side.caption else None,
            "kicker": side.kicker,
            "doubled": "doubled" in side.features,
            "furniture_inside": "furniture-inside" in side.features,
            "lazy": "lazy" in side.features,
            "headless": "amp-headless" in side.features,
        }
        return values | {"json_ld": _json_ld(values) if "json-ld" in side.features else None}

    def article(
        self, story: Story, side: Side, charset: str, neighbours: Sequence[tuple[Story, Side]], turn: int
    ) -> str:
        """An article's page. Related items and comments differ with `turn`, the number of the request."""
        related = [(self.at.base(s.host) + s.path + "?so=related", s.title) for _, s in neighbours]
        first = turn % max(len(related), 1)
        who = ("قارئ من الحي", "شكرًا على التقرير") if side.lang == AR else ("A reader", "Thank you for this report")
        comments = [(f"{who[0]} {turn + n}", f"{who[1]} ({turn * 7 + n})") for n in range(turn % 3)]
        values = {"a": self._article(story, side), "charset": charset, "comments": comments}
        return self._render(
            "article.html", side.host, side.lang, related=(related[first:] + related[:first])[:4], **values
        )

    def amp(self, story: Story, side: Side) -> str:
        return self._render("amp.html", side.host, side.lang, a=self._article(story, side))

    def rest_content(self, story: Story, side: Side) -> str:
        """The body as REST gives it: what was typed into the post, the link line too, but not the theme's tail."""
        typed = [side.issue_line, None if "byline-outside" in side.features else side.byline]
        lines = [f"<p>{escape(branded(line, self.brand, side.lang))}</p>" for line in typed if line]
        lines += body_html(side, self.brand, self.at.base(side.host))
        return "\n".join([*lines, link_line(story, side, self.at)]).rstrip()

    def listing(
        self, host: str, heading: str, posts: Sequence[Side], featured: int, pages: tuple[str | None, str | None]
    ) -> str:
        """A listing; the first `featured` posts carry no date. `pages`: the newer and the older page's address."""
        teasers = []
        for number, side in enumerate(posts):
            base, image = self.at.base(side.host), image_path(side)
            teasers.append(
                {
                    "url": base + side.path,
                    "title": branded(side.title, self.brand, side.lang),
                    "image": base + image if image else None,
                    "day": local_date(side.published, host) if number >= featured else None,
                    "teaser": excerpt(side, self.brand, 22),
                }
            )
        return self._render("listing.html", host, host, heading=heading, posts=teasers, newer=pages[0], older=pages[1])

    def page(self, host: str, heading: str, lines: Sequence[str]) -> str:
        return self._render("page.html", host, host, heading=heading, lines=lines)


def _json_ld(values: dict[str, Any]) -> str:
    known = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": values["title"],
        "url": values["url"],
    }
    known |= {"datePublished": values["published"], "dateModified": values["updated"] or values["published"]}
    known["author"] = [{"@type": "Person", "name": author} for author in values["authors"]]
    return json.dumps(known, ensure_ascii=False).replace("</", "<\\/")


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
