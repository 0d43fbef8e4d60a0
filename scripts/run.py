"""`make run`: the sample outlet on loopback, collected over real HTTP into WARRAQ_HOME, and the archive's pages.

Stays in the foreground; Ctrl-C stops all that it started.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
TRIES = ("نازحين الرقه", '"water pipes"', "school -election")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def port(variable: str, default: int) -> int:
    """The port that a variable names, which must be free.

    Raises:
        SystemExit: it is no port, or somebody else has it.
    """
    given = os.environ.get(variable, str(default))
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise SystemExit(f"run: {variable}={given} is no port; choose one from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(given)))
        except OSError as error:
            raise SystemExit(
                f"run: port {given} cannot be had ({error.strerror}); stop what uses it, or choose another: "
                f"{variable}={int(given) + 1000} make run"
            ) from None
    return int(given)


def start(running: ExitStack, *command: str, **variables: str) -> subprocess.Popen[bytes]:
    """A process that ends when `running` closes. Its own group: Ctrl-C reaches us alone, and we stop it in order."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=os.environ | variables, start_new_session=True)
    running.callback(stop, process)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(process: subprocess.Popen[bytes], number: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, number)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"run: nothing answers on port {number}; see the lines above")


def main() -> None:
    signal.signal(signal.SIGTERM, _as_interrupt)
    pages, arabic, english = (
        port("WARRAQ_PORT", 8000),
        port("WARRAQ_SAMPLE_ARABIC_PORT", 8101),
        port("WARRAQ_SAMPLE_ENGLISH_PORT", 8102),
    )
    home = Path(os.environ.get("WARRAQ_HOME", "var")).absolute()
    allowed = ",".join(filter(None, (os.environ.get("WARRAQ_ALLOW_HOSTS"), f"{HOST}:{arabic}", f"{HOST}:{english}")))
    settings = {"WARRAQ_HOME": str(home), "WARRAQ_ALLOW_HOSTS": allowed, "WARRAQ_PORT": str(pages)}
    with ExitStack() as running:
        declaration = home / "outlets" / "sample.toml"
        declaration.parent.mkdir(parents=True, exist_ok=True)
        ports = ("--arabic-port", str(arabic), "--english-port", str(english))
        edited = ("--edited",) if os.environ.get("WARRAQ_SAMPLE_EDITED") == "1" else ()
        site = start(running, "-m", "tests.site", *ports, *edited, "--declaration", str(declaration))
        wait_until_it_answers(site, arabic)
        wait_until_it_answers(site, english)
        install_dictionary(running, home, settings)
        say(f"run: collecting the sample outlet into {home}")
        collected = start(running, "-m", "warraq.cli", "collect", "sample", **settings)
        if collected.wait():
            raise SystemExit("run: the sample outlet could not be collected; see the lines above")
        served = start(running, "-m", "warraq.cli", "serve", **settings)
        wait_until_it_answers(served, pages)
        greet(pages, arabic, english)
        served.wait()


def install_dictionary(running: ExitStack, home: Path, settings: dict[str, str]) -> None:
    """The Arabic dictionary, once. Without a network the archive starts without it."""
    if "WARRAQ_MORPHOLOGY" in os.environ or (home / "analysis" / "dictionary" / "morphology.db").exists():
        return
    say("run: getting a dictionary of Arabic")
    if start(running, "-m", "warraq.cli", "morphology", "install", **settings).wait():
        say("run: no dictionary, so Arabic words are found by spelling and light stem alone; the line above says why")


def greet(pages: int, arabic: int, english: int) -> None:
    from urllib.parse import quote_plus

    say(
        f"\nThe archive is at   http://{HOST}:{pages}/\nIts sample outlet   http://{HOST}:{english}/ and http://{HOST}:{arabic}/\nTry:"
    )
    for query in TRIES:
        say(f"  {query:24} http://{HOST}:{pages}/search?q={quote_plus(query)}")
    say("Ctrl-C stops everything.")


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("\nrun: stopped")
