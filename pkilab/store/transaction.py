"""What the functions of this room are handed: one transaction on the registry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from pkilab.errors import NotConfigured
from pkilab.store.schema import AUTHORITIES

# Statements that every request runs are built once: building one costs as much as running it.
_ID = select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == bindparam("instance"))


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that `Registry.reading` or `Registry.writing` opened; it ends with their `with` block."""

    connection: Connection

    def authority_id(self, ca: str) -> int:
        """Return the row number of the CA server of instance `ca`.

        Raises:
            NotConfigured: there is none.
        """
        found = self.connection.scalar(_ID, {"instance": ca})
        if found is None:
            raise NotConfigured(ca, "server")
        return int(found)
