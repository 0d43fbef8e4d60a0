"""Taking an article out for good: its captures become stubs, the digests stay."""

from __future__ import annotations

from dataclasses import replace

from archive.model import Access, ArticleId
from archive.store import Store
from archive.warc import WarcFolder


def purge(store: Store, captures: WarcFolder, article: ArticleId, reason: str) -> int:
    """Rewrite the captures of an article that the store has marked as purged. Returns how many.

    Killed at any step, run it again: the old files go only when the store knows the new places.
    """
    own = [capture for capture in store.captures(article) if capture.access is Access.PURGED]
    done = captures.purge(own, reason)
    known = {capture.id: capture for capture in store.captures()}
    store.relocate(
        replace(known[moved.capture], warc=moved.warc, offset=moved.offset, length=moved.length)
        for moved in done.moved
        if moved.capture in known
    )
    captures.drop(done.old)
    captures.drop(captures.unreferenced(store.captures()))
    return len(own)
