"""The dictionary of Arabic: getting one, and what there is."""

from __future__ import annotations

from pathlib import Path

import click

from warraq.home import Home


@click.group()
def morphology() -> None:
    """The dictionary that tells the lemma, root and English glosses of Arabic words."""


@morphology.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.pass_obj
def install(home: Home, file: Path | None) -> None:
    """Get a dictionary into the archive's home: FILE, else camel-tools' own, else one converted from AraMorph's.

    FILE is a database of camel-tools, or an archive or folder with one or with AraMorph's files.
    """
    from warraq.dictionary import install as installed

    click.echo(f"archive: {home.path}")
    database, origin, contents = installed(file, home.path, click.echo)
    click.echo(f"{contents.stems:,} stems of {contents.lemmas:,} lemmas from {origin.source}")
    click.echo(f"licence: {origin.licence}")
    click.echo(f"wrote {database}; `warraq index rebuild` makes an index that uses it, then start `warraq serve` anew")
    if home.settings.morphology:
        click.echo(f"WARRAQ_MORPHOLOGY names another, which is used instead: {home.settings.morphology}")


@morphology.command()
@click.pass_obj
def status(home: Home) -> None:
    """Whether there is a dictionary, where from, and whether it and the supplement can be read."""
    from language.dictionary import supplement
    from warraq.dictionary import look, origin

    click.echo(f"archive: {home.path}")
    click.echo(f"supplement: {len(supplement.read(supplement.FILE))} words, {supplement.FILE}")
    click.echo(f"dictionary: {home.dictionary_file}")
    click.echo(look(home.dictionary_file))
    click.echo(f"licence: {origin(home.dictionary_file).licence}")
