"""Settings: where they come from, and what is said of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from warraq.settings import SettingsError, load


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A variable overrides warraq.toml; what neither names keeps its default."""
    (tmp_path / "warraq.toml").write_text('port = 9001\ntitle = "أرشيف"\n', encoding="utf-8")

    settings = load({"WARRAQ_HOME": str(tmp_path), "WARRAQ_PORT": "9002"})

    assert (settings.port, settings.title, settings.host) == (9002, "أرشيف", "127.0.0.1")


def test_the_home_named_on_the_command_line_wins(tmp_path: Path) -> None:
    """`warraq --home` goes before WARRAQ_HOME, and its file is the one that is read."""
    (tmp_path / "warraq.toml").write_text("port = 9003\n", encoding="utf-8")

    settings = load({"WARRAQ_HOME": "/elsewhere"}, home=tmp_path)

    assert (settings.home, settings.port) == (tmp_path, 9003)
    assert settings.database_url == f"sqlite:///{tmp_path}/warraq.sqlite3"


def test_allowed_hosts_are_separated_by_commas_or_spaces() -> None:
    """Both ways of writing a list in a variable are understood."""
    settings = load({"WARRAQ_ALLOW_HOSTS": "127.0.0.1:8101, 10.0.0.0/8 127.0.0.1:8102"})

    assert settings.allow_hosts == ("127.0.0.1:8101", "10.0.0.0/8", "127.0.0.1:8102")


@pytest.mark.parametrize(
    ("variables", "file", "said"),
    [
        ({"WARRAQ_PORT": "eighty"}, "", "WARRAQ_PORT"),
        ({"WARRAQ_PORT": "70000"}, "", "70000"),
        ({"WARRAQ_PUBIC": "true"}, "", "WARRAQ_PUBIC is no setting"),
        ({}, "port = [", "warraq.toml"),
        ({}, "prot = 80", "prot is no setting"),
        ({"WARRAQ_SEARCH": "solr"}, "", "WARRAQ_SEARCH"),
        ({"WARRAQ_SEARCH_PASSWORD": "changeme"}, "", "example"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, variables: dict[str, str], file: str, said: str) -> None:
    """One line: the variable or the file and the key, what is wrong, where to read on."""
    (tmp_path / "warraq.toml").write_text(file, encoding="utf-8")

    with pytest.raises(SettingsError) as raised:
        load({"WARRAQ_HOME": str(tmp_path), **variables})

    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    """The address is refused, and the line that says so shows it without user and password."""
    with pytest.raises(SettingsError, match=r"//\*\*\*@search\.example") as raised:
        load({"WARRAQ_HOME": str(tmp_path), "WARRAQ_SEARCH": "https://elastic:p@ss/w0rd@search.example"})

    assert "w0rd" not in str(raised.value) and "elastic:" not in str(raised.value)
