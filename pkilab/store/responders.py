"""The certificates of a CA's OCSP responders. The private key lies in the manager directory, never here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from pkilab.errors import NumberTaken
from pkilab.model.certificate import Certificate
from pkilab.store import certificates
from pkilab.store.schema import RESPONDERS, number_text
from pkilab.store.transaction import Transaction
from pkilab.x509 import certificate as x509_certificate


def add(tx: Transaction, ca: str, certificate: Certificate, *, counted: bool, at: datetime, by: str) -> None:
    """Record the certificate of a responder; `counted`: its number came from the counter.

    Raises:
        NumberTaken: the CA has a certificate of this number.
        NotConfigured: there is no CA server `ca`.
    """
    mine = tx.authority_id(ca)
    if certificates.numbers_exist(tx, ca, certificate.serial):
        raise NumberTaken(certificate.serial)
    tx.connection.execute(
        insert(RESPONDERS).values(
            authority_id=mine,
            number=number_text(certificate.serial),
            counted=counted,
            issued_at=at,
            issued_by=by,
            der=certificate.der,
        )
    )


def newest(tx: Transaction, ca: str) -> Certificate | None:
    """Return the certificate of the responder that was made last, or None."""
    mine = RESPONDERS.c.authority_id == tx.authority_id(ca)
    octets = tx.connection.scalar(select(RESPONDERS.c.der).where(mine).order_by(RESPONDERS.c.id.desc()).limit(1))
    return None if octets is None else x509_certificate.trusted(octets)
