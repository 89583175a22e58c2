"""The configured CA servers of a lab, as the web service asks for them."""

from __future__ import annotations

from collections.abc import Callable

from pkilab.authority.server import CAServer
from pkilab.model.figures import Figures
from pkilab.store import authorities, outbox
from pkilab.store.registry import Registry


class Served:
    """Looks into the registry each time, so that a CA is there as soon as it is configured.

    Args:
        registry: gives the lab's registry.
        server: gives an instance as a CA server.
    """

    def __init__(self, registry: Callable[[], Registry], server: Callable[[str], CAServer]) -> None:
        self._registry = registry
        self._server = server

    def get(self, instance: str) -> CAServer | None:
        """Return the CA server of exactly this name, if it is configured."""
        with self._registry().reading() as tx:
            known = authorities.get(tx, instance) is not None
        return self._server(instance) if known else None

    def main(self) -> CAServer | None:
        """Return the lab's main CA, if any is configured."""
        with self._registry().reading() as tx:
            name = authorities.main(tx)
        return self._server(name) if name else None

    def names(self) -> tuple[str, ...]:
        """Return the names of the configured CA servers, in the order of configuring."""
        with self._registry().reading() as tx:
            return tuple(found.settings.instance for found in authorities.all(tx))

    def figures(self) -> Figures:
        """Return how much waits at each of them, and how much mail."""
        with self._registry().reading() as tx:
            return Figures(workloads=authorities.workloads(tx), mail_waiting=outbox.count_waiting(tx))
