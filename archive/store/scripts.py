"""Alembic's scripts, run from code. Imported only when a schema has to be made or changed: it takes its time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def history() -> tuple[str, ...]:
    """All schemas there have been, the oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


def to(db: Connection, here: str | None, target: str) -> None:
    """Up or down from the schema `here` (None: empty) to `target` ("base": empty), within the transaction of `db`."""
    config = _config()
    config.attributes["connection"] = db
    order = ("base", *history())
    up = order.index(target) >= order.index(here or "base")
    (command.upgrade if up else command.downgrade)(config, target)
