"""The same as the pages, as JSON: `GET /api/search`, `GET /api/stories/<story>`. One shape of error (web.errors)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from archive.exporting import instant, records
from archive.model import AR, EN, ArticleId, Story, StoryId, Version
from indexer.engine import Hit, Piece, SideHit
from indexer.query import parse
from indexer.suggest import Suggestion
from web.errors import json_error
from web.expansions import Expansion, expansions
from web.params import PAGE_SIZE, SearchParams
from web.services import Services, services
from web.suggestions import suggested
from web.texts import aligned

api = Blueprint("api", __name__)
MOST = 100
EXCERPT_BLOCKS = 1


@api.get("/api/search")
@api.get("/search.json", endpoint="search_json")
def search() -> Answer:
    """{"query", "expansions", "total", "complete", "index_behind", "stories", "facets", "years", "notes",
    "suggestions", "next"}

    Suggestions are made when nothing was found. At most `limit` stories (10; 100 at most), beginning at `cursor`, which
    is what `next` of the answer before said.
    """
    given, params = services(), SearchParams.read(request.args)
    if params.bad_dates:
        return json_error(400, "bad-date", f"not a date: {params.bad_dates[0]}; write 2024, 2024-03 or 2024-03-05")
    query = parse(params.q)
    if query.address:
        return jsonify(_lookup(given, params.q, query.address))
    cursor, wanted = request.args.get("cursor", ""), request.args.get("limit", "")
    limit = min(max(1, int(wanted)), MOST) if wanted.isdecimal() and len(wanted) < 6 else PAGE_SIZE
    if cursor.isdecimal() and len(cursor) < 6:
        params = params.but(page=max(1, int(cursor)))
    knowledge = given.knowledge()
    asked = params.request(query, given.outlets, knowledge, limit=limit)
    results = given.engine.search(asked)
    expanded = expansions(asked.query, params, lambda: params.whole(query, given.outlets, knowledge))
    more = results.total > params.page * limit
    return jsonify(
        {
            "query": query.text,
            "expansions": [_expansion(expansion) for expansion in expanded],
            "total": results.total,
            "complete": results.complete,
            "index_behind": given.behind(),
            "notes": [{"key": note.key, **dict(note.values)} for note in (*query.notes, *results.notes)],
            "stories": [_hit(hit) for hit in results.hits],
            "facets": {field: dict(counts) for field, counts in results.facets.items()},
            "years": [{"year": y.year, "both": y.both, "ar": y.ar, "en": y.en} for y in results.years],
            "suggestions": [] if results.total else [_suggestion(s) for s in suggested(params, query, given)],
            "next": str(params.page + 1) if more else None,
        }
    )


def _expansion(expansion: Expansion) -> dict[str, Any]:
    found = expansion.alternative
    return {
        "typed": expansion.typed,
        "kind": found.kind,
        "source": found.source,
        "side": found.side,
        "terms": list(found.terms),
        "weight": found.weight,
        "off": expansion.off,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "kind": suggestion.kind,
        "query": suggestion.text,
        "without": [*suggestion.without, *suggestion.parts],
        "total": suggestion.total,
    }


def _lookup(given: Services, typed: str, address: str) -> dict[str, Any]:
    """An address as the query: its story, or none."""
    article = given.store.find(address)
    home = given.store.story_of(article) if article is not None else None
    found = [] if home is None else [{"story": home, "url": url_for("api.story", story=home)}]
    return {"query": typed, "total": len(found), "stories": found, "next": None}


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _side(side: SideHit) -> dict[str, Any]:
    return {
        "title": _text(side.title),
        "passage": _text(side.passage),
        "pieces": [{"text": piece.text, "match": piece.match} for piece in side.passage],
        "url": side.url,
        "authors": list(side.authors),
        "published": side.published,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "story": hit.story,
        "score": hit.score,
        "day": hit.day.isoformat() if hit.day else None,
        "outlet": hit.outlet,
        "section": hit.section,
        "stale": hit.stale,
        **{lang: _side(side) for lang, side in hit.sides.items()},
        "why": [{"kind": reason.kind, "words": list(reason.words)} for reason in hit.why],
    }


@api.get("/api/stories/<int:story>")
@api.get("/story/<int:story>.json", endpoint="story_json")
def story(story: int) -> Answer:
    """{"story", "day", "stale", "versions", "alignment", "links", "open_claims"}; blocks are cut to the first where
    this instance may not show whole texts ("whole": false)."""
    store = services().store
    home = store.story_of(ArticleId(story)) if story < 2**63 else None
    if home is None:
        abort(404)
    if home != story:
        return redirect(url_for(str(request.endpoint), story=home), 308)
    found = store.story(StoryId(home)) or abort(404)
    return jsonify(_story(found, services()))


def _story(story: Story, given: Services) -> dict[str, Any]:
    details = {version.article: _version(version, given) for version in story.versions}
    versions = [{**record, **details[record["article"]]} for record in records(story)]
    for version in versions:
        if not version["whole"]:
            version["blocks"] = version["blocks"][:EXCERPT_BLOCKS]
    return {
        "story": story.id,
        "day": story.day.isoformat() if story.day else None,
        "stale": story.stale,
        "versions": versions,
        "alignment": _alignment(story) if all(version["whole"] for version in versions) else None,
        "links": [
            {"a": link.a, "b": link.b, "evidence": link.evidence, "certain": link.certain, "score": link.score}
            for link in story.links
        ],
        "open_claims": [
            {"article": claim.article, "target": claim.target, "evidence": claim.evidence, "broken": claim.broken}
            for claim in story.open_claims
        ],
    }


def _version(version: Version, given: Services) -> dict[str, Any]:
    return {
        "outlet": version.outlet,
        "whole": given.may_show_whole(version.outlet),
        "removed": instant(version.removed),
        "checks": version.checks,
        "last_check": instant(version.last_check),
        "revisions": [
            {"number": r.number, "first_seen": instant(r.first_seen), "digest": r.digest, "capture": r.capture}
            for r in version.revisions
        ],
    }


def _alignment(story: Story) -> list[dict[str, Any]] | None:
    """Rows of block numbers (from 0) that say the same; an empty side has no counterpart."""
    arabic, english = story.version(AR), story.version(EN)
    if not (arabic and arabic.readable and english and english.readable):
        return None
    rows = aligned(arabic, english)
    return [{"ar": list(row.left), "en": list(row.right), "score": row.score} for row in rows]
