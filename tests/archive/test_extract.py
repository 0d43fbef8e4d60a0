"""Pages of an outlet come out as articles: clean blocks, fields, links; and what is none is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from archive.extract import NotAnArticle, Page, extract
from archive.model import Article, Block, BlockKind, VersionLink
from archive.publishers import builtin
from archive.publishers.declaration import Name, Outlet
from tests.needs import data

OUTLET = builtin()["enabbaladi"]
AT = datetime(2026, 11, 1, tzinfo=UTC)
EN_URL = "https://english.enabbaladi.net/archives/2024/03/a-bridge-for-the-two-banks/"
AR_URL = "https://www.enabbaladi.net/690001/%d8%ac%d8%b3%d8%b1/"
ANCHOR = "النسخة العربية من المقال"
TAIL = (
    "<p>Propaganda distorts the truth ..</p><p>Syria needs free media..</p><p>Support Enab Baladi..</p>"
    "<p>$1 a month makes a difference..</p><p><a href='/support/'>Click here to support</a></p>"
)
FIRST = "The workers on the river said that the bridge was opened to the people of both banks in the morning."
SECOND = "It is the third of its kind in the town, and the council has paid for it with the help of its neighbours."
AR_FIRST = "قال عمال النهر إن الجسر افتتح صباحًا أمام أهالي الضفتين بعد عام من العمل على ترميمه."
AR_SECOND = "وهو الثالث من نوعه في المدينة، وقد دفع المجلس المحلي تكاليفه بمساعدة من الجيران في الريف."
AR_TAIL = (
    "<p>الإعلام الموجه يشوّه الحقيقه ..<br>سوريا بحاجة  للصحافة الحرّة ..</p>"
    "<p>اذا كنت تعتقد / تعتقدين أن في المقال خطأ أرسل/ي لنا تصحيحًا</p><p>تابعنا على <a href='/f/'>البريد</a></p>"
)


def article(
    body: str, *, title: str = "A bridge for the two banks", above: str = "", head: str = "", lang: str = "en",
    published: str | None = "2024-03-09T10:00:00+00:00", url: str = EN_URL, outlet: Outlet = OUTLET,
) -> Article:  # fmt: skip
    return extract(page(html(body, title=title, above=above, head=head, lang=lang, published=published), url), outlet)


def html(body: str, *, title: str = "A bridge for the two banks", above: str = "", head: str = "", lang: str = "en",
         published: str | None = None) -> str:  # fmt: skip
    time = f'<meta property="article:published_time" content="{published}">' if published else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} - Enab Baladi</title>'
        f'<meta property="og:title" content="{escape(title)}">{time}{head}</head>'
        f'<body class="single"><nav><a href="/">Home</a></nav><article>'
        f'<h1>{title}</h1>{above}<div class="content-article">{body}</div></article>'
        f'<aside class="related"><a href="/x">Another story</a></aside></body></html>'
    )


def page(markup: str | bytes, url: str = EN_URL, content_type: str = "text/html; charset=utf-8") -> Page:
    return Page(url, url, markup.encode() if isinstance(markup, str) else markup, content_type, AT)


def texts(read: Article) -> list[str]:
    return [block.text for block in read.blocks]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_the_seed_article_comes_out_clean_and_linked() -> None:
    """Title, one caption with its date and source, exactly its paragraphs, no tail, one link to the Arabic version."""
    seed = data("seed/article.txt")
    title, caption, again, *rest = [p.strip() for p in seed.read_text("utf-8").split("\n\n") if p.strip()]
    at = rest.index(ANCHOR)
    target = "https://www.enabbaladi.net/archives/690001/%25D8%25AC%25D8%25B3%25D8%25B1"
    body = paragraphs(*map(escape, rest[:at]), f'<a href="{target}">{ANCHOR}</a>', *map(escape, rest[at + 1 :]))
    above = f'<figure><img data-src="/jet.jpg"><figcaption>{caption}</figcaption></figure><p>{again}</p><p>A A A</p>'
    read = article(body, title=title, above=above)
    assert read.title == title
    assert read.blocks == (Block(BlockKind.CAPTION, caption), *(Block(BlockKind.PARAGRAPH, p) for p in rest[:at]))
    assert caption.endswith("January 23, 2024 (US Central Command)")
    assert read.links == (VersionLink(target, "in-text link", "ar"),)
    assert read.image == "https://english.enabbaladi.net/jet.jpg"
    assert read.warnings == ()


@pytest.mark.parametrize("inside", [True, False])
def test_header_furniture_is_read_once_and_gone(inside: bool) -> None:
    """Kicker, title, caption twice, font-size letters and byline stand above the text, in or outside the body."""
    caption = "The new bridge at noon – 9 March 2024 (Sample Agency)"
    title = "A bridge for the two banks"
    header = paragraphs(
        "On the river",
        title,
        caption,
        "On the river",
        title,
        caption,
        caption,
        "A A A",
        "Lina Saleh | Omar Hadi| Rami Nur",
    )
    read = article((header if inside else "") + paragraphs(FIRST, SECOND), above="" if inside else header)
    assert texts(read) == [caption, FIRST, SECOND]
    assert read.kicker == "On the river"
    assert read.authors == ("Lina Saleh", "Omar Hadi", "Rami Nur")


@pytest.mark.parametrize(
    ("line", "authors", "dateline", "issue"),
    [
        ("Enab Baladi – Lina Saleh", ("Lina Saleh",), None, None),
        ("Enab Baladi - Lina Saleh and Omar al-Hadi", ("Lina Saleh", "Omar al-Hadi"), None, None),
        ("Enab Baladi – Deir Ezzor", (), "Deir Ezzor", None),
        ("Daraa – Enab Baladi", (), "Daraa", None),
        ("Enab Baladi – Northern Aleppo countryside", (), "Northern Aleppo countryside", None),
        ("Enab Baladi’s Investigation Team", ("Enab Baladi’s Investigation Team",), None, None),
        ("Enab Baladi's Investigations Team", ("Enab Baladi's Investigations Team",), None, None),
        ("Enab Baladi", (), None, None),
        ("عنب بلدي – داريا", (), "داريا", None),
        ("ريف دمشق  ـــ  عنب بلدي".replace("ـــ", "—"), (), "ريف دمشق", None),
        ("عنب بلدي – لينا صالح", ("لينا صالح",), None, None),
        ("عنب بلدي – خاص", (), None, None),
        ("لينا صالح | عمر الهادي", ("لينا صالح", "عمر الهادي"), None, None),
        ("جريدة عنب بلدي – العدد 61 – الأحد – 21-4-2013", (), None, 61),
        ("جريدة عنب بلدي - العدد ٦١ - الأحد - ٢١-٤-٢٠١٣", (), None, 61),
    ],
)
def test_bylines_datelines_and_issue_lines(
    line: str, authors: tuple[str, ...], dateline: str | None, issue: int | None
) -> None:
    """Each form is understood and leaves the body."""
    read = article(paragraphs(f"<strong>{line}</strong>", AR_FIRST, AR_SECOND), lang="ar", url=AR_URL)
    assert (read.authors, read.dateline, read.issue) == (authors, dateline, issue)
    assert texts(read) == [AR_FIRST, AR_SECOND]


def test_a_first_sentence_is_not_taken_for_a_byline() -> None:
    """A dash, a name or the outlet's name in prose is no byline."""
    for line in (
        "Enab Baladi – which has a reporter there – spoke to the families of the workers.",
        "Prices in Daraa – once the lowest in the south – have doubled since 2021.",
        "قالت عنب بلدي – داريا إن الجسر سيفتح يوم الأحد أمام السكان.",
    ):
        assert texts(article(paragraphs(line, SECOND)))[0] == line


def test_the_issue_line_dates_a_page_without_a_meta_tag() -> None:
    """The printed day begins at midnight in Damascus (+3 in April 2013)."""
    line = "جريدة عنب بلدي – العدد 61 – الأحد – 21-4-2013"
    read = article(paragraphs(line, AR_FIRST), lang="ar", url=AR_URL, published=None)
    assert read.published == datetime(2013, 4, 20, 21, tzinfo=UTC)


def test_an_amp_header_gives_the_time() -> None:
    """Title, day and time of Damascus, caption twice, byline, body."""
    caption = "The new bridge - August 17, 2023 (Sample Agency)"
    lines = ("A bridge for the two banks", "2023/08/18", "4:41 pm", caption, caption, "Enab Baladi – Lina Saleh", FIRST)
    read = article(paragraphs(*lines), published=None)
    assert read.published == datetime(2023, 8, 18, 13, 41, tzinfo=UTC)
    assert texts(read) == [caption, FIRST]
    assert read.authors == ("Lina Saleh",)


def test_arabic_icons_and_letters_are_gone() -> None:
    """Alternative texts that were typed out, `ع ع ع`, and a page without a picture."""
    body = paragraphs("camera icon جسر المدينة - 18 كانون الأول 2020 (وكالة العينة)", "tag icon", "ع ع ع", AR_FIRST)
    read = article(body, lang="ar", url=AR_URL, title="جسر للضفتين")
    assert texts(read) == ["جسر المدينة - 18 كانون الأول 2020 (وكالة العينة)", AR_FIRST]
    assert texts(article(paragraphs("no image", "ع ع ع", AR_FIRST), lang="ar", url=AR_URL)) == [AR_FIRST]


def test_markup_becomes_blocks_without_loss_or_doubling() -> None:
    """Nested paragraphs, spans, line breaks, lists, quotes, entities, captions in the text."""
    body = (
        "<div><p><span>The workers</span><span> on the&nbsp;river</span> said &ldquo;<b>yes</b>&rdquo;&#33;</p></div>"
        "<h3>On the other bank</h3><blockquote><div><p>We <i>wai</i>ted.</p><p>And it came.</p></div></blockquote>"
        "<ul><li><p>One</p></li><li>Two<ul><li>Two and a half</li></ul></li></ul>"
        "<p>First line<br>goes on<br><br>Second paragraph</p><p><strong>A bold subheading</strong></p>"
        "<p><strong>A bold sentence.</strong></p>"
        "<figure><img src='/x.jpg'><figcaption>A view</figcaption></figure><p>\u200b </p>Loose text"
    )
    kinds = [(block.kind.value, block.text) for block in article(paragraphs(FIRST) + body).blocks[1:]]
    assert kinds == [
        ("paragraph", "The workers on the river said “yes”!"),
        ("subheading", "On the other bank"),
        ("quote", "We waited."),
        ("quote", "And it came."),
        ("item", "One"),
        ("item", "Two"),
        ("item", "Two and a half"),
        ("paragraph", "First line goes on"),
        ("paragraph", "Second paragraph"),
        ("subheading", "A bold subheading"),
        ("paragraph", "A bold sentence."),
        ("caption", "A view"),
        ("paragraph", "Loose text"),
    ]


def test_embeds_comments_and_related_links_are_gone() -> None:
    """What others put into the body is no part of the article."""
    body = (
        f"{paragraphs(FIRST)}<blockquote class='twitter-tweet'><p>A post</p>&mdash; someone</blockquote>"
        "<iframe src='/v'>video</iframe><script>var a = 1;</script><style>p{}</style><video><p>no video</p></video>"
        "<div class='sharedaddy'>Share this</div><p>Read also: <a href='/y'>Another bridge</a></p><!-- a comment -->"
        f"<p>Read also what the council wrote.</p>{paragraphs(SECOND)}<div id='comments'><p>Well done</p></div>"
    )
    assert texts(article(body)) == [FIRST, "Read also what the council wrote.", SECOND]


@pytest.mark.parametrize(
    "tail",
    [
        TAIL,
        "<p>" + TAIL.replace("<p>", "").replace("</p>", "<br>\n") + "</p>",
        f"<p>Syria needs free media – we need you</p><p>Support  Enab Baladi</p><p>{ANCHOR}</p>",
        TAIL
        + "<p>Share</p><p><a href='/z'>The long headline of another story that has nothing to do with this</a></p>",
        "<p>Send a correction</p>",
    ],
)
def test_the_english_tail_is_cut(tail: str) -> None:
    """In paragraphs, in one paragraph with line breaks, drifting in spelling, with scraps behind it."""
    assert texts(article(paragraphs(FIRST, SECOND) + tail)) == [FIRST, SECOND]


def test_the_arabic_tail_is_cut_whatever_its_spelling() -> None:
    """Hamza, vowel signs, spaces and gender slashes drift."""
    assert texts(article(paragraphs(AR_FIRST, AR_SECOND) + AR_TAIL, lang="ar", url=AR_URL)) == [AR_FIRST, AR_SECOND]


def test_text_that_quotes_the_tail_is_kept() -> None:
    """In mid-article, as a quotation, as a long last paragraph; and a tail pasted midway takes no text with it."""
    quoting = "Support Enab Baladi, the banner on the bridge said, and many of those who crossed it took a picture."
    opinion = "إذا كنت تعتقد أن الجسر وحده يكفي فاسأل من يعبر كل يوم إلى عمله في الضفة الأخرى ويعود."
    long_end = f"Syria needs free media, the teacher said. {FIRST} {SECOND}"
    assert texts(article(paragraphs(FIRST, quoting, SECOND) + TAIL)) == [FIRST, quoting, SECOND]
    assert texts(article(paragraphs(FIRST, "Syria needs free media", SECOND) + TAIL))[1] == "Syria needs free media"
    assert texts(article(paragraphs(opinion, AR_SECOND) + AR_TAIL, lang="ar", url=AR_URL)) == [opinion, AR_SECOND]
    assert texts(article(paragraphs(AR_SECOND, opinion) + AR_TAIL, lang="ar", url=AR_URL)) == [AR_SECOND, opinion]
    assert (
        texts(article(f"{paragraphs(FIRST)}<blockquote>Support Enab Baladi</blockquote>"))[1] == "Support Enab Baladi"
    )
    assert texts(article(paragraphs(FIRST, long_end))) == [FIRST, long_end]
    assert texts(article(paragraphs(FIRST) + TAIL + paragraphs(SECOND, FIRST[4:]))) == [FIRST, SECOND, FIRST[4:]]


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        (f'<p><a href="/archives/61010">{ANCHOR}</a></p>', ["https://english.enabbaladi.net/archives/61010"]),
        ('<p><a href="//enabbaladi.net/5/"><b>النسخة العربية</b> من المقال</a></p>', ["https://enabbaladi.net/5/"]),
        (f'<p>It ended. <a href="http://enabbaladi.net/5/">{ANCHOR}</a></p>', ["http://enabbaladi.net/5/"]),
        (f"<p>{ANCHOR}</p>", []),
        (f'<p><a href="">{ANCHOR}</a></p>', []),
        (f'<p><a href="http://[broken">{ANCHOR}</a></p>', []),
        (f'<p><a href="javascript:void(0)">{ANCHOR}</a></p>', []),
    ],
)
def test_the_link_to_the_other_version(line: str, targets: list[str]) -> None:
    """It is evidence, absolute but otherwise as written, and no text; one that leads nowhere is reported."""
    read = article(paragraphs(FIRST) + line + TAIL)
    assert [(link.target, link.evidence, link.lang) for link in read.links] == [
        (t, "in-text link", "ar") for t in targets
    ]
    assert not any(ANCHOR in text for text in texts(read))
    assert bool(read.warnings) == ("href" in line and not targets)


def test_hreflang_links_without_self_default_and_front_pages() -> None:
    """Only addresses of other versions of this article count."""
    head = (
        f'<link rel="canonical" href="{EN_URL}"><link rel="alternate" hreflang="en" href="{EN_URL}?so=related">'
        '<link rel="alternate" hreflang="x-default" href="https://www.enabbaladi.net/5/">'
        '<link rel="alternate" hreflang="ar-SY" href="https://www.enabbaladi.net/5/"> '
        '<link rel="alternate" hreflang="tr" href="https://www.enabbaladi.net/">'
    )
    assert article(paragraphs(FIRST), head=head).links == (
        VersionLink("https://www.enabbaladi.net/5/", "hreflang", "ar"),
    )


def test_an_english_post_on_the_arabic_host_is_english() -> None:
    """The text decides, and the difference is reported."""
    read = article(paragraphs(FIRST, SECOND), lang="ar", url=AR_URL)
    assert read.lang == "en"
    assert read.warnings == ("language declared ar, detected en",)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("tr", "Belediye başkanı, köprünün sabah saatlerinde iki yakanın halkına açıldığını söyledi. "),
        ("fa", "کارگران رودخانه گفتند که پل صبح امروز پس از یک سال کار برای مردم دو طرف باز شد و همه خوشحال بودند. "),
        ("ckb", "کرێکارانی ڕووبارەکە گوتیان پردەکە بەیانی بۆ خەڵکی هەردوو بەرەکە کرایەوە و هەموو دڵخۆش بوون. "),
    ],
)
def test_a_third_language_is_neither_arabic_nor_english(lang: str, text: str) -> None:
    """Turkish, Persian and Kurdish are told apart from what their script suggests."""
    assert article(paragraphs(text * 4), lang="ar", url=AR_URL, title=text[:20]).lang == lang


@pytest.mark.parametrize(
    "stated", ["2024-13-45T10:00:00+00:00", "0000-00-00T00:00:00+00:00", "2087-01-01", "yesterday"]
)
def test_a_day_that_cannot_be_is_none_and_reported(stated: str) -> None:
    """One line says what was stated and where."""
    read = article(paragraphs(FIRST), published=stated)
    assert read.published is None
    assert read.warnings == (f"publication time {stated!r} in article:published_time cannot be",)


def test_times_are_utc_and_local_ones_are_of_the_outlet() -> None:
    """JSON-LD stands in for a meta tag; a time without an offset is Damascus's."""
    person = '{"@type": "Person", "@id": "#p", "name": "Lina Saleh &amp; Omar Hadi\\ud800"}'
    news = (
        '{"@type": "NewsArticle", "datePublished": "2024-03-09T13:00:00", "dateModified": "2024-03-09T15:30:00+0300", '
        '"author": {"@id": "#p"}, "articleSection": ["Society"], "keywords": "bridges, rivers"}'
    )
    ld = f'<script type="application/ld+json">{{"@graph": [{{"@type": "WebPage"}}, {news}, {person}]}}</script>'
    read = article(paragraphs(FIRST), head=ld, published=None)
    assert read.published == datetime(2024, 3, 9, 10, tzinfo=UTC)
    assert read.updated == datetime(2024, 3, 9, 12, 30, tzinfo=UTC)
    assert (read.authors, read.section, read.tags) == (("Lina Saleh", "Omar Hadi"), "society", ("bridges", "rivers"))


def test_addresses_section_and_tags() -> None:
    """The canonical link names the article, the page's other addresses are aliases, foreign ones are reported."""
    head = (
        f'<link rel="canonical" href="{EN_URL}"><link rel="shortlink" href="https://english.enabbaladi.net/?p=77">'
        f'<link rel="amphtml" href="{EN_URL}amp/"><meta property="og:url" content="{EN_URL[:-1]}">'
        '<meta property="article:section" content="مجتمع"><meta property="article:tag" content="Bridges">'
        '<meta property="article:tag" content="bridges"><meta name="author" content="Enab Baladi">'
    )
    read = article(paragraphs(FIRST), head=head, url=f"{EN_URL}?so=related")
    assert read.url == EN_URL
    assert set(read.aliases) == {
        EN_URL[:-1], f"{EN_URL}?so=related", "https://english.enabbaladi.net/?p=77", f"{EN_URL}amp/",
    }  # fmt: skip
    assert (read.section, read.tags, read.authors) == ("society", ("Bridges",), ())
    foreign = article(paragraphs(FIRST), head='<link rel="canonical" href="https://elsewhere.example/a">')
    assert (foreign.url, foreign.warnings) == (EN_URL, ("canonical link leads elsewhere: https://elsewhere.example/a",))


def test_the_lead_image_behind_a_lazy_loader() -> None:
    """Icons, stand-ins and inline data are passed over."""
    icons = (
        '<img src="/t/camera.svg" alt="camera icon"><img src="/no-image.png"><img src="/p.gif" width="1" height="1">'
    )
    lazy = '<img src="data:image/gif;base64,R0lG" data-src="/up/bridge.jpg" alt="x">'
    read = article(paragraphs(FIRST), above=icons + lazy)
    assert read.image == "https://english.enabbaladi.net/up/bridge.jpg"
    assert article(paragraphs(FIRST), above=icons).image is None


@pytest.mark.parametrize(
    ("markup", "url", "content_type", "reason"),
    [
        ("", EN_URL, "text/html", "empty"),
        ("{}", EN_URL, "application/json", "not HTML but application/json"),
        ("<rss><channel/></rss>", EN_URL, "text/html", "not HTML but XML"),
        ("Forbidden", EN_URL, "text/html", "no markup"),
        (html(paragraphs(FIRST)).replace('"single"', '"archive"'), EN_URL, "text/html", "listing"),
        ("<html><body><div class='one-post'><a href='/1/'><h3>A</h3></a></div></body></html>",
         "https://www.enabbaladi.net/archives/category/x/page/2", "text/html", "listing"),
        (html(paragraphs(FIRST)), "https://www.enabbaladi.net/", "text/html", "front page"),
        ("<html><head><title>Just a moment...</title></head><body><p>Checking</p></body></html>",
         EN_URL, "text/html", "challenge"),
        (html(""), EN_URL, "text/html", "body is empty"),
        (html(f"<p>{ANCHOR}</p>{TAIL}"), EN_URL, "text/html", "body is empty"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused(markup: str, url: str, content_type: str, reason: str) -> None:
    """One line names the page and the reason."""
    with pytest.raises(NotAnArticle) as refused:
        extract(page(markup, url, content_type), OUTLET)
    assert refused.value.url == url
    assert reason in refused.value.reason
    assert "\n" not in str(refused.value)


def test_an_outlet_without_a_layout_is_read_by_trafilatura() -> None:
    """Kinds, byline, link and tail come out the same way."""
    outlet = Outlet(
        key="sample", name=Name(ar="عينة", en="Sample"), hosts=("sample.example",), zone="Asia/Damascus",
        start=({"lang": "ar"}, {"lang": "en"}), versions={"anchors": (ANCHOR,)},
        tail=({"lang": "en", "begins": ("Support Sample",)},),
    )  # fmt: skip
    body = (
        f"<h2>Above</h2>{paragraphs(FIRST, SECOND)}<h3>On the other bank</h3>"
        f"<blockquote><p>{SECOND[7:]}</p></blockquote>"
        f"<ul><li>{FIRST[4:]}</li></ul><p><a href='/ar/5'>{ANCHOR}</a></p><p>Support Sample</p>"
    )
    url = "https://sample.example/2024/03/bridge"
    read = article(f"<p>Sample – Lina Saleh</p>{body}", outlet=outlet, url=url)
    assert [block.kind.value for block in read.blocks if block.text == SECOND[7:]] == ["quote"]
    assert [block.kind.value for block in read.blocks if block.text == FIRST[4:]] == ["item"]
    assert texts(read).count(FIRST) == 1
    assert "Support Sample" not in texts(read)
    assert read.links == (VersionLink("https://sample.example/ar/5", "in-text link", "ar"),)


def test_a_repeated_line_of_a_poem_is_no_caption() -> None:
    """Only what stands twice in a row, or with the heading between, is a caption printed twice."""
    read = article(paragraphs("The river knows", "the name of the bridge", "The river knows", FIRST))
    assert [block.kind for block in read.blocks] == [BlockKind.PARAGRAPH] * 4


@pytest.mark.parametrize(
    "rubbish",
    [
        "&#1;&#0;<script>x</script>&#31;",
        "<div>" * 3000,
        "<table><td><p>",
        "<![CDATA[x]]>",
        "<!--",
        "\x00\x08",
        "<br>" * 500,
    ],
)
def test_broken_markup_is_read_or_refused(rubbish: str) -> None:
    """Control characters, endless nesting, open comments: an article or one clear line, never another error."""
    try:
        assert FIRST in texts(article(paragraphs(FIRST) + rubbish + paragraphs(SECOND)))
    except NotAnArticle as refused:
        assert "\n" not in str(refused)
