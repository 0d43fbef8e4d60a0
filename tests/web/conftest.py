from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parent))

from newsroom import Newsroom, copied, newsroom

from web import create_app


@pytest.fixture(scope="session")
def shared_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """An archive that tests only read."""
    with newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        yield room


@pytest.fixture
def room(shared_room: Newsroom, tmp_path: Path) -> Iterator[Newsroom]:
    """An archive that a test may change."""
    with copied(shared_room, tmp_path) as room:
        yield room


@pytest.fixture(scope="session")
def application(shared_room: Newsroom) -> Flask:
    return create_app(shared_room.services())


@pytest.fixture
def reader(application: Flask) -> FlaskClient:
    """A reader without cookies."""
    return application.test_client()
