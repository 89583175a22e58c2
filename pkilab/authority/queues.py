"""What waits at the CA servers of a lab."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.running import Queue
from pkilab.store import authorities
from pkilab.store.registry import Registry


def queues(registry: Registry) -> tuple[Queue, ...]:
    """Return the CA servers in the order of configuring, each with its requests that wait and what it issued."""
    with registry.reading() as tx:
        main = authorities.main(tx)
        known = [authority.settings for authority in authorities.all(tx)]
        counted = [(settings, authorities.counts(tx, settings.instance)) for settings in known]
    return tuple(
        Queue(
            instance=settings.instance,
            main=settings.instance == main,
            directory=Path(settings.directory),
            pending=counts.pending,
            certificates=counts.certificates,
        )
        for settings, counts in counted
    )
