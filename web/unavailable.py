"""Why a version cannot be read here: withheld or purged, since when, and what the keeper gave as the reason."""

from __future__ import annotations

from archive.model import Version
from web.labels import zone
from web.services import Services
from web.words import N_, Words

OTHER = ""  # a language other than these two
WITHHELD = {
    "ar": N_("The Arabic version is withheld since %s"), "en": N_("The English version is withheld since %s"),
    OTHER: N_("This version is withheld since %s"),
}  # fmt: skip
PURGED = {
    "ar": N_("The Arabic version was purged on %s"), "en": N_("The English version was purged on %s"),
    OTHER: N_("This version was purged on %s"),
}  # fmt: skip
PLAIN = {
    "ar": N_("The Arabic version is not available."), "en": N_("The English version is not available."),
    OTHER: N_("This version is not available."),
}  # fmt: skip
SAID = {"withheld": WITHHELD, "purged": PURGED}


def unavailable(version: Version, given: Services, words: Words) -> str:
    """The sentence in place of a version's text; readers from outside are told neither day nor reason."""
    lang, access = version.lang if version.lang in PLAIN else OTHER, version.revision.access.value
    done = () if given.open_to_world else given.store.audit(subject=f"article {version.article}")
    order = next((entry for entry in done if entry.action == access), None)
    if order is None or access not in SAID:
        return words.gettext(PLAIN[lang])
    day = words.day(order.at.astimezone(zone(given.outlets, version.outlet)))
    said = words.gettext(SAID[access][lang]) % day
    return f"{said}: {order.detail}" if order.detail else f"{said}."
