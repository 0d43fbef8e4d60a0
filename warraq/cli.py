"""The command `warraq`: exit 0 done, 1 failed, 2 wrong usage; an error is one line that says what to do."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

# Commands are imported when they are called: a search should not load the extractor, nor --help the engine.
COMMANDS = {
    "collect": "collecting",
    "add": "collecting",
    "import": "collecting",
    "extract": "collecting",
    "outlets": "outlets",
    "search": "finding",
    "show": "finding",
    "export": "finding",
    "links": "links",
    "withhold": "access",
    "purge": "access",
    "restore-access": "access",
    "index": "index",
    "morphology": "morphology",
    "lexicon": "lexicon",
    "names": "names",
    "backup": "backup",
    "restore": "backup",
    "migrate": "keeping",
    "verify": "keeping",
    "doctor": "keeping",
    "serve": "serving",
}


class Lazy(click.Group):
    """A group whose commands are imported by name; expected errors end in one line and exit code 1."""

    # ruff: noqa: ARG002 - the signatures are click's

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"warraq.commands.{COMMANDS[name]}")
        command = getattr(module, name.replace("-", "_") + ("_" if name == "import" else ""))
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        from warraq.failures import explained

        with explained():
            return super().invoke(ctx)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="The archive's folder (WARRAQ_HOME).")
@click.version_option(package_name="warraq")
@click.pass_context
def main(ctx: click.Context, home: Path | None) -> None:
    """Warraq (ورّاق) archives the Arabic and English versions of news stories, and finds, compares and proves them."""
    from warraq.home import Home
    from warraq.settings import SettingsError, load

    try:
        ctx.obj = ctx.with_resource(Home(load(home=home)))
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main(prog_name="warraq"))
