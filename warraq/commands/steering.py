"""What steers a search in the terminal: how far words are found from their spelling, filters; what to ask instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

import click

from warraq.home import Home
from warraq.parameters import DAY, END_DAY

if TYPE_CHECKING:
    from indexer.engine import Request
    from indexer.expand import Match
    from indexer.suggest import Found, Suggestion
    from indexer.tree import Query

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
VERSIONS = ("both", "ar", "en", "stale")
MATCHES = ("exact", "inflected", "related")
EXPANSIONS_SHOWN = 8

_OPTIONS = [
    click.option("--match", type=click.Choice(MATCHES), default="related", show_default=True,
                 help="How far from its spelling a word is found: as typed, in any form, or by names and words of the "
                      "other language too."),
    click.option("--without", multiple=True, metavar="KIND:WORD", help="Leave out an expansion; may be repeated."),
    click.option("--versions", type=click.Choice(VERSIONS), help="Only stories with these versions."),
    click.option("--from", "start", type=DAY, help="First day: 2024, 2024-03 or 2024-03-09."),
    click.option("--to", "end", type=END_DAY, help="Last day."),
]  # fmt: skip


class OfWords(click.Command):
    """A command with a query for arguments: `-word` leaves a word out and is no row of short options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = {name for param in self.get_params(ctx) for name in param.opts}
        # Behind a space, which says nothing in a query, it is an argument as any other.
        return super().parse_args(ctx, [f" {arg}" if _leaves_out(arg, options) else arg for arg in args])


def _leaves_out(argument: str, options: Collection[str]) -> bool:
    return argument.startswith("-") and argument not in ("-", *options) and not argument.startswith("--")


def in_a_row(query: Sequence[str]) -> str:
    """The words of a command line as a query."""
    return " ".join(word.strip() for word in query)


def steered(command: Decorated) -> Decorated:
    """With the options that say what is looked for, and where."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class Asked:
    """A query with what steers it and the filters."""

    text: str
    match: Match
    without: Sequence[str]
    versions: str | None
    start: date | None
    end: date | None

    def request(self, home: Home, **window: Any) -> Request:
        from indexer.engine import Request, Versions
        from indexer.expand import expand
        from indexer.named import resolved
        from indexer.query import parse

        assert self.versions is None or self.versions in get_args(Versions)
        query = expand(resolved(parse(self.text), home.outlets), home.known(), self.match, self.without)
        versions = cast("Versions | None", self.versions)
        return Request(query, versions=versions, start=self.start, end=self.end, **window)

    @property
    def filters(self) -> tuple[str, ...]:
        named = {"versions": self.versions, "dates": self.start or self.end}
        return tuple(name for name, value in named.items() if value)

    def instead(self, suggestion: Suggestion) -> Asked:
        """What a suggestion asks."""
        asked = replace(self, text=suggestion.text)
        if "versions" in suggestion.without:
            asked = replace(asked, versions=None)
        if "dates" in suggestion.without:
            asked = replace(asked, start=None, end=None)
        return replace(asked, match="related", without=()) if suggestion.related else asked


def print_expansions(query: Query) -> None:
    """What else is looked for, as `--without` takes it."""
    from rich.console import Console
    from rich.text import Text

    from indexer.expand import alternatives, key
    from warraq.terminal import plain

    ranked = sorted((other for _, other in alternatives(query.tree)), key=lambda other: -other.weight)
    keys = list(dict.fromkeys(plain(key(other)) for other in ranked))
    if keys:
        more = f" and {len(keys) - EXPANSIONS_SHOWN} more" if len(keys) > EXPANSIONS_SHOWN else ""
        text = f"also looked for: {', '.join(keys[:EXPANSIONS_SHOWN])}{more}"
        Console(highlight=False, soft_wrap=True).print(Text(text, style="dim"))


def print_suggestions(home: Home, asked: Asked) -> None:
    """What finds something instead."""
    from indexer.query import parse
    from indexer.suggest import Failed, Found, suggestions
    from warraq.terminal import plain

    def find(suggestion: Suggestion) -> Found:
        results = home.engine.search(asked.instead(suggestion).request(home, limit=1, facets=False))
        return Found(results.total, results.hits[0].spelt if results.hits else ())

    steered = asked.match != "related" or bool(asked.without)
    failed = Failed(parse(asked.text), asked.filters, steered)
    found = suggestions(failed, home.known(), find)
    if found:
        click.echo("What finds something instead:")
    for each in found:
        click.echo(f"  {each.total:>5}  {_as_typed(each, plain(each.text))}")


def _as_typed(suggestion: Suggestion, text: str) -> str:
    """How to ask for it."""
    from warraq.terminal import plain

    if suggestion.related:
        return f"{text}  with --match related and nothing left out"
    options = ({"versions": "--versions", "dates": "--from and --to"}[name] for name in suggestion.without)
    left = " and ".join((*map(plain, suggestion.parts), *options))
    return f"{text}  without {left}" if left else text
