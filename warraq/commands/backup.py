"""Backup and restore: one file, the same for every database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warraq.home import Home
from warraq.indexing import make_anew
from warraq.progress import bar

if TYPE_CHECKING:
    from archive.backup import Progress

FILE = click.Path(path_type=Path, dir_okay=False)


@contextmanager
def _progress(what: str) -> Iterator[Progress]:
    with bar(what) as progress:
        yield lambda _part, done, of: progress(done, of)


@click.command()
@click.argument("file", type=FILE)
@click.pass_obj
def backup(home: Home, file: Path) -> None:
    """Write the whole archive (rows, captures, declarations) to FILE, while everything else runs."""
    from archive.backup import backup as write

    with _progress("backing up") as progress:
        made = write(home.store, home.path / "captures", home.path / "outlets", file, home.clock, progress)
    click.echo(f"{file}: {sum(made.rows.values())} rows, change {made.change}, {file.stat().st_size / 1e6:.1f} MB")
    click.echo(f"digest {made.digest}")
    if made.missing:
        raise click.ClickException(
            f"{len(made.missing)} capture files are missing in the archive itself ({made.missing[0]}); "
            "the backup holds all the rest: `warraq verify` tells more"
        )


@click.command()
@click.argument("file", type=FILE)
@click.pass_obj
def restore(home: Home, file: Path) -> None:
    """Fill an empty archive from FILE, then make its index anew."""
    from archive.restoring import restore as read

    click.echo(f"archive: {home.path}")
    home.path.mkdir(parents=True, exist_ok=True)
    with _progress("restoring") as progress:
        made = read(
            file, home.settings.database_url, home.path / "captures", home.path / "outlets", home.clock, progress
        )
    click.echo(f"{sum(made.rows.values())} rows and {len(made.members)} files, as of change {made.change}")
    click.echo(f"digest {made.digest}")
    with bar("rebuilding") as progress_of_index:
        if not make_anew(home, progress_of_index):
            raise click.ClickException(
                "another process is writing the index; run `warraq index rebuild` when it is done"
            )
    click.echo(f"index made anew: {home.engine.status().documents} stories")
