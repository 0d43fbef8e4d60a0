"""What is wanted of the figures, by the end of their names."""

from __future__ import annotations

from scripts.bench.figures import Figure

LEAST = {
    "ar-full.mrr10": 0.955, "ar-full.recall10": 0.99,
    "ar-kw3.mrr10": 0.82, "ar-kw3.recall10": 0.945,
    "ar-natmis.mrr10": 0.45, "ar-natmis.recall10": 0.67,
    "en-kw3.mrr10": 0.88, "en-kw3.recall10": 0.975,
    "across.en-ar.recall10": 0.95,
    "across.en-ar.without-glosses.recall10": 0.85,
}  # fmt: skip


def figure(name: str, value: float, goals: bool = True) -> Figure:
    """A part of 1; compared by `--check` when it has a goal."""
    least = LEAST.get(name.partition(".")[2]) if goals else None
    if least is None:
        return Figure(name, value)
    return Figure(name, value, "", f">={least:g}", value >= least, checked=True, most=False)
