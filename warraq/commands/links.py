"""Links between versions: evidence and decisions, each with who and when."""

from __future__ import annotations

import click

from archive.model import ArticleId, Claim, Decision, Verdict
from warraq.home import Home
from warraq.indexing import bring_up_to_date
from warraq.parameters import NUMBER


@click.group()
def links() -> None:
    """Which articles are versions of one story: evidence, decisions, joining and parting by hand."""


@links.command("show")
@click.argument("article", type=NUMBER)
@click.pass_obj
def show_links(home: Home, article: int) -> None:
    """Print why ARTICLE stands with its other versions, and what was decided of it."""
    number = home.store.story_of(_article(home, article))
    story = home.store.story(number) if number else None
    if story is None:
        raise click.ClickException(f"article {article} belongs to no story that can be shown")
    click.echo(f"story {story.id}: " + ", ".join(f"{v.article} ({v.lang})" for v in story.versions))
    for link in story.links:
        weight = "certain" if link.certain else f"score {link.score:.2f}"
        click.echo(f"  {link.a} – {link.b}: {link.evidence}, {weight}")
        for claim in link.claims:
            click.echo(f"    {_claim(claim)}")
        if link.decision:
            click.echo(f"    {_decision(link.decision)}")
    for claim in story.open_claims:
        click.echo(f"  open: {_claim(claim)}")
    for other in story.spare:
        click.echo(f"  claimed too, but the language is taken: article {other}")


def _decision(decision: Decision) -> str:
    who, when = decision.actor.name, f"{decision.at:%Y-%m-%d %H:%M} UTC"
    return f"decided {decision.verdict.value} by {who}, {when}  {decision.reason}"


def _claim(claim: Claim) -> str:
    broken = f"; broken: {claim.broken}" if claim.broken else ""
    return f"{claim.article} → {claim.target} ({claim.evidence}, {claim.maker}, {claim.at:%Y-%m-%d}){broken}"


@links.command("problems")
@click.pass_obj
def problems(home: Home) -> None:
    """List links that lead nowhere."""
    broken = home.store.broken_claims()
    for claim in broken:
        click.echo(_claim(claim))
    if not broken:
        click.echo("no broken link")


def _decide(home: Home, a: int, b: int, verdict: Verdict, reason: str) -> None:
    first, second = _article(home, a), _article(home, b)
    if first == second:
        raise click.UsageError("an article has no link to itself; name two")
    click.echo(f"archive: {home.path}")
    if verdict is Verdict.SAME:
        _refuse_a_clash(home, first, second)
    home.store.decide(first, second, verdict, home.editor, reason, home.clock.now())
    bring_up_to_date(home)
    one, other = home.store.story_of(first), home.store.story_of(second)
    click.echo(f"articles {a} and {b} are now " + (f"story {one}" if one == other else f"stories {one} and {other}"))
    if verdict is Verdict.SAME and one != other:
        raise click.ClickException("they still stand apart: each story has room for one version of a language")


def _refuse_a_clash(home: Home, a: ArticleId, b: ArticleId) -> None:
    """Joining must not tear other pairs: whoever is in the way is parted first, knowingly."""
    stories = home.store.stories({s for article in (a, b) if (s := home.store.story_of(article))}, keeper=True)
    lang = stories[0].clash(stories[-1])
    if lang:
        sides = ", ".join(f"story {s.id}: {', '.join(f'{v.article} ({v.lang})' for v in s.versions)}" for s in stories)
        raise click.ClickException(
            f"both stories have a version in {lang!r} ({sides}); nothing was changed. Part the ones that do not belong "
            "together first: `warraq links unlink A B`"
        )


def _article(home: Home, number: int) -> ArticleId:
    if home.store.story_of(ArticleId(number)) is None:
        raise click.ClickException(f"there is no article {number} in {home.path}; `warraq show STORY` names them")
    return ArticleId(number)


REASON = click.option("--reason", default="", help="Why; kept with the decision.")


@links.command("link")
@click.argument("a", type=NUMBER)
@click.argument("b", type=NUMBER)
@REASON
@click.pass_obj
def link(home: Home, a: int, b: int, reason: str) -> None:
    """Join articles A and B as versions of one story."""
    _decide(home, a, b, Verdict.SAME, reason)


@links.command("unlink")
@click.argument("a", type=NUMBER)
@click.argument("b", type=NUMBER)
@REASON
@click.pass_obj
def unlink(home: Home, a: int, b: int, reason: str) -> None:
    """Part articles A and B; each gets its own story back. `link` takes it back."""
    _decide(home, a, b, Verdict.APART, reason)


links.add_command(
    click.Command("confirm", params=link.params, callback=link.callback, help="Confirm the link between A and B.")
)
links.add_command(
    click.Command("reject", params=unlink.params, callback=unlink.callback, help="Reject the link between A and B.")
)
