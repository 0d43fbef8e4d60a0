"""What each way of matching weighs in the score of a story. docs/search-quality.md says which figure chose each."""

from __future__ import annotations

from indexer.tree import Alternative, MatchKind, Side

TIE = 0.2  # of what the other ways of matching the same word would score, beside the best

OWN: dict[Side, dict[MatchKind, float]] = {
    "ar": {"exact": 0.7, "stem": 0.8, "lemma": 1.0, "root": 0.75},
    "en": {"exact": 1.1, "stem": 1.0},
}
NAME = 0.8  # another spelling of a name
COMMON = 0.5  # of all the weights of a stop word, beside other words
LEAST = 0.15  # of what finds a story by itself and is told; what is weaker only ranks the stories of any of the words


def telling(alternative: Alternative) -> bool:
    """Whether it finds a story by itself, and is told as a reason."""
    return alternative.sure and alternative.weight >= LEAST
