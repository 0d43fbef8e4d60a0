"""Declarations: what is right loads, every mistake gets one line that says where it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.publishers import DeclarationError, builtin, load, outlets, owner

GOOD = """
key = "warda"
name = { ar = "وردة", en = "Warda" }
hosts = ["warda.example", "en.warda.example:8080"]
zone = "Asia/Damascus"
articles = ['/\\d+/[^/]+']
identity = ['/(\\d+)/[^/]+']

[[start]]
lang = "ar"
rest = "https://www.warda.example/wp-json/wp/v2/posts"
listings = ["https://warda.example/page/{page}"]

[[layout]]
lang = "ar"
since = 2020-01-01
body = "div.content > p"
remove = ["aside"]

[[tail]]
lang = "ar"
begins = ["تابعنا على"]

[sections.news]
label = { ar = "أخبار", en = "News" }
"""


def declare(folder: Path, text: str, name: str = "warda.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_declaration_loads(tmp_path: Path) -> None:
    outlet = load(declare(tmp_path, GOOD))
    assert outlet.name.ar == "وردة"
    assert outlet.layout[0].since is not None
    assert outlet.sections["news"].label.en == "News"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(declare(tmp_path, "\ufeff" + GOOD)).key == "warda"


MISTAKES = [
    ('key = "warda"', 'key = "War da"', "key", "match"),
    ('en = "Warda"', 'eng = "Warda"', "name.en", "missing"),
    ('zone = "Asia/Damascus"', 'zone = "Asia/Dimashq"', "zone", "not a time zone"),
    ('zone = "Asia/Damascus"', 'zone = "../etc"', "zone", "not a time zone"),
    ('zone = "Asia/Damascus"', 'zonne = "UTC"', "zonne", "not a known key"),
    ('"warda.example", ', '"https://warda.example/", ', "hosts[1]", "not a host"),
    ("'/\\d+/[^/]+'", "'/(\\d+/[^/]+'", "articles[1]", "not a regular expression"),
    ("'/(\\d+)/[^/]+'", "'/\\d+/[^/]+'", "identity[1]", "has 0 groups"),
    ('page/{page}"', 'page/2"', "start[1].listings[1]", "lacks {page}"),
    ('"https://www.warda.example/wp-json', '"/wp-json', "start[1].rest", "not absolute"),
    ("https://www.warda.example/wp-json", "https://other.example/wp-json", "start[1].rest", "not on a host"),
    ('lang = "ar"\nrest', 'lang = "Arabic"\nrest', "start[1].lang", "not a language tag"),
    ('lang = "ar"\nsince', 'lang = "arabisch"\nsince', "layout[1].lang", "not a language tag"),
    ('lang = "ar"\nbegins', 'lang = "1"\nbegins', "tail[1].lang", "not a language tag"),
    ('"div.content > p"', '"div.content >> p"', "layout[1].body", "not a CSS selector"),
    ('["aside"]', '["aside", "p["]', "layout[1].remove[2]", "not a CSS selector"),
    ("since = 2020-01-01", 'since = "last year"', "layout[1].since", "date"),
    ('key = "warda"', 'key = "warda"\nextractor = "os:system"', "extractor", "only a built-in"),
    ('key = "warda"', 'key = "warda"\nfetching = { gap = -1 }', "fetching.gap", "greater than or equal to 0"),
]


@pytest.mark.parametrize(("right", "wrong", "key", "what"), MISTAKES)
def test_a_mistake_is_one_line_with_file_key_and_reason(
    tmp_path: Path, right: str, wrong: str, key: str, what: str
) -> None:
    assert right in GOOD
    path = declare(tmp_path, GOOD.replace(right, wrong))
    with pytest.raises(DeclarationError) as refusal:
        load(path)
    line = refusal.value.mistakes[0]
    assert line.startswith(f"{path}: {key}: ")
    assert what in line
    assert "\n" not in line
    assert ";" in line  # and what to do


def test_all_mistakes_are_told(tmp_path: Path) -> None:
    text = GOOD.replace("Asia/Damascus", "Nowhere").replace("div.content > p", "p[").replace("{page}", "1")
    with pytest.raises(DeclarationError) as refusal:
        load(declare(tmp_path, text))
    assert len(refusal.value.mistakes) == 3
    assert "and 2 more" in str(refusal.value)


def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"not TOML.*line 2"):
        load(declare(tmp_path, 'key = "a"\nname is warda\n'))


def test_a_missing_or_foreign_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "old.toml").write_bytes('name = "وردة"'.encode("windows-1256"))
    with pytest.raises(DeclarationError, match="byte 9 is not UTF-8"):
        load(tmp_path / "old.toml")


def test_home_declarations_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    declare(tmp_path, GOOD)
    assert outlets(tmp_path).keys() == builtin().keys() | {"warda"}
    assert outlets(None) == outlets(tmp_path / "absent") == builtin()


def test_two_outlets_may_not_share_a_key_or_a_host(tmp_path: Path) -> None:
    declare(tmp_path, GOOD)
    declare(tmp_path, GOOD, "zwarda.toml")
    with pytest.raises(DeclarationError, match="another outlet's key"):
        outlets(tmp_path)
    declare(tmp_path, GOOD.replace('"warda"', '"other"').replace('["warda', '["www.warda'), "zwarda.toml")
    with pytest.raises(DeclarationError, match="belongs to the outlet 'warda'"):
        outlets(tmp_path)


def test_an_address_has_the_owner_of_its_host(tmp_path: Path) -> None:
    outlet = load(declare(tmp_path, GOOD))
    known = {outlet.key: outlet}
    assert owner(known, "http://www.warda.example/1/x") is outlet
    assert owner(known, "https://en.warda.example:8080/") is outlet
    for url in ("https://en.warda.example/", "https://warda.example.org/", "https://notwarda.example/", "x y", ""):
        assert owner(known, url) is None
