"""Why the versions of a story are together, what else is claimed, and what happened to the story's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.model import ArticleId, Claim, Link, Story
from archive.publishers.declaration import Outlet
from archive.store import Event, EventKind
from web.cite import readable_url
from web.labels import zone
from web.render import url
from web.words import N_, Words

EVIDENCE = {
    "hreflang": N_("The page of one version names the other (hreflang)"),
    "rest": N_("The publisher’s own records name both as translations (REST)"),
    "in-text link": N_("The text of one version links to the other"),
    "editor": N_("Somebody joined them by hand"),
}


@dataclass(frozen=True, slots=True)
class LinkView:
    """Two members by article number, what can be done with them, and the sentences that say why."""

    a: int
    b: int
    sentences: tuple[str, ...]
    certain: bool
    decided: str  # who said so and when, "" when nobody did
    proposal: str  # the score of a link that nobody has confirmed, else ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the address, with the pair that would undo it (0: nothing to undo)."""

    text: str
    href: str = ""
    a: int = 0
    b: int = 0


def _say(evidence: str, words: Words) -> str:
    return words.gettext(EVIDENCE[evidence]) if evidence in EVIDENCE else evidence


def link_view(link: Link, outlets: Mapping[str, Outlet], outlet: str, words: Words) -> LinkView:
    kinds = dict.fromkeys(claim.evidence for claim in link.claims) or {link.evidence: None}
    decided = ""
    if link.decision:
        told = words.gettext("Confirmed by %(who)s on %(when)s")
        when = words.moment(link.decision.at, zone(outlets, outlet))
        decided = told % {"who": link.decision.actor.name, "when": when}
        if link.decision.reason:
            decided = f"{decided}: {link.decision.reason}"
    open_to_doubt = not link.certain and link.decision is None
    return LinkView(
        a=link.a,
        b=link.b,
        sentences=tuple(_say(kind, words) for kind in kinds),
        certain=link.certain,
        decided=decided,
        proposal=words.digits(f"{link.score:.2f}") if open_to_doubt else "",
    )


def open_claim(claim: Claim, words: Words) -> tuple[str, str, str]:
    """(sentence, address as shown, why it could not be had) of a version that is named but not here."""
    if claim.broken:
        said = words.gettext("The page names another version that could not be had:")
    else:
        said = words.gettext("The page names another version that is not in the archive yet:")
    return said, readable_url(claim.target), claim.broken or ""


def happenings(
    story: Story, events: tuple[Event, ...], story_of: Callable[[ArticleId], int | None], words: Words
) -> tuple[Happening, ...]:
    """Newest first, once a pair: only what still holds, and only partings and joinings that a person decided."""
    told: dict[int, Happening] = {}
    mine = {version.article for version in story.versions}
    first = story.versions[0].article
    for event in reversed(events):
        if event.other in told or event.decision is None:
            continue
        day = words.day(event.at)
        if event.kind in (EventKind.OUT, EventKind.OWN):
            away = event.article if event.kind is EventKind.OUT else ArticleId(event.other)
            if away in mine or story_of(away) == story.id:
                continue
            text = words.gettext("A version was taken out of this story on %s.") % day
            if event.kind is EventKind.OWN:
                text = words.gettext("This was part of another story until %s.") % day
            mate = event.article if event.kind is EventKind.OWN else first
            told[event.other] = Happening(text, url("pages.story", story=event.other), mate, away)
        elif event.kind is EventKind.FROM and event.article in mine:
            told[event.other] = Happening(words.gettext("Joined by hand on %s.") % day)
    return tuple(told.values())
