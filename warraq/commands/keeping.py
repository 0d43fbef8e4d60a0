"""Migrate, verify, doctor: the keeper's care."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from archive.model import Capture
from warraq.home import Home


@click.command()
@click.pass_obj
def migrate(home: Home) -> None:
    """Bring the store's schema up to date; announced and backed up first."""
    from archive.store import Store

    click.echo(f"archive: {home.path}")
    for line in Store.migrate(home.settings.database_url, home.path / "backups"):
        click.echo(line)


@click.command()
@click.pass_obj
def verify(home: Home) -> None:
    """Check every capture against its hashes, and every article against its captures."""
    from warraq.progress import bar

    captures = home.store.captures()
    with bar("verifying") as progress:
        damages = list(home.captures.verify(_counted(captures, progress)))
    unbacked = home.store.articles_without_capture()
    for damage in damages:
        where = f"{damage.warc}, capture {damage.capture.id} of {damage.capture.url}" if damage.capture else damage.warc
        click.echo(f"{where}: {damage.what}")
    for article in unbacked:
        click.echo(f"article {article} is backed by no capture")
    click.echo(f"{len(captures)} captures, {len(damages)} damaged; {len(unbacked)} articles without one")
    if damages or unbacked:
        raise click.ClickException("restore the damaged files from a backup; `warraq add URL` captures a page anew")


def _counted(captures: Sequence[Capture], progress: Callable[[int, int], None]) -> Iterator[Capture]:
    for done, capture in enumerate(captures, 1):
        yield capture
        progress(done, len(captures))


@click.command()
@click.pass_obj
def doctor(home: Home) -> None:
    """Look at settings, outlets, store, captures, index and disk: what is wrong and how to mend it."""
    click.echo(f"archive: {home.path}")
    wrong: dict[str, str] = {}  # what is wrong, and the check that said so first
    bad = sum(not _look(name, check, home, wrong) for name, check in CHECKS)
    if bad:
        raise click.ClickException(f"{bad} of {len(CHECKS)} checks failed; each line says what to do")


def _look(name: str, check: Callable[[Home], str], home: Home, wrong: dict[str, str]) -> bool:
    from warraq.failures import explained

    try:
        with explained():
            click.echo(f"ok   {name:9} {check(home)}")
    except click.ClickException as error:
        first = wrong.setdefault(error.message, name)
        click.echo(f"BAD  {name:9} {error.message if first == name else f'cannot be looked at, see {first}'}")
        return False
    return True


def _outlets(home: Home) -> str:
    return f"{len(home.checked)} declared: {', '.join(home.checked)}"


def _store(home: Home) -> str:
    counts = home.store.counts()
    return f"{counts.stories} stories, change {home.store.change()} ({home.settings.database_url.split('://')[0]})"


def _captures(home: Home) -> str:
    return f"{len(home.store.captures())} counted; `warraq verify` reads them"


def _collecting(home: Home) -> str:
    problems = home.store.problems(limit=1000)
    if not problems:
        return "no source has a problem"
    newest = problems[0]
    return f"{len(problems)} problems with sources; {newest.where}: {newest.what} ({newest.count} times)"


def _index(home: Home) -> str:
    status, change = home.engine.status(), home.store.change()
    if status.change < change:
        raise click.ClickException(f"behind by {change - status.change} changes; run `warraq index sync`")
    return f"{status.documents} stories, in step"


def _disk(home: Home) -> str:
    free = shutil.disk_usage(home.path if home.path.exists() else home.path.parent).free
    if free < 500_000_000:
        raise click.ClickException(f"{free // 1_000_000} MB free; make room, or captures will fail")
    return f"{free // 1_000_000_000} GB free"


def _dictionary(home: Home) -> str:
    from warraq.dictionary import look

    if not home.settings.morphology and not home.dictionary_file.exists():
        return "none: Arabic words are found by spelling and stem alone; `warraq morphology install` gets one"
    found = look(home.dictionary_file)
    if home.lacking():
        raise click.ClickException(
            "there is a dictionary of Arabic, but the index was made without it or with another one; "
            "run `warraq index rebuild`"
        )
    return found


def _names(home: Home) -> str:
    own = home.path / "names.txt"
    return f"{len(home.names.names)} in the table, {f'as {own} changes it' if own.exists() else 'built in'}"


def _forms(home: Home) -> str:
    table = home.analyst.table(home.engine.forms())
    if table is None:
        return "no table yet; the index makes it"
    return f"{_sound(table.path, 'warraq index rebuild')}, {'with' if table.lemmas else 'without'} lemmas"


def _lexicon(home: Home) -> str:
    from language.lexicon import Lexicon

    if not home.lexicon.exists():
        return "nothing learned yet; the index does it"
    Lexicon.open(home.lexicon).close()
    return _sound(home.lexicon, "warraq lexicon learn --anew")


def _sound(path: Path, anew: str) -> str:
    """The name of an SQLite file whose pages are what they should be."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise click.ClickException(f"{path}: is damaged ({found.splitlines()[-1]}); `{anew}` makes it anew")
    return path.name


CHECKS: tuple[tuple[str, Callable[[Home], str]], ...] = (
    ("outlets", _outlets),
    ("store", _store),
    ("captures", _captures),
    ("sources", _collecting),
    ("index", _index),
    ("words", _dictionary),
    ("forms", _forms),
    ("learned", _lexicon),
    ("names", _names),
    ("disk", _disk),
)
