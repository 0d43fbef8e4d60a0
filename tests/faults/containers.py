"""Row 36: what each container may do, and what is open to others."""

from __future__ import annotations

import re
from typing import Any

from tests.deploy.composition import ComposeMissing, Refused, config, steps
from tests.faults.ground import Ground
from tests.faults.tally import Tally
from tests.servers.processes import ServerMissing

SECRETS = ("POSTGRES_PASSWORD", "ELASTIC_PASSWORD")
MOST = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30}


def run(ground: Ground, on: str, tally: Tally) -> None:
    given = {name: f"v{n}8c1f0a7be24{n}" for n, name in enumerate(SECRETS)}
    try:
        whole = config(given)
    except ComposeMissing as missing:
        raise ServerMissing(str(missing)) from missing
    services = whole["services"]
    for name, service in services.items():
        _hardened(name, service, tally)
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    tally.case(set(published) == {"web"}, f"ports are published by {', '.join(published)}")
    for port in published.get("web", []):
        tally.case(str(port).startswith("127.0.0.1:"), f"web is published as {port}, to more than this machine")
    for name in ("postgresql", "elasticsearch"):
        closed = all(whole["networks"][network].get("internal") for network in services[name]["networks"])
        tally.case(closed, f"{name} is in a network that leads outside")
    _image(tally)
    for missing_one in SECRETS:
        _refused({name: value for name, value in given.items() if name != missing_one}, missing_one, tally)
        _refused(given | {missing_one: ""}, missing_one, tally)


def _hardened(name: str, service: dict[str, Any], tally: Tally) -> None:
    user = str(service.get("user", "")).partition(":")[0]
    mounts = [str(volume) for volume in service.get("volumes", [])]
    rules = {
        "runs as root": user.isdigit() and int(user) > 0,
        "can write to its root": service.get("read_only") is True,
        "has capabilities": service.get("cap_drop") == ["ALL"] and not service.get("cap_add"),
        "is privileged": not service.get("privileged"),
        "may gain privileges": "no-new-privileges:true" in service.get("security_opt", []),
        "has no memory limit": _bytes(service.get("mem_limit", 0)) > 0,
        "has no limit of processes": int(service.get("pids_limit", 0)) > 0,
        "shares the machine's namespaces": not any(
            service.get(key) == "host" for key in ("network_mode", "pid", "ipc", "userns_mode")
        ),
        "sees the container engine": not any("docker.sock" in mount for mount in mounts),
        "mounts a folder of the machine": not any(mount.startswith(("/", ".", "~")) for mount in mounts),
        "has devices of the machine": not service.get("devices"),
        "has no health check": bool(service.get("healthcheck", {}).get("test")),
        "is not pinned": re.search(r":\d+\.\d+[\w.-]*$", str(service.get("image"))) is not None,
    }
    for broken, kept in rules.items():
        tally.case(kept, f"{name} {broken}")


def _bytes(limit: object) -> int:
    found = re.fullmatch(r"(\d+)([bkmg]?)b?", str(limit).lower())
    return int(found[1]) * MOST[found[2] or "b"] if found else 0


def _image(tally: Tally) -> None:
    """The image's own user, also for those who run it by hand."""
    last = max(step.stage for step in steps())
    users = [step.value for step in steps() if step.name == "USER" and step.stage == last]
    tally.case(users and re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]), f"the image runs as {users}")
    for step in steps():
        if step.name == "FROM":
            tally.case(re.search(r":\d+\.\d+\.\d+", step.value), f"the image is made from {step.value}, not pinned")
        if step.name in ("ARG", "ENV"):
            tally.case(not re.search(r"(?i)password|secret|token", step.value), f"the image holds {step.value}")


def _refused(given: dict[str, str], missing: str, tally: Tally) -> None:
    """Without a password nothing starts, and it is said which one."""
    try:
        config(given)
    except Refused as refusal:
        tally.case(missing in str(refusal), f"without {missing}: {refusal}")
    else:
        tally.case(False, f"starts without {missing}")
