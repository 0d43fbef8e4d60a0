"""Names found by any of their spellings, in both languages; a table with a mistake says where and what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.nametable import BUILTIN, KINDS, NameTable, NameTableError, lost, problems
from language.tokens import folded

TABLE = NameTable.read()


def keys(text: str, table: NameTable = TABLE) -> list[str]:
    return [found.name.key for found in table.find(folded(text).split())]


def own(folder: Path, text: str, name: str = "names.txt") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("دير الزور", "deir-ezzor"),
        ("Deir Ezzor", "deir-ezzor"),
        ("Deir ez-Zor’s countryside", "deir-ezzor"),
        ("Deir al-Zor", "deir-ezzor"),
        ("DEIR EZ ZOUR", "deir-ezzor"),
        ("في دَيْر الزّور", "deir-ezzor"),
        ("as-Suwayda", "suwayda"),
        ("Sweida", "suwayda"),
        ("السويدا", "suwayda"),
        ("ar-Raqqah", "raqqa"),
        ("الـــرقة", "raqqa"),
        ("ادلب", "idlib"),
        ("al-Idlib", "idlib"),
        ("Ahmad al-Shara", "ahmed-al-sharaa"),
        ("أحمد الشرع", "ahmed-al-sharaa"),
        ("Sharaa", "ahmed-al-sharaa"),
        ("قسد", "syrian-democratic-forces"),
        ("Ahrar Sham", "ahrar-al-sham"),
        ("كوفيد-١٩", "covid-19"),
        ("Al-Bab", "al-bab"),
    ],
)
def test_a_name_is_found_in_any_spelling(text: str, key: str) -> None:
    assert keys(text) == [key]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("وبدمشق", "damascus"),
        ("لدمشق", "damascus"),
        ("والرقة", "raqqa"),
        ("بالرقة", "raqqa"),
        ("للرقة", "raqqa"),
        ("فللقاهرة", "cairo"),
        ("للبنان", "lebanon"),
        ("كحلب", "aleppo"),
        ("وبدير الزور", "deir-ezzor"),
    ],
)
def test_what_is_written_to_an_arabic_name_is_looked_behind(text: str, key: str) -> None:
    assert keys(text) == [key]


def test_a_name_is_no_part_of_a_longer_one() -> None:
    """The longest name at each place; what begins with the same words is another one."""
    assert keys("شمال سوريا ثم سوريا") == ["northern-syria", "syria"]
    assert keys("Rif Dimashq, Dimashq, Bab al-Hawa and al-Bab") == ["rif-dimashq", "damascus", "bab-al-hawa", "al-bab"]
    assert keys("Syrian Democratic Forces and the Syrian Democratic Council") == [
        "syrian-democratic-forces",
        "syrian-democratic-council",
    ]


def test_a_find_says_where_the_name_stands() -> None:
    words = folded("نزح الأهالي من ريف دمشق وحمص إلى as-Suwayda").split()
    found = [(hit.start, hit.length, " ".join(words[hit.start : hit.start + hit.length])) for hit in TABLE.find(words)]
    assert found == [(3, 2, "ريف دمشق"), (5, 1, "وحمص"), (7, 2, "as suwayda")]


def test_words_that_are_no_names_are_not_taken_for_one() -> None:
    """A verb without the article, a short name without its own, English words before a name, other words."""
    assert keys("شرع في بناء باب رقة") == []
    assert keys("the bab, as at an US who said") == []
    assert keys("such as Suwayda") == ["suwayda"]
    assert keys("") == []
    assert keys("ال و ف ب al as") == []


def test_a_dateline_gives_the_same_places_in_both_languages() -> None:
    assert TABLE.places_in("Enab Baladi – Daraa") == TABLE.places_in("عنب بلدي – درعا") == ("daraa",)
    assert TABLE.places_in("إدلب – حلب – إدلب") == TABLE.places_in("Idleb, Aleppo") == ("idlib", "aleppo")
    assert TABLE.places_in("سلمى العلي") == ()


def test_the_built_in_table_has_no_mistake() -> None:
    assert problems(BUILTIN) == []
    assert len(TABLE.names) > 350
    assert {name.kind for name in TABLE.names} == set(KINDS)
    for name in TABLE.names:
        for spelling in (*name.ar, *name.en):
            assert keys(spelling) == [name.key], spelling


@given(st.lists(st.sampled_from([s for name in TABLE.names for s in (*name.ar, *name.en)] + ["نازح", "in", "و"])))
def test_finds_do_not_overlap_and_are_in_order(pieces: list[str]) -> None:
    words = folded(" ".join(pieces)).split()
    end = 0
    for start, length, _ in TABLE.find(words):
        assert start >= end
        assert length > 0
        end = start + length
    assert end <= len(words)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    TABLE.find(folded(text).split())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("place | Nowhere", "no Arabic spelling"),
        ("place | Nowhere |", "no Arabic spelling"),
        ("place | | لامكان", "no English spelling"),
        ("village | Nowhere | لامكان", "unknown kind 'village'; one of place, person, organisation, other"),
        ("place, Nowhere, لامكان", "1 columns; write kind | English spellings | Arabic spellings"),
        ("place | Nowhere | لامكان | x", "4 columns"),
        ("place | لامكان | Nowhere", "'لامكان' is no English spelling"),
        ("place | Nowhere | ... ", "'...' is no Arabic spelling"),
        ("place | WHO | لامكان", "'WHO' is a stop word"),
        ("place | Nowhere, great hall | لامكان", "the spelling 'great hall' stands in another line too, {file}:3"),
        ("place | al-Great Hall | لامكان", "the spelling 'great hall' stands in another line too, {file}:3"),
        ("place | Nowhere | القَاعةُ", "the spelling 'القاعه' stands in another line too, {file}:3"),
        ("person | Great-Hall | لامكان", "'Great-Hall' has a line already, {file}:3"),
    ],
)
def test_a_mistake_names_line_and_reason(tmp_path: Path, line: str, reason: str) -> None:
    file = own(tmp_path, f"# names\n\nplace | Great Hall | القاعة\n{line}\nplace | Elsewhere | شاطئ\n")
    with pytest.raises(NameTableError) as told:
        NameTable.read(file)
    assert str(told.value).startswith(f"{file}:4: ")
    assert reason.format(file=file) in str(told.value)
    assert "\n" not in str(told.value)
    assert problems(file) == [str(told.value)]


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(NameTableError, match="cannot be read"):
        NameTable.read(tmp_path / "none.txt")
    file = tmp_path / "old.txt"
    file.write_bytes("place | Homs | حمص\n# دمشق\n".encode("windows-1256"))
    with pytest.raises(NameTableError, match=r"old.txt:1: not UTF-8"):
        NameTable.read(file)


def test_the_home_adds_changes_and_takes_out(tmp_path: Path) -> None:
    base = own(tmp_path, "place|Homs, Hims|حمص\nplace|Hama|حماة\nperson|Bab|الباب\nplace|Sea|بحر\n", "base.txt")
    lines = (
        "\ufeff# ours",
        "place | Homs | حمص, حمص العدية",
        "place | al-Bab | الباب",
        "place | Sea",
        "place | Nawa | نوى",
    )
    home = own(tmp_path, "\r\n".join(lines))
    table = NameTable.read(base, home)
    assert [name.key for name in table.names] == ["hama", "homs", "al-bab", "nawa"]
    assert keys("Hims Hama Homs, حمص العدية", table) == ["hama", "homs", "homs"]
    assert keys("الباب بحر Sea نوى", table) == ["al-bab", "nawa"]
    assert NameTable.read(base, tmp_path / "none").version == NameTable.read(base).version != table.version


def test_a_mistake_in_the_home_names_that_file(tmp_path: Path) -> None:
    home = own(tmp_path, "place | Nawa | نوى\nplase | Homs | حمص\n")
    with pytest.raises(NameTableError, match=r"names.txt:2: unknown kind 'plase'"):
        NameTable.read(home=home)


def test_only_a_name_that_is_there_can_be_taken_out(tmp_path: Path) -> None:
    home = own(tmp_path, "# ours\nplace | Raqqa\nplace | Raqqqqa\n")
    (told,) = problems(home, BUILTIN)
    assert told.startswith(f"{home}:3: no Arabic spelling, and no name 'raqqqqa' that could be taken out")
    with pytest.raises(NameTableError, match="raqqqqa"):
        NameTable.read(home=home)


def test_a_name_that_loses_all_its_spellings_of_a_language_is_told(tmp_path: Path) -> None:
    base = own(tmp_path, "place|Homs, Hims|حمص\nplace|Hama|حماة, حما\nplace|Sea|بحر\nplace|Bay|خليج\n", "base.txt")
    home = own(tmp_path, "person | Ahmad Homs | حِمْص\nperson | Man | حماة\nperson | Sailor, Sea | بحّار\nplace|Bay\n")
    arabic, english = lost(home, base)
    assert arabic.startswith(f"{home}:1: takes the last Arabic spelling of 'Homs'")
    assert english.startswith(f"{home}:3: takes the last English spelling of 'Sea'")
    assert [name.key for name in NameTable.read(base, home).names] == ["hama", "ahmad-homs", "man", "sailor"]


@given(st.permutations(["place | Homs | حمص", "place | Rif Homs | ريف حمص", "person | Homs Man | رجل حمص", ""]))
def test_the_order_of_the_lines_does_not_matter(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    table = NameTable.read(own(tmp_path_factory.mktemp("table"), "\n".join(lines)))
    assert keys("ريف حمص رجل حمص وحمص rif homs homs man homs", table) == [
        "rif-homs", "homs-man", "homs", "rif-homs", "homs-man", "homs"
    ]  # fmt: skip
