"""The same commands on PostgreSQL and Elasticsearch, and the way there from SQLite and tantivy."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.servers import shared
from tests.servers.postgresql import PostgreSQL
from tests.servers.processes import ServerMissing
from tests.servers.shared import missing
from tests.site.content import load
from tests.site.outlet import declaration
from tests.site.server import Site
from warraq.cli import main

elasticsearch_address = shared.elasticsearch_address


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    try:
        with PostgreSQL() as server:
            yield server
    except ServerMissing as error:
        missing(error)


def warraq(home: Path, variables: dict[str, str], *arguments: str) -> str:
    """What a command prints; it must succeed. In this process: twenty of them need not start twenty times."""
    done = CliRunner().invoke(main, list(arguments), env={"WARRAQ_HOME": str(home)} | variables)
    assert done.exit_code == 0, done.output
    return done.stdout


def exported(home: Path, variables: dict[str, str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in warraq(home, variables, "export").splitlines()]


QUERIES = (
    "swings",
    "أراجيحها",
    '"al-Rashid Park"',
    "park -swings",
    "حديق*",
    "author:Khabour OR الرقة",
    "title:bread",
    "2023",
)


def hits(home: Path, variables: dict[str, str]) -> dict[str, list[int]]:
    return {
        query: sorted(s["story"] for s in json.loads(warraq(home, variables, "search", query, "--json"))["stories"])
        for query in QUERIES
    }


def digest_in(said: str) -> str:
    (line,) = (line for line in said.splitlines() if line.startswith("digest "))
    assert len(line) == len("digest ") + 64
    return line


def test_an_archive_moves_to_the_servers_and_says_the_same_there(
    tmp_path: Path, elasticsearch_address: str, postgresql: PostgreSQL
) -> None:
    """Collected on SQLite and tantivy, backed up, restored on PostgreSQL with an empty Elasticsearch: every article,
    revision, link and capture is equal, and the same queries find the same stories. Back again, nothing has changed."""
    servers = {
        "WARRAQ_DATABASE": postgresql.url("moved"),
        "WARRAQ_SEARCH": elasticsearch_address,
        "WARRAQ_SEARCH_PREFIX": f"moved-{os.getpid()}",
    }
    with Site(stories=load()[:6]) as site:
        here = tmp_path / "here"
        (here / "outlets").mkdir(parents=True)
        (here / "outlets/sample.toml").write_text(declaration(site.addresses, site.brand), encoding="utf-8")
        hosts = ",".join(address.split("//", 1)[1] for address in (site.ar_base, site.en_base))
        warraq(here, {"WARRAQ_ALLOW_HOSTS": hosts}, "collect", "sample")
    expected, found = exported(here, {}), hits(here, {})

    digest = digest_in(warraq(here, {}, "backup", str(tmp_path / "first.zip")))
    assert digest_in(warraq(tmp_path / "there", servers, "restore", str(tmp_path / "first.zip"))) == digest
    assert exported(tmp_path / "there", servers) == expected
    assert hits(tmp_path / "there", servers) == found
    assert "0 stories differ" in warraq(tmp_path / "there", servers, "index", "verify")
    assert "0 damaged" in warraq(tmp_path / "there", servers, "verify")
    warraq(tmp_path / "there", servers, "index", "rebuild")
    assert hits(tmp_path / "there", servers) == found

    assert digest_in(warraq(tmp_path / "there", servers, "backup", str(tmp_path / "second.zip"))) == digest
    warraq(tmp_path / "back", {}, "restore", str(tmp_path / "second.zip"))
    assert exported(tmp_path / "back", {}) == expected
    assert hits(tmp_path / "back", {}) == found


def test_collecting_on_the_servers_works_like_at_home(
    tmp_path: Path, elasticsearch_address: str, postgresql: PostgreSQL
) -> None:
    """The main job with both servers from the start; what it says is what the embedded archive says."""
    servers = {
        "WARRAQ_DATABASE": postgresql.url("collected"),
        "WARRAQ_SEARCH": elasticsearch_address,
        "WARRAQ_SEARCH_PREFIX": f"collected-{os.getpid()}",
    }
    with Site(stories=load()[:4]) as site:
        hosts = ",".join(address.split("//", 1)[1] for address in (site.ar_base, site.en_base))
        found = []
        for name, variables in (("embedded", {}), ("served", servers)):
            home = tmp_path / name
            (home / "outlets").mkdir(parents=True)
            (home / "outlets/sample.toml").write_text(declaration(site.addresses, site.brand), encoding="utf-8")
            said = warraq(home, variables | {"WARRAQ_ALLOW_HOSTS": hosts}, "collect", "sample")
            assert "8 new" in said
            found.append((hits(home, variables), [line["blocks"] for line in exported(home, variables)]))

        assert found[0] == found[1]
