"""A PostgreSQL cluster of its own: made by initdb, listening on a free port of 127.0.0.1, gone after stop."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.processes import HOST, Process, ServerMissing, account, free_port, scratch


def programs() -> Path:
    """The folder of initdb and postgres: PG_BIN, the newest of Debian's, or the one on the PATH.

    Raises:
        ServerMissing: there is none.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    onpath = shutil.which("postgres")
    named = os.environ.get("PG_BIN")
    for folder in (*((Path(named),) if named else ()), *debian, *((Path(onpath).resolve().parent,) if onpath else ())):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerMissing("no PostgreSQL: install Debian's postgresql package, or name its programs' folder in PG_BIN")


class PostgreSQL:
    """One server. `url(database)` makes a database of that name and gives its address.

    `durable=False`: its files are in memory where there is a folder for that, and nothing waits for the disk.
    """

    def __init__(self, port: int | None = None, durable: bool = True) -> None:
        self.port = port or free_port()
        self._bin = programs()
        self.folder = scratch("postgresql", in_memory=not durable)
        self._password = secrets.token_hex(16)
        self._initialise()
        command = [str(self._bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        for option in (f"listen_addresses={HOST}", f"unix_socket_directories={self.folder}", "max_connections=50"):
            command += ["-c", option]
        for option in ("fsync", "synchronous_commit", "full_page_writes"):
            command += ["-c", f"{option}={'on' if durable else 'off'}"]
        self._process = Process(command, self._environment, self.folder)
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "PGPASSWORD": self._password}

    def _initialise(self) -> None:
        password = self.folder / "password"
        password.write_text(self._password, encoding="ascii")
        user = account()
        if os.getuid() == 0:
            os.chown(password, user.pw_uid, user.pw_gid)
        self.run(
            "initdb", "-D", str(self.folder / "data"), "-U", "warraq", "--pwfile", str(password), "-A",
            "scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        password.unlink()

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, as the server's user."""
        ours = {} if os.getuid() else {"user": account().pw_uid, "group": account().pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self._bin / program), *arguments], env=self._environment, cwd=self.folder, capture_output=True,
            text=True, check=False, **ours,  # type: ignore[call-overload]
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def _wait(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self._process.alive and time.monotonic() < deadline:
            try:
                return self.run("pg_isready", "-h", HOST, "-p", str(self.port), "-q")
            except RuntimeError:
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start:\n{self._process.tail()}")

    @property
    def alive(self) -> bool:
        return self._process.alive

    def tail(self) -> str:
        return self._process.tail()

    def url(self, database: str) -> str:
        self.run("createdb", "-h", HOST, "-p", str(self.port), "-U", "warraq", database)
        return self.address(database)

    def address(self, database: str) -> str:
        """Of a database that is there."""
        return f"postgresql+psycopg://warraq:{self._password}@{HOST}:{self.port}/{database}"

    def stop(self) -> None:
        self._process.stop(signal=2)  # SIGINT: a fast shutdown, sessions are cut off
        self._process.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
