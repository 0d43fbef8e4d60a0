"""How far two words are apart in letters."""

from __future__ import annotations

import pytest

from language.spelling import edits


@pytest.mark.parametrize(
    ("a", "b", "expected"), [("raqa", "raqqa", 1), ("idlib", "idilb", 1), ("حلب", "حلب", 0), ("abc", "xyz", 3)]
)
def test_spelling_distance_counts_swapped_neighbours_once(a: str, b: str, expected: int) -> None:
    assert edits(a, b, 3) == expected
    assert edits(b, a, 0) == min(expected, 1)
