"""Words across the languages, learned from the archive's certain pairs: shown, explained, switched off by editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from warraq.home import Home
from warraq.progress import bar
from warraq.terminal import plain, stories

if TYPE_CHECKING:
    from archive.store import WordSwitch
    from language.lexicon import Lexicon, Translation
    from language.tokens import Script

SHOWN = 12  # stories named by `explain`


@click.group()
def lexicon() -> None:
    """Words that stand for each other across the languages, learned from linked stories."""


@lexicon.command()
@click.option("--anew", is_flag=True, help="Delete what was learned and learn all of it again.")
@click.pass_obj
def learn(home: Home, anew: bool) -> None:
    """Bring the learned words in step with the archive's certain links."""
    from language.sqlite_files import discard
    from warraq.indexing import learn_words
    from warraq.leases import INDEXER, held

    click.echo(f"archive: {home.path}")
    with held(home, INDEXER) as mine:
        if not mine:
            raise click.ClickException(
                "another process is writing the index and learning; stop `warraq serve` or try again later"
            )
        if anew:
            discard(home.lexicon)
        with bar("learning") as progress:
            done = learn_words(home, mine, progress)
    click.echo(done)


@lexicon.command("list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Pairs to print.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(home: Home, limit: int, as_json: bool) -> None:
    """Print the pairs that are switched off, and those that are most certain (stems) with how many stories each comes
    from."""
    switches = home.store.words_off()
    off = {_key(switch) for switch in switches}
    for switch in switches:
        if as_json:
            by = {"off": True, "by": switch.actor.name, "at": switch.at.isoformat()}
            click.echo(json.dumps({**dict(zip(("ar", "en"), _key(switch), strict=True)), **by}, ensure_ascii=False))
        else:
            click.echo(f"{plain(switch.ar)} = {plain(switch.en)}  {_switched_off(switch)}")
    with _opened(home) as words:
        for pair in words.pairs(limit):
            if (pair.ar, pair.en) in off:
                continue
            if as_json:
                click.echo(json.dumps({**pair._asdict(), "off": False}, ensure_ascii=False))
            else:
                click.echo(f"{pair.score:8.1f}  {plain(pair.ar)} = {plain(pair.en)}  {stories(pair.stories)}")


@lexicon.command()
@click.argument("word")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def explain(home: Home, word: str, as_json: bool) -> None:
    """Print what WORD, in either language, stands for, with weights and the stories it was learned from."""
    side, stem = _word(word)
    decided = {_key(switch): switch for switch in home.store.words_off()}
    with _opened(home) as words:
        found = words.translations(side, stem, 10)
    for one in found:
        switch = decided.get((stem, one.term) if side == "ar" else (one.term, stem))
        if as_json:
            click.echo(json.dumps({**one._asdict(), "off": switch is not None}, ensure_ascii=False))
        else:
            click.echo(_line(one, switch))
    if not found and not as_json:
        click.echo(
            f"{plain(word)}: nothing was learned of this word; `warraq lexicon learn` brings the lexicon in step"
        )


@lexicon.command("off")
@click.argument("pair", metavar="TERM=TERM")
@click.pass_obj
def off(home: Home, pair: str) -> None:
    """Keep an Arabic and an English word, in any form, from standing for each other. `on` takes it back."""
    _switch(home, pair, on=False)


@lexicon.command("on")
@click.argument("pair", metavar="TERM=TERM")
@click.pass_obj
def on(home: Home, pair: str) -> None:
    """Let two words that were switched off stand for each other again."""
    _switch(home, pair, on=True)


def _switch(home: Home, pair: str, on: bool) -> None:
    from language.script import side_of

    terms = {side_of(term): term.strip() for term in pair.split("=")}
    if pair.count("=") != 1 or set(terms) != {"ar", "en"}:
        raise click.UsageError(f"{pair!r} is no pair; write an Arabic and an English word with = between them")
    click.echo(f"archive: {home.path}")
    home.store.switch_words(terms["ar"], terms["en"], on, home.editor, home.clock.now())
    click.echo(f"{plain(terms['ar'])} = {plain(terms['en'])} is switched {'on' if on else 'off'}")


def _opened(home: Home) -> Lexicon:
    from language.lexicon import Lexicon

    return Lexicon.open(home.lexicon)


def _word(text: str) -> tuple[Script, str]:
    from language.tokens import form, words

    forms = [form(word) for word in words(text)]
    if len(forms) != 1 or forms[0].script is None:
        raise click.UsageError(f"{text!r} is not one word of Arabic or English")
    return forms[0].script, forms[0].stem


def _key(switch: WordSwitch) -> tuple[str, str]:
    from language.lexicon import pair_key

    return pair_key(switch.ar, switch.en)


def _line(one: Translation, switch: WordSwitch | None) -> str:
    numbers = ", ".join(map(str, one.stories[:SHOWN])) + (" …" if len(one.stories) > SHOWN else "")
    told = f"{one.weight:.2f}  {plain(one.term)}  from {stories(len(one.stories))}: {numbers}"
    return told if switch is None else f"{told}  {_switched_off(switch)}"


def _switched_off(switch: WordSwitch) -> str:
    return f"switched off by {plain(switch.actor.name)}, {switch.at:%Y-%m-%d %H:%M} UTC"
