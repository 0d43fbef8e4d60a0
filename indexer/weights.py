"""What each way of matching weighs in the score of a story. docs/search-quality.md says which figure chose each."""

from __future__ import annotations

from indexer.tree import MatchKind, Side

TIE = 0.3  # of what the other ways of matching the same word would score, beside the best

OWN: dict[Side, dict[MatchKind, float]] = {
    "ar": {"exact": 0.5, "stem": 0.25, "lemma": 1.0, "root": 0.3},
    "en": {"exact": 0.5, "stem": 1.0},
}
NAME = 0.8  # another spelling of a name
