"""What Arabic words can be, by a dictionary converted from AraMorph's files and a process that holds it."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.dictionary.process import DictionaryProcess
from language.dictionary.sources import contents
from language.morphology import DictionaryError
from tests.morphology import dictionary, readings


@pytest.fixture(scope="module")
def asked() -> Iterator[DictionaryProcess]:
    with readings() as running:
        yield running


def lemmas(asked: DictionaryProcess, word: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Root and glosses of each lemma that a word may be."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in asked([word])[0]:
        found[one.lemma] = (one.root, (*found.get(one.lemma, ("", ()))[1], *one.glosses))
    return found


def test_a_dictionary_has_as_many_words_as_its_source() -> None:
    """71,504 stems of 35,410 lemmas."""
    assert contents(dictionary().read_bytes(), "") == (71_504, 35_410)


@pytest.mark.parametrize(
    ("word", "lemma", "root", "gloss"),
    [
        ("اللاجئين", "لاجِئ", "لجا", "refugee"),
        ("يقصفون", "قَصَف", "قصف", "shell"),
        ("بيوتهم", "بَيْت", "بيت", "houses"),
        ("وَالْمَدَارِسُ", "مَدْرَسَة", "درس", "school"),
        ("مســـاعدات", "مُساعَدَة", "سعد", "assistance"),
        ("الحرب", "حَرْب", "حرب", "war"),
        ("رئيس", "رَئِيس", "راس", "president"),
        ("رييس", "رَئِيس", "راس", "president"),
        ("مسئولين", "مَسْؤُول", "سال", "official"),
        ("للحكومه", "حُكُومَة", "حكم", "government"),
    ],
)
def test_a_word_is_read_in_every_spelling(
    asked: DictionaryProcess, word: str, lemma: str, root: str, gloss: str
) -> None:
    """With clitics, broken plurals, vowel signs, tatweel, hamza on its seat or not, ه for ة."""
    found = lemmas(asked, word)

    assert lemma in found
    assert found[lemma][0] == root
    assert any(gloss in one for one in found[lemma][1])


@pytest.mark.parametrize("odd", ["", " ", "\u064b\u0650", "\u202e\u202c", "ـ", "BBC", "١٢", "123", "،", "\n", "\x00"])
def test_what_is_no_word_has_no_reading(asked: DictionaryProcess, odd: str) -> None:
    assert asked([odd, "كتاب"])[0] == ()


def test_controls_inside_a_word_do_not_matter(asked: DictionaryProcess) -> None:
    assert asked(["\u202eكت\u200fاب\u202c"]) == asked(["كتاب"])


def test_an_endless_word_is_quick(asked: DictionaryProcess) -> None:
    """10,000 letters, alone and a hundred times."""
    asked(["كتاب"])
    start = time.monotonic()

    assert asked(["ا" * 10_000, "و" + "\u0651" * 10_000] * 100) == [()] * 200
    assert time.monotonic() - start < 0.5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=12), st.text("ابتكلمنهويةىئؤءآ\u064e\u0651\u200f\u202e", max_size=12)), max_size=8
    )
)
def test_any_text_gets_as_many_answers_as_it_has_words(asked: DictionaryProcess, words: list[str]) -> None:
    """Whatever the characters; and a reading has a lemma without spaces, and a root of bare letters."""
    answers = asked(words)

    assert len(answers) == len(words)
    for one in (reading for answer in answers for reading in answer):
        assert one.lemma and " " not in one.lemma
        assert all("ء" <= letter <= "ي" for letter in one.root)


def test_a_killed_process_is_started_anew(asked: DictionaryProcess) -> None:
    before = asked(["كتاب"])
    pid = asked.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    assert asked(["كتاب"]) == before != [()]
    assert asked.pid != pid


def test_an_idle_process_ends(tmp_path: Path) -> None:
    """And the next question starts another."""
    with DictionaryProcess(dictionary(), tmp_path, idle=0.2, patience=60) as process:
        assert process(["كتاب"]) != [()]
        until = time.monotonic() + 10
        while process.pid and time.monotonic() < until:
            time.sleep(0.05)

        assert process.pid is None
        assert process(["كتاب"]) != [()]


def test_a_slow_process_is_given_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An error, one line in the log, and no other try until the pause is over."""
    now = [0.0]
    with DictionaryProcess(dictionary(), tmp_path, patience=60, pause=60, now=lambda: now[0]) as process:
        process(["كتاب"])
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        process.patience = 0.2
        with caplog.at_level(logging.WARNING):
            for _ in range(2):
                with pytest.raises(DictionaryError, match=r"took more than 0\.2 seconds"):
                    process(["كتاب"])
        (said,) = (record.getMessage() for record in caplog.records)
        assert said.startswith("no readings of Arabic words for 60 seconds") and "\n" not in said
        now[0], process.patience = 61, 60

        assert process(["كتاب"]) != [()]


@pytest.mark.parametrize("wrong", [b"", b"no dictionary", b"\xff\xfe\x00", b"###DEFINES###\n", "###نص###".encode()])
def test_a_foreign_file_is_named(tmp_path: Path, wrong: bytes) -> None:
    """In one line, and again as long as it is not asked anew."""
    file = tmp_path / "foreign.db"
    file.write_bytes(wrong)
    with DictionaryProcess(file, tmp_path, patience=60) as process:
        for _ in range(2):
            with pytest.raises(DictionaryError, match=r"foreign\.db: is no database of camel-tools") as raised:
                process(["كتاب"])
            assert "\n" not in str(raised.value)


def test_versions_tell_dictionaries_apart(tmp_path: Path) -> None:
    """Another byte in the database or in the supplement is another version."""
    database, extra = tmp_path / "a.db", tmp_path / "a.tsv"
    database.write_bytes(b"1")
    extra.write_bytes(b"2")
    one = DictionaryProcess(database, tmp_path, extra=extra).version
    extra.write_bytes(b"3")

    assert DictionaryProcess(database, tmp_path, extra=extra).version != one
    assert len(one) == 12
