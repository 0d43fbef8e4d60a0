"""The opening of a story: each version's headline with its section, authors and times."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Story, Version
from web.cards import columns
from web.labels import outlet_name, section_name, zone
from web.proof import Moment, moment
from web.render import url
from web.services import Services
from web.texts import BlockView, Marker
from web.unavailable import unavailable
from web.words import Words


@dataclass(frozen=True, slots=True)
class Named:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class HeadView:
    """The opening of one version, in the version's own language where that is one of the interface."""

    lang: str
    title: BlockView | None  # None: withheld, purged, or there is no such version
    kicker: str = ""
    section: str = ""
    outlet: str = ""
    by: str = ""
    authors: tuple[Named, ...] = ()
    published: Moment | None = None
    changed: str = ""
    dateline: str = ""
    missing: str = ""
    warnings: tuple[str, ...] = ()


def heads_of(
    story: Story, shown: tuple[Version, ...], given: Services, words: Words, marks: Marker
) -> tuple[HeadView, ...]:
    """Of the one version that was chosen, or of both languages: a column without text says why."""
    if len(shown) == 1 and sum(version.readable for version in story.versions) > 1:
        return (_head(shown[0], given, words, marks),)
    heads = []
    for lang in columns(words.lang):
        version = next((v for v in story.versions if v.lang == lang), None)
        heads.append(_head(version, given, words, marks) if version else _nothing(lang, words))
    if not any(version.lang in columns(words.lang) for version in story.versions):
        return tuple(_head(version, given, words, marks) for version in shown or story.versions[:1])
    return tuple(heads)


def _nothing(lang: str, words: Words) -> HeadView:
    if lang == "en":
        return HeadView(lang, None, missing=words.gettext("No English version was found."))
    return HeadView(lang, None, missing=words.gettext("No Arabic version was found."))


def _head(version: Version, given: Services, words: Words, marks: Marker) -> HeadView:
    lang = str(version.lang)
    own = words.in_language(lang) if lang in ("ar", "en") else words  # type: ignore[arg-type]
    outlet = outlet_name(given.outlets, version.outlet, own.lang)
    content = version.revision.content
    if content is None:
        return HeadView(lang, None, outlet=outlet, missing=unavailable(version, given, words))
    changed = ""
    if version.changed:
        day = own.day(version.changed.astimezone(zone(given.outlets, version.outlet)))
        changed = own.gettext("changed on %s") % day
    return HeadView(
        lang=lang,
        title=BlockView(f"{lang}-0", "title", marks(content.title, lang)),
        kicker=content.kicker or "",
        section=section_name(given.outlets, content.section, own.lang, version.outlet) if content.section else "",
        outlet=outlet,
        by=own.gettext("By"),
        authors=tuple(Named(name, url("pages.search", q=f'{_field(own)}:"{name}"')) for name in content.authors),
        published=moment(content.published, version.outlet, given.outlets, own) if content.published else None,
        changed=changed,
        dateline=content.dateline or "",
        warnings=content.warnings if not given.open_to_world else (),
    )


def _field(words: Words) -> str:
    return "الكاتب" if words.lang == "ar" else "author"
