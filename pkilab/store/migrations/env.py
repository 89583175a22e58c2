"""What Alembic runs: it migrates over the connection, and in the transaction, that it is handed."""

from __future__ import annotations

from alembic import context

from pkilab.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
