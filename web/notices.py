"""What a reader must know before reading a story: out of date, only proposed, removed by the publisher, one-sided."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Story, Version
from web.labels import zone
from web.render import url
from web.services import Services
from web.words import Words


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the text. `lead` is set in bold; strong ones are amber."""

    lead: str
    text: str = ""
    href: str = ""
    action: str = ""
    strong: bool = False


def notices_of(story: Story, given: Services, words: Words) -> tuple[Notice, ...]:
    notices = []
    if story.stale and (changed := story.version(story.stale)):
        notices.append(_stale(story, changed, given, words))
    for link in story.links:
        if not link.certain and link.decision is None:
            lead = words.gettext("Proposed link, %s.") % words.digits(f"{link.score:.2f}")
            text = words.gettext("These two may be versions of one story. Nobody has confirmed it yet.")
            notices.append(Notice(lead, text, "#link", words.gettext("See why")))
    for version in story.versions:
        if version.removed:
            notices.append(_removed(version, given, words))
    if len(story.versions) == 1 and story.versions[0].lang in ("ar", "en") and story.versions[0].readable:
        notices.append(_alone(story.versions[0], given, words))
    return tuple(notices)


def _stale(story: Story, changed: Version, given: Services, words: Words) -> Notice:
    when = words.moment(changed.revision.first_seen, zone(given.outlets, changed.outlet))
    if changed.lang == "ar":
        lead = words.gettext("The Arabic was changed on %s, after the English was published.")
        text, action = (
            words.gettext("The English has not been changed since."),
            words.gettext("See what changed in the Arabic"),
        )
    else:
        lead = words.gettext("The English was changed on %s, after the Arabic was published.")
        text, action = (
            words.gettext("The Arabic has not been changed since."),
            words.gettext("See what changed in the English"),
        )
    href = url("pages.revisions", story=story.id, side=changed.lang)
    return Notice(lead % when, text, href, action, strong=True)


def _removed(version: Version, given: Services, words: Words) -> Notice:
    where = zone(given.outlets, version.outlet)
    lead = words.gettext("The publisher has removed this page.")
    if version.lang in ("ar", "en"):
        lead = (
            words.gettext("The publisher has removed the Arabic page.")
            if version.lang == "ar"
            else words.gettext("The publisher has removed the English page.")
        )
    gone = version.removed.astimezone(where) if version.removed else None
    text = words.gettext("Gone since %(gone)s. What you read here is the capture of %(kept)s.")
    kept = version.revision.first_seen.astimezone(where)
    return Notice(lead, text % {"gone": words.day(gone), "kept": words.day(kept)})


def _alone(version: Version, given: Services, words: Words) -> Notice:
    if version.lang == "ar":
        lead, text = words.gettext("Arabic only."), words.gettext("No English version was found.")
        action = words.gettext("Link an English version")
    else:
        lead, text = words.gettext("English only."), words.gettext("No Arabic version was found.")
        action = words.gettext("Link an Arabic version")
    if version.last_check:
        looked = words.day(version.last_check.astimezone(zone(given.outlets, version.outlet)))
        again = words.gettext("Last looked for on %s.") % looked
        text = f"{text} {again}"
    return Notice(lead, text, "" if given.open_to_world else "#link", action)
