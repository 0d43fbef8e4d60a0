"""The engine against the store."""

from __future__ import annotations

import click

from warraq.home import Home
from warraq.indexing import bring_up_to_date, make_anew
from warraq.leases import INDEXER, held
from warraq.progress import bar

BUSY = "another process is writing the index; stop `warraq serve` or try again later"


@click.group()
def index() -> None:
    """The search index: what it holds, and bringing it in step with the store."""


@index.command()
@click.pass_obj
def status(home: Home) -> None:
    """Print what the index holds and how far it is behind."""
    found = home.engine.status()
    click.echo(f"{found.name}: {found.documents} stories, change {found.change} of {home.store.change()}")
    if found.archive not in ("", home.store.archive()):
        click.echo("it was not made from this archive: run `warraq index rebuild`")
    click.echo(f"analysis {found.analysis}, table of forms {found.forms or 'none'}")


@index.command()
@click.pass_obj
def sync(home: Home) -> None:
    """Write what the index lacks."""
    click.echo(f"archive: {home.path}")
    with bar("indexing") as progress:
        done = bring_up_to_date(home, progress)
    if not done:
        raise click.ClickException(
            "another process is writing the index (`warraq serve` does so by itself); nothing to do"
        )
    click.echo(f"in step at change {home.engine.status().change}")


@index.command()
@click.pass_obj
def rebuild(home: Home) -> None:
    """Make the index anew beside the old one, then swap; searches go on meanwhile."""
    click.echo(f"archive: {home.path}")
    with bar("rebuilding") as progress:
        done = make_anew(home, progress)
    if not done:
        raise click.ClickException(BUSY)
    click.echo(f"rebuilt: {home.engine.status().documents} stories")


@index.command()
@click.option("--mend", is_flag=True, help="Write what is missing or wrong.")
@click.pass_obj
def verify(home: Home, mend: bool) -> None:
    """Compare every story of the store with its document."""
    from indexer.sync import verify as compare

    if mend:
        click.echo(f"archive: {home.path}")
        with held(home, INDEXER) as mine:
            if not mine:
                raise click.ClickException(BUSY)
            findings = compare(home.store, home.engine, mend=True, renew=mine.renew, analyst=home.analyst)
    else:
        findings = compare(home.store, home.engine, analyst=home.analyst)
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} stories differ")
    if findings and not mend:
        raise click.ClickException("`warraq index verify --mend` writes them anew")
    if findings and (left := len(compare(home.store, home.engine, analyst=home.analyst))):
        raise click.ClickException(f"{left} of them still differ: `warraq index rebuild` makes the index anew")
    if findings:
        click.echo("all of them are mended")
