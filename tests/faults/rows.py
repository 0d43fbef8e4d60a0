"""The rows of the catalogue that are tried, by number."""

from __future__ import annotations

from tests.faults import (
    backups,
    bulk,
    containers,
    drift,
    failing_writes,
    from_the_store,
    killed_indexer,
    late_writes,
    long_export,
    migrating,
    outages,
    partial,
    secrets_kept,
    swapping,
    two_engines,
)
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
        15,
        "backup-while-writing",
        "Backups while another thread collects, and at rest, are restored into new databases of both kinds. Violated "
        "when a row, a digest or a capture differs, or an article has no capture.",
        backups.run,
        DATABASES,
    ),
    Row(
        16,
        "migrations",
        "A filled database goes down to each older schema and up again, and is killed with SIGKILL at every statement "
        "of it. Violated when a row changed, or a killed migration left anything but the state before.",
        migrating.run,
        DATABASES,
    ),
    Row(
        17,
        "bulk-troubles",
        "Every request of writing an index meets 400, 413, 429, 503, a cut before or after the server dealt with it, "
        "a time-out, half an answer; requests may be no larger than a story; documents rejected one by one; a document "
        "that the server cannot take. Violated when a story is lost or doubled, or the refused one is not named with "
        "its reason.",
        bulk.run,
        ("elasticsearch",),
    ),
    Row(
        18,
        "killed-indexer",
        "The process that writes the index is killed with SIGKILL at every step: each look at the store, each commit "
        "or each answer of the server, among them the one before the change number is noted. Violated when another "
        "process that goes on leaves a story lost, doubled or stale.",
        killed_indexer.run,
        ENGINES,
    ),
    Row(
        19,
        "late-writes",
        "Batches that were read before newer changes come after them; stories change, merge and are purged between "
        "the batches of a rebuild; a writer that lost its lease wakes up after one, a rebuild that lost it between two "
        "batches of another writer. Violated when a story is stale or rises again.",
        late_writes.run,
        ENGINES,
    ),
    Row(
        20,
        "swap-under-load",
        "The index is made anew again and again while two readers search and the archive changes, and by a process "
        "that is killed at every step. Violated when a search fails, is partial or of another number of stories, when "
        "what is found after a kill is neither as before nor as it should be, or the index is not in step afterwards.",
        swapping.run,
        ENGINES,
    ),
    Row(
        21,
        "drift",
        "A third of the documents, at random, is missing, older, changed or too many. Violated when `verify` does not "
        "name one, names a sound one, or does not mend one.",
        drift.run,
        ENGINES,
    ),
    Row(
        22,
        "long-export",
        "More than 10,000 equal stories are exported and paged through. Violated when one is missing or doubled, or "
        "the total is not the truth.",
        long_export.run,
        ENGINES,
    ),
    Row(
        24,
        "partial-answers",
        "A part of the index does not answer (timed out, failed shards, one of several searches). Violated when a "
        "page, the JSON, the terminal or a list for an export shows the rest as if it were all.",
        partial.run,
        ENGINES,
    ),
    Row(
        26,
        "two-engines",
        "Trees of every operator and typed queries, with filters, are asked of both engines. Violated when the stories "
        "found, totals, facets, years, or (but for relevance) the order of the stories shown differ.",
        two_engines.run,
    ),
    Row(
        27,
        "from-the-store-alone",
        "The index is made from nothing but the store, and from a restored backup of it, and compared with one that "
        "grew change by change. Violated when a query finds other stories, or a document differs.",
        from_the_store.run,
        ENGINES,
    ),
    Row(
        34,
        "outages",
        "The index is damaged, the server of the index is down, answers 503 or is slow, the disk is full, the "
        "database's file is damaged, its server takes nobody. Violated when a page or the JSON gives anything but a "
        "503 in "
        "the reader's language with Retry-After, or when an article that could be read is not.",
        outages.run,
        (*ENGINES, *DATABASES),
    ),
    Row(
        36,
        "containers",
        "docker-compose.yml as docker-compose understands it, and the Dockerfile. Violated when a service runs as "
        "root, can write to its root, has a capability or no limit, is published (but the pages, to this machine), or "
        "starts without a password of its own.",
        containers.run,
    ),
    Row(
        37,
        "secrets",
        "Files of the repository, defaults, examples in the place of a secret; commands and the pages with secrets in "
        "their settings and servers that do not answer. Violated when a secret is in a file, an output, a log, a "
        "page or the list of processes, or an example is taken.",
        secrets_kept.run,
    ),
)
