"""How to search, why a word is marked, keyboard shortcuts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from language.script import side_of
from web.pages import pages
from web.pages.search import MATCH_NAMES
from web.reader import reader
from web.render import Page, render, url
from web.words import N_, Words

SYNTAX = (
    ("displaced Raqqa", "نازحين الرقة", N_("both words, in any form and in either language")),
    ("\"mobile library\"", "«المكتبة المتنقلة»", N_("exactly these words, in this order and spelling")),
    ("=library", "=مكتبة", N_("exactly this form of the word")),
    ("\"library camp\"~5", "«مكتبة مخيم»~5", N_("near each other, at most 5 words apart, in any order")),
    ("\"library camp\"~para", "«مكتبة مخيم»~para", N_("in one paragraph")),
    ("bakery -price", "مخبز -سعر", N_("the first without the second")),
    ("bread OR flour", "خبز OR طحين", N_("either word")),
    ("(bread OR flour) price", "(خبز OR طحين) سعر", N_("brackets group")),
    ("librar*", "مكتب*", N_("words that begin so")),
    ("raqa~", "رقا~", N_("words that are spelt nearly so")),
    ("title:library", "العنوان:مكتبة", N_("in the headline only")),
    ("author:Haddad", "الكاتب:حداد", N_("by author; so also section, place, tag, outlet, issue")),
    ("2024-03..2025-01", "2024-03..2025-01", N_("published between")),
    ("date:2024", "date:2024", N_("published in that year, month or day")),
    ("english.enabbaladi.net/…", "enabbaladi.net/…", N_("the story of that article, in any spelling of its address")),
)  # fmt: skip
MARKS = (
    ("", "library", "library", N_("exact"), N_("the word as you typed it")),
    ("sp", "الرقه", "الرقة", N_("spelling"), N_("the same word in another spelling")),
    ("le", "نازحين", "نازحات", N_("form"), N_("another form of the word, by its stem, basic form or root")),
    ("na", "Deir ez-Zor", "دير الزور", N_("name"), N_("the same place, person or organisation in another spelling")),
    (
        "tr", "displaced", "نازحون", N_("translation"),
        N_("a word of the other language, learned from translated stories or from the dictionary"),
    ),
)  # fmt: skip
REACH = {  # match -> what it finds, of an English and of an Arabic word
    "exact": ("displaced", "نازح، نازحٌ"),
    "inflected": ("displaced, displacement", "نازح، النازحون، نازحات"),
    "related": ("displaced, displacement, نازحون", "نازح، النازحون، displaced"),
}
TYPED = {"en": "displaced", "ar": "نازح"}
KEYS = (
    ("/", N_("Go to the search field")),
    ("j", N_("Next result or paragraph")),
    ("k", N_("Previous one")),
    ("Enter", N_("Open it")),
    ("m", N_("Next match (in a story)")),
    ("c", N_("Cite")),
    ("b", N_("Both versions or one")),
    ("?", N_("This list")),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """One position of the switch, with a search to try it on."""

    name: str
    means: str
    href: str
    finds: str


@dataclass(frozen=True, slots=True)
class Marked:
    """One kind of match: a word typed, and one that is marked for it."""

    mark: str
    typed: str
    typed_lang: str
    marked: str
    marked_lang: str
    kind: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage(Page):
    syntax: tuple[tuple[str, str, str], ...]
    reach: tuple[Reach, ...]
    marks: tuple[Marked, ...]
    keys: tuple[tuple[str, str], ...]


@pages.get("/help")
def help_page() -> Response:
    words = reader().words
    own_first = SYNTAX if words.lang == "en" else tuple((ar, en, means) for en, ar, means in SYNTAX)
    page = HelpPage(
        title=words.gettext("How to search"),
        kind="help",
        syntax=own_first,
        reach=tuple(_reach(match, finds[words.lang == "ar"], words) for match, finds in REACH.items()),
        marks=tuple(
            Marked(mark, typed, side_of(typed) or "", marked, side_of(marked) or "", kind, means)
            for mark, typed, marked, kind, means in MARKS
        ),
        keys=KEYS,
    )
    return render("help.html", page)


def _reach(match: str, finds: str, words: Words) -> Reach:
    name, means = MATCH_NAMES[match]
    href = url("pages.search", q=TYPED[words.lang], match="" if match == "related" else match)
    return Reach(words.gettext(name), words.gettext(means), href, finds)
