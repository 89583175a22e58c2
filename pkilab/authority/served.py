"""The configured CA servers of a lab, as the web service asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pkilab.authority.server import CAServer
from pkilab.model.figures import Figures, Workload
from pkilab.store import authorities, crls, outbox, responders
from pkilab.store.registry import Registry, Transaction


class Served:
    """Looks into the registry each time, so that a CA is there as soon as it is configured.

    Args:
        registry: gives the lab's registry.
        server: gives an instance as a CA server.
        clock: gives the time in UTC.
    """

    def __init__(
        self, registry: Callable[[], Registry], server: Callable[[str], CAServer], clock: Callable[[], datetime]
    ) -> None:
        self._registry = registry
        self._server = server
        self._clock = clock

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
        now = self._clock()
        with self._registry().reading() as tx:
            loads = tuple(_with_ends(tx, load, now) for load in authorities.workloads(tx))
            return Figures(workloads=loads, mail_waiting=outbox.count_waiting(tx))


def _with_ends(tx: Transaction, load: Workload, now: datetime) -> Workload:
    """Return what a CA has to do, with the ends of its lists and of its responder's certificate."""
    lists, responder = crls.described(tx, load.instance), responders.newest(tx, load.instance)
    begun = [each for each in lists if each.this_update <= now] or lists[:1]
    return replace(
        load,
        crl_until=begun[-1].next_update if begun else None,
        crls_until=lists[-1].next_update if lists else None,
        responder_until=responder.not_after if responder else None,
    )
