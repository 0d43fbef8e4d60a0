"""Withhold, purge, restore access: keeper only, audited."""

from __future__ import annotations

import click

from archive.model import Access, ArticleId
from archive.store import StoreError
from warraq.home import Home
from warraq.indexing import bring_up_to_date, make_anew
from warraq.leases import alone
from warraq.parameters import NUMBER

REASON = click.option("--reason", required=True, help="Why; kept in the audit.")


def _set(home: Home, number: int, access: Access, reason: str) -> None:
    article = ArticleId(number)
    if home.store.story_of(article) is None:
        raise click.ClickException(f"there is no article {number} in {home.path}; `warraq show STORY` names them")
    click.echo(f"archive: {home.path}")
    home.store.set_access(article, access, reason, home.keeper, home.clock.now())
    bring_up_to_date(home)
    click.echo(f"article {number}: {access.value}")


@click.command()
@click.argument("article", type=NUMBER)
@REASON
@click.pass_obj
def withhold(home: Home, article: int, reason: str) -> None:
    """Show ARTICLE to nobody but `warraq show --withheld`; nothing is deleted."""
    _set(home, article, Access.WITHHELD, reason)


@click.command("restore-access")
@click.argument("article", type=NUMBER)
@REASON
@click.pass_obj
def restore_access(home: Home, article: int, reason: str) -> None:
    """Show a withheld ARTICLE again."""
    _set(home, article, Access.KEPT, reason)


def _is_purged(home: Home, number: int) -> bool:
    return any(listed.id == number and listed.access is Access.PURGED for listed in home.store.articles())


@click.command()
@click.argument("article", type=NUMBER)
@REASON
@click.confirmation_option(prompt="This deletes text and captures for good. Go on?")
@click.pass_obj
def purge(home: Home, article: int, reason: str) -> None:
    """Delete text and captures of ARTICLE; the digests stay, so that the rest still verifies.

    What other pages said of it stays: its title in captured feeds and listings. So do backups that were made before.
    """
    from archive.purging import purge as purge_captures

    with alone(home):
        try:
            _set(home, article, Access.PURGED, reason)
        except StoreError as error:
            if not _is_purged(home, article):
                raise
            click.echo(f"warning: {error}", err=True)
        count = purge_captures(home.store, home.captures, ArticleId(article), reason)
    # Deleted text stays in the index's files until they are merged: only a new index is surely without it.
    if make_anew(home):
        click.echo(f"{count} captures are stubs now, and the index was made anew")
    else:
        click.echo(f"{count} captures are stubs now; run `warraq index rebuild` when `warraq serve` is stopped")
