"""A server with security on and its own certificate: user and password, key, certificate authority."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from archive.model import Change
from indexer.engine import EngineError, EngineUnavailable, Request
from indexer.engines.elasticsearch import ElasticsearchEngine
from indexer.tree import Query, Word
from tests.contracts.corpus import side, story
from tests.servers.elasticsearch import Node, certificate, secured
from tests.servers.processes import ServerMissing
from tests.servers.shared import missing

pytestmark = pytest.mark.timeout(300)  # a server of its own is started
MAIZE = Request(Query("", Word("maize", "en")))


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    try:
        with secured(certificate(tmp_path_factory.mktemp("certificate"))) as node:
            yield node
    except ServerMissing as error:
        missing(error)


def authority(node: Node) -> str:
    assert node.certificate
    return str(node.certificate.authority)


@pytest.fixture(scope="module")
def key(node: Node) -> str:
    """A key that may do what the documentation says an archive needs, and nothing else."""
    needed = {"archive": {"indices": [{"names": ["guarded-*"], "privileges": ["all"]}]}}
    with Elasticsearch(node.url, basic_auth=("elastic", node.password or ""), ca_certs=authority(node)) as client:
        return str(client.security.create_api_key(name="archive", role_descriptors=needed)["encoded"])


def works(engine: ElasticsearchEngine) -> bool:
    engine.apply([story(1, side("en", "Maize"))], Change(1))
    with engine.rebuild() as aside:
        aside.add([story(1, side("en", "Maize")), story(2, side("en", "Maize, too"))])
        aside.swap(Change(2))
    total = engine.search(MAIZE).total
    engine.close()
    return total == 2


def refusal(engine: ElasticsearchEngine) -> str:
    with pytest.raises(EngineError) as error:
        engine.search(MAIZE)
    engine.close()
    assert not isinstance(error.value, EngineUnavailable) and "\n" not in error.value.detail
    return error.value.detail


def test_user_and_password(node: Node) -> None:
    assert works(
        ElasticsearchEngine(node.url, user="elastic", password=node.password, ca=authority(node), prefix="own")
    )


def test_a_key_for_the_archives_own_names_is_enough(node: Node, key: str) -> None:
    assert works(ElasticsearchEngine(node.url, api_key=key, ca=authority(node), prefix="guarded"))


@pytest.mark.parametrize(
    "wrong",
    [{"api_key": "bm9ib2R5Om5vdGhpbmc="}, {"user": "elastic", "password": "guessed"}, {}],
    ids=["key", "password", "nothing"],
)
def test_who_is_not_let_in_is_told_so_in_one_line(node: Node, wrong: dict[str, str]) -> None:
    told = refusal(ElasticsearchEngine(node.url, ca=authority(node), prefix="own", **wrong))
    assert "does not accept the key, or the user and password" in told
    assert not any(secret in told for secret in wrong.values() if secret != "elastic")


def test_a_key_of_other_names_is_told_so_in_one_line(node: Node, key: str) -> None:
    assert "does not allow it to this key" in refusal(
        ElasticsearchEngine(node.url, api_key=key, ca=authority(node), prefix="another")
    )


def test_a_server_that_cannot_be_trusted_gets_no_password(node: Node, tmp_path: Path) -> None:
    """Without the file of its authority, or with another one."""
    other = str(certificate(tmp_path).authority)
    for ca in (None, other):
        told = refusal(ElasticsearchEngine(node.url, user="elastic", password=node.password, ca=ca))
        assert "certificate is not trusted" in told


def test_a_missing_authoritys_file_is_told_so_in_one_line(node: Node, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"nowhere\.crt"):
        ElasticsearchEngine(node.url, ca=str(tmp_path / "nowhere.crt"))
