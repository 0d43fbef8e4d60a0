"""Collect, add, import, extract: how articles come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.address import readable
from archive.publishers import builtin
from warraq.home import Home
from warraq.indexing import bring_up_to_date
from warraq.leases import alone
from warraq.parameters import DAY, END_DAY
from warraq.progress import bar

if TYPE_CHECKING:
    from archive.events import Event, Tell
    from archive.publishers.declaration import Outlet

ALWAYS = ("failed", "problem", "gone")


def _teller(verbose: bool) -> Tell:
    def tell(event: Event) -> None:
        if verbose or event.kind in ALWAYS:
            detail = f"  {event.detail}" if event.detail else ""
            click.echo(f"{event.kind:10} {readable(event.place)}{detail}", err=True)

    return tell


def _chosen(home: Home, keys: tuple[str, ...]) -> list[Outlet]:
    """The outlets named, or those that this archive declares; a built-in one is collected only when it is named."""
    unknown = [key for key in keys if key not in home.checked]
    if unknown:
        raise click.UsageError(f"there is no outlet {unknown[0]!r}; known: {', '.join(home.checked) or 'none'}")
    own = [key for key in home.checked if key not in builtin()]
    if not keys and not own:
        raise click.UsageError(
            f"this archive declares no outlet; name a built-in one ({', '.join(home.checked)}), "
            "or declare one: warraq outlets add ARABIC_URL ENGLISH_URL"
        )
    return [home.checked[key] for key in keys or own]


@contextmanager
def _watched(verbose: bool) -> Iterator[Tell]:
    """What tells of each page: lines, or a count where somebody watches."""
    tell, pages = _teller(verbose), 0
    with bar("pages") as progress:

        def watched(event: Event) -> None:
            nonlocal pages
            pages += event.kind not in ("found", "problem")
            progress(pages, 0)
            tell(event)

        yield watched


def _finish(home: Home, tally: Counter[str]) -> None:
    silent = tally.pop("silent", 0)
    click.echo(", ".join(f"{count} {kind}" for kind, count in sorted(tally.items())) or "nothing to do")
    if not bring_up_to_date(home):
        click.echo("the index is being written by another process, which will show this in a moment")
    if silent:
        raise click.ClickException(
            "no source answered; the lines above say why, `warraq outlets check` what is declared"
        )


@click.command()
@click.argument("outlets", nargs=-1)
@click.option("--since", type=DAY, help="Leave out what is older.")
@click.option("--until", type=END_DAY, help="Leave out what is newer.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many pages of each outlet.")
@click.option("--verbose", "-v", is_flag=True, help="One line for every page.")
@click.pass_obj
def collect(
    home: Home, outlets: tuple[str, ...], since: date | None, until: date | None, limit: int | None, verbose: bool
) -> None:
    """Discover, fetch, extract, link and index; goes on where it stopped, and refetches only what changed."""
    click.echo(f"archive: {home.path}")
    tally: Counter[str] = Counter()
    with alone(home), _watched(verbose) as tell:
        collector = home.collector(tell)
        try:
            for outlet in _chosen(home, outlets):
                tally += collector.collect(outlet, since, until, limit)
        except KeyboardInterrupt:
            click.echo("stopped; the next `warraq collect` goes on from here", err=True)
    _finish(home, tally)


@click.command()
@click.argument("urls", nargs=-1, required=True)
@click.pass_obj
def add(home: Home, urls: tuple[str, ...]) -> None:
    """Capture single pages now, and the version each links to."""
    click.echo(f"archive: {home.path}")
    with alone(home):
        collector = home.collector(_teller(verbose=True))
        tally = Counter(collector.add(url) for url in urls)
    _finish(home, tally)
    if tally["failed"] or tally["skipped"]:
        raise click.ClickException("not every page came in; see above")


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--url", help="The address of a saved page that does not name its own.")
@click.option("--verbose", "-v", is_flag=True, help="One line for every page.")
@click.pass_obj
def import_(home: Home, paths: tuple[Path, ...], url: str | None, verbose: bool) -> None:
    """Bring in WARC and WACZ files and saved HTML pages (folders: all that are in them)."""
    from archive.importing import Importer

    click.echo(f"archive: {home.path}")
    with alone(home), _watched(verbose) as tell:
        tally = Importer(home.store, home.captures, home.checked, home.clock, tell).run(paths, url)
    _finish(home, tally)
    if tally["failed"]:
        raise click.ClickException("not everything came in; see above")
    if set(tally) <= {"skipped"}:
        raise click.ClickException("no article was found in it; `warraq import -v` says why each page was skipped")


@click.command()
@click.argument("outlet", required=False)
@click.option("--verbose", "-v", is_flag=True, help="One line for every page.")
@click.pass_obj
def extract(home: Home, outlet: str | None, verbose: bool) -> None:
    """Read the stored captures again with today's extractor; makes no false revision."""
    from archive.extract import EXTRACTOR
    from archive.rereading import reread

    click.echo(f"archive: {home.path}")
    with alone(home):
        if outlet:
            _chosen(home, (outlet,))
        unread = home.store.unread(EXTRACTOR, outlet)
        tally = reread(home.store, home.captures, home.checked, unread, home.clock, _teller(verbose))
    _finish(home, tally)
