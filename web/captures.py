"""Raw captures as downloads: a WARC record as stored, never rendered and never under the publisher's own type."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, abort

from archive.model import Access, CaptureId
from web.services import services

captures = Blueprint("captures", __name__)


@captures.get("/capture/<record>.warc")
def download(record: str) -> Response:
    """The record of a capture's id. 403 where whole texts may not be given to the world."""
    given = services()
    capture = given.store.capture(CaptureId(record))
    if given.captures is None or capture is None or capture.access is not Access.KEPT:
        abort(404)
    if given.open_to_world:
        abort(403)
    answer = Response(gzip.decompress(given.captures.member(capture)), mimetype="application/warc")
    answer.headers["Content-Disposition"] = f'attachment; filename="{capture.id}.warc"'
    return answer
