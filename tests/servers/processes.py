"""What both servers need: free ports, a user that is not root, folders this user can reach, an orderly stop."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

HOST = "127.0.0.1"
# Not in anybody's home and not in the checkout: neither can be reached by the servers' user when root owns it.
SERVERS = Path(os.environ.get("WARRAQ_TEST_SERVERS", "/var/tmp/warraq-servers"))
USER = "warraq-servers"
MEMORY = Path("/dev/shm")  # a folder in memory on Linux
_RUN = re.compile(r"(?:elasticsearch-\w+|postgresql|unpack)-(\d+)-\w{8}")  # its maker's process is in a folder's name
_SERVER = "server.pid"


class ServerMissing(Exception):
    """A server that this machine does not have, and how to get it."""


class PortTaken(Exception):
    """Something else listens there."""


def free_port() -> int:
    return own_port(0)


def own_port(asked: int) -> int:
    """The port asked for; 0 is any.

    Raises:
        PortTaken: another process has it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: what ended just now hinders nobody
        try:
            probe.bind((HOST, asked))
        except OSError as error:
            raise PortTaken(f"port {asked} is taken ({error.strerror}): name another, or end what has it") from None
        return int(probe.getsockname()[1])


def account() -> pwd.struct_passwd:
    """Who runs the servers: ourselves, or, where we are root (which both servers refuse), a user made for it."""
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER], check=True
        )
        return pwd.getpwnam(USER)


def scratch(name: str, in_memory: bool = False) -> Path:
    """A fresh folder of the servers' user. Those that killed runs left are deleted."""
    runs = MEMORY if in_memory and os.access(MEMORY, os.W_OK) else SERVERS / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    _sweep(runs)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=runs))
    own(folder)
    return folder


def _sweep(runs: Path) -> None:
    """Folders whose maker is gone and whose server is gone, or was never started."""
    for folder in runs.iterdir():
        if (made := _RUN.fullmatch(folder.name)) and not _exists(os.kill, int(made[1])):
            server = folder / _SERVER
            if not server.exists() or not _exists(os.killpg, int(server.read_text(encoding="ascii") or 0)):
                shutil.rmtree(folder, ignore_errors=True)


def _exists(ask: Callable[[int, int], None], number: int) -> bool:
    try:
        ask(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def own(folder: Path) -> None:
    """Hand a folder and what is in it to the servers' user."""
    user = account()
    for path in (folder, *folder.rglob("*")):
        if os.getuid() == 0:
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    folder.chmod(0o755)


class Process:
    """A server's process, in its own session, with its output in a file."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, start_in: Path | None = None
    ) -> None:
        user = account()
        ours = {} if os.getuid() else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.folder = folder
        self.log = folder / "output.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(command), env=dict(environment), cwd=start_in or folder, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True, **ours,  # type: ignore[call-overload]
            )  # fmt: skip
        (folder / _SERVER).write_text(str(self._process.pid), encoding="ascii")

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def tail(self) -> str:
        """The last lines it printed, for an error message."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def stop(self, signal: int = 15, seconds: float = 60) -> None:
        if self.alive:
            self._process.send_signal(signal)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Delete its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
