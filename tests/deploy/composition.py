"""What docker-compose.yml says once its variables are filled in, and what the Dockerfile's steps are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"


class ComposeMissing(Exception):
    """This machine cannot read compose files."""


class Refused(Exception):
    """What docker-compose says of a file that it does not take."""


def config(variables: Mapping[str, str]) -> dict[str, Any]:
    """The services, networks and volumes, as docker-compose understands them. No variable but these is set.

    Raises:
        ComposeMissing: there is no docker-compose.
        Refused: it does not accept the file.
    """
    program = shutil.which("docker-compose")
    if program is None:
        raise ComposeMissing("no docker-compose: install Debian's docker-compose")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    with tempfile.NamedTemporaryFile() as empty:  # in the place of the .env that a keeper may have made here
        read = ["-f", str(ROOT / "docker-compose.yml"), "--env-file", empty.name, "config"]
        done = subprocess.run([program, *read], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise Refused(done.stderr.strip())
    said: dict[str, Any] = json.loads(_as_json(program, done.stdout))
    return said


def _as_json(program: str, text: str) -> str:
    """By the interpreter that runs docker-compose: it has a YAML reader, which this project does not need."""
    with Path(program).open(encoding="utf-8", errors="replace") as file:
        interpreter = file.readline().removeprefix("#!").split()
    if not interpreter or "python" not in interpreter[0]:
        raise ComposeMissing(f"{program} is not Debian's docker-compose 1.29")
    reading = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, default=str)"
    command = [*interpreter, "-c", reading]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@dataclass(frozen=True, slots=True)
class Step:
    """A Dockerfile's instruction; `stage`: 0 for what comes after the first FROM."""

    stage: int
    name: str
    value: str


def steps() -> list[Step]:
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.M))
    found: list[Step] = []
    stage = -1
    for line in filter(str.strip, text.splitlines()):
        name, _, value = line.strip().partition(" ")
        stage += name == "FROM"
        found.append(Step(stage, name, re.sub(r"\s+", " ", value.strip())))
    return found
