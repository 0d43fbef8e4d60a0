"""`warraq serve`: the pages, and the index kept in step with the store."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click

from warraq.home import Home

# Bytes of a request's head: a query of 100,000 characters, percent-encoded, gets its own clear answer.
LONGEST = 1024 * 1024


@click.command()
@click.option("--host", help="Address to listen on (WARRAQ_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (WARRAQ_PORT).")
@click.pass_obj
def serve(home: Home, host: str | None, port: int | None) -> None:
    """Serve the archive's pages; Ctrl-C stops."""
    from waitress.server import create_server

    from warraq.indexing import Keeper
    from web import create_app

    host, port = host or home.settings.host, port or home.settings.port
    if not home.settings.public and host not in ("127.0.0.1", "localhost", "::1"):
        click.echo(
            f"warning: whoever reaches {host} can read whole articles and decide; WARRAQ_PUBLIC=true forbids", err=True
        )
    with _logged_with_time(), Keeper(home):
        try:
            server = create_server(
                create_app(home.services(home.behind)),
                host=host,
                port=port,
                threads=8,
                ident=None,
                max_request_header_size=LONGEST,
            )
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise click.ClickException(
                f"port {port} of {host} cannot be had ({error.strerror}); choose another: --port or WARRAQ_PORT"
            ) from None
        click.echo(f"serving {home.path} at http://{host}:{port}/ (Ctrl-C stops)")
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()


@contextmanager
def _logged_with_time() -> Iterator[None]:
    """What this program itself has to say while it serves goes to stderr, with the time."""
    log, handler = logging.getLogger("warraq"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S%z"))
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
