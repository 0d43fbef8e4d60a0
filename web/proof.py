"""What the archive can show for a version: source, captures, digests, revisions, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from archive.model import Access, Capture, Version
from archive.publishers.declaration import Outlet
from archive.warc import CaptureError, WarcFolder
from web.cite import readable_url
from web.labels import UTC, language_name, zone, zone_name
from web.words import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant twice: in the outlet's time, and in UTC."""

    iso: str
    local: str
    place: str
    utc: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    number: int
    shown: str
    first_seen: Moment
    current: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class CaptureView:
    id: str
    at: Moment
    sha256: str  # of the decoded body, in groups of eight
    payload_sha256: str  # of the payload as stored
    stored: str  # file and offset
    answer: str
    available: bool
    state: str = ""  # of the stored bytes, looked at now: "intact", "damaged", "" not looked at


@dataclass(frozen=True, slots=True)
class ProofView:
    lang: str
    heading: str
    source: str  # an address that is safe to link to, else ""
    shown_source: str
    capture: CaptureView | None  # the one that the text shown was first read in
    others: tuple[CaptureView, ...]
    revisions: tuple[RevisionView, ...]  # newest first
    checks: str


def moment(instant: datetime, outlet: str, outlets: Mapping[str, Outlet], words: Words) -> Moment:
    where = zone(outlets, outlet)
    return Moment(
        instant.isoformat(), words.moment(instant, where), zone_name(where, words), words.moment(instant, UTC)
    )


def safe_link(url: str) -> str:
    """The address when a browser may be sent there; nothing for javascript:, data: and their like."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def grouped(digest: str) -> str:
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def version_name(lang: str, words: Words) -> str:
    """ "Arabic version"."""
    if lang == "ar":
        return words.gettext("Arabic version")
    if lang == "en":
        return words.gettext("English version")
    return words.gettext("Version in %s") % language_name(lang, words)


def intact(capture: Capture, folder: WarcFolder) -> bool:
    """Whether the stored bytes still are what was captured, by reading and hashing them."""
    try:
        folder.record(capture)
    except CaptureError:
        return False
    return True


def proof(version: Version, outlets: Mapping[str, Outlet], words: Words, folder: WarcFolder | None = None) -> ProofView:
    """With `folder` the capture that the text was read in is checked now; the others wait for `warraq verify`."""
    views = {capture.id: _capture(capture, version, outlets, words) for capture in version.captures}
    shown = views.pop(version.revision.capture, None)
    held = next((capture for capture in version.captures if capture.id == version.revision.capture), None)
    if shown and held and folder and shown.available:
        shown = replace(shown, state="intact" if intact(held, folder) else "damaged")
    checks = words.count("looked at once", "looked at %(num)s times", version.checks)
    if version.last_check:
        last = words.moment(version.last_check, zone(outlets, version.outlet))
        checks = words.gettext("%(looked)s, last %(when)s") % {"looked": checks, "when": last}
    return ProofView(
        lang=str(version.lang),
        heading=version_name(version.lang, words),
        source=safe_link(version.url),
        shown_source=readable_url(version.url),
        capture=shown,
        others=tuple(reversed(views.values())),
        revisions=tuple(
            RevisionView(
                number=revision.number,
                shown=words.number(revision.number),
                first_seen=moment(revision.first_seen, version.outlet, outlets, words),
                current=revision.number == version.revision.number,
                readable=revision.access is Access.KEPT,
            )
            for revision in reversed(version.revisions)
        ),
        checks=checks,
    )


def _capture(capture: Capture, version: Version, outlets: Mapping[str, Outlet], words: Words) -> CaptureView:
    return CaptureView(
        id=str(capture.id),
        at=moment(capture.at, version.outlet, outlets, words),
        sha256=grouped(capture.body_sha256),
        payload_sha256=grouped(capture.payload_sha256),
        stored=f"{capture.warc} @ {capture.offset}",
        answer=", ".join(part for part in (str(capture.status), capture.media_type) if part),
        available=capture.access is Access.KEPT,
    )
