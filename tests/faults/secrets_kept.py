"""Row 37: secrets in the repository, in what is printed and logged, in the list of processes, in defaults."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.faults.ground import Ground
from tests.faults.tally import Tally
from tests.servers.processes import free_port
from warraq.settings import Settings, SettingsError, load

ROOT = Path(__file__).resolve().parents[2]
TEXT = 400_000  # bytes of a file that are looked at
PATTERNS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{30,}|glpat-[\w-]{20}|xox[baprs]-[\w-]{10,})",
    "a password in an address": r"\b[a-z][a-z0-9+]*://[^\s:/@\"'<>{}$]+:(?!\*{3}|password@)[^\s:/@\"'<>{}$]{8,}@[\w.-]+",
    "a password that is set": r"(?i)^\s*[A-Z_]*(?:PASSWORD|SECRET|KEY|TOKEN)\s*[=:]\s*[\"']?[\w+/-]{12,}[\"']?\s*$",
}
COMMANDS = (("doctor",), ("index", "status"), ("index", "sync"), ("migrate",), ("search", "water"), ("verify",))


def run(ground: Ground, on: str, tally: Tally) -> None:
    _repository(tally)
    _defaults(tally)
    _examples(ground, tally)
    _printed(ground, tally)
    _served(ground, tally)


def _repository(tally: Tally) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        found = path.read_bytes()[:TEXT].decode("utf-8", "ignore")
        tally.case(not re.search(r"(^|/)\.env$|\.(pem|key|p12|keystore)$", name), f"{name} is in the repository")
        for what, pattern in PATTERNS.items():
            hit = re.search(pattern, found, re.M)
            tally.case(not hit or name.startswith("tests/"), f"{name}: {what}")


def _defaults(tally: Tally) -> None:
    """No setting comes with a secret, none shows it when it is printed."""
    plain = Settings()
    for name in ("search_key", "search_password"):
        tally.case(not getattr(plain, name).get_secret_value(), f"{name} has a default")
        given = Settings.model_validate({name: "v3ry-s3cret-value"})
        tally.case("v3ry" not in f"{given!r} {given} {getattr(given, name)}", f"{name} is shown")


def _examples(ground: Ground, tally: Tally) -> None:
    """It refuses to start with an example in the place of a secret, and does not repeat it."""
    for example in ("changeme", "CHANGEME", "change-me", "secret", "password", "example"):
        for name in ("WARRAQ_SEARCH_PASSWORD", "WARRAQ_SEARCH_KEY"):
            try:
                load({"WARRAQ_HOME": str(ground.fresh("home")), name: example})
            except SettingsError as error:
                tally.case(name in str(error), f"{name}={example}: {error}")
            else:
                tally.case(False, f"starts with {name}={example}")


def _settings(ground: Ground) -> tuple[dict[str, str], list[str]]:
    """Settings with secrets in them, of servers that do not answer; and those secrets."""
    one, two, three = (secrets.token_hex(12) for _ in range(3))
    given = {
        "WARRAQ_HOME": str(ground.fresh("home")),
        "WARRAQ_SEARCH": f"http://127.0.0.1:{free_port()}",
        "WARRAQ_SEARCH_USER": "elastic",
        "WARRAQ_SEARCH_PASSWORD": one,
        "WARRAQ_SEARCH_KEY": two,
        "WARRAQ_DATABASE": f"postgresql+psycopg://warraq:{three}@127.0.0.1:{free_port()}/warraq",
    }
    return given, [one, two, three]


def _printed(ground: Ground, tally: Tally) -> None:
    """By commands, with servers that answer nothing, with wrong settings, with an address that cannot be read."""
    given, hidden = _settings(ground)
    sqlite = given | {"WARRAQ_DATABASE": f"sqlite:///{ground.fresh('store')}/archive.db"}
    broken = given | {"WARRAQ_DATABASE": given["WARRAQ_DATABASE"].replace("postgresql+psycopg", "nonsense")}
    port = given | {"WARRAQ_DATABASE": "x/".join(given["WARRAQ_DATABASE"].rsplit("/", 1))}
    signs = given | {"WARRAQ_DATABASE": given["WARRAQ_DATABASE"].replace(hidden[2], "/a@".join((hidden[2], hidden[0])))}
    in_address = given | {"WARRAQ_SEARCH": f"https://elastic:{hidden[0]}@127.0.0.1:9"}
    for settings in (given, sqlite, broken, port, signs, in_address):
        for command in COMMANDS[: ground.size(2, 6)]:
            done = subprocess.run(
                [sys.executable, "-m", "warraq.cli", *command], env=_environment(settings), cwd=ROOT, text=True,
                capture_output=True, check=False, timeout=120,
            )  # fmt: skip
            said = done.stdout + done.stderr
            shown = [name for name, value in settings.items() if any(one in said for one in hidden)]
            tally.case(not shown, f"warraq {' '.join(command)} shows a secret: {_around(said, hidden)}")
            tally.case("Traceback" not in said, f"warraq {' '.join(command)} ends in a traceback")


def _around(said: str, hidden: list[str]) -> str:
    """The place, with the secret taken out."""
    for one in hidden:
        if (at := said.find(one)) >= 0:
            return said[max(0, at - 60) : at].replace("\n", " ") + "…"
    return ""


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **settings}


def _served(ground: Ground, tally: Tally) -> None:
    """While the pages are served: its log, its command line, the pages and the file of its own secret."""
    given, hidden = _settings(ground)
    given |= {"WARRAQ_DATABASE": f"sqlite:///{ground.fresh('store')}/archive.db", "WARRAQ_PORT": str(free_port())}
    home = Path(given["WARRAQ_HOME"])
    with _running(given, home / "log") as process:
        pages = "".join(_page(f"http://127.0.0.1:{given['WARRAQ_PORT']}{path}") for path in ("/en/", "/en/search?q=a"))
        tally.case(pages and not any(one in pages for one in hidden), "a page shows a secret")
        arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes().decode()
        tally.case(not any(one in arguments for one in hidden), "the list of processes shows a secret")
        time.sleep(2)  # the thread that keeps the index has failed and said so by then
    log = (home / "log").read_text(encoding="utf-8", errors="replace")
    tally.case(log and not any(one in log for one in hidden), f"the log shows a secret: {_around(log, hidden)}")
    own = home / "secret"
    tally.case(own.stat().st_mode & 0o077 == 0, "others may read the secret of the pages")
    tally.case(own.read_text(encoding="ascii") not in log + pages, "the secret of the pages is shown")


@contextmanager
def _running(settings: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        command = [sys.executable, "-m", "warraq.cli", "serve"]
        process = subprocess.Popen(command, env=_environment(settings), cwd=ROOT, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _page(address: str) -> str:
    """What is answered, also with an error; "" when nothing answers for half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return httpx.get(address, timeout=20).text
        except httpx.TransportError:
            time.sleep(0.2)
    return ""
