"""Run by Alembic with the connection that archive.store.upgrade gives it; the transaction is that connection's."""

from __future__ import annotations

from alembic import context

from archive.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=False)
context.run_migrations()
