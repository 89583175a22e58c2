"""A certificate of a CA with those above it, and what each of them is worth now, as far as the lab knows."""

from __future__ import annotations

from datetime import datetime

from pkilab.errors import UnknownNumber
from pkilab.model.certificate import Certificate, Chain, Worth, state_at, worth_of
from pkilab.store import authorities, certificates
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction


def chain(tx: Transaction, authority: Authority, number: int, now: datetime) -> Chain:
    """Return the certificate of a number (0: the CA's own) and those above it, with what they are worth at `now`.

    That a certificate was revoked is known where the CA that issued it is in this lab too.

    Raises:
        UnknownNumber: the CA issued none of this number.
    """
    own = (authority.certificate, *authority.chain)
    everyone = authorities.all(tx)
    worth = tuple(_worth(tx, each, everyone, now) for each in own)
    if number == 0:
        return Chain(certificates=own, worth=worth)
    issued = certificates.get(tx, authority.settings.instance, number, now)
    if issued is None:
        raise UnknownNumber(str(number))
    return Chain(certificates=(issued.certificate, *own), worth=(worth_of(issued), *worth))


def _worth(tx: Transaction, certificate: Certificate, everyone: tuple[Authority, ...], now: datetime) -> Worth:
    """Return what a CA's certificate is worth: a root's, or one that nobody here issued, by its dates alone."""
    for issuer in everyone:
        if certificate.self_issued or issuer.certificate.subject_der != certificate.issuer_der:
            continue
        found = certificates.get(tx, issuer.settings.instance, certificate.serial, now)
        if found is not None and found.fingerprint == certificate.fingerprint:
            return worth_of(found)
    return Worth(state=state_at(now, certificate, None))
