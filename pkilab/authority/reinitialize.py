"""Starting over: dropping a CA server's configuration and records, after a copy was written (S8)."""

from __future__ import annotations

import json

from pkilab.authority import responder
from pkilab.authority.site import Site
from pkilab.errors import ConfirmationNeeded
from pkilab.model.acts import Reinitialized
from pkilab.model.journal import Facts
from pkilab.store import authorities, files, journal, secrets
from pkilab.store.authorities import Authority
from pkilab.store.files import NewFile


def effects(site: Site) -> str:
    """Return what reinitializing would do now, for the question that asks for confirmation."""
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        counts = authorities.counts(tx, site.instance)
    forgotten = (
        f" The lab will forget that {counts.revoked} of them {'was' if counts.revoked == 1 else 'were'} revoked, and "
        "serve no revocation list and no OCSP answer."
    )
    revoked = forgotten if counts.revoked else ""
    issued, pending = _counted(counts.certificates, "issued certificate"), _counted(counts.pending, "pending request")
    return (
        f"all configuration of {site.instance} (mail password included), the records of {issued} and {pending} "
        f"are dropped. The files {authority.settings.root}.key, .cer and .srl stay and can be configured again, and "
        "the number of the last revocation list is kept, so that it never goes back; "
        f"certificates already signed stay valid.{revoked} A copy of what is dropped, without secrets, is written "
        "first."
    )


def reinitialize(site: Site, *, confirmed: bool, by: str) -> Reinitialized:
    """Drop configuration and records; key, certificate, serial file and journal stay.

    Raises:
        NotConfigured: there is nothing to drop.
        ConfirmationNeeded: nobody confirmed; the sentence states the effects.
        CannotWrite: the archive could not be written; nothing was dropped.
    """
    what = effects(site)
    if confirmed is not True:
        raise ConfirmationNeeded(f"reinitialize {site.instance}", what)
    who = site.acting(by)
    now = site.clock()
    archive = site.manager / "archive" / f"{now:%Y-%m-%dT%H-%M-%S-%f}-{site.instance}.json"
    with site.writing() as tx:
        authority: Authority = site.authority(tx)
        content = json.dumps(authorities.dump(tx, site.instance), ensure_ascii=False, indent=2) + "\n"
        files.lay_down([NewFile(archive, content.encode(), 0o600)], field="Archive")
        dropped = authorities.drop(tx, site.instance)
        facts: Facts = {
            "requests": dropped.requests,
            "certificates": dropped.certificates,
            "archive": archive.name,
        }
        entry = journal.append(tx, site.instance, at=now, by=who, act="reinitialized", facts=facts)
    secrets.drop(site.manager)
    responder.drop(site)
    site.note_head(authority, entry)
    return Reinitialized(
        instance=site.instance,
        archive=archive,
        requests=dropped.requests,
        certificates=dropped.certificates,
        message=f"CA server {site.instance} starts over. {_counted(dropped.certificates, 'certificate')} and "
        f"{_counted(dropped.requests, 'request')} were dropped, and a copy lies in {archive}. Key, certificate and "
        "serial file stay where they are; configure the server again to use them, or another.",
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
