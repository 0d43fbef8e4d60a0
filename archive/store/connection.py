"""Reaching a database: engines for both kinds, and what their own words mean."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from archive.store.values import StoreError

_CONNECT = 10  # seconds until a server that does not answer is given up
_SECRET = re.compile(r"(?:(?<=://)|^(?!\S*://))\S*(?=@)|(?<=password=)[^&\s]+")  # to the last @: passwords may have one

# What a database's own words mean, and what to do. The first that fits holds.
_MEANINGS = (
    ("database is locked", "another process has been writing for too long; try again when it is done"),
    ("lock timeout", "another process has been writing for too long; try again when it is done"),
    ("disk is full", "the disk is full; make room and run the command again"),
    ("No space left", "the disk is full; make room and run the command again"),
    ("readonly database", "the database is read-only; give this user the right to write to the file and its folder"),
    ("read-only transaction", "the database server takes no changes now; is it a standby?"),
    ("unable to open", "the database cannot be opened; does its folder exist, and may this user write there?"),
    ("malformed", "the database is damaged; restore it from a backup"),
    ("not a database", "this file is no database; is the address right?"),
    ("disk I/O error", "the disk does not answer; look at the disk, then run the command again"),
    ("password authentication failed", "the server refuses this user with this password; mend the address"),
    ("no password supplied", "the server wants a password; put it into the address"),
    ("no pg_hba.conf entry", "the server lets nobody in from here under this name; see its pg_hba.conf"),
    ('" does not exist', "the server has no such database or user; make it (createdb) or mend the address"),
    ("Connection refused", "no database server answers there; is it running, and is the address right?"),
    ("failed to resolve host", "no database server answers there; is it running, and is the address right?"),
    ("timeout expired", "no database server answers there; is it running, and is the address right?"),
    ("the database system is", "the database server is starting or stopping; try again in a moment"),
    ("server closed the connection", "the database server went away; try again when it is back"),
    ("terminating connection", "the database server went away; try again when it is back"),
    ("too many clients", "the database server has no connection left; try again, or raise its max_connections"),
    ("connection slots", "the database server has no connection left; try again, or raise its max_connections"),
    ("permission denied", "this user may not do that; give the database to it (ALTER DATABASE … OWNER TO …)"),
    ("NUL (0x00)", "text with a NUL character, which PostgreSQL does not keep"),
)


def meaning(error: SQLAlchemyError) -> str:
    """One line: what happened, what to do, and, unless nothing was even asked, whether anything was written."""
    text = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
    known = next((said for words, said in _MEANINGS if words in text), text.splitlines()[0])
    if isinstance(error, DBAPIError) and error.statement is None and not error.connection_invalidated:
        return known  # no connection came about
    cut = isinstance(error, DBAPIError) and error.connection_invalidated
    return f"{known}; {'what was not finished by then was not written' if cut else 'nothing was written'}"


def engine(url: str, wait: float) -> Engine:
    """An engine that nothing has been asked of yet. `wait`: seconds to wait for another writer.

    Raises:
        StoreError: it is not the address of a database that this program can use.
    """
    try:
        if not url.startswith("sqlite:") and url.count("@") > 1:
            raise ArgumentError("in a user or password, @ is written %40, / as %2F and : as %3A")
        address = _parsed(url)
        return _file(address, wait) if address.get_backend_name() == "sqlite" else _server(address, wait)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        shown, why = (_SECRET.sub("***", text) for text in (url, str(error)))
        raise StoreError(f"{shown}: no database can be reached by this address ({why})") from error


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except ValueError:  # whose words repeat what may be a part of a password
        raise ArgumentError("its port is no number") from None
    if password := address.query.get("password"):
        address = address.difference_update_query(["password"]).set(password=str(password))
    return address


def _file(address: URL, wait: float) -> Engine:
    if address.database in (None, "", ":memory:"):
        raise StoreError(f"{address}: the store needs a file, as in sqlite:///var/warraq.db")
    made = create_engine(address, connect_args={"timeout": wait})
    event.listen(made, "connect", _prepare_file)
    event.listen(made, "begin", _begin)
    return made


def _prepare_file(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _server(address: URL, wait: float) -> Engine:
    """psycopg 3 is meant where the address names no driver. Connections that a restart cut off are made anew."""
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername != "postgresql+psycopg":
        raise ArgumentError("it begins neither with sqlite:/// nor with postgresql+psycopg://")
    made = create_engine(address, connect_args={"connect_timeout": _CONNECT}, pool_pre_ping=True)

    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {max(1, round(wait * 1000))}")
        connection.commit()

    event.listen(made, "connect", prepare)
    return made
