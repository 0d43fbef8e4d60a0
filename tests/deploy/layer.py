"""An image by hand: a layer over this machine's system, and processes in it with a container's rights.

Only within a mount namespace of its own (scripts/compose_by_hand.sh makes one): nothing of it is seen outside.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.deploy.composition import ROOT, Step, steps

# What the base image would bring is taken from this machine; variables by which pip finds packages here come along.
FROM_HERE = ("PIP_", "SSL_")


class Image:
    """`folder` holds the layer; `root` is the whole system as a container sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "root"
        for name in ("layer", "work", "root", "volumes"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name in ("layer", "volumes"):
            (folder / name).chmod(0o755)
        options = f"lowerdir=/,upperdir={folder / 'layer'},workdir={folder / 'work'}"
        mount("-t", "overlay", "overlay", "-o", options, str(self.root))
        for name in ("dev", "proc"):
            mount("--rbind", f"/{name}", str(self.root / name))

    def build(self) -> None:
        """All steps of the Dockerfile, of all its stages one over the other."""
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        environment |= {key: value for key, value in os.environ.items() if key.startswith(FROM_HERE)}
        folder = "/"
        for step in steps():
            print(f"     {step.name} {step.value}"[:150], flush=True)  # noqa: T201
            if step.name == "ENV":
                environment |= variables(step)
            elif step.name == "WORKDIR":
                folder = step.value
                self.inside(folder).mkdir(parents=True, exist_ok=True)
            elif step.name == "COPY" and "--from" not in step.value:
                self._copy(step, folder)
            elif step.name == "RUN":
                command = ["chroot", str(self.root), "/bin/sh", "-ec", f"cd {folder} && {step.value}"]
                subprocess.run(command, env=environment, check=True)

    def inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _copy(self, step: Step, folder: str) -> None:
        *sources, target = step.value.split()
        for source in sources:
            place = self.inside(folder) / target
            place = place / Path(source).name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
            else:
                shutil.copy(ROOT / source, place)

    def start(self, service: Mapping[str, Any], command: Sequence[str], **more: Any) -> subprocess.Popen[str]:
        """A process with the rights, the volumes and the settings of a service, over a root that is read only."""
        given = settings() | {key: str(value) for key, value in service["environment"].items()}
        uid, gid = service["user"].split(":")
        rights = ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--no-new-privs"]
        rights += ["--bounding-set=-all", "--inh-caps=-all"]
        pairs = [f"{key}={value}" for key, value in given.items()]
        contained = ["chroot", str(self.root), *rights, "env", "-i", "-C", "/", *pairs, *command]
        script = "\n".join(["set -e", *self._mounts(service), f"exec {shlex.join(contained)}"])
        return subprocess.Popen(["unshare", "--mount", "sh", "-c", script], text=True, **more)

    def _mounts(self, service: Mapping[str, Any]) -> list[str]:
        root = shlex.quote(str(self.root))
        lines = [f"mount -o remount,ro,bind {root}"] if service["read_only"] else []
        for one in service["tmpfs"]:
            place, _, options = one.partition(":")
            lines.append(f"mount -t tmpfs -o {options} tmpfs {root}{place}")
        for one in service["volumes"]:
            name, place, _ = one.split(":")
            (self.folder / "volumes" / name).mkdir(exist_ok=True)
            lines.append(f"mount --bind {shlex.quote(str(self.folder / 'volumes' / name))} {root}{place}")
        return [f"mount --rbind {root} {root}", *lines]

    def fill_volume(self, name: str, place: str) -> None:
        """A new volume takes over the owner and rights of the folder it covers."""
        volume = self.folder / "volumes" / name
        if not volume.exists():
            shutil.copytree(self.inside(place), volume)
            found = self.inside(place).stat()
            os.chown(volume, found.st_uid, found.st_gid)
            volume.chmod(found.st_mode & 0o7777)


def settings() -> dict[str, str]:
    """The variables of the finished image."""
    last = max(step.stage for step in steps())
    found: dict[str, str] = {}
    for step in steps():
        if step.name == "ENV" and step.stage == last:
            found |= variables(step)
    return found


def entrypoint() -> list[str]:
    found: list[str] = json.loads(next(step.value for step in steps() if step.name == "ENTRYPOINT"))
    return found


def variables(step: Step) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", step.value))


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)
