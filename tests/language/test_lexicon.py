"""Words learned from rows that translate each other."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.lexicon import SAMPLE, Lexicon, LexiconError, NoLexicon, likelihood
from language.tokens import Script

WORDS = {
    "نازح": "displac", "بلد": "citi", "قصف": "bomb", "ماء": "water", "خبز": "bread", "مدرس": "school", "طفل": "child",
    "سوق": "market", "نفط": "fuel", "طريق": "road", "مشف": "hospit", "حقل": "field",
}  # fmt: skip
SIDES: tuple[tuple[Script, list[str]], ...] = (("ar", list(WORDS)), ("en", list(WORDS.values())))
Story = tuple[int, list[tuple[list[str], list[str]]]]


def archive(seed: int, stories: int = 12) -> list[Story]:
    """Stories whose rows have some of WORDS on both sides, the English ones in an order a little different."""
    chance = random.Random(seed)
    out = []
    for story in range(1, stories + 1):
        rows = []
        for _ in range(4):
            arabic = chance.sample(sorted(WORDS), 5)
            english = [WORDS[word] for word in arabic]
            place = chance.randrange(4)
            english[place : place + 2] = english[place : place + 2][::-1]
            rows.append((arabic, english))
        out.append((story, rows))
    return out


@pytest.fixture
def lexicon(tmp_path: Path) -> Iterator[Lexicon]:
    found = Lexicon.open(tmp_path / "analysis" / "lexicon")
    yield found
    found.close()


def teach(lexicon: Lexicon, stories: list[Story]) -> Lexicon:
    for story, rows in stories:
        lexicon.learn(story, story, rows)
    return lexicon


def everything(lexicon: Lexicon) -> list[Any]:
    return [lexicon.translations(side, word, 20) for side, words in SIDES for word in words]


def test_the_translation_of_each_word_is_its_surest_one_in_both_directions(lexicon: Lexicon) -> None:
    teach(lexicon, archive(1))
    assert {ar: lexicon.translations("ar", ar, 1)[0].term for ar in WORDS} == WORDS
    assert {en: lexicon.translations("en", en, 1)[0].term for en in WORDS.values()} == {e: a for a, e in WORDS.items()}


def test_weights_fall_from_the_surest_and_lie_between_nothing_and_one(lexicon: Lexicon) -> None:
    teach(lexicon, archive(1))
    for ar in WORDS:
        weights = [t.weight for t in lexicon.translations("ar", ar, 20)]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight < 1 for weight in weights)


def test_a_word_never_met_has_no_translation(lexicon: Lexicon) -> None:
    assert lexicon.translations("ar", "خبز") == ()
    teach(lexicon, archive(1))
    assert lexicon.translations("ar", "برلمان") == ()
    assert lexicon.translations("en", "خبز") == ()


def test_words_of_a_row_that_stand_at_the_same_place_go_together(lexicon: Lexicon) -> None:
    lexicon.learn(1, 1, [(["قصف", "سوق", "شرق", "بلد"], ["bomb", "market", "east", "citi"]), (["خبز"], ["bread"])] * 2)
    assert [lexicon.translations("ar", ar, 1)[0].term for ar in ("قصف", "سوق", "شرق", "بلد")] == [
        "bomb", "market", "east", "citi",
    ]  # fmt: skip


def test_a_translation_names_the_stories_it_comes_from_the_newest_first(lexicon: Lexicon) -> None:
    rows = [(["ماء"], ["water"]), (["خبز"], ["bread"])]
    for story in (3, 9, 5):
        lexicon.learn(story, story, rows)
    assert lexicon.translations("ar", "ماء", 1)[0].stories == (9, 5, 3)


FORMS = {"مدارس": ("مَدْرَسَة", "درس"), "المدرسه": ("مَدْرَسَة", "درس"), "دراسه": ("دِراسَة", "درس"), "سوريا": ("", "")}


def choose(forms: Iterable[str]) -> dict[str, tuple[str, str]]:
    return {form: FORMS.get(form, ("", "")) for form in forms}


def test_words_are_counted_by_lemma_and_by_root_too(lexicon: Lexicon) -> None:
    """A broken plural and its singular have no stem in common."""
    other = (["خبز", "سوق"], ["bread", "market"])
    lexicon.learn(1, 1, [(["مدارس", "قصف"], ["school", "bomb"]), other])
    lexicon.learn(2, 2, [(["المدرسه", "طفل"], ["school", "child"]), other])
    lexicon.learn(3, 3, [(["دراسه"], ["studi"]), other])
    lexicon.analyse(choose, "1")
    (lemma,) = lexicon.translations("en", "school", 1, "lemma")
    assert (lemma.term, lemma.stories) == ("مَدْرَسَة", (2, 1))
    assert lexicon.translations("ar", "مَدْرَسَة", 1, "lemma")[0].stories == (2, 1)
    assert lexicon.translations("ar", "درس", 1, "root")[0].term == "school"
    assert lexicon.translations("en", "market", 9, "lemma") == lexicon.translations("ar", "", 9, "root") == ()


def test_a_new_table_of_forms_counts_for_all_words(lexicon: Lexicon) -> None:
    lexicon.learn(1, 1, [(["مدارس"], ["school"]), (["خبز"], ["bread"])] * 2)
    lexicon.analyse(choose, "1")
    asked: list[str] = []

    def counted(forms: Iterable[str]) -> dict[str, tuple[str, str]]:
        each = list(forms)
        asked.extend(each)
        return {form: (f"{form}ٌ", "") for form in each}

    lexicon.analyse(counted, "1")
    assert asked == ["خبز"]  # that had no lemma the last time
    lexicon.analyse(counted, "2")
    assert sorted(asked[1:]) == ["خبز", "مدارس"]
    assert [t.term for t in lexicon.translations("en", "school", 1, "lemma")] == ["مدارسٌ"]


def test_a_story_forgotten_takes_its_words_back(lexicon: Lexicon, tmp_path: Path) -> None:
    stories = archive(2)
    teach(lexicon, stories)
    lexicon.learn(99, 99, [(["كهرباء", "ماء"], ["electr", "water"])])
    assert lexicon.translations("ar", "كهرباء", 1)
    lexicon.forget(99)
    other = teach(Lexicon.open(tmp_path / "other"), stories)
    assert lexicon.translations("ar", "كهرباء") == lexicon.translations("en", "electr") == ()
    assert everything(lexicon) == everything(other)
    other.close()


def test_forgotten_words_are_not_left_in_the_file(lexicon: Lexicon, tmp_path: Path) -> None:
    lexicon.learn(1, 1, [(["شاهدسري"], ["secretwit"])])
    lexicon.forget(1)
    lexicon.close()
    for file in (tmp_path / "analysis").iterdir():
        assert b"secretwit" not in file.read_bytes()
        assert "شاهدسري".encode() not in file.read_bytes()


def test_learning_a_story_again_puts_the_new_in_place_of_the_old(lexicon: Lexicon) -> None:
    lexicon.learn(1, 4, [(["ماء"], ["bread"]), (["خبز"], ["water"])])
    lexicon.learn(1, 7, [(["ماء"], ["water"]), (["خبز"], ["bread"])] * 2)
    assert [t.term for t in lexicon.translations("ar", "ماء", 5)] == ["water"]
    assert lexicon.stories() == {1: 7}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(archive(3, stories=6)), extra=st.sampled_from([None, 2, 5]))
def test_the_order_of_learning_plays_no_part(tmp_path_factory: Any, order: list[Story], extra: int | None) -> None:
    folder = tmp_path_factory.mktemp("order")
    one = teach(Lexicon.open(folder / "one"), archive(3, stories=6))
    two = Lexicon.open(folder / "two")
    if extra is not None:  # learned early, forgotten, learned again
        two.learn(extra, 1, [(["غير"], ["other"])])
    teach(two, order)
    assert everything(one) == everything(two)
    assert one.pairs(10) == two.pairs(10)
    assert one.version == two.version
    one.close()
    two.close()


def test_the_version_changes_with_what_was_learned(lexicon: Lexicon) -> None:
    before = lexicon.version
    lexicon.learn(1, 1, [(["ماء"], ["water"])])
    assert lexicon.version != before
    lexicon.forget(1)
    assert lexicon.version == before
    assert len(before) == 12


def test_the_surest_pairs_come_first(lexicon: Lexicon) -> None:
    teach(lexicon, archive(4))
    surest = lexicon.pairs(12)
    assert {(pair.ar, pair.en) for pair in surest} == set(WORDS.items())
    every = sorted((p for ar in WORDS for p in lexicon.translations("ar", ar, 99)), key=lambda t: -t.score)
    assert [pair.score for pair in surest] == [t.score for t in every[:12]]


def test_of_a_word_in_very_many_rows_the_newest_are_read(lexicon: Lexicon) -> None:
    for story in range(1, SAMPLE // 50 + 4):
        word = "water" if story > 3 else "aqua"
        lexicon.learn(story, story, [(["ماء"], [word]), (["خبز"], ["bread"])] * 50)
    found = lexicon.translations("ar", "ماء", 5)
    assert [t.term for t in found] == ["water"]
    assert min(found[0].stories) == 4


def test_it_opens_again_with_all_it_learned(tmp_path: Path) -> None:
    first = teach(Lexicon.open(tmp_path / "lexicon"), archive(1))
    first.reached(42)
    known, version = everything(first), first.version
    first.close()
    again = Lexicon.open(tmp_path / "lexicon")
    assert (everything(again), again.version, again.change) == (known, version, 42)
    again.close()


def test_a_file_that_is_no_lexicon_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("ليس معجما\n" * 200, encoding="utf-8")
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE meta (name, value)").connection.close()
    for name in ("text", "other"):
        with pytest.raises(NoLexicon, match="`warraq lexicon learn --anew` makes it anew") as refused:
            Lexicon.open(tmp_path / name)
        assert "\n" not in str(refused.value)


def test_many_may_begin_the_same_lexicon_at_once(tmp_path: Path) -> None:
    """Each finds all of it, and what each learns stays."""
    for attempt in range(3):
        path, ready = tmp_path / f"lexicon-{attempt}", threading.Barrier(12)

        def begin(story: int, path: Path = path, ready: threading.Barrier = ready) -> None:
            ready.wait()
            with Lexicon.open(path) as opened:
                opened.learn(story, story, [(["ماء"], ["water"])])

        with ThreadPoolExecutor(12) as threads:
            for each in [threads.submit(begin, story) for story in range(1, 13)]:
                each.result()
        with Lexicon.open(path) as opened:
            assert set(opened.stories()) == set(range(1, 13))


def test_a_lexicon_that_another_writes_is_not_told_to_be_damaged(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hears that deletes it."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **more: connect(path, **{**more, "timeout": 0.01}))
    path = tmp_path / "analysis" / "lexicon"
    with Lexicon.open(path) as other, closing(connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        with pytest.raises(LexiconError, match="locked") as refused:
            other.learn(1, 1, [(["ماء"], ["water"])])
        assert not isinstance(refused.value, NoLexicon) and "\n" not in str(refused.value)


def test_damage_within_the_file_is_told_in_one_line(tmp_path: Path) -> None:
    """It opens, as other pages are sound."""
    path = tmp_path / "lexicon"
    with Lexicon.open(path) as first:
        teach(first, archive(1))
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('terms', 'rows', 'terms_stem')")
        roots = [page for (page,) in found]
    with path.open("r+b") as file:
        for page in roots:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
    asked: list[Callable[[Lexicon], object]] = [
        lambda words: words.translations("ar", "ماء"), lambda words: words.pairs(5), lambda words: words.forget(1),
        lambda words: words.learn(99, 99, [(["ماء"], ["water"])]),
        lambda words: words.analyse(lambda terms: dict.fromkeys(terms, ("", "")), "1"),
    ]  # fmt: skip
    for ask in asked:
        with Lexicon.open(path) as damaged, pytest.raises(NoLexicon, match="`warraq lexicon learn --anew`") as told:
            ask(damaged)
        assert "\n" not in str(told.value)


def test_a_lexicon_of_another_algorithm_is_refused(tmp_path: Path) -> None:
    Lexicon.open(tmp_path / "lexicon").close()
    with sqlite3.connect(tmp_path / "lexicon") as db:
        db.execute("UPDATE meta SET value = 'lexicon-0' WHERE name = 'algorithm'")
    with pytest.raises(LexiconError, match="made by lexicon-0"):
        Lexicon.open(tmp_path / "lexicon")


def test_the_likelihood_ratio_of_words_together_by_chance_or_less_is_nothing() -> None:
    assert likelihood(2, 10, 20, 100) == 0.0
    assert likelihood(1, 10, 20, 100) == 0.0
    assert likelihood(10, 10, 10, 100) == pytest.approx(65.0166, abs=1e-3)  # 2·(10·ln 10 + 90·ln(1/.9))


@settings(max_examples=60)
@given(st.integers(1, 50), st.integers(1, 50), st.integers(100, 1000), st.floats(0, 1))
def test_the_likelihood_ratio_is_finite_and_symmetric(a: int, b: int, total: int, part: float) -> None:
    both = part * min(a, b)
    found = likelihood(both, a, b, total)
    assert 0 <= found <= likelihood(min(a, b), a, b, total) + 1e-9
    assert found == pytest.approx(likelihood(both, b, a, total))
