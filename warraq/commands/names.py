"""Names: how places, persons and organisations are spelt in both languages, and which bylines are one author."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warraq.home import Home
from warraq.indexing import bring_up_to_date
from warraq.terminal import plain, stories

if TYPE_CHECKING:
    from language.nametable import Name

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def names() -> None:
    """Names in both languages: the table, what a word is taken for, which bylines are one author."""


@names.command("list")
@click.option("--kind", type=click.Choice(["place", "person", "organisation", "other"]), help="Only these.")
@JSON
@click.pass_obj
def list_(home: Home, kind: str | None, as_json: bool) -> None:
    """Print the names of the table, the built-in ones and those of names.txt in the archive's home."""
    for name in home.names.names:
        if kind in (None, name.kind):
            click.echo(_json(name) if as_json else _line(name))


@names.command()
@click.argument("words", nargs=-1, required=True)
@JSON
@click.pass_obj
def explain(home: Home, words: tuple[str, ...], as_json: bool) -> None:
    """Print what WORDS are taken for: names of the table, or words of the archive that sound like them."""
    from language.tokens import folded

    spelt = folded(" ".join(words)).split()
    in_names: set[int] = set()
    for start, length, name in home.names.find(spelt):
        in_names.update(range(start, start + length))
        text = " ".join(spelt[start : start + length])
        click.echo(_json(name, typed=text) if as_json else f"{plain(text)}: in the table as {_line(name)}")
    for place, word in enumerate(spelt):
        if place not in in_names:
            found = list(_by_ear(home, word))
            if as_json:
                click.echo(json.dumps({"typed": word, "by_ear": found}, ensure_ascii=False))
            else:
                heard = ", ".join(f"{plain(form)} {likeness:.2f}" for form, likeness in found)
                click.echo(f"{plain(word)}: in no name of the table; by ear: {heard or 'no word of the archive'}")


@names.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def check(home: Home, file: Path | None) -> None:
    """Look for mistakes in FILE (names.txt in the archive's home)."""
    from language.nametable import BUILTIN, lost, problems

    path = file or home.path / "names.txt"
    if file is None and not path.exists():
        click.echo(f"there is no {path}: the built-in table is used as it is")
        return
    wrong = problems(path, BUILTIN)
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        count = "1 line is" if len(wrong) == 1 else f"{len(wrong)} lines are"
        raise click.ClickException(f"{count} wrong; mappings/names.txt tells the form")
    for line in lost(path):
        click.echo(f"warning: {line}", err=True)
    click.echo(f"{path}: no mistake")


@names.command()
@JSON
@click.pass_obj
def authors(home: Home, as_json: bool) -> None:
    """Print the authors of all articles by key, and which were merged, by whom and when."""
    merged = {merge.key: merge for merge in home.store.author_merges()}
    for author in home.store.authors():
        merge = merged.get(author.key)
        if as_json:
            into = {"into": merge.target, "by": merge.actor.name, "at": merge.at.isoformat()} if merge else {}
            told = {"key": author.key, "names": author.names, "stories": author.stories, **into}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            spelt = ", ".join(map(plain, author.names))
            by = (
                f"  → {plain(merge.target)} by {plain(merge.actor.name)}, {merge.at:%Y-%m-%d %H:%M} UTC"
                if merge
                else ""
            )
            click.echo(f"{plain(author.key)}  {spelt}  {stories(author.stories)}{by}")


@names.command("merge-author")
@click.argument("key")
@click.argument("into")
@click.pass_obj
def merge_author(home: Home, key: str, into: str) -> None:
    """Count the bylines of KEY as the author INTO; `split-author` takes it back."""
    _decide(
        home, lambda: home.store.merge_author(key, into, home.editor, home.clock.now()), f"merged into {plain(into)}"
    )


@names.command("split-author")
@click.argument("key")
@click.pass_obj
def split_author(home: Home, key: str) -> None:
    """Take the merge of KEY into another author back."""
    _decide(home, lambda: home.store.split_author(key, home.editor, home.clock.now()), "an author of its own again")


def _decide(home: Home, decide: Callable[[], int], what: str) -> None:
    click.echo(f"archive: {home.path}")
    count = decide()
    bring_up_to_date(home)
    click.echo(f"{what}; {stories(count)} {'has' if count == 1 else 'have'} changed")


def _by_ear(home: Home, word: str) -> Iterator[tuple[str, float]]:
    from language.script import side_of
    from language.transliteration import candidates

    side, table = side_of(word), home.analyst.table(home.engine.forms())
    if side and table:
        yield from candidates(word, side, table.sounding)


def _line(name: Name) -> str:
    return f"{name.kind} {name.key}: {', '.join(map(plain, name.en))} = {', '.join(map(plain, name.ar))}"


def _json(name: Name, **more: str) -> str:
    told = {**more, "key": name.key, "kind": name.kind, "en": name.en, "ar": name.ar}
    return json.dumps(told, ensure_ascii=False)
