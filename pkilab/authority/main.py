"""Which CA server is the lab's main one, that clients reach at the default path."""

from __future__ import annotations

from pkilab.authority.site import Site
from pkilab.store import authorities, journal


def make_main(site: Site, *, by: str) -> None:
    """Make this CA the main one; nothing is done, and nothing journalled, where it is that already.

    Raises:
        NotConfigured: it is no CA server.
    """
    who = site.acting(by)
    with site.writing() as tx:
        authority = site.authority(tx)
        before = authorities.main(tx)
        authorities.set_main(tx, site.instance)
        if before == site.instance:
            return
        facts = {"before": before or ""}
        entry = journal.append(tx, site.instance, at=site.clock(), by=who, act="made the main CA", facts=facts)
    site.note_head(authority, entry)
