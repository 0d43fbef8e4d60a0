"""The messages that the interface's source asks to be translated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

WEB = Path(__file__).parents[2] / "web"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "count": (1, 2), "N_": None}
OPTIONS = {"**.html": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "silent": "false"}}


def messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """(file, line, msgid or the two forms) of every literal that is translated."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    options = {"**/templates/**.html": OPTIONS["**.html"]}
    for file, line, text, _comments, _context in extract_from_dir(WEB, methods, options, keywords=KEYWORDS):
        yield file, line, text


if __name__ == "__main__":
    for file, line, text in messages():
        print(f"{file}:{line}: {text!r}")  # noqa: T201 - a list for translators
