"""What went wrong while collecting, until it goes well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from archive.store.part import Part
from archive.store.schema import problems
from archive.store.types import bounded
from archive.store.values import Problem


class Problems(Part):
    def add_problem(self, outlet: str, where: str, what: str, at: datetime) -> None:
        """Note a problem; the same at the same place is counted."""
        place = bounded(where)
        with self._database.write() as tx:
            same = (problems.c.outlet == outlet) & (problems.c.place == place) & (problems.c.what == what)
            row = tx.db.execute(select(problems).where(same)).first()
            if row is None:
                fresh = {"outlet": outlet, "place": place, "what": what, "since": at, "until": at, "times": 1}
                tx.db.execute(insert(problems).values(fresh))
                return
            longer = {"until": max(row.until, at), "times": row.times + 1}
            tx.db.execute(update(problems).where(problems.c.id == row.id).values(longer))

    def clear_problems(self, where: str) -> None:
        """It went well at this place."""
        with self._database.write() as tx:
            tx.db.execute(delete(problems).where(problems.c.place == bounded(where)))

    def problems(self, outlet: str | None = None, limit: int = 1000) -> tuple[Problem, ...]:
        """The latest first."""
        query = select(problems).order_by(problems.c.until.desc(), problems.c.id.desc()).limit(limit)
        if outlet is not None:
            query = query.where(problems.c.outlet == outlet)
        with self._database.read() as db:
            rows = db.execute(query)
            return tuple(Problem(row.outlet, row.place, row.what, row.since, row.until, row.times) for row in rows)
