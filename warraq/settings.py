"""Settings: `warraq.toml` in the archive's home, overridden by WARRAQ_* variables. docs/settings.md lists them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

PREFIX = "WARRAQ_"
# Variables that other programs of this project read.
OTHERS = frozenset(
    {"eval_data", "test_strict", "test_servers", "test_elasticsearch"}
    | {"sample_arabic_port", "sample_english_port", "sample_edited"}
)
SECRETS = frozenset({"search_key", "search_password", "database"})
EXAMPLES = frozenset({"changeme", "change-me", "change_me", "secret", "password", "example"})


class SettingsError(Exception):
    """A setting that cannot be used; the message names it, its place and what it may be."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Path("var")
    database: str = ""  # empty: SQLite in the home
    search: str = "tantivy"
    search_key: SecretStr = SecretStr("")
    search_user: str = ""
    search_password: SecretStr = SecretStr("")
    search_ca: Path | None = None
    search_prefix: str = Field(default="warraq", pattern=r"^[a-z][a-z0-9-]{0,39}$")
    allow_hosts: tuple[str, ...] = ()
    morphology: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public: bool = False
    contact: str = ""
    editor: str = "editor"
    title: str = "Warraq"

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part for part in value.replace(",", " ").split() if part) if isinstance(value, str) else value

    @field_validator("search")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value != "tantivy" and not all(
            re.fullmatch(r"https?://[^/@\s]+/?", one) for one in re.split(r"[,\s]+", value)
        ):
            raise ValueError('may be "tantivy" or addresses of an Elasticsearch without user and password in them')
        return value

    @field_validator("search_key", "search_password")
    @classmethod
    def _no_example(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value().lower() in EXAMPLES:
            raise ValueError("is an example, not a secret; choose one that nobody can guess")
        return value

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'warraq.sqlite3'}"

    @property
    def user_agent(self) -> str:
        return f"Warraq/0.1 (news archive{'; ' + self.contact if self.contact else ''})"


def load(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Settings:
    """The settings that hold now. `home` (from the command line) goes before WARRAQ_HOME.

    Raises:
        SettingsError: a variable or the file holds what cannot be used.
    """
    named = {key.removeprefix(PREFIX).lower(): value for key, value in environ.items() if key.startswith(PREFIX)}
    given = {key: value for key, value in named.items() if key in Settings.model_fields}
    stray = sorted(set(named) - set(Settings.model_fields) - OTHERS)
    if stray:
        raise SettingsError(f"{PREFIX}{stray[0].upper()} is no setting; docs/settings.md lists them")
    place = (home or Path(given.get("home", "var"))).absolute()
    file = place / "warraq.toml"
    values = _read(file) | given | {"home": place}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error, file, given)) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file}: cannot be read as TOML: {error}; mend or remove it") from None


def _explain(error: ValidationError, file: Path, given: Mapping[str, str]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    place = f"the variable {PREFIX}{name.upper()}" if name in given else f"{file}: {name}"
    if first["type"] == "extra_forbidden":
        return f"{place} is no setting; docs/settings.md lists them"
    shown = re.sub(r"//\S*@", "//***@", repr(first["input"]))  # an address with a password in it
    given_as = "" if name in SECRETS else f" (it is {shown})"
    wrong = first["msg"].removeprefix("Value error, ")
    return f"{place}: {wrong}{given_as}; docs/settings.md tells what it may be"
