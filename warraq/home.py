"""An archive's home: opens its parts when they are first needed and closes what was opened."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive.clock import SystemClock
from archive.model import Actor, Change, Role
from warraq.settings import Settings

if TYPE_CHECKING:
    from archive.events import Tell
    from archive.fetch import Fetcher
    from archive.pipeline import Collector
    from archive.publishers.declaration import Outlet
    from archive.store import Store
    from archive.warc import WarcFolder
    from indexer.analyst import Analyst
    from indexer.engine import SearchEngine
    from indexer.knowledge import Known, Names
    from language.morphology import Readings
    from language.nametable import NameTable
    from web.services import Lack, Services


class Home:
    """The parts of one archive. Imports are in the properties: a search must not wait for the extractor."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.path = settings.home
        self.clock = SystemClock()
        self._open = ExitStack()

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    @property
    def holder(self) -> str:
        """This process's name where a lease asks who holds it."""
        return f"{socket.gethostname()}:{os.getpid()}"

    @property
    def editor(self) -> Actor:
        return Actor(self.settings.editor, Role.EDITOR)

    @property
    def keeper(self) -> Actor:
        return Actor(self.settings.editor, Role.KEEPER)

    @cached_property
    def store(self) -> Store:
        from archive.store import Store

        self.path.mkdir(parents=True, exist_ok=True)
        store = Store.open(self.settings.database_url, self.clock, self.outlets)
        self._open.callback(store.close)
        return store

    @cached_property
    def captures(self) -> WarcFolder:
        from archive.warc import WarcFolder

        folder = WarcFolder(self.path / "captures", self.clock)
        self._open.callback(folder.close)
        return folder

    @cached_property
    def engine(self) -> SearchEngine:
        engine = self._embedded() if self.settings.search == "tantivy" else self._server()
        self._open.callback(engine.close)
        return engine

    @property
    def dictionary_file(self) -> Path:
        """Where the dictionary of Arabic is, or would be."""
        return self.settings.morphology or self.path / "analysis" / "dictionary" / "morphology.db"

    @cached_property
    def dictionary(self) -> Readings | None:
        """None where there is none: words are then found by spelling and stem alone."""
        from language.dictionary.process import DictionaryProcess

        if not (self.settings.morphology or self.dictionary_file.exists()):
            return None
        process = DictionaryProcess(self.dictionary_file, self.path / "analysis" / "dictionary")
        self._open.callback(process.close)
        return process

    @cached_property
    def analyst(self) -> Analyst:
        from indexer.analyst import Analyst

        return Analyst(self.path / "analysis", self.dictionary, self.latest_names)

    @cached_property
    def names(self) -> NameTable:
        """As they are read for who asks for them; a mistake in them is an error."""
        from language.nametable import BUILTIN, NameTable

        return NameTable.read(BUILTIN, self.path / "names.txt")

    @cached_property
    def latest_names(self) -> Names:
        """As they are at each call; for who must go on when there is a mistake in them."""
        from indexer.knowledge import Names

        return Names(self.path / "names.txt")

    @cached_property
    def known(self) -> Known:
        """What queries are expanded by, as it is when it is asked."""
        from indexer.knowledge import Known

        return Known(
            self.engine,
            self.analyst,
            names=self.latest_names,
            lexicon=self.lexicon,
            words_off=self._words_off,
            now=self.clock.monotonic,
        )

    def lacking(self) -> Lack:
        """What keeps Arabic words from being found by their lemmas; nothing does as long as there are no stories."""
        from language.forms import FormsError
        from warraq.dictionary import lacking

        try:
            found = lacking(self.dictionary_file, self.analyst.table(self.engine.forms()))
        except FormsError:
            return "rebuild"
        return found if found != "rebuild" or self.engine.status().documents else ""

    @property
    def lexicon(self) -> Path:
        """The file of the words learned."""
        return self.path / "analysis" / "lexicon.sqlite3"

    def _embedded(self) -> SearchEngine:
        from indexer.engines.tantivy import TantivyEngine

        return TantivyEngine(self.path / "index")

    def _server(self) -> SearchEngine:
        from indexer.engines.elasticsearch import ElasticsearchEngine

        given = self.settings
        return ElasticsearchEngine(
            given.search,
            api_key=given.search_key.get_secret_value() or None,
            user=given.search_user or None,
            password=given.search_password.get_secret_value() or None,
            ca=str(given.search_ca) if given.search_ca else None,
            prefix=given.search_prefix,
        )

    @cached_property
    def outlets(self) -> dict[str, Outlet]:
        """As they are declared; for whoever extracts, `checked`."""
        from archive.publishers import outlets

        return outlets(self.path / "outlets", selectors=False)

    @cached_property
    def checked(self) -> dict[str, Outlet]:
        from archive.publishers import outlets

        return outlets(self.path / "outlets")

    @cached_property
    def fetcher(self) -> Fetcher:
        from archive.fetch import Fetcher, guarded_transport
        from archive.pipeline import recorder

        transport = guarded_transport(self.settings.allow_hosts)
        self._open.callback(transport.close)
        return Fetcher(
            transport=transport,
            clock=self.clock,
            user_agent=self.settings.user_agent,
            record=recorder(self.store, self.captures),
            policies={host: outlet.fetching for outlet in self.checked.values() for host in outlet.hosts},
        )

    def collector(self, tell: Tell) -> Collector:
        from archive.pipeline import Collector

        return Collector(self.store, self.captures, self.fetcher, self.checked, self.clock, tell)

    def services(self, behind: Callable[[], int]) -> Services:
        from web.services import Services

        return Services(
            store=self.store,
            engine=self.engine,
            outlets=self.outlets,
            captures=self.captures,
            clock=self.clock,
            secret_key=self.secret_key,
            behind=behind,
            actor=self.editor,
            title=self.settings.title,
            open_to_world=self.settings.public,
            knowledge=self.known,
            lacking=self.lacking,
        )

    def behind(self) -> int:
        """Changes that the index does not show yet."""
        return max(0, self._change() - self.engine.status().change)

    def _change(self) -> Change:
        from archive.standing import change_of

        found = change_of(self._unopened) if self._unopened else None
        return self.store.change() if found is None else found

    def _words_off(self) -> Sequence[tuple[str, str]]:
        from archive.standing import words_off_of

        found = words_off_of(self._unopened) if self._unopened else None
        return [(switch.ar, switch.en) for switch in self.store.words_off()] if found is None else found

    @property
    def _unopened(self) -> Path | None:
        """The SQLite file, as long as nothing needed the store: to open that takes longer than to search."""
        url = self.settings.database_url
        return (
            Path(url.removeprefix("sqlite:///"))
            if "store" not in self.__dict__ and url.startswith("sqlite:///")
            else None
        )

    @cached_property
    def secret_key(self) -> str:
        """Signs cookies and forms; made at first use, readable by the keeper alone."""
        file = self.path / "secret"
        self.path.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            fresh = file.with_name(f"secret.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
            with suppress(FileExistsError):
                os.link(fresh, file)  # whole or not at all; of two processes the first wins
            fresh.unlink()
        return file.read_text(encoding="ascii")
