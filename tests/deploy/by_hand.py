"""`python -m tests.deploy.by_hand build|run FOLDER`, of scripts/compose_by_hand.sh: a composition without containers.

Prints a line for each thing that was done, and ends with 1 at the first that does not work.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any
from urllib.request import urlopen

from tests.deploy.composition import config
from tests.deploy.layer import Image, entrypoint
from tests.servers.elasticsearch import Node
from tests.servers.postgresql import PostgreSQL, programs

Service = dict[str, Any]
# Settings that the test's server sets itself, or has no module for.
OF_NODE = ("xpack.security.enabled", "ingest.geoip.downloader.enabled")


class Broken(Exception):
    """Something that the files say does not work."""


def say(text: str) -> None:
    sys.stdout.write(f"ok   {text}\n")
    sys.stdout.flush()


def build(folder: Path) -> None:
    Image(folder).build()
    (folder / "built").touch()
    say("all steps of the Dockerfile")


def run(folder: Path) -> None:
    image = Image(folder)
    hosts = "127.0.0.1 localhost postgresql elasticsearch\n"
    image.inside("/etc/hosts").write_text(hosts, encoding="ascii")
    with ExitStack() as running:
        services = _databases(running)
        image.fill_volume("home", "/var/lib/warraq")
        _rights(image, services["web"])
        _web(image, services["web"], running)
        _collector(image, services["collector"], running)
        _keeping(image, services["web"])


def _databases(running: ExitStack) -> dict[str, Service]:
    """Both databases, on the ports and with the settings of the composition; the services, with their passwords."""
    chosen = {"POSTGRES_PASSWORD": "not known yet", "ELASTIC_PASSWORD": secrets.token_hex(24)}
    server = running.enter_context(PostgreSQL(5432))
    server.url("warraq")
    chosen["POSTGRES_PASSWORD"] = server.address("warraq").split(":")[2].partition("@")[0]
    services: dict[str, Service] = config(chosen)["services"]
    engine = services["elasticsearch"]
    given = {key: value for key, value in engine["environment"].items() if "." in key and key not in OF_NODE}
    told = [f"{key}={value}" for key, value in given.items()]
    running.enter_context(Node(9200, password=chosen["ELASTIC_PASSWORD"], settings=told))
    for name in ("postgresql", "elasticsearch"):
        one = services[name]
        _expect(subprocess.run(_test(one), env=_variables(one), capture_output=True, text=True, check=False), name)
        say(f"{name}: its health check passes")
    _initialise(services["postgresql"])
    return services


def _variables(service: Service) -> dict[str, str]:
    path = f"{programs()}:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, **{key: str(value) for key, value in service["environment"].items()}}


def _initialise(service: Service) -> None:
    """The arguments for making a new database folder are taken; so is the server's own command."""
    arguments = service["environment"]["POSTGRES_INITDB_ARGS"].split()
    fresh = PostgreSQL(durable=False)
    try:
        fresh.run("initdb", "-D", str(fresh.folder / "other"), "-U", "warraq", "--no-sync", *arguments)
        program, *options = service["command"]
        fresh.run(program, "-D", str(fresh.folder / "other"), *options, "-C", "shared_buffers")
    finally:
        fresh.stop()
    say("postgresql: its initdb arguments and its command are taken")


def _test(service: Service) -> list[str]:
    """The command of a health check. The file that docker-compose prints has $$ for $."""
    kind, *command = (part.replace("$$", "$") for part in service["healthcheck"]["test"])
    return list(command) if kind == "CMD" else ["/bin/sh", "-c", *command]


def _do(image: Image, service: Service, *command: str, wrong: bool = False) -> str:
    process = image.start(service, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = process.communicate(timeout=300)
    if bool(process.returncode) != wrong:
        raise Broken(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return said


def _expect(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode:
        raise Broken(f"{what}: ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _rights(image: Image, service: Service) -> None:
    said = _do(image, service, "sh", "-c", "id -u; grep -E 'Cap(Eff|Bnd)|NoNewPrivs' /proc/self/status")
    if said.split() != ["10001", "CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"]:
        raise Broken(f"wrong rights: {said}")
    for place in ("/opt/warraq/program/x", "/etc/x", "/usr/x"):
        _do(image, service, "sh", "-c", f"echo x > {place}", wrong=True)
    _do(image, service, "sh", "-c", "echo x > /tmp/x && echo x > /var/lib/warraq/x && rm /var/lib/warraq/x")
    say("web: not root, no rights of root, nothing to write to but its home and /tmp")


def _web(image: Image, service: Service, running: ExitStack) -> None:
    log = running.enter_context((image.folder / "web.log").open("w+", encoding="utf-8"))
    process = image.start(service, [*entrypoint(), *service["command"]], stdout=log, stderr=subprocess.STDOUT)
    running.callback(_stop, process)
    _healthy(image, service, process, log)
    with urlopen("http://127.0.0.1:8000/", timeout=10) as answer:
        if b"<html" not in answer.read():
            raise Broken("web: the first page is no page")
    say("web: serves the pages, and its health check passes")


def _healthy(image: Image, service: Service, process: subprocess.Popen[str], log: IO[str]) -> None:
    deadline = time.monotonic() + 90
    while process.poll() is None:
        try:
            _do(image, service, *_test(service))
            return
        except Broken:
            if time.monotonic() > deadline:
                break
            time.sleep(1)
    log.seek(0)
    raise Broken(f"it does not get healthy:\n{log.read()}")


def _collector(image: Image, service: Service, running: ExitStack) -> None:
    """Two rounds; without a network nothing can be fetched, which must not end it."""
    quick = {**service, "environment": {**service["environment"], "COLLECT_EVERY": "1"}}
    command = [*service["entrypoint"], *(part.replace("$$", "$") for part in service["command"])]
    file = image.folder / "collector.log"
    log = running.enter_context(file.open("w", encoding="utf-8"))
    process = image.start(quick, command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    running.callback(_stop, process)
    deadline = time.monotonic() + 240
    while file.read_text(encoding="utf-8").count("archive: /var/lib/warraq") < 2:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Broken(f"collector: no second round:\n{file.read_text(encoding='utf-8')}")
        time.sleep(0.5)
    _do(image, service, *_test(service))
    say("collector: goes on after a round in which nothing could be fetched, and its health check passes")


def _keeping(image: Image, service: Service) -> None:
    """What a keeper does with `docker compose run --rm web …`."""
    for command in (["doctor"], ["migrate"], ["index", "rebuild"], ["verify"], ["backup", "/var/lib/warraq/all.zip"]):
        _do(image, service, *entrypoint(), *command)
        say(f"web: warraq {' '.join(command)}")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    step, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    try:
        {"build": build, "run": run}[step](folder)
    except (Broken, RuntimeError, subprocess.SubprocessError, OSError) as error:
        sys.stderr.write(f"BAD  {error}\n")
        raise SystemExit(1) from error
    finally:
        shutil.rmtree(folder / "volumes", ignore_errors=True)


if __name__ == "__main__":
    main()
