"""The supplement: what the dictionary lacks or misreads is read right, and a mistake in the file is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dictionary import supplement
from language.dictionary.process import DictionaryProcess
from language.dictionary.supplement import SupplementError, read
from language.morphology import DictionaryError
from tests.morphology import dictionary, readings

LINE = "إِدْلِب\tإدلب\tNprop\tnoun_prop\tادلب\tidlib"


@pytest.fixture(scope="module")
def asked() -> Iterator[DictionaryProcess]:
    with readings() as running:
        yield running


@pytest.mark.parametrize(
    ("word", "gloss"),
    [
        ("إدلب", "idlib"), ("بإدلب", "idlib"), ("درعا", "daraa"), ("ودرعا", "daraa"), ("الرقة", "raqqa"),
        ("والرقه", "raqqa"), ("السويداء", "sweida"), ("منبج", "manbij"), ("القامشلي", "qamishli"), ("حماة", "hama"),
        ("داعش", "isis"), ("الدواعش", "daesh"), ("المسيّرات", "drone"), ("مسيرة", "drone"), ("مُسَيَّرَة", "drone"),
        ("فيسبوك", "facebook"), ("كورونا", "coronavirus"), ("للنازحين", "displaced person"), ("النزوح", "displacement"),
        ("أردوغان", "erdogan"), ("الحوثيين", "houthi"), ("حواجز", "checkpoints"), ("حوكمة", "governance"),
        ("واتساب", "whatsapp"), ("المهجّرين", "displaced"), ("المشافي", "hospitals"), ("كبتاغون", "captagon"),
    ],
)  # fmt: skip
def test_ordinary_words_of_syrian_news_are_read(asked: DictionaryProcess, word: str, gloss: str) -> None:
    """And in one way only."""
    (found,) = asked([word])

    assert len({one.lemma for one in found}) == 1
    assert any(gloss in one.glosses for one in found)


@pytest.mark.parametrize(
    ("word", "lemma"), [("ورقة", "وَرَق"), ("فرقة", "فِرْقَة"), ("فدانا", "فَدّان"), ("حوله", "حَوْل"), ("كتاب", "كِتاب")]
)
def test_other_words_keep_their_readings(asked: DictionaryProcess, word: str, lemma: str) -> None:
    """A sheet of paper is not "and Raqqa"."""
    assert lemma in {one.lemma for one in asked([word])[0]}


def test_every_entry_is_read_as_it_says(asked: DictionaryProcess) -> None:
    """Each stem, with the ending that its category wants, gives its lemma, root and gloss."""
    ends = {"Nap": "ة", "NapAt": "ة", "NAt": "ات"}
    entries = read(supplement.FILE)
    answers = asked([entry.stem + ends.get(entry.category, "") for entry in entries])

    wrong = [
        entry.stem
        for entry, found in zip(entries, answers, strict=True)
        if (entry.lemma, entry.root) not in {(one.lemma, one.root) for one in found}
    ]
    assert [] == wrong


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("إدلب", "has 1 fields, not 6"),
        (LINE + "\tmore", "has 7 fields, not 6"),
        (LINE.replace("إدلب", "Idlib"), "the stem 'Idlib' is not one word in Arabic letters"),
        (LINE.replace("إدلب", "ريف إدلب"), "is not one word"),
        (LINE.replace("Nprop", "Noun"), "there is no category 'Noun'; it may be Nprop"),
        (LINE.replace("noun_prop", "verb"), "there is no part of speech 'verb'"),
        (LINE.replace("ادلب", "ا.د.ل"), "the root 'ا.د.ل' is not made of Arabic letters"),
        (LINE.replace("idlib", " "), "the gloss is empty"),
        (LINE, "إدلب as Nprop is on line 2 already"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "extra.tsv"
    file.write_text(f"# places\n{LINE}\n\n{line}\n", encoding="utf-8")

    with pytest.raises(SupplementError) as raised:
        read(file)
    assert str(raised.value).startswith(f"{file}, line 4: ")
    assert reason in str(raised.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "extra.tsv"
    file.write_bytes(LINE.encode("utf-16"))

    with pytest.raises(SupplementError, match="is not UTF-8"):
        read(file)


def test_a_mistake_reaches_who_asks(tmp_path: Path) -> None:
    """Through the process, with file, line and reason."""
    file = tmp_path / "extra.tsv"
    file.write_text("إدلب\n", encoding="utf-8")
    process = DictionaryProcess(dictionary(), tmp_path, extra=file, patience=60)

    with process, pytest.raises(DictionaryError, match=r"extra\.tsv, line 1: has 1 fields"):
        process(["كتاب"])


@given(st.text(max_size=60))
def test_any_line_is_an_entry_or_a_mistake(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Nothing else is raised, whatever stands there."""
    file = tmp_path_factory.mktemp("supplement") / "extra.tsv"
    file.write_text(text, encoding="utf-8", errors="replace")
    try:
        read(file)
    except SupplementError as error:
        assert str(error).startswith(str(file))
