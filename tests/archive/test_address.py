"""One page, many spellings: each group is one key, near misses stay apart."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.address import NotAnAddress, host_of, identity, looks_like_address, normalise, page_path, same_page
from archive.publishers import builtin
from archive.publishers.declaration import Name, Outlet

SLUG = "أهالي-مُخيّم-يعودون-إلى-٣-قرى"
ENCODED = quote(SLUG)
TWICE = quote(ENCODED)

OUTLET = Outlet(
    key="sample",
    name=Name(ar="عيّنة", en="Sample"),
    hosts=("news.example", "www.news.example", "english.news.example"),
    identity=(r"/(\d+)(?:/[^/]+)?", r"/archives/(\d{3,})", r"/archives/(\d+)/[^\d/][^/]*", r"/\?p=(\d+)"),
)

ENGLISH = "https://english.news.example/archives/2023/07/water-prices-rise-in-idlib"
ENGLISH_SPELLINGS = [
    ENGLISH,
    ENGLISH + "/",
    ENGLISH.replace("https", "http"),
    ENGLISH.replace("https://", ""),
    ENGLISH.replace("https:", ""),
    ENGLISH.replace("https://", "HTTPS://WWW."),
    ENGLISH.replace("english.news.example", "English.News.Example.:443"),
    ENGLISH + "/amp",
    ENGLISH + "/amp/",
    ENGLISH + "?amp=1",
    ENGLISH + "/?amp",
    ENGLISH + "//amp?so=related",
    ENGLISH + "?so=popular",
    ENGLISH + "/?utm_source=x&utm_medium=y&fbclid=z",
    ENGLISH + "/feed/",
    ENGLISH + "/feed/atom/",
    ENGLISH + "/?replytocom=77#respond",
    ENGLISH + "#comments",
    ENGLISH + "/comment-page-2/#comment-9",
    ENGLISH.replace("/07/", "/08/../07/./"),
    ENGLISH.replace("water", "%77ater"),
    ENGLISH.replace("archives/2023", "archives//2023"),
    f"  <{ENGLISH}>\u200f\n",
    ENGLISH + "/index.php",
]

ARABIC_SPELLINGS = [
    f"https://www.news.example/676069/{SLUG}/",
    f"https://news.example/676069/{SLUG}",
    f"http://news.example/676069/{ENCODED}",
    f"https://news.example/676069/{ENCODED.lower()}/",
    f"https://news.example/676069/{TWICE}",
    f"https://news.example/676069/{quote(TWICE)}",
    f"https://news.example/676069/{ENCODED}?so=related",
    f"https://news.example/676069/{ENCODED}/amp/?utm_campaign=a",
    f"news.example/676069/{SLUG}",
    f"//www.news.example/676069/{ENCODED}/feed/",
    f"https://news.example:443/676069/{ENCODED}?replytocom=3#respond",
]
BY_ID = [
    "https://news.example/676069",
    "https://news.example/676069/",
    "https://www.news.example/archives/676069",
    f"https://www.news.example/archives/676069/{TWICE}",
    f"https://www.news.example/archives/676069/{TWICE.lower()}",
    f"https://www.news.example/archives/676069/{SLUG}/amp",
    "http://news.example/?p=676069",
    "https://www.news.example/676069/another-slug",
    f"https://news.example/676069/{ENCODED[:60]}",
]


@pytest.mark.parametrize("url", ENGLISH_SPELLINGS)
def test_every_spelling_of_a_page_has_one_key(url: str) -> None:
    assert identity(url) == "english.news.example/archives/2023/07/water-prices-rise-in-idlib"
    assert identity(url, OUTLET) == identity(url)


@pytest.mark.parametrize("url", ARABIC_SPELLINGS)
def test_raw_encoded_and_twice_encoded_arabic_are_one_key(url: str) -> None:
    assert identity(url) == f"news.example/676069/{ENCODED}"


@pytest.mark.parametrize("url", ARABIC_SPELLINGS + BY_ID)
def test_an_outlets_rule_names_the_page_by_its_id(url: str) -> None:
    assert identity(url, OUTLET) == "news.example/676069"


APART = [
    "https://news.example/",
    "https://news.example/?p=1",
    "https://news.example/?p=2",
    "https://news.example/?p=12",
    "https://news.example/?p=1&lang=ar",
    "https://news.example/?p=1&lang=en",
    "https://news.example/p",
    "https://news.example/1",
    "https://news.example/10",
    "https://news.example/a",
    "https://news.example/A",
    "https://news.example/a/b",
    "https://news.example/a%2Fb",
    "https://news.example/a%3Fp=1",
    "https://news.example/a?p=1",
    "https://news.example/a/page/2",
    "https://news.example/a/2",
    "https://news.example/ampere",
    "https://news.example/tag/amp",
    "https://news.example/tag",
    "https://news.example/amp",
    "https://news.example/feed",
    "https://news.example/archives/category/feed",
    "https://news.example/archives/category",
    "https://news.example:8443/a",
    "https://english.news.example/a",
    "https://news.example.org/a",
    "https://news.example/100%25",
    "https://news.example/100%2525",
    "https://news.example/x?q=a%2Bb",
    "https://news.example/x?q=a+b",
    "https://news.example/x?q=a%26b=c",
    "https://news.example/x?q=a&b=c",
    "https://news.example/سوريا",
    "https://news.example/سورية",
    "https://news.example/سوريا-1",
    "https://news.example/archives/2023/07",
    "https://news.example/archives/2023/08",
    "http://127.0.0.1:8101/a",
    "http://127.0.0.1:8102/a",
]


@pytest.mark.parametrize("outlet", [None, OUTLET])
def test_near_misses_stay_apart(outlet: Outlet | None) -> None:
    keys = {identity(url, outlet) for url in APART}
    merged = 1 if outlet else 0  # `/1` and `/?p=1` are one page where the outlet says so
    assert len(keys) == len(APART) - merged
    assert identity("https://news.example/1", outlet) != identity("https://news.example/10", outlet)


def test_enab_baladis_own_forms_are_one_page_and_its_archives_are_not() -> None:
    enab = builtin()["enabbaladi"]
    forms = [url.replace("news.example", "enabbaladi.net") for url in (*ARABIC_SPELLINGS, *BY_ID)]
    assert len(forms) >= 10
    assert {identity(form, enab) for form in forms} == {"enabbaladi.net/676069"}
    apart = (
        "/676070/x",
        "/archives/category/news",
        "/archives/2023/07",
        "/archives/2023/08",
        "/",
        "/about",
        "/tag/676069",
    )
    assert len({identity(f"https://www.enabbaladi.net{path}", enab) for path in apart}) == len(apart)


def test_a_rule_holds_on_the_outlets_own_hosts_only() -> None:
    assert identity("https://other.example/12/a", OUTLET) != identity("https://other.example/12/b", OUTLET)


def test_parameters_in_another_order_are_the_same_page() -> None:
    assert same_page("http://n.example/?p=1&lang=ar&so=related", "https://n.example/?lang=ar&p=1")
    assert not same_page("https://n.example/?a=1&a=2", "https://n.example/?a=2&a=1")


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("HTTP://WWW.News.Example:80/A/../b%7ec#x", "http://www.news.example/b~c"),
        (f"https://news.example/1/{SLUG}", f"https://news.example/1/{ENCODED}"),
        (f"https://news.example/1/{TWICE}", f"https://news.example/1/{ENCODED}"),
        ("https://news.example/a%252Fb%2525", "https://news.example/a%252Fb%2525"),
        ("https://news.example/%d8", "https://news.example/%D8"),
        ("https://news.example/سوري\u0627\u0654", "https://news.example/" + quote("سوري\u0623")),
        ("https://أخبار.example/", f"https://{'أخبار.example'.encode('idna').decode()}/"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example//amp?so=related", "https://news.example//amp?so=related"),
        ("https://user:secret@news.example/a?b=%2b&c=+", "https://news.example/a?b=%2B&c=%20"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://news.example:443/", "http://news.example:443/"),
    ],
)
def test_normalise_gives_the_fetchable_spelling(given_url: str, wanted: str) -> None:
    assert normalise(given_url) == wanted


@pytest.mark.parametrize("text", ["", "mailto:a@b.example", "javascript:alert(1)", "ftp://a.b/", "http://", "a b:c"])
def test_what_is_no_address_is_refused_in_one_line_and_is_its_own_key(text: str) -> None:
    with pytest.raises(NotAnAddress) as refusal:
        normalise(text)
    assert "\n" not in str(refusal.value)
    assert "http" in str(refusal.value)
    assert identity(text) == text.strip()
    assert host_of(text) == ""


_paths = st.lists(
    st.one_of(
        st.text(alphabet="abز\u0654ةأ%25D8AE/.?&=+;:@ ~#\u064b\u0640٣-", max_size=12),
        st.sampled_from(["/amp", "/feed/", "?amp=1", "%25D8%25AD", "%D8", "%ad", "//", "/../", "/index.php", "&so=x"]),
        st.text(max_size=5),
    ),
    max_size=6,
).map("".join)


@given(_paths)
@example("%2525D8%25AD")
@example("%25%44%38%AD")
@example("'\x08")
@example("?&")
@example("/index.php/amp")
@example("amp/amp")
@example("amp/index.php/amp/feed")
def test_normalise_and_identity_are_idempotent(path: str) -> None:
    url = f"https://news.example/{path}"
    once = normalise(url)
    assert once.isascii()
    assert normalise(once) == once
    assert identity(once) == identity(url)
    assert identity(identity(url)) == identity(url)


@given(
    slug=st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئabcxyz0189-\u064e\u0651\u0640", min_size=1, max_size=30),
    scheme=st.sampled_from(["https://", "http://", "//", "HTTPS://", ""]),
    www=st.sampled_from(["", "www.", "WWW."]),
    encoding=st.sampled_from([str, quote, lambda s: quote(s).lower(), lambda s: quote(quote(s))]),
    ending=st.sampled_from(
        ["", "/", "/amp", "/amp/", "?amp=1", "//amp?so=related", "/feed/", "?fbclid=1&utm_a=b", "#x"]
    ),
)
def test_any_mixture_of_spellings_is_one_page(
    slug: str, scheme: str, www: str, encoding: Callable[[str], str], ending: str
) -> None:
    plain = f"https://news.example/7/x{slug}"
    assert identity(f"{scheme}{www}news.example/7/x{encoding(slug)}{ending}") == identity(plain)


@given(st.sets(st.text(alphabet="ابيىةهأإ012ab", min_size=1, max_size=6), min_size=2))
def test_different_slugs_are_different_pages(slugs: set[str]) -> None:
    assert len({identity(f"https://news.example/7/{slug}") for slug in slugs}) == len(slugs)


def test_page_path_is_what_patterns_match() -> None:
    assert page_path(f"https://news.example/1//{TWICE}/amp/?so=related") == f"/1/{SLUG}"
    assert page_path("https://news.example") == "/"


@pytest.mark.parametrize(
    "text",
    [
        *ENGLISH_SPELLINGS,
        *ARABIC_SPELLINGS,
        "www.news.example",
        "news.example/?p=3",
        "http://127.0.0.1:8101/7",
        "127.0.0.1:8101/7",
        "localhost:8101/a",
        "\u200e«https://news.example/1/" + SLUG + "»",
    ],
)
def test_addresses_are_recognised_in_any_spelling(text: str) -> None:
    assert looks_like_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "نازح الرقة",
        "ريف.دمشق",
        "3.14/2",
        "date:2024-03",
        "title:water",
        "2024-03..2025-01",
        "U.S./Turkey",
        "و/أو",
        "see https://news.example/1 please",
        "http://",
        "(",
        "news.example",
        "http://قصف",
    ],
)
def test_words_are_not_taken_for_addresses(text: str) -> None:
    assert not looks_like_address(text)
