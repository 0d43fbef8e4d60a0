"""A declaration as a TOML file with comments that say what each line rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array, Item, Table

from archive.probing.look import Evidence
from archive.publishers import load
from archive.publishers.declaration import Outlet


def write(outlet: Outlet, path: Path, evidence: Iterable[Evidence]) -> Path:
    """Writes a declaration that loads again as the same outlet; returns its path.

    Raises:
        FileExistsError: there is a file of that name.
        DeclarationError: what was found is no valid declaration; the file stays, to be mended by hand.
    """
    lines = list(evidence)
    whole = outlet.model_dump(mode="json")
    told = outlet.model_dump(mode="json", exclude_defaults=True)
    values = {key: told.get(key, whole[key]) for key in whole if key in told or key == "zone"}
    document = tomlkit.document()
    document.add(tomlkit.comment("Found by looking at the site. Read it and mend what was guessed wrong."))
    places = set(_places(values, ""))
    for line in lines:
        if line.key not in places:
            document.add(tomlkit.comment(str(line)))
    _fill(document, values, "", lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(tomlkit.dumps(document))
    except FileExistsError as error:
        raise FileExistsError(f"{path} exists already and was left alone; remove it first, or edit it") from error
    load(path)
    return path


def _places(values: dict[str, Any], prefix: str) -> Iterator[str]:
    """The key paths of everything declared."""
    for key, value in values.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from _places(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            for number, element in enumerate(value, 1):
                yield from _places(element, f"{prefix}{key}[{number}].") if isinstance(element, dict) else ()


def _fill(table: Any, values: dict[str, Any], prefix: str, evidence: list[Evidence]) -> None:
    """Adds the values to a TOML table, each below what it rests on."""
    for key, value in values.items():
        path = prefix + key
        if not isinstance(value, dict) or path == "name":
            _comment(table, path, evidence)
        table.add(key, _item(path, value, evidence))


def _comment(table: Any, path: str, evidence: list[Evidence]) -> None:
    for line in evidence:
        if line.key == path:
            table.add(tomlkit.comment(" ".join(line.what.split())))


def _item(path: str, value: Any, evidence: list[Evidence]) -> Item:
    if path == "name":
        return _inline(value)
    if isinstance(value, dict):
        return _table(path, value, evidence)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        tables = tomlkit.aot()
        for number, element in enumerate(value, 1):
            tables.append(_table(f"{path}[{number}]", element, evidence))
        return tables
    return _array(value) if isinstance(value, list) else tomlkit.item(value)


def _inline(values: dict[str, Any]) -> Item:
    inline = tomlkit.inline_table()
    inline.update(values)
    return inline


def _table(path: str, values: dict[str, Any], evidence: list[Evidence]) -> Table:
    table = tomlkit.table()
    _comment(table, path, evidence)
    _fill(table, values, f"{path}.", evidence)
    return table


def _array(values: list[str]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.append(tomlkit.string(value, literal="\\" in value and "'" not in value))
    return array.multiline(len(values) > 1)
