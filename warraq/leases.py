"""Who may write: leases of the store, which a process that died does not keep."""

from __future__ import annotations

import logging
import os
import socket
import threading
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager

import click

from archive.store import Lease, StoreError
from warraq.home import Home

INDEXER, COLLECTOR = "indexer", "collector"
SECONDS = 60.0  # a lease that is not renewed for so long is free again

log = logging.getLogger(__name__)


@contextmanager
def held(home: Home, name: str) -> Iterator[Lease]:
    """The lease, false where somebody else holds it. One whose process has died on this machine is taken over."""
    with home.store.lease(name, home.holder, SECONDS) as lease:
        if not lease and lease.other and _dead(lease.other):
            home.store.break_lease(name, lease.other)
            lease.acquire()
        yield lease


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One collector at a time: two would break the politeness that each keeps by itself. Renewed meanwhile."""
    with held(home, COLLECTOR) as lease:
        if not lease:
            raise click.ClickException(
                f"another process ({lease.other or 'unknown'}) is collecting into this archive; wait for it, or stop it"
            )
        done = threading.Event()
        renewing = threading.Thread(target=_renew, args=(lease, done), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()


def _renew(lease: Lease, done: threading.Event) -> None:
    """Hold the lease; where somebody else has it all the same, stop this process as Ctrl-C would."""
    while not done.wait(SECONDS / 4):
        try:
            if not lease.renew():
                log.error("another process has taken over collecting; this one stops")
                interrupt_main()
                break
        except StoreError as error:
            log.warning("the collector's lease was not renewed: %s", error)


def _dead(holder: str) -> bool:
    """Whether a holder (host:pid and a token) was a process of this machine that is no more."""
    host, _, number = holder.partition(" ")[0].rpartition(":")
    if host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
