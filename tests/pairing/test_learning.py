"""Certain pairs teach the lexicon; what is no longer certain takes its words back. Through a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import Access, ArticleId, Verdict
from archive.pairing import learning
from archive.store import Store
from language.lexicon import Lexicon
from tests.store.desk import EDITOR, START, Clock, Desk

# Invented. Sentence i of one side says what sentence i of the other says.
STORIES = [
    (
        "قصفت الطائرات سوق المدينة صباح السبت. أصيب 12 مدنيا في الغارة.",
        "Warplanes bombed the market of the city on Saturday morning. The raid wounded 12 civilians.",
    ),
    (
        "ارتفع سعر الخبز إلى 400 ليرة. يقف الناس طوابير أمام الأفران.",
        "The price of bread rose to 400 pounds. People queue in front of the bakeries.",
    ),
    (
        "عاد 300 نازح إلى المدينة بعد عام. قال النازحون إن البيوت مدمرة.",
        "After a year 300 displaced people returned to the city. The displaced said that the houses were destroyed.",
    ),
    (
        "انقطع الخبز عن 7 مخيمات. يعيش النازحون على المعونات.",
        "In 7 camps bread ran out. The displaced live on aid.",
    ),
    (
        "أغلقت 25 مدرسة أبوابها بسبب القصف. طالب المعلمون برواتبهم.",
        "Because of the bombing 25 schools closed their doors. The teachers demanded their salaries.",
    ),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock, url = Clock(), f"sqlite:///{tmp_path / 'archive.db'}"
    made = Desk(Store.open(url, clock), clock, url)
    yield made
    made.close()


@pytest.fixture
def lexicon(tmp_path: Path) -> Iterator[Lexicon]:
    found = Lexicon.open(tmp_path / "analysis" / "lexicon")
    yield found
    found.close()


def publish(desk: Desk, number: int, linked: bool = True) -> tuple[ArticleId, ArticleId]:
    arabic, english = (text.replace(". ", ".\n") for text in STORIES[number])
    one = desk.save(f"ar/{number}", arabic, title="خبر")
    two = desk.save(f"en/{number}", english, to=f"ar/{number}" if linked else None, title="News")
    return one.article, two.article


def publish_all(desk: Desk) -> list[tuple[ArticleId, ArticleId]]:
    return [publish(desk, number) for number in range(len(STORIES))]


def best(lexicon: Lexicon, arabic: str) -> str | None:
    found = lexicon.translations("ar", arabic, 1)
    return found[0].term if found else None


def test_a_sentence_teaches_the_stems_of_its_words_without_stop_words_and_figures() -> None:
    assert list(
        learning.rows(["عاد النازحون إلى المدينة في 2019."], ["The displaced returned to the city in 2019."])
    ) == [(["عاد", "النازحون", "المدينه"], ["displac", "return", "citi"])]


def test_sentences_are_paired_within_their_paragraphs() -> None:
    arabic, english = zip(*STORIES, strict=True)
    found = list(learning.rows(arabic, english))
    assert len(found) == 2 * len(STORIES)
    for arabic_words, english_words in found:
        assert ("الخبز" in arabic_words) == ("bread" in english_words)
        assert ("الغاره" in arabic_words) == ("raid" in english_words)


def test_paragraphs_without_a_counterpart_teach_nothing() -> None:
    assert list(learning.rows(["ارتفع سعر الخبز إلى 400 ليرة."], [])) == []
    assert list(learning.rows([], [])) == []


def test_linked_stories_teach_their_words(desk: Desk, lexicon: Lexicon) -> None:
    publish_all(desk)
    assert learning.learn(desk.store, lexicon) == learning.Report(learned=5, forgotten=0)
    assert best(lexicon, "خبز") == "bread"
    assert best(lexicon, "نازح") == "displac"
    assert best(lexicon, "مدين") == "citi"
    assert lexicon.change == desk.store.change()


def test_a_second_run_learns_only_what_changed(desk: Desk, lexicon: Lexicon) -> None:
    publish_all(desk)
    learning.learn(desk.store, lexicon)
    assert learning.learn(desk.store, lexicon) == learning.Report(0, 0)
    before = {t.term: t.stories for t in lexicon.translations("ar", "خبز", 9)}
    desk.wait()
    desk.save("en/1", STORIES[1][1].replace("bread", "loaf").replace(". ", ".\n"), title="News")
    assert learning.learn(desk.store, lexicon) == learning.Report(1, 0)
    after = {t.term: t.stories for t in lexicon.translations("ar", "خبز", 9)}
    assert len(before["bread"]) == 2
    assert after["bread"] == before["bread"][:1]


def test_a_link_taken_back_takes_its_words_back(desk: Desk, lexicon: Lexicon, tmp_path: Path) -> None:
    pairs = publish_all(desk)
    learning.learn(desk.store, lexicon)
    assert lexicon.translations("en", "teacher")
    desk.store.decide(*pairs[4], Verdict.APART, EDITOR, "another school", START)
    assert learning.learn(desk.store, lexicon) == learning.Report(0, 1)
    assert lexicon.translations("en", "teacher") == ()
    anew = Lexicon.open(tmp_path / "anew")
    learning.learn(desk.store, anew)
    assert anew.version == lexicon.version
    assert anew.pairs(50) == lexicon.pairs(50)
    anew.close()


def test_what_is_only_proposed_teaches_nothing(desk: Desk, lexicon: Lexicon) -> None:
    for number in range(len(STORIES)):
        _, english = publish(desk, number, linked=False)
        desk.store.add_claim(english, desk.url(f"ar/{number}"), "figures", "pairing 1", False, 0.99, START)
    assert len(desk.store.story(1).versions) == 2  # type: ignore[union-attr,arg-type]
    assert learning.learn(desk.store, lexicon) == learning.Report(0, 0)
    assert lexicon.pairs(10) == ()


def test_what_an_editor_confirmed_teaches(desk: Desk, lexicon: Lexicon) -> None:
    for number in range(len(STORIES)):
        desk.store.decide(*publish(desk, number, linked=False), Verdict.SAME, EDITOR, "", START)
    assert learning.learn(desk.store, lexicon).learned == 5
    assert best(lexicon, "خبز") == "bread"


@pytest.mark.parametrize("access", [Access.WITHHELD, Access.PURGED])
def test_what_is_no_longer_shown_teaches_nothing(desk: Desk, lexicon: Lexicon, access: Access) -> None:
    pairs = publish_all(desk)
    learning.learn(desk.store, lexicon)
    desk.access(pairs[4][0], access)
    assert learning.learn(desk.store, lexicon) == learning.Report(0, 1)
    assert lexicon.translations("en", "teacher") == ()


def test_a_lexicon_of_a_later_archive_is_learned_anew(desk: Desk, lexicon: Lexicon) -> None:
    lexicon.taught_by(learning.TEACHER)
    lexicon.learn(77, 500, [(["برلمان"], ["parliament"])] * 3 + [(["خبز"], ["bread"])] * 3)
    lexicon.reached(500)  # a backup from before that was restored
    publish_all(desk)
    assert learning.learn(desk.store, lexicon) == learning.Report(5, 1)
    assert lexicon.translations("ar", "برلمان") == ()


def test_what_another_teacher_taught_is_learned_anew(
    desk: Desk, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_all(desk)
    learning.learn(desk.store, lexicon)
    monkeypatch.setattr(learning, "TEACHER", "rows-0")
    assert learning.learn(desk.store, lexicon) == learning.Report(5, 0)
    assert best(lexicon, "خبز") == "bread"
