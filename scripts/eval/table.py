"""The figures as a table beside the known ones."""

from __future__ import annotations

from collections.abc import Iterable

from scripts.bench.figures import Figure

COLUMNS = ("ar-full", "ar-kw3", "ar-natmis", "en-full", "en-kw3")
BARE = {"typed": "words as typed", "folded": "spelling folded", "lucene": "its analyzer of the language"}
# Of the data's own README, which has no figure for whole questions in English.
KNOWN = {
    "known: words as they stand": (".864/.950", ".689/.832", "0", "", ".811/.931"),
    "known: spelling folded": (".870/.952", ".694/.837", "0", "", ".834/.951"),
    "known: Lucene's analyzers": (".922/.982", ".757/.901", ".299/.507", "", ".858/.965"),
    "known: best lemma": (".940/.990", ".785/.933", ".431/.640", "", ""),
    "known: sum of fields": (".948/.987", ".809/.940", ".369/.620", "", ".875/.969"),
}


def table(figures: Iterable[Figure]) -> str:
    """MRR@10/recall@10, in Markdown; a row for each way of searching that was measured."""
    values = {figure.name: figure.value for figure in figures}
    engines = [name for name in ("tantivy", "elasticsearch") if f"{name}.ar-full.mrr10" in values]
    rows = [(label, list(cells)) for label, cells in KNOWN.items()]
    for engine in engines:
        for name, label in BARE.items():
            rows.append((f"{engine}, bare: {label}", [_cell(values, f"bare-{engine}.{name}.{c}") for c in COLUMNS]))
        for half in ("", ".even", ".odd"):
            label = f"**{engine}, ours**" + (f", {half[1:]} topics" if half else "")
            rows.append((label, [_cell(values, f"{engine}.{column}{half}") for column in COLUMNS]))
    head = ["", *COLUMNS]
    lines = [head, ["---"] * len(head), *([label, *cells] for label, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(values: dict[str, float], name: str) -> str:
    found = [values.get(f"{name}.{metric}") for metric in ("mrr10", "recall10")]
    return "/".join("" if value is None else f"{value:.3f}".replace("0.", ".") for value in found)
