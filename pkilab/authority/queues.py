"""What waits at the CA servers of a lab."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pkilab.authority.alerts import alerts
from pkilab.authority.site import Site
from pkilab.model.running import Queue
from pkilab.store import authorities
from pkilab.store.authorities import Authority
from pkilab.store.registry import Registry, Transaction


def queues(registry: Registry, now: datetime) -> tuple[Queue, ...]:
    """Return the CA servers in the order of configuring, each with what waits, what it issued, and what runs out."""
    with registry.reading() as tx:
        main = authorities.main(tx)
        return tuple(_queue(tx, authority, main, now) for authority in authorities.all(tx))


def own(site: Site) -> Queue | None:
    """Return what waits at one CA server, what it issued, and what runs out; None while it is not configured."""
    with site.registry.reading() as tx:
        authority = authorities.get(tx, site.instance)
        return _queue(tx, authority, authorities.main(tx), site.clock()) if authority else None


def _queue(tx: Transaction, authority: Authority, main: str | None, now: datetime) -> Queue:
    settings = authority.settings
    counts = authorities.counts(tx, settings.instance)
    return Queue(
        instance=settings.instance,
        main=settings.instance == main,
        directory=Path(settings.directory),
        pending=counts.pending,
        certificates=counts.certificates,
        revoked=counts.revoked,
        alerts=alerts(tx, authority, now),
    )
