"""Signing a changed copy of a certificate, for a lesson (X4): it is issued to nobody and stored nowhere."""

from __future__ import annotations

from hashlib import sha256

from pkilab.authority.issue import open_key
from pkilab.authority.site import Site
from pkilab.store import journal


def sign(site: Site, changed: bytes, *, password: str | None, keep_algorithm: bool, by: str) -> bytes:
    """Return a changed certificate in DER with this CA's signature. The journal tells that it was signed.

    `keep_algorithm` leaves the algorithm inside as it is, though it may not be the key's.

    Raises:
        CannotDo: it is no certificate any more.
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch: the CA cannot sign.
    """
    from pkilab.explain import whatif  # needed for lessons only

    with site.registry.reading() as tx:
        authority = site.authority(tx)
    signed = whatif.resigned(changed, open_key(authority, password), keep_algorithm=keep_algorithm)
    facts = {"sha256": sha256(signed).hexdigest()}
    with site.writing() as tx:
        entry = journal.append(
            tx, site.instance, at=site.clock(), by=site.acting(by), act="signed for a lesson", facts=facts
        )
    site.note_head(authority, entry)
    return signed
