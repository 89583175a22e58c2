"""Revoking certificates, and lifting a hold: registry, revocation list, journal and mail at once (X2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pkilab.authority.lists import PUT_AWAY, list_signer, sign_anew, told
from pkilab.authority.site import Site, crl_number_path
from pkilab.errors import AlreadyRevoked, CannotRevoke, InvalidField, NotHeld, UnknownNumber
from pkilab.mail import messages
from pkilab.model.aftercare import Revoked
from pkilab.model.certificate import IssuedCertificate
from pkilab.model.contact import Contact
from pkilab.model.crl import RevocationList
from pkilab.model.journal import Facts
from pkilab.model.message import Message
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.store import certificates, journal, outbox, requests, revocations
from pkilab.store.authorities import Authority
from pkilab.store.crlnumber import CrlNumberFile
from pkilab.store.registry import Transaction

_OWN = (
    "it is this CA's own; the CA that issued it revokes it, and a root is taken out of use by removing it from "
    "where it is trusted"
)


def revoke(
    site: Site,
    number: int,
    *,
    reason: RevocationReason,
    password: str | None,
    invalid_since: datetime | None,
    by: str,
) -> Revoked:
    """Revoke a certificate, or put it on hold, and sign the revocation lists anew.

    Raises:
        UnknownNumber, CannotRevoke, AlreadyRevoked: this certificate cannot be revoked (any more).
        InvalidField: `invalid_since` has no zone, or is still to come.
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired, CannotDo: the CA cannot sign.
        CrlNumberBroken, CannotWrite: the numbers; nothing was revoked.
    """
    now, who = site.clock(), site.acting(by)
    if invalid_since is not None and (invalid_since.tzinfo is None or invalid_since > now):
        raise InvalidField("Invalid since", "give a time that has passed, with its zone.")
    wanted = Revocation(reason=reason, at=now.replace(microsecond=0), by=who, invalid_since=invalid_since)
    authority, certificate = _known(site, number)
    before = certificate.revocation
    if before is not None and (not before.held or wanted.held):
        raise AlreadyRevoked(number, before.reason.value, before.by, before.at)

    def record(tx: Transaction) -> Facts:
        made = revocations.revoke(tx, site.instance, number, wanted)
        return {"reason": made.reason.value}

    done, made, withdrawn = _record(
        site, authority, number, record, password=password, by=who, now=now, act="revoked", mail=messages.revoked
    )
    what = "is on hold: it counts as revoked until the hold is lifted" if wanted.held else "is revoked for good"
    told_to = _told_to(site, done)
    return Revoked(
        certificate=done,
        lists=made,
        message=f"Certificate {number} ({done.root}) {what}. {told_to} {told(made, withdrawn)} {PUT_AWAY}",
    )


def lift(site: Site, number: int, *, password: str | None, by: str) -> Revoked:
    """Lift the hold of a certificate, and sign the revocation lists anew, which no longer name it.

    Raises:
        UnknownNumber, CannotRevoke, NotHeld: there is nothing to lift.
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired, CannotDo: the CA cannot sign.
        CrlNumberBroken, CannotWrite: the numbers; the hold stays.
    """
    now, who = site.clock(), site.acting(by)
    authority, certificate = _known(site, number)
    if certificate.revocation is None or not certificate.revocation.held:
        raise NotHeld(number, certificate.revocation.reason.value if certificate.revocation else "")

    def record(tx: Transaction) -> Facts:
        revocations.lift(tx, site.instance, number, at=now, by=who)
        return {}

    done, made, withdrawn = _record(
        site, authority, number, record, password=password, by=who, now=now, act="hold lifted", mail=messages.lifted
    )
    return Revoked(
        certificate=done,
        lists=made,
        message=f"The hold of certificate {number} ({done.root}) is lifted: it is {done.state.value}. "
        f"{_told_to(site, done)} {told(made, withdrawn)} {PUT_AWAY}",
    )


def _known(site: Site, number: int) -> tuple[Authority, IssuedCertificate]:
    if number == 0:
        raise CannotRevoke(0, _OWN)
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        found = certificates.get(tx, site.instance, number, site.clock())
    if found is None:
        raise UnknownNumber(str(number))
    return authority, found


def _record(
    site: Site,
    authority: Authority,
    number: int,
    record: Callable[[Transaction], Facts],
    *,
    password: str | None,
    by: str,
    now: datetime,
    act: str,
    mail: Callable[..., Message | None],
) -> tuple[IssuedCertificate, tuple[RevocationList, ...], int]:
    """Do what `record` does, sign the lists, write journal and mail, all in one transaction."""
    signer = list_signer(site, authority, password, note="Nothing was changed.")
    with CrlNumberFile(crl_number_path(authority)).lock(), site.registry.writing() as tx:
        more = record(tx)
        made, withdrawn = sign_anew(site, tx, authority, signer, now=now, ahead=None)
        done = certificates.get(tx, site.instance, number, now)
        if done is None:
            raise UnknownNumber(str(number))
        facts: Facts = {"number": str(number), "root": done.root, **more, "crl": str(made[0].number)}
        entry = journal.append(tx, site.instance, at=now, by=by, act=act, facts=facts)
        message = mail(authority.settings, done, contact_of(tx, site.instance, done), site.token())
        outbox.put(tx, site.instance, [message] if message else [], now)
    site.note_head(authority, entry)
    return done, made, withdrawn


def contact_of(tx: Transaction, ca: str, certificate: IssuedCertificate) -> Contact | None:
    """Return who asked for a certificate; None where that is not on record."""
    if certificate.request_id is None:
        return None
    request = requests.get(tx, ca, certificate.request_id)
    return request.contact if request else None


def _told_to(site: Site, certificate: IssuedCertificate) -> str:
    with site.registry.reading() as tx:
        contact = contact_of(tx, site.instance, certificate)
    if contact is None or not messages.reachable(contact):
        return "No mail address of its contact is known: tell them."
    return f"{contact.name or contact.email} is told by mail."
