"""What the pages stand on, handed in by whoever starts them. Nothing in `web` reads the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flask import current_app

from archive.clock import Clock
from archive.model import Actor
from archive.publishers.declaration import Outlet
from archive.store import Store
from archive.warc import WarcFolder
from indexer.engine import SearchEngine
from indexer.expand import Knowledge
from web.spellings import Spellings

# No dictionary of Arabic; or there is one, but the index was made without it or with another.
Lack = Literal["", "dictionary", "rebuild"]


@dataclass(frozen=True)
class Services:
    """knowledge: what a query is expanded by, as it is now. lacking: what keeps it from knowing more. behind: changes
    that the index has not seen yet. actor: who acts through these pages. open_to_world: readers come from outside, so
    nobody may decide anything here and whole articles show only where the outlet allows it."""

    store: Store
    engine: SearchEngine
    outlets: Mapping[str, Outlet]
    captures: WarcFolder | None
    clock: Clock
    secret_key: str
    behind: Callable[[], int]
    actor: Actor
    title: str = "Warraq"
    open_to_world: bool = False
    knowledge: Callable[[], Knowledge] = Knowledge
    lacking: Callable[[], Lack] = lambda: ""

    spellings: Spellings = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spellings", Spellings(self.store, self.engine))

    def may_show_whole(self, outlet: str) -> bool:
        """Whether the outlet's articles may be shown in full to this instance's readers."""
        declared = self.outlets.get(outlet)
        return not self.open_to_world or (declared is not None and declared.public == "full")


def services() -> Services:
    """The services of the application that answers the current request."""
    found: Services = current_app.extensions["warraq"]
    return found
