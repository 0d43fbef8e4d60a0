"""Servers in the foreground: what a developer is told, and that nothing of them stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.needs import lacking
from tests.servers import postgresql, processes
from tests.servers.processes import HOST, SERVERS, ServerMissing, scratch

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tests.servers"]


@pytest.mark.parametrize("kind", ["elasticsearch", "postgresql"])
def test_a_port_that_is_taken_is_one_clear_line(kind: str) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run([*COMMAND, kind, str(port)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"servers: port {port} is taken") and done.stderr.count("\n") == 1


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not one of pytest's, which the servers' user cannot enter."""
    SERVERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="foreground-", dir=SERVERS) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def foreground(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """PostgreSQL, started as a script does with `&`: SIGINT ignored. With the server's own process."""
    try:
        postgresql.programs()
    except ServerMissing as error:
        lacking(str(error))
    command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *COMMAND, "postgresql"]
    where = os.environ | {"WARRAQ_TEST_SERVERS": str(folder)}
    with subprocess.Popen(
        command, cwd=ROOT, env=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout and run.stdout.readline().startswith("WARRAQ_DATABASE=postgresql+psycopg://")
            (server,) = (folder / "runs").glob("postgresql-*/server.pid")
            yield run, int(server.read_text(encoding="ascii"))
        finally:
            run.terminate()


def test_a_server_that_ends_by_itself_ends_the_command(folder: Path) -> None:
    with foreground(folder) as (run, server):
        os.kill(server, signal.SIGKILL)
        assert run.wait(30) == 1
        assert run.stderr and "the server ended" in run.stderr.read()
    assert not list((folder / "runs").iterdir())


def test_ctrl_c_stops_also_what_a_script_started_behind_it(folder: Path) -> None:
    with foreground(folder) as (run, server):
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(server, 0)
    assert not list((folder / "runs").iterdir())


def test_what_killed_runs_left_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not the folder of a server that outlives its maker, as one does that several test processes share."""
    monkeypatch.setattr(processes, "SERVERS", tmp_path)
    runs = tmp_path / "runs"
    ended = subprocess.Popen(["true"])
    ended.wait()
    for name in (f"postgresql-{ended.pid}-abcdefgh", f"elasticsearch-n1-{ended.pid}-abcd_fgh", "postgresql-notes"):
        (runs / name / "data").mkdir(parents=True)
    (runs / f"elasticsearch-n1-{ended.pid}-abcd_fgh/server.pid").write_text(str(os.getpgrp()))
    fresh = scratch("postgresql")
    assert {folder.name for folder in runs.iterdir()} == {
        fresh.name, f"elasticsearch-n1-{ended.pid}-abcd_fgh", "postgresql-notes"
    }  # fmt: skip
    assert scratch("postgresql").parent == runs and fresh.exists()
