"""Words that an editor keeps from standing for each other: with who and when, in every form of the words."""

from __future__ import annotations

import pytest

from archive.model import Actor, Role
from archive.store import StoreError, WordSwitch
from tests.store.desk import EDITOR, KEEPER, START, Desk


def test_a_pair_switched_off_is_kept_with_who_and_when(desk: Desk) -> None:
    desk.store.switch_words("عَقْد", "Decade", False, EDITOR, START)
    assert desk.store.words_off() == (WordSwitch("عقد", "decade", EDITOR, START),)
    (entry,) = desk.store.audit(subject="words عقد = decade")
    assert (entry.actor, entry.action, entry.at) == (EDITOR, "words off", START)


def test_switched_on_again_in_another_form_it_is_off_no_more(desk: Desk) -> None:
    desk.store.switch_words("العقد", "decades", False, EDITOR, START)
    desk.store.switch_words("هدنة", "truce", False, EDITOR, START)
    desk.store.switch_words("عقد", "decade", True, KEEPER, START)
    assert [(off.ar, off.en) for off in desk.store.words_off()] == [("هدنه", "truce")]
    assert [entry.action for entry in desk.store.audit()] == ["words on", "words off", "words off"]


def test_several_words_can_be_switched(desk: Desk) -> None:
    desk.store.switch_words("ريف دمشق", "Damascus countryside", False, EDITOR, START)
    (off,) = desk.store.words_off()
    assert (off.ar, off.en) == ("ريف دمشق", "damascus countryside")


def test_what_changes_nothing_is_refused(desk: Desk) -> None:
    desk.store.switch_words("عقد", "decade", False, EDITOR, START)
    with pytest.raises(StoreError, match="switched off already"):
        desk.store.switch_words("العقد", "decades", False, EDITOR, START)
    with pytest.raises(StoreError, match="switched on already"):
        desk.store.switch_words("خبز", "bread", True, EDITOR, START)


@pytest.mark.parametrize(("ar", "en"), [("", "decade"), ("عقد", " … "), ("ـَ", "decade")])
def test_nothing_is_no_word(desk: Desk, ar: str, en: str) -> None:
    with pytest.raises(StoreError, match="no words of both languages"):
        desk.store.switch_words(ar, en, False, EDITOR, START)


def test_readers_switch_nothing(desk: Desk) -> None:
    with pytest.raises(StoreError, match="only editors and keepers"):
        desk.store.switch_words("عقد", "decade", False, Actor("قارئة", Role.READER), START)
    assert (desk.store.words_off(), desk.store.audit()) == ((), ())


def test_switches_are_in_the_backup(desk: Desk) -> None:
    desk.store.switch_words("عقد", "decade", False, EDITOR, START)
    with desk.store.dump() as dump:
        (row,) = dump.rows("word_switches")
    assert (row["ar"], row["en"], row["is_on"], row["actor"]) == ("عقد", "decade", False, EDITOR.name)
