"""docker-compose.yml and Dockerfile: nothing open that need not be, no secret inside, only settings that there are."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.deploy.composition import ROOT, ComposeMissing, Refused, config, steps
from warraq.settings import Settings, load

SECRETS = {"POSTGRES_PASSWORD": "4f0b5c77a1", "ELASTIC_PASSWORD": "97be02d3ce"}
OURS = ("web", "collector")


def composed(variables: Mapping[str, str]) -> dict[str, Any]:
    try:
        return config(variables)
    except ComposeMissing as missing:
        needs.lacking(str(missing))


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return composed(SECRETS)


@pytest.fixture(params=["web", "collector", "postgresql", "elasticsearch"])
def service(request: pytest.FixtureRequest, whole: dict[str, Any]) -> dict[str, Any]:
    assert len(whole["services"]) == 4
    found: dict[str, Any] = whole["services"][request.param]
    return found


class TestEveryService:
    def test_is_hardened(self, service: dict[str, Any]) -> None:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"] and "cap_add" not in service and "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]

    def test_is_not_root(self, service: dict[str, Any]) -> None:
        assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])

    def test_has_limits_a_health_check_and_an_end_of_its_logs(self, service: dict[str, Any]) -> None:
        assert service["mem_limit"] and service["pids_limit"]
        assert {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}
        assert service["restart"] == "unless-stopped"

    def test_runs_a_pinned_image(self, service: dict[str, Any]) -> None:
        assert re.fullmatch(r"(warraq|postgres|elasticsearch):\d+\.\d+[\w.-]*", service["image"])

    def test_keeps_what_it_writes_in_named_volumes_or_in_memory(
        self, service: dict[str, Any], whole: dict[str, Any]
    ) -> None:
        assert service["volumes"] and service["tmpfs"]
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in whole["volumes"]


def test_nothing_but_the_pages_is_published_and_that_on_this_machine_alone(whole: dict[str, Any]) -> None:
    published = {name: one["ports"] for name, one in whole["services"].items() if "ports" in one}
    assert published == {"web": ["127.0.0.1:8000:8000/tcp"]}
    assert whole["networks"]["inside"]["internal"] is True
    for name, one in whole["services"].items():
        assert ("outside" in one["networks"]) == (name in OURS)
        assert "network_mode" not in one


def test_the_databases_are_up_before_ours_begin(whole: dict[str, Any]) -> None:
    for name in OURS:
        waits = whole["services"][name]["depends_on"]
        assert waits == {one: {"condition": "service_healthy"} for one in ("postgresql", "elasticsearch")}


@pytest.mark.parametrize("lacking", SECRETS)
@pytest.mark.parametrize("value", [None, ""])
def test_a_password_that_is_not_set_is_asked_for(lacking: str, value: str | None) -> None:
    given = {**SECRETS, lacking: value}
    with pytest.raises(Refused, match=r"set it in .env, see .env.example"):
        composed({name: secret for name, secret in given.items() if secret is not None})


def test_the_example_names_every_variable_and_sets_no_password() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert set(named) == used
    assert not any(named[name] for name in SECRETS)
    with pytest.raises(Refused, match="set it in"):
        composed(named)


def test_the_file_with_the_passwords_is_kept_out_of_the_repository() -> None:
    needs.program("git")
    asked = subprocess.run(
        ["git", "check-ignore", ".env", ".env.local", ".env.example"], cwd=ROOT, capture_output=True, text=True
    )
    if asked.returncode == 128:
        needs.lacking("no checkout of git: what it ignores cannot be asked")
    assert asked.stdout.split() == [".env", ".env.local"]


@pytest.mark.parametrize("name", OURS)
def test_what_is_set_are_settings_and_they_are_taken(name: str, whole: dict[str, Any], tmp_path: Path) -> None:
    environment = whole["services"][name]["environment"]
    set_ = {key for key in environment if key.startswith("WARRAQ_")}
    assert set_ <= {f"WARRAQ_{field.upper()}" for field in Settings.model_fields}
    settings = load({key: str(value) for key, value in environment.items()}, home=tmp_path)
    assert settings.database_url == "postgresql+psycopg://warraq:4f0b5c77a1@postgresql:5432/warraq"
    assert settings.search == "http://elasticsearch:9200"
    assert settings.search_password.get_secret_value() == SECRETS["ELASTIC_PASSWORD"]


def test_all_services_mean_the_same_passwords_and_names(whole: dict[str, Any]) -> None:
    services = whole["services"]
    assert services["postgresql"]["environment"]["POSTGRES_PASSWORD"] == SECRETS["POSTGRES_PASSWORD"]
    assert services["elasticsearch"]["environment"]["ELASTIC_PASSWORD"] == SECRETS["ELASTIC_PASSWORD"]
    server = services["postgresql"]["environment"]
    assert (server["POSTGRES_USER"], server["POSTGRES_DB"]) == ("warraq", "warraq")


class TestImage:
    def test_is_pinned_and_not_root(self) -> None:
        bases = [step.value for step in steps() if step.name == "FROM"]
        assert all(re.match(r"python:3\.11\.\d+-slim-\w+", base) for base in bases)
        last = [step for step in steps() if step.stage == len(bases) - 1]
        assert [step.value for step in last if step.name == "USER"] == ["10001:10001"]
        assert [step.value for step in last if step.name == "ENTRYPOINT"] == ['["warraq"]']

    def test_installs_only_what_is_locked(self) -> None:
        installs = [step.value for step in steps() if " install " in step.value and "pip" in step.value]
        for command in installs:
            locked = "--require-hashes -r requirements/" in command or command.endswith("--editable .")
            assert locked and "--no-deps" in command and "--no-build-isolation" in command
        assert len(installs) == 3

    def test_takes_in_what_the_list_lets_in_and_nothing_else(self) -> None:
        lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        let_in = {line[1:] for line in lines if line.startswith("!")}
        copies = [step.value for step in steps() if step.name == "COPY" and step.stage == 0]
        copied = {source for value in copies for source in value.split()[:-1]}
        assert "*" in lines and copied == let_in
        assert all((ROOT / name).exists() for name in copied)

    def test_knows_no_secret_and_no_address_of_packages(self) -> None:
        said = "\n".join(step.value for step in steps())
        assert not re.search(r"(?i)password|secret|token|index-url|https?://", said)
        arguments = {step.name for step in steps()}
        assert "ARG" not in arguments and "ADD" not in arguments

    def test_every_package_of_the_program_is_in_it(self) -> None:
        copied = " ".join(step.value for step in steps() if step.name == "COPY" and step.stage == 0)
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        packages = re.findall(r'"(\w+)"', re.search(r"packages = (\[.*?\])", text).group(1))  # type: ignore[union-attr]
        assert all(f"{package} {package}" in copied for package in packages)
