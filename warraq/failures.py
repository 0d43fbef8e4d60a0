"""Expected failures as one line; anything else stays a traceback, for it is a bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


def _expected() -> tuple[type[Exception], ...]:
    from archive.address import NotAnAddress
    from archive.backup import BackupError
    from archive.fetch import FetchError
    from archive.publishers import DeclarationError
    from archive.store import StoreError
    from archive.warc import CaptureError
    from indexer.engine import EngineError
    from language.dictionary.supplement import SupplementError
    from language.forms import FormsError
    from language.lexicon import LexiconError
    from language.morphology import DictionaryError
    from language.nametable import NameTableError

    ours = (BackupError, FetchError, NotAnAddress, DeclarationError, StoreError, CaptureError, EngineError)
    return (*ours, DictionaryError, FormsError, LexiconError, NameTableError, SupplementError, OSError)


@contextmanager
def explained() -> Iterator[None]:
    """Turn an expected error into a click exception (exit code 1)."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except Exception as error:
        if isinstance(error, _expected()):
            raise click.ClickException(str(error)) from error
        raise
