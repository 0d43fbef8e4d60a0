"""What only the embedded engine has: files, locks between processes, death at any moment, limits of its own."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from itertools import permutations, product
from pathlib import Path

import pytest

from archive.model import Change
from indexer.engine import EngineBusy, EngineUnavailable, Request
from indexer.engines.tantivy import TantivyEngine
from indexer.passages import present, wanted
from indexer.streams import searched_as
from indexer.tree import And, Everything, Near, Prefix, Query, Word
from tests.contracts.corpus import corpus, side, story
from tests.contracts.test_query_trees import random_tree

ROOT = Path(__file__).parents[2]
ALL = Request(Query("", Everything()), limit=1000)

WRITE_ON_AND_ON = """
import sys
from pathlib import Path
from archive.model import Change
from indexer.engines.tantivy import TantivyEngine
from tests.contracts.corpus import side, story
engine = TantivyEngine(Path(sys.argv[1]))
at = engine.status().change
while True:
    at += 1
    engine.apply([story(at, side("en", "Maize", "corn " * 50)), story(1, side("en", f"n{at}"), change=at)], Change(at))
    print(at, flush=True)
"""

HOLD = """
import sys
from pathlib import Path
from indexer.engines.tantivy import TantivyEngine
engine = TantivyEngine(Path(sys.argv[1]))
with engine.rebuild() as aside:
    print("holding", flush=True)
    sys.stdin.read()
"""


def run(program: str, folder: Path) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", program, str(folder)]
    return subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_writer_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path) -> None:
    """Change number and documents are one commit: all up to the number are there, nothing beyond, and it goes on."""
    for delay in (0.0, 0.011, 0.023):
        with run(WRITE_ON_AND_ON, tmp_path) as writer:
            assert writer.stdout
            for _ in range(3):
                confirmed = int(writer.stdout.readline())
            time.sleep(delay)
            writer.kill()
        engine = TantivyEngine(tmp_path)
        change = engine.status().change
        assert change >= confirmed
        assert {number: at for number, at, _ in engine.versions_of()} == {
            **{number: number for number in range(2, change + 1)},
            1: change,
        }
        assert engine.search(Request(Query("", Word(f"n{change}", "en")))).total == 1
        engine.apply([], Change(change))
        engine.close()


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    """Readers are not in its way."""
    engine = TantivyEngine(tmp_path)
    engine.apply(corpus(), Change(200))
    generation, _ = engine._folder.opened()
    with generation.writer(20_000_000, 1), pytest.raises(EngineBusy, match="another process"):
        TantivyEngine(tmp_path).apply([], Change(201))
    assert TantivyEngine(tmp_path).search(ALL).total > 20
    engine.apply([], Change(202))
    assert TantivyEngine(tmp_path).status().change == 202


def test_two_rebuilds_at_once_are_one_too_many_and_a_killed_one_is_cleared_away(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.apply(corpus(), Change(200))
    with run(HOLD, tmp_path) as holder:
        assert holder.stdout and holder.stdout.readline()
        with pytest.raises(EngineBusy, match="being rebuilt"), engine.rebuild():
            pass
        assert len(list(tmp_path.glob("g-*"))) == 2
        holder.kill()
    with engine.rebuild() as aside:
        assert len(list(tmp_path.glob("g-*"))) == 2
        aside.swap(Change(1))
    assert len(list(tmp_path.glob("g-*"))) == 1 and engine.search(ALL).total == 0


@pytest.mark.parametrize("damage", ["meta.json", "made-with", "texts", "everything"])
def test_a_damaged_index_says_what_to_do_and_a_rebuild_mends_it(tmp_path: Path, damage: str) -> None:
    TantivyEngine(tmp_path).apply(corpus(), Change(200))
    (generation,) = tmp_path.glob("g-*")
    if damage == "everything":
        shutil.rmtree(generation)
    else:
        (generation / damage).unlink()
    engine = TantivyEngine(tmp_path)
    with pytest.raises(EngineUnavailable, match="warraq index rebuild") as error:
        engine.search(ALL)
    assert "\n" not in error.value.detail
    with engine.rebuild() as aside:
        aside.add(corpus())
        aside.swap(Change(200))
    assert engine.search(ALL).total == sum(not document.tombstone for document in corpus())


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    with pytest.raises(EngineUnavailable, match="index"):
        TantivyEngine(tmp_path / "index").search(ALL)


def test_nearness_beyond_its_cap_says_that_the_total_is_not_complete(tmp_path: Path) -> None:
    """The newest stories are looked at first."""
    engine = TantivyEngine(tmp_path, near_candidates=5)
    engine.apply([story(n, side("en", "t", "maize and corn")) for n in range(1, 9)], Change(8))
    query = Query("", Near(("corn", "maize"), "en", 3))
    results = engine.search(Request(query))
    assert (results.total, results.complete) == (5, False)
    assert {hit.story for hit in results.hits} == {4, 5, 6, 7, 8}
    whole = TantivyEngine(tmp_path).search(Request(query))
    assert (whole.total, whole.complete) == (8, True)


def test_what_is_looked_at_for_nearness_misses_nothing(tmp_path: Path) -> None:
    """Every order and gap of two and three words, with repeats, against a count by hand."""
    texts = {}
    for words in permutations(("maize", "corn", "oats")):
        for gaps in product((0, 1, 3), repeat=2):
            between = [" x" * gap for gap in gaps]
            texts[len(texts) + 1] = f"maize x x x x x x {words[0]}{between[0]} {words[1]}{between[1]} {words[2]}"
    engine = TantivyEngine(tmp_path)
    engine.apply([story(number, side("en", "t", text)) for number, text in texts.items()], Change(len(texts)))
    for together in (("maize", "corn"), ("oats", "maize", "corn")):
        for distance in range(7):
            expected = {number for number, text in texts.items() if _narrowest(text.split(), together) <= distance}
            query = Query("", Near(together, "en", distance))
            assert set(engine.scan(Request(query))) == expected, (together, distance)


def _narrowest(words: list[str], wanted: tuple[str, ...]) -> int:
    places = [[place for place, word in enumerate(words) if word == each] for each in wanted]
    return min(max(chosen) - min(chosen) + 1 - len(wanted) for chosen in product(*places))


def test_hits_show_what_the_whole_text_would(tmp_path: Path) -> None:
    """Paragraphs without a wanted word are left out beforehand; passages, marks and reasons are the same with them."""
    engine = TantivyEngine(tmp_path)
    engine.apply(corpus(), Change(200))
    documents = {document.story: document for document in corpus()}
    chance = random.Random(7)
    trees = [random_tree(chance, 2) for _ in range(150)] + [Prefix("displ", "en"), Near(("مياه", "مدن"), "ar", 9)]
    marked = 0
    for tree in trees:
        words = wanted(tree)
        for hit in engine.search(Request(Query("", tree), facets=False)).hits:
            for version in documents[hit.story].sides:
                title, passage, _ = present(version, words[searched_as(version)])
                assert (hit.sides[version.lang].title, hit.sides[version.lang].passage) == (title, passage), tree
                marked += any(piece.match for piece in passage)
    assert marked > 100


def test_a_deep_tree_does_not_break_the_process(tmp_path: Path) -> None:
    """The parser caps depth at 16; a tree of 200 levels made otherwise still answers."""
    engine = TantivyEngine(tmp_path)
    engine.apply(corpus(), Change(200))
    tree: And | Word = Word("water", "en")
    for _ in range(200):
        tree = And((tree, Everything()))
    assert engine.search(Request(Query("", tree))).total > 0
