"""One Elasticsearch for all tests of a run, also when several processes share the work."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.needs import lacking
from tests.servers.elasticsearch import Node
from tests.servers.processes import ServerMissing

ADDRESS = "WARRAQ_TEST_ELASTICSEARCH"  # of a server that runs already, so that a single test need not wait for one


@contextmanager
def elasticsearch(folder: Path) -> Iterator[str]:
    """The address of a node that all who name the same folder use; the last one stops it."""
    if named := os.environ.get(ADDRESS):
        yield named
        return
    with _state(folder) as state:
        if not state:
            node = Node().wait()
            state |= {"address": node.url, "pid": node.pid, "folder": str(node.folder), "users": 0}
        state["users"] += 1
        address: str = state["address"]
    try:
        yield address
    finally:
        with _state(folder) as state:
            state["users"] -= 1
            if not state["users"]:
                _stop(state["pid"], Path(state["folder"]))
                state.clear()


@pytest.fixture(scope="session")
def elasticsearch_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Skips by name where the server is missing, unless nothing may be skipped."""
    workers = tmp_path_factory.getbasetemp()
    try:
        with elasticsearch((workers.parent if workers.name.startswith("popen-") else workers) / "servers") as address:
            yield address
    except ServerMissing as error:
        missing(error)


def missing(error: ServerMissing) -> NoReturn:
    """Skips, or fails where nothing may be skipped."""
    lacking(str(error))


@contextmanager
def _state(folder: Path) -> Iterator[dict[str, Any]]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "elasticsearch.json").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        yield state
        file.seek(0)
        file.truncate()
        file.write(json.dumps(state))


def _stop(pid: int, folder: Path) -> None:
    """Also from a process that is not its parent."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and _alive(pid):
            time.sleep(0.1)
        os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
