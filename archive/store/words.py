"""Words that editors keep from standing for each other across the languages, whatever the lexicon learns of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from archive.model import Actor, Role
from archive.store import audit
from archive.store.part import Part
from archive.store.schema import word_switches
from archive.store.values import StoreError, WordSwitch
from language.lexicon import pair_key
from language.tokens import folded


class Words(Part):
    def switch_words(self, ar: str, en: str, on: bool, actor: Actor, at: datetime) -> None:
        """From now on an Arabic and an English word (or several in a row) in any form do not stand for each other, or
        may again. The newest decision on a pair holds.

        Raises:
            StoreError: a side has no word, there is nothing to switch, or the actor is a reader.
        """
        arabic, english = folded(ar), folded(en)
        if not arabic or not english:
            raise StoreError(f"{ar!r} and {en!r} are no words of both languages; nothing was changed")
        if actor.role is Role.READER:
            raise StoreError(f"{actor.name} is a reader; only editors and keepers switch words")
        with self._database.write() as tx:
            off = {pair_key(switch.ar, switch.en) for switch in _standing(tx.db)}
            if (pair_key(arabic, english) in off) is not on:
                raise StoreError(f"{arabic} = {english} is switched {'on' if on else 'off'} already")
            who = {"actor": actor.name, "role": actor.role.value}
            tx.db.execute(insert(word_switches).values(ar=arabic, en=english, is_on=on, at=at, **who))
            audit.write(tx, actor, f"words {'on' if on else 'off'}", f"words {arabic} = {english}", "", at)

    def words_off(self) -> tuple[WordSwitch, ...]:
        """The pairs that are switched off now, oldest first."""
        with self._database.read() as db:
            return tuple(_standing(db))


def _standing(db: Connection) -> list[WordSwitch]:
    newest = {pair_key(row.ar, row.en): row for row in db.execute(select(word_switches).order_by(word_switches.c.id))}
    rows = sorted((row for row in newest.values() if not row.is_on), key=lambda row: int(row.id))
    return [WordSwitch(row.ar, row.en, Actor(row.actor, Role(row.role)), row.at) for row in rows]
