"""Who did what, when: one row for every decision of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from archive.model import Actor, Role
from archive.store.database import Tx
from archive.store.part import Part
from archive.store.schema import audit
from archive.store.values import AuditEntry


def write(tx: Tx, actor: Actor, action: str, subject: str, detail: str, at: datetime) -> None:
    who = {"actor": actor.name, "role": actor.role.value}
    tx.db.execute(insert(audit).values(at=at, **who, action=action, subject=subject, detail=detail))


class Audit(Part):
    def audit(self, limit: int = 100, subject: str | None = None) -> tuple[AuditEntry, ...]:
        """The newest first; `subject`: only what was done with it ("article 7")."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self._database.read() as db:
            rows = db.execute(query if subject is None else query.where(audit.c.subject == subject))
            return tuple(_entry(row) for row in rows)


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.at, Actor(row.actor, Role(row.role)), row.action, row.subject, row.detail)
