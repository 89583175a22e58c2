"""Revocation lists: signing the current one and a series ahead of time, and saying which counts (X2).

The number is durable in its file beside the key before a list bears it; lists, journal entry and mail are one
transaction. A crash in between skips numbers and leaves the lists as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pkilab.authority.issue import open_key
from pkilab.authority.site import Site, certificate_path, crl_number_path
from pkilab.errors import InvalidField, KeyMissing, NoRevocationList, PasswordRequired, WrongPassword
from pkilab.model.aftercare import Published
from pkilab.model.crl import RevocationList
from pkilab.model.journal import Facts
from pkilab.model.times import moment
from pkilab.store import crls, journal, revocations
from pkilab.store.authorities import Authority
from pkilab.store.crlnumber import CrlNumberFile
from pkilab.store.registry import Transaction
from pkilab.x509 import chain, crl, issue
from pkilab.x509.issue import Signer

MOST_AHEAD = 120
"""Lists in a series beside the current one."""
_OVERLAP = 10
"""A list takes over a tenth of its validity before the one before it runs out, so that nobody stands without one."""


def publish(site: Site, *, password: str | None, ahead: int | None, by: str) -> Published:
    """Sign the current revocation list, and `ahead` more that take over one after the other.

    `ahead` None: as many as are ahead now. All that were signed before and have not begun are withdrawn.

    Raises:
        InvalidField: `ahead` is out of range.
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired, CannotDo: the CA cannot sign.
        CrlNumberBroken, CannotWrite: the numbers; nothing was published.
    """
    if ahead is not None and (type(ahead) is not int or not 0 <= ahead <= MOST_AHEAD):
        raise InvalidField("Ahead", f"a whole number from 0 to {MOST_AHEAD} is needed.")
    who, now = site.acting(by), site.clock()
    with site.registry.reading() as tx:
        authority = site.authority(tx)
    signer = list_signer(site, authority, password, note="Nothing was published.")
    with CrlNumberFile(crl_number_path(authority)).lock(), site.registry.writing() as tx:
        made, withdrawn = sign_anew(site, tx, authority, signer, now=now, ahead=ahead)
        facts: Facts = {
            "crl": str(made[0].number),
            "ahead": len(made) - 1,
            "revoked": made[0].revoked,
            "until": made[-1].next_update.isoformat(),
        }
        entry = journal.append(tx, site.instance, at=now, by=who, act="revocation list published", facts=facts)
    site.note_head(authority, entry)
    return Published(lists=made, message=f"{told(made, withdrawn)} {PUT_AWAY}")


PUT_AWAY = "Remove the medium with the CA's private key now, and lock it away."


def list_signer(site: Site, authority: Authority, password: str | None, *, note: str) -> Signer:
    """Open the CA's key for signing lists; where that fails, `note` says what did not happen.

    Raises:
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired, CannotDo: the CA cannot sign.
    """
    chain.check_ca(authority.certificate, now=site.clock(), path=certificate_path(authority))
    crl.check_signer(authority.certificate)
    try:
        return issue.signer(authority.certificate, open_key(authority, password))
    except (KeyMissing, PasswordRequired, WrongPassword) as error:
        error.add_note(note)
        raise


def sign_anew(
    site: Site, tx: Transaction, authority: Authority, signer: Signer, *, now: datetime, ahead: int | None
) -> tuple[tuple[RevocationList, ...], int]:
    """Sign a series of what is revoked in this transaction, and put it in the place of all earlier lists.

    The numbers' lock is held. Returns the lists, and how many were withdrawn before they began.
    """
    key_sha256 = authority.certificate.key.sha256
    if ahead is None:
        ahead = sum(each.this_update > now for each in crls.described(tx, site.instance))
    spans = _spans(authority, now, ahead)
    above = crls.highest(tx, key_sha256)
    numbers = CrlNumberFile(crl_number_path(authority)).take(len(spans), above=above)
    revoked = crl.encode(revocations.of(tx, site.instance))
    made = tuple(
        RevocationList(
            ca=site.instance,
            number=number,
            this_update=begins,
            next_update=ends,
            revoked=len(revoked),
            der=crl.sign(signer, revoked, number=number, this_update=begins, next_update=ends),
        )
        for number, (begins, ends) in zip(numbers, spans, strict=True)
    )
    return made, crls.replace(tx, site.instance, made, key_sha256=key_sha256)


def _spans(authority: Authority, now: datetime, ahead: int) -> list[tuple[datetime, datetime]]:
    """Return from when until when each list of a series is valid, none of them longer than the CA's certificate."""
    validity = timedelta(days=authority.settings.crl_days)
    step = validity - validity / _OVERLAP
    start, last = now.replace(microsecond=0), authority.certificate.not_after
    begins = (start + at * step for at in range(ahead + 1))
    return [(each, min(each + validity, last)) for each in begins if each < last]


def current(site: Site) -> RevocationList:
    """Return the list that counts now.

    Raises:
        NoRevocationList: none was published yet.
        NotConfigured: there is no CA server.
    """
    with site.registry.reading() as tx:
        site.authority(tx)
        found = crls.current(tx, site.instance, site.clock())
    if found is None:
        raise NoRevocationList(site.instance)
    return found


def told(made: Sequence[RevocationList], withdrawn: int) -> str:
    """Return sentences on lists that were just signed."""
    first, *others = made
    until = moment(first.next_update)
    sentence = f"Revocation list {first.number} counts from now until {until} at the latest."
    if others:
        more = "1 more is" if len(others) == 1 else f"{len(others)} more are"
        sentence += (
            f" {more} signed ahead and will take over by themselves, the last until {moment(others[-1].next_update)}."
        )
    if withdrawn:
        sentence += f" {withdrawn} signed ahead before {'was' if withdrawn == 1 else 'were'} withdrawn."
    return sentence
