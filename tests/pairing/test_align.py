"""Paragraphs of two versions, put side by side."""

from __future__ import annotations

import importlib.util
import time
from types import ModuleType

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.pairing.align import Row, align
from archive.pairing.keys import keys_of
from tests.needs import data

ENGLISH = (
    "The council of the invented town said on Monday that 1,250 families had returned to their homes.",
    "Water reached the eastern quarter for four hours a day, its engineer said.",
    "A committee with WHO and 3 local groups will repair 45% of the network. Its work begins in May 2024 and ends "
    "after 12 weeks, when the pumps that were damaged in 2019 are to run again.",
    "Prices of drinking water doubled.",
)
ARABIC = (
    "قال مجلس البلدة المتخيلة يوم الاثنين إن ١٬٢٥٠ عائلة عادت إلى منازلها.",
    "وصلت المياه إلى الحي الشرقي أربع ساعات في اليوم، بحسب مهندسها.",
    "وستصلح لجنة تضم WHO و٣ مجموعات محلية ٤٥٪ من الشبكة. يبدأ عملها في أيار ٢٠٢٤ وينتهي بعد ١٢ أسبوعا، "
    "حين تعود إلى العمل المضخات التي تضررت في ٢٠١٩.",
    "تضاعفت أسعار مياه الشرب.",
)


def pairs(rows: tuple[Row, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(row.left, row.right) for row in rows]


def test_translations_paragraph_by_paragraph() -> None:
    assert pairs(align(ENGLISH, ARABIC)) == [((i,), (i,)) for i in range(4)]
    assert pairs(align(ARABIC, ENGLISH)) == [((i,), (i,)) for i in range(4)]


def test_a_paragraph_that_was_cut_in_two() -> None:
    first, second = ENGLISH[2].split(". ", 1)
    assert pairs(align((*ENGLISH[:2], first, second, ENGLISH[3]), ARABIC))[2] == ((2, 3), (2,))


def test_a_paragraph_that_only_one_version_has() -> None:
    added = "وكانت البلدة المجاورة نشرت في ٢٠٢١ قائمة بأسماء ٨٨ ورشة توقفت عن العمل بسبب انقطاع الكهرباء مدة ٦ أشهر."
    rows = align(ENGLISH, (*ARABIC[:3], added, ARABIC[3]))
    assert pairs(rows)[2:] == [((2,), (2,)), ((), (3,)), ((3,), (4,))]
    assert rows[3].score == 0.0


def test_figures_weigh_more_than_a_poor_length() -> None:
    added = "وتفقد الزوار المدارس والأفران في الحي."
    translated = "وبلغ عدد المنازل ٤٣٢١ منزلا بحسب ما جاء في تقرير مفصل نشرته لجنة الأهالي في البلدة مساء أمس."
    assert pairs(align(("A count found 4,321 homes.",), (added, translated))) == [((), (0,)), ((0,), (1,))]


def test_a_scale_word_and_its_digits_are_one_figure() -> None:
    """Of like length, only the scale word tells that 46 ألف is not 46."""
    english = ("The list has 46 names.", "The park cost $46,000.")
    arabic = ("وكلفت الحديقة 46 ألف دولار.",)
    assert pairs(align(english, arabic)) == [((0,), ()), ((1,), (0,))]


def test_numbers_in_words_meet_numbers_in_digits() -> None:
    english = ("They cut forty-one dry pines.", "They set twenty-five cedars.")
    assert pairs(align(english, ("زرعوا خمسًا وعشرين أرزة هناك.",))) == [((0,), ()), ((1,), (0,))]
    assert pairs(align(english, ("زرعوا 25 شجرة أرز هناك عندهم.",))) == [((0,), ()), ((1,), (0,))]
    assert pairs(align(english, ("قطعوا 41 شجرة صنوبر هناك عندهم.",))) == [((0,), (0,)), ((1,), ())]


def test_names_meet_by_their_consonants() -> None:
    """Of like length, only the names tell which of two paragraphs is translated; a و is written to one of them."""
    english = (
        "Their neighbour, Samira al-Ali, told a story.",
        "His cousin, Mazen al-Khabour, told another.",
        "In it, Ghazwan al-Qudsi was the hero of all.",
    )
    arabic = ("وسميرة العلي روت للحاضرين قصة جديدة", "وكان بطلها كما يظن غزوان القدسي.")
    assert pairs(align(english, arabic)) == [((0,), (0,)), ((1,), ()), ((2,), (1,))]
    assert pairs(align(arabic, english)) == [((0,), (0,)), ((), (1,)), ((1,), (2,))]


def test_a_capital_at_the_start_of_a_sentence_makes_no_name() -> None:
    """Serum is smr too, but not a name."""
    keys, _ = keys_of(("Samar met Rima. Serum was short. They met Rima there, and no Serum.", "Ramle. Ramle!"), ())
    assert {key.text for key in keys[0] if key.kind in ("name", "short")} == {"rm", "srm"}
    assert not [key for key in keys[1] if key.kind in ("name", "short")]


def test_an_empty_side_leaves_every_paragraph_alone() -> None:
    assert align((), ()) == ()
    assert pairs(align(ENGLISH, ())) == [((i,), ()) for i in range(4)]


PARAGRAPHS = st.lists(st.text(alphabet="abc 12٣،.قصف", max_size=60), max_size=8)


@settings(max_examples=40, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_is_in_one_row_in_order(left: list[str], right: list[str]) -> None:
    rows = align(left, right)
    assert [i for row in rows for i in row.left] == list(range(len(left)))
    assert [j for row in rows for j in row.right] == list(range(len(right)))
    assert all(0 <= row.score <= 1 for row in rows)
    assert align(left, right) == rows


def test_forty_by_forty_paragraphs_are_quick() -> None:
    times = []
    for _ in range(5):
        start = time.process_time()
        align(ENGLISH * 10, ARABIC * 10)
        times.append(time.process_time() - start)
    assert min(times) < 0.05  # seconds of work; half of 20 ms on a machine of its own


def _tasks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pair_tasks", data("pairs/tasks.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_human_translations_are_aligned_as_well_as_figures_and_names_allow() -> None:
    """F1 of links on the training half, one seed; without names and scale words it was .912."""
    tasks = _tasks()
    cases = list(tasks.alignment("train", 0))
    answers = [{(i, j) for row in align(c.english, c.arabic) for i in row.left for j in row.right} for c in cases]
    assert tasks.align_score(cases, answers)[2] > 0.915
