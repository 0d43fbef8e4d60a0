"""The rows of the catalogue that are tried, by number."""

from __future__ import annotations

from tests.faults import bulk, failing_writes, killed_indexer, swapping
from tests.faults.ground import DATABASES, ENGINES
from tests.faults.tally import Row

ROWS = (
    Row(
        14,
        "failing-writes",
        "The database fails at the n-th statement or commit, for every n of ten actions (disk full, I/O error, "
        "read-only, busy; sessions cut by the server), and real full disks, page by page and, for captures, byte by "
        "byte. Violated when anything of the action is there, an error is not one line, or a success is not whole.",
        failing_writes.run,
        DATABASES,
    ),
    Row(
        17,
        "bulk-troubles",
        "Every request of writing an index meets 429, 503, a cut before or after the server dealt with it, a time-out, "
        "half an answer; documents rejected one by one; a document that the server cannot take. Violated when a story "
        "is lost or doubled, or the refused one is not named with its reason.",
        bulk.run,
        ("elasticsearch",),
    ),
    Row(
        18,
        "killed-indexer",
        "The process that writes the index is killed with SIGKILL at every step: each look at the store, each commit or "
        "each answer of the server, among them the one before the change number is noted. Violated when another "
        "process that goes on leaves a story lost, doubled or stale.",
        killed_indexer.run,
        ENGINES,
    ),
    Row(
        20,
        "swap-under-load",
        "The index is made anew again and again while two readers search and the archive changes, and by a process that "
        "is killed at every step. Violated when a search fails, is empty or partial, or the index is not in step "
        "afterwards.",
        swapping.run,
        ENGINES,
    ),
)
