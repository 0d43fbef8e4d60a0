"""The table of forms: one lemma for each by what is frequent, counts, beginnings, spellings, sounds, glosses."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.forms import Chosen, FormsError, FormsTable
from language.morphology import DictionaryError, Reading
from language.spelling import edits
from tests.morphology import readings

SCHOOL = Reading("مَدْرَسَة", "درس", "noun", ("school",))
TEACHER = Reading("مُدَرِّس", "درس", "noun", ("teacher", "instructor"))
DISPLACED = Reading("نازِح", "نزح", "noun", ("displaced person", "refugee"))


class Told:
    """A dictionary of a few words, which counts what it was asked."""

    version = "told"
    words: ClassVar[dict[str, tuple[Reading, ...]]] = {
        "مدرسه": (TEACHER, SCHOOL), "المدرسه": (SCHOOL,), "المدرسين": (TEACHER,), "نازح": (DISPLACED,),
        "النازحون": (DISPLACED,),
    }  # fmt: skip

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        self.asked += forms
        return [self.words.get(form, ()) for form in forms]


MET = {
    "ar": {"مدرسه": 3, "المدرسه": 9, "المدرسين": 2, "النازحون": 4, "داعش": 7},
    "en": {"school": 5, "schools": 2, "displaced": 3},
}


@pytest.fixture
def table(tmp_path: Path) -> FormsTable:
    return FormsTable.make(tmp_path / "analysis" / "forms.sqlite", MET, Told())


def test_the_frequent_lemma_is_chosen(tmp_path: Path) -> None:
    """مدرسه is a school where schools are written of, a teacher where teachers are."""
    schools = FormsTable.make(tmp_path / "1", {"ar": {"مدرسه": 3, "المدرسه": 9, "المدرسين": 2}}, Told())
    teachers = FormsTable.make(tmp_path / "2", {"ar": {"مدرسه": 3, "المدرسه": 2, "المدرسين": 9}}, Told())

    assert schools.chosen(["مدرسه"]) == {"مدرسه": Chosen("مَدْرَسَة", "درس")}
    assert teachers.chosen(["مدرسه"]) == {"مدرسه": Chosen("مُدَرِّس", "درس")}
    assert schools.version != teachers.version


def test_the_rarer_form_weighs_more(table: FormsTable) -> None:
    weights = [table.rarity("ar", form) for form in ("المدرسه", "المدرسين", "قصف")]
    assert 0 < weights[0] < weights[1] < weights[2] == 1.0


def test_met_forms_need_no_dictionary(table: FormsTable) -> None:
    with FormsTable.open(table.path) as opened:
        assert opened.chosen(["المدرسين", "داعش", "نازح"]) == {
            "المدرسين": Chosen("مُدَرِّس", "درس"), "داعش": Chosen("", ""), "نازح": Chosen("", "")
        }  # fmt: skip


def test_a_form_not_met_is_asked_for_once_and_brings_its_glosses(tmp_path: Path) -> None:
    """So that a word that only the reader knows finds its translation too."""
    told = Told()
    with FormsTable.make(tmp_path / "forms", {"en": {"refugee": 2}}, told) as opened:
        assert [opened.chosen(["نازح"])["نازح"].lemma for _ in range(3)] == ["نازِح"] * 3
        assert told.asked == ["نازح"]
        assert opened.glosses("نازِح") == ("displaced person", "refugee")


def test_what_is_too_long_to_be_a_word_is_not_asked_for(table: FormsTable) -> None:
    told = Told()
    with FormsTable.open(table.path, told) as opened:
        assert opened.chosen(["ن" * 10_000]) == {"ن" * 10_000: Chosen("", "")}
        assert told.asked == []


def test_unmet_forms_are_read_by_the_dictionary(table: FormsTable) -> None:
    """Met ones are not asked for again."""
    told = Told()
    with FormsTable.open(table.path, told) as opened:
        assert opened.chosen(["نازح", "المدرسين"])["نازح"] == Chosen("نازِح", "نزح")
        assert told.asked == ["نازح"]


def test_forms_met_later_are_counted_and_choices_stay(table: FormsTable) -> None:
    """A flood of teachers changes no choice and no version before the next rebuild; a new lemma has its glosses."""
    version = table.version
    table.add({"ar": {"المدرسين": 500, "نازح": 2}, "en": {"school": 1, "refugee": 1}})

    assert table.version == version
    assert table.chosen(["مدرسه"])["مدرسه"].lemma == "مَدْرَسَة"
    assert table.beginning("ar", "المد", 5) == [("المدرسين", 502), ("المدرسه", 9)]
    assert table.beginning("en", "school", 5) == [("school", 6), ("schools", 2)]


def test_a_lemma_met_later_can_be_found_by_its_gloss(tmp_path: Path) -> None:
    with FormsTable.make(tmp_path / "t", {"ar": {"المدرسه": 1}}, Told()) as table:
        assert table.glossed("refuge") == ()
        table.add({"ar": {"نازح": 1}})

        assert table.glossed("refuge") == (("نازِح", 1.0),)


def test_other_readers_see_what_was_added(table: FormsTable) -> None:
    with FormsTable.open(table.path) as reader:
        table.add({"ar": {"نازح": 1}})

        assert reader.chosen(["نازح"]) == {"نازح": Chosen("نازِح", "نزح")}
        assert reader.beginning("ar", "ناز", 5) == [("نازح", 1)]


def test_glosses_lead_both_ways(table: FormsTable) -> None:
    """From a lemma to English, and from an English stem to lemmas; a word of a phrase of two counts half."""
    assert table.glosses("نازِح") == ("displaced person", "refugee")
    assert table.glossed("refuge") == (("نازِح", 1.0),)
    assert table.glossed("displac") == (("نازِح", 0.5),)
    assert table.glossed("nothing") == ()
    assert table.glosses("كِتاب") == ()


def test_beginnings_come_by_frequency(table: FormsTable) -> None:
    """Of their side only; a limit is kept; what SQL or GLOB would read as a sign is none."""
    assert table.beginning("ar", "الم", 1) == [("المدرسه", 9)]
    assert table.beginning("en", "s", 9) == [("school", 5), ("schools", 2)]
    assert table.beginning("en", "%", 9) == table.beginning("en", "s*", 9) == table.beginning("ar", "s", 9) == []


def test_near_spellings_come_nearest_first(table: FormsTable) -> None:
    """A letter changed, missing, too many, or swapped with the next."""
    assert table.nearly("en", "shcool", 1, 9) == [("school", 5)]
    assert table.nearly("en", "school", 1, 9) == [("school", 5), ("schools", 2)]
    assert table.nearly("ar", "النازحين", 2, 9) == [("النازحون", 4)]
    assert table.nearly("ar", "النازحين", 0, 9) == []


def test_a_name_is_found_by_its_sound(tmp_path: Path) -> None:
    counts = {"ar": {"الرقه": 5, "رقيق": 1}, "en": {"raqqa": 3, "raqqah": 9, "a": 2}}
    with FormsTable.make(tmp_path / "t", counts, None) as table:
        assert table.sounding("en", "rk", 5) == [("raqqah", 9), ("raqqa", 3)]
        assert ("الرقه", 5) in table.sounding("ar", "rk", 5)
        assert table.sounding("en", "", 5) == []


class Failing(Told):
    """A dictionary whose process died."""

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        raise DictionaryError("it is gone")


def test_a_search_goes_on_when_the_dictionary_fails(table: FormsTable) -> None:
    """Words met keep their lemmas; others have none for now, also when they are added."""
    with FormsTable.open(table.path, Failing()) as opened:
        opened.add({"ar": {"مكتبه": 1}})

        assert opened.chosen(["المدرسين", "نازح", "مكتبه"]) == {
            "المدرسين": Chosen("مُدَرِّس", "درس"), "نازح": Chosen("", ""), "مكتبه": Chosen("", "")
        }  # fmt: skip


def test_what_the_dictionary_failed_to_read_is_read_when_it_is_met_again(table: FormsTable) -> None:
    """It is not kept for good as a word without a lemma."""
    with FormsTable.open(table.path, Failing()) as opened:
        opened.add({"ar": {"نازح": 1, "المدرسين": 1, "ن" * 40: 1}, "en": {"refugee": 1}})
        assert opened.met("ar", ["نازح", "المدرسين", "ن" * 40]) == {"المدرسين", "ن" * 40}
        assert opened.met("en", ["refugee"]) == {"refugee"}

    table.add({"ar": {"نازح": 1}})
    assert table.chosen(["نازح"]) == {"نازح": Chosen("نازِح", "نزح")}


def test_rarity_keeps_up_with_what_another_process_adds(tmp_path: Path) -> None:
    """A young archive grows many times over while a reader has its table open; a word that is all there is tells
    nothing, others more."""
    with FormsTable.make(tmp_path / "t", {"ar": {}}) as adding, FormsTable.open(tmp_path / "t") as reader:
        assert reader.rarity("ar", "خبز") == 1.0
        adding.add({"ar": {"خبز": 1000}})
        assert 0 <= reader.rarity("ar", "خبز") < 0.1
        adding.add({"ar": {"ماء": 100_000}})
        assert 0.5 < reader.rarity("ar", "خبز") < 1
        assert adding.rarity("ar", "خبز") == reader.rarity("ar", "خبز")


@settings(max_examples=30, deadline=None)
@given(counts=st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_rarity_lies_between_nothing_and_one(tmp_path_factory: pytest.TempPathFactory, counts: list[int]) -> None:
    """Whatever was added since the table was made, by whomever."""
    path = tmp_path_factory.mktemp("forms") / "t"
    with FormsTable.make(path, {"ar": {"خبز": 1}}) as table, FormsTable.open(path) as other:
        for number, count in enumerate(counts):
            (table, other)[number % 2].add({"ar": {"خبز": count}})
            assert 0 <= table.rarity("ar", "خبز") <= table.rarity("ar", "ماء") == 1


class Slow(Told):
    """A dictionary that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, forms: Sequence[str]) -> list[tuple[Reading, ...]]:
        self.began.set()
        assert self.go_on.wait(10)
        return super().__call__(forms)


@pytest.mark.parametrize("ask", [lambda table: table.chosen(["نازح"]), lambda table: table.add({"ar": {"نازح": 1}})])
def test_others_search_while_the_dictionary_reads(table: FormsTable, ask: Callable[[FormsTable], object]) -> None:
    slow, found = Slow(), []

    def search() -> None:
        found.append((opened.chosen(["المدرسين"])["المدرسين"].root, opened.rarity("ar", "خبز")))

    with FormsTable.open(table.path, slow) as opened:
        asking, searching = threading.Thread(target=ask, args=[opened]), threading.Thread(target=search)
        asking.start()
        assert slow.began.wait(10)
        searching.start()
        searching.join(5)
        meanwhile = list(found)
        slow.go_on.set()
        asking.join()
        searching.join()
        assert meanwhile == [("درس", 1.0)] and slow.asked == ["نازح"]
        assert opened.chosen(["نازح"])["نازح"].lemma == "نازِح"


def test_nothing_that_was_read_is_lost_when_too_much_is_remembered(
    table: FormsTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("language.forms._KEPT", 2)
    told = Told()
    with FormsTable.open(table.path, told) as opened:
        opened.chosen(["نازح"])
        found = opened.chosen(["نازح", "قصف", "ماء", ""])

    assert found["نازح"] == Chosen("نازِح", "نزح") and found[""] == Chosen("", "")
    assert "" not in told.asked


def test_damage_within_the_file_is_told_in_one_line(table: FormsTable) -> None:
    """It opens, as other pages are sound."""
    table.close()
    with closing(sqlite3.connect(table.path)) as database:
        roots = [
            page for (page,) in database.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('form', 'gloss')")
        ]
    with table.path.open("r+b") as file:
        for page in roots:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
    asked: list[Callable[[FormsTable], object]] = [
        lambda t: t.rarity("ar", "خبز"), lambda t: t.chosen(["خبز"]), lambda t: t.beginning("ar", "خ", 5),
        lambda t: t.nearly("ar", "خبز", 1, 5), lambda t: t.glossed("bread"), lambda t: t.add({"ar": {"خبز": 1}}),
    ]  # fmt: skip
    for ask in asked:
        with (
            FormsTable.open(table.path) as damaged,
            pytest.raises(FormsError, match="`warraq index rebuild`") as raised,
        ):
            ask(damaged)
        assert "\n" not in str(raised.value) and str(table.path) in str(raised.value)


def test_no_table_is_made_with_half_of_the_readings(table: FormsTable) -> None:
    """The old one stays."""
    with pytest.raises(DictionaryError):
        FormsTable.make(table.path, MET, Failing())

    with FormsTable.open(table.path) as opened:
        assert opened.lemmas and opened.version == table.version


def test_without_a_dictionary_there_are_counts_alone(tmp_path: Path) -> None:
    with FormsTable.make(tmp_path / "t", MET) as table:
        assert table.chosen(["المدرسه"]) == {"المدرسه": Chosen("", "")}
        assert not table.lemmas
        assert table.beginning("ar", "المدرسه", 1) == [("المدرسه", 9)]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_foreign_file_is_no_table(tmp_path: Path, content: bytes) -> None:
    """One line that names it and says what to do."""
    file = tmp_path / "forms.sqlite"
    file.write_bytes(content)

    with pytest.raises(FormsError, match=r"forms\.sqlite: .*`warraq index rebuild`") as raised:
        FormsTable.open(file)
    assert "\n" not in str(raised.value)


def test_another_programs_database_is_no_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x") as other:
        other.execute("CREATE TABLE about (key, value)")

    with pytest.raises(FormsError, match="no table of forms"):
        FormsTable.open(tmp_path / "x")
    with pytest.raises(FormsError, match="there is no table"):
        FormsTable.open(tmp_path / "missing")


WORDS = st.text("ابتدرسمنوهي", min_size=1, max_size=9)


@settings(max_examples=40, deadline=None)
@given(met=st.dictionaries(WORDS, st.integers(1, 99), max_size=30), word=WORDS, wrong=st.integers(0, 2))
def test_near_spellings_are_those_that_letters_say(
    tmp_path_factory: pytest.TempPathFactory, met: dict[str, int], word: str, wrong: int
) -> None:
    """All forms within the distance, and no other."""
    with FormsTable.make(tmp_path_factory.mktemp("forms") / "t", {"ar": met}) as table:
        found = table.nearly("ar", word, wrong, 1000)

    assert dict(found) == {form: count for form, count in met.items() if plain_edits(word, form) <= wrong}


@given(WORDS, WORDS)
def test_distance_stops_at_the_limit(a: str, b: str) -> None:
    for limit in range(3):
        assert edits(a, b, limit) == min(plain_edits(a, b), limit + 1)


def plain_edits(a: str, b: str) -> int:
    """Optimal string alignment by its definition."""
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = table[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, change)
            if i > 1 and j > 1 and (a[i - 1], a[i - 2]) == (b[j - 2], b[j - 1]):
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(a), len(b)]


def test_a_lookup_is_quick_in_a_large_table(tmp_path: Path) -> None:
    """Opening and looking up in 30,000 forms takes milliseconds."""
    letters = "ابتدرسمنوه"
    made = {"".join(letters[int(digit)] for digit in f"{n:06}"): n % 97 + 1 for n in range(30_000)}
    path = FormsTable.make(tmp_path / "t", {"ar": made}).path

    start = time.perf_counter()
    with FormsTable.open(path) as table:
        table.chosen(["ابتدرس", "سمنوها"])
        table.beginning("ar", "ابت", 10)
    assert time.perf_counter() - start < 0.1


def test_a_real_dictionary_makes_a_real_table(tmp_path: Path) -> None:
    """مدرسه beside schools, النازحين by the gloss of its lemma, and a word never met."""
    counts = {"ar": {"مدرسه": 4, "المدارس": 6, "مدارس": 3, "النازحين": 2, "اللاجيين": 5}}
    with readings() as process, FormsTable.make(tmp_path / "t", counts, process) as table:
        assert table.chosen(["مدرسه"])["مدرسه"].lemma == "مَدْرَسَة"
        assert table.chosen(["بمدرستهم"])["بمدرستهم"] == Chosen("مَدْرَسَة", "درس")
        assert ("لاجِئ", 1.0) in table.glossed("refuge")
