"""What waits at the CA servers of a lab."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pkilab.authority.alerts import alerts
from pkilab.model.running import Queue
from pkilab.store import authorities
from pkilab.store.registry import Registry


def queues(registry: Registry, now: datetime) -> tuple[Queue, ...]:
    """Return the CA servers in the order of configuring, each with what waits, what it issued, and what runs out."""
    with registry.reading() as tx:
        main = authorities.main(tx)
        known = [(authority.settings, alerts(tx, authority, now)) for authority in authorities.all(tx)]
        counted = [(settings, told, authorities.counts(tx, settings.instance)) for settings, told in known]
    return tuple(
        Queue(
            instance=settings.instance,
            main=settings.instance == main,
            directory=Path(settings.directory),
            pending=counts.pending,
            certificates=counts.certificates,
            revoked=counts.revoked,
            alerts=told,
        )
        for settings, told, counts in counted
    )
