"""Outlets: what is declared, whether it can be read, and declaring another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from warraq.home import Home
from warraq.leases import alone

if TYPE_CHECKING:
    from archive.publishers.declaration import Outlet


@click.group(invoke_without_command=True)
@click.pass_context
def outlets(ctx: click.Context) -> None:
    """The publishers this archive collects; without a subcommand, lists them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_outlets)


@outlets.command("list")
@click.pass_obj
def list_outlets(home: Home) -> None:
    """List the declared outlets and how many articles each has here."""
    for outlet in home.checked.values():
        count = home.store.count_articles(outlet.key)
        click.echo(f"{outlet.key:20} {outlet.name.en} / {outlet.name.ar}  {', '.join(outlet.hosts)}  {count} articles")


@outlets.command()
@click.argument("key")
@click.pass_obj
def show(home: Home, key: str) -> None:
    """Print the declaration of an outlet as it is understood."""
    click.echo(_named(home, key).model_dump_json(indent=2, exclude_defaults=True))


@outlets.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def check(home: Home, files: tuple[Path, ...]) -> None:
    """Check declarations: the FILES named, or all that the archive uses."""
    from archive.publishers import load

    for file in files:
        outlet = load(file)
        click.echo(f"{file}: {outlet.key} is in order")
    if not files:
        click.echo(f"{len(home.checked)} declarations are in order: {', '.join(home.checked)}")


@outlets.command()
@click.argument("arabic_url")
@click.argument("english_url")
@click.pass_obj
def add(home: Home, arabic_url: str, english_url: str) -> None:
    """Look at a site's two addresses and write a declaration into the archive's home, to be read and edited."""
    from archive.probe import probe, write

    with alone(home):
        outlet, evidence = probe(arabic_url, english_url, lambda url: home.fetcher.get(url).final)
    if outlet.key in home.checked or set(outlet.hosts) & {h for o in home.checked.values() for h in o.hosts}:
        raise click.ClickException(f"{', '.join(outlet.hosts)} is declared already; `warraq outlets list` shows where")
    file = write(outlet, home.path / "outlets" / f"{outlet.key}.toml", evidence)
    for line in evidence:
        click.echo(line)
    click.echo(f"wrote {file}\nread it, mend what was guessed wrong, then: warraq collect {outlet.key}")


def _named(home: Home, key: str) -> Outlet:
    try:
        return home.checked[key]
    except KeyError:
        known = ", ".join(home.checked) or "none"
        raise click.UsageError(
            f"there is no outlet {key!r}; known: {known}. `warraq outlets add` declares one"
        ) from None
