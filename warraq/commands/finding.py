"""Search, show, export: what a reader does, in the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from warraq.commands.steering import Asked, OfWords, in_a_row, print_expansions, print_suggestions, steered
from warraq.home import Home
from warraq.parameters import NUMBER

if TYPE_CHECKING:
    from archive.model import Story
    from indexer.engine import Results
    from indexer.tree import Note

SORTS = ("relevance", "newest", "oldest", "changed")


@click.command(cls=OfWords)
@click.argument("query", nargs=-1, required=True)
@steered
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The answer of /api/search.")
@click.pass_obj
def search(
    home: Home,
    /,
    query: tuple[str, ...],
    sort: str,
    limit: int,
    as_json: bool,
    **steered: Any,
) -> None:
    """Find stories by words of either language; a passage from each side. `-word` leaves out stories with that word."""
    asked = Asked(in_a_row(query), **steered)
    if as_json:
        return click.echo(_answer_of_api(home, _address(asked, sort, limit)))
    request = asked.request(home, sort=sort, limit=limit, facets=False)
    if request.query.address:
        return _by_address(home, request.query.address)
    results = home.engine.search(request)
    _print_notes((*request.query.notes, *results.notes))
    print_expansions(request.query)
    _print_results(results, behind=home.behind())
    if not results.total:
        print_suggestions(home, asked)
    return None


def _address(asked: Asked, sort: str, limit: int) -> dict[str, str | list[str]]:
    """As the arguments of /api/search."""
    given = {"q": asked.text, "match": asked.match, "versions": asked.versions, "from": asked.start, "to": asked.end}
    plain = {name: str(value) for name, value in given.items() if value}
    return {**plain, "x": list(asked.without), "sort": sort, "limit": str(limit)}


def _answer_of_api(home: Home, given: dict[str, str | list[str]]) -> str:
    """What /api/search answers: asked of the same application, so that the two cannot differ."""
    from web import create_app

    answer = create_app(home.services(home.behind)).test_client().get("/api/search", query_string=given)
    text = answer.get_data(as_text=True)
    if answer.status_code != 200:
        raise click.ClickException(json.loads(text)["error"]["message"])
    return text


def _by_address(home: Home, address: str) -> None:
    article = home.store.find(address)
    if article is None:
        raise click.ClickException(f"{address} is not in the archive; `warraq add {address}` captures it")
    story = home.store.story_of(article)
    click.echo(f"story {story}: `warraq show {story}` prints it")


def _print_notes(notes: tuple[Note, ...]) -> None:
    """What was repaired in the query, or searched in part, in the words of the page."""
    if not notes:
        return  # the pages take half a second to import
    from web.understood import NOTES

    for note in notes:
        if note.key in NOTES and note.key != "offer-date":
            text = NOTES[note.key].replace("<bdi>", "").replace("</bdi>", "")
            click.echo(text % {"what": note.values[0][1][:60] if note.values else ""}, err=True)


def _print_results(results: Results, behind: int) -> None:
    from rich.console import Console

    from warraq.terminal import hit_lines

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{results.total} {'story' if results.total == 1 else 'stories'}")
    for hit in results.hits:
        console.print()
        for line in hit_lines(hit):
            console.print(line)
    if not results.complete:
        console.print("\n(not complete: a part of the index did not answer, so there may be more; try again)")
    if behind:
        console.print(f"\n(index behind by {behind} changes: `warraq index sync`)")


@click.command()
@click.argument("story", type=NUMBER)
@click.option("--withheld", is_flag=True, help="For the keeper: show withheld text too.")
@click.pass_obj
def show(home: Home, story: int, withheld: bool) -> None:
    """Print both versions of STORY side by side."""
    from rich.console import Console

    from warraq.terminal import side_by_side

    Console(highlight=False).print(side_by_side(_story(home, story, withheld)))


def _story(home: Home, number: int, keeper: bool) -> Story:
    from archive.model import ArticleId

    own = home.store.story_of(ArticleId(number))
    story = home.store.story(own, keeper=keeper) if own is not None else None
    if story is None:
        raise click.ClickException(f"there is no story {number} in {home.path}; `warraq search` prints their numbers")
    return story


@click.command(cls=OfWords)
@click.argument("query", nargs=-1)
@click.option("--format", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, expose_value=False)
@steered
@click.option("--output", "-o", type=click.File("w", encoding="utf-8", atomic=True), default="-", help="A file.")
@click.pass_obj
def export(
    home: Home,
    /,
    query: tuple[str, ...],
    output: Any,
    **steered: Any,
) -> None:
    """Write everything found (or, without QUERY, everything there is), one article a line."""
    from archive.exporting import records

    asked = Asked(in_a_row(query), **steered)
    count = 0
    for number in home.engine.scan(asked.request(home)) if query or asked.filters else home.store.story_ids():
        story = home.store.story(number)
        for record in records(story) if story else ():
            output.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} articles", err=True)
