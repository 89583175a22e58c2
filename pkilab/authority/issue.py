"""Issuing: from a verified request to a certificate in the registry (S11, S12, S15).

The number is durable in the serial file before the certificate exists; certificate, request state, journal entry and
mail are one transaction. A crash in between skips a number and leaves the request pending.
"""

from __future__ import annotations

from datetime import datetime

from pkilab.authority.site import Site, certificate_path, key_path, serial_path
from pkilab.authority.takeover import mismatch
from pkilab.authority.verify import pending
from pkilab.errors import (
    CannotCertify,
    KeyMismatch,
    KeyMissing,
    NotPending,
    NotVerified,
    NumberTaken,
    UnknownRequest,
)
from pkilab.mail import messages
from pkilab.model.acts import Batch, Issued, Refusal
from pkilab.model.certificate import IssuedCertificate
from pkilab.model.journal import Facts
from pkilab.model.request import RecordedVerification, Request, RequestState
from pkilab.model.settings import Serials
from pkilab.model.usage import Usage
from pkilab.store import certificates, files, journal, outbox, requests
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.store.serial import SerialFile
from pkilab.x509 import chain, issue, keys
from pkilab.x509.keys import PrivateKey

_PURPOSE = "make sure that it is for this purpose: it was verified for another use"
_NOBODY = "verify the person, their right to the names, the purpose and the fingerprint"


def issue_one(
    site: Site, request_id: int, *, usage: Usage | None, path_length: int | None, password: str | None, by: str
) -> Issued:
    """Issue the certificate of a verified request. `usage` None: the one that it was verified for.

    Raises:
        UnknownRequest, NotPending, NotVerified: it is not this request's time.
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired: the CA cannot sign; the request stays.
        SerialFileMissing, SerialFileBroken, SerialExhausted: the numbers.
    """
    authority = _ready(site, request_id, usage, path_length)
    key = open_key(authority, password)
    return _issue(site, authority, key, request_id, by or site.actor())


def issue_many(site: Site, request_ids: list[int], *, password: str | None, by: str) -> Batch:
    """Issue several requests that were each verified by themselves, opening the key once.

    Raises as `issue_one` does before anything is issued; a request that somebody decides on meanwhile is told in
    the result and does not stop the others.
    """
    ids = list(dict.fromkeys(request_ids))
    authority = None
    for request_id in ids:
        authority = _ready(site, request_id, None, None)
    if authority is None:
        return Batch(issued=(), refused=())
    key = open_key(authority, password)
    issued, refused = [], []
    for request_id in ids:
        try:
            issued.append(_issue(site, authority, key, request_id, by or site.actor()))
        except (NotPending, NotVerified, UnknownRequest, CannotCertify) as error:
            refused.append(Refusal(request_id=request_id, code=error.code, sentence=str(error)))
    return Batch(issued=tuple(issued), refused=tuple(refused))


def open_key(authority: Authority, password: str | None) -> PrivateKey:
    """Return the CA's private key from its medium.

    Raises:
        KeyMissing: the medium is not mounted.
        PasswordRequired, WrongPassword, KeyUnreadable, CannotRead: it cannot be opened.
        KeyMismatch: it is not the certificate's key.
    """
    path = key_path(authority)
    data = files.read_optional(path)
    if data is None:
        raise KeyMissing(path)
    key = keys.load(data, password or None, path=path)
    if not keys.same_public_key(key, authority.certificate):
        raise KeyMismatch(path, certificate_path(authority), mismatch(authority.certificate))
    return key


def _ready(site: Site, request_id: int, usage: Usage | None, path_length: int | None) -> Authority:
    """Check all that can be checked before the key is touched."""
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        request = pending(requests.get(tx, site.instance, request_id), request_id)
    chain.check_ca(authority.certificate, now=site.clock(), path=certificate_path(authority))
    verification = _verification(request)
    if usage is not None:
        length = issue.check_usage(authority.certificate, usage, path_length)
        if (verification.usage, verification.path_length) != (usage, length):
            raise NotVerified(request_id, (_PURPOSE,))
    return authority


def _verification(request: Request) -> RecordedVerification:
    if request.verification is None:
        raise NotVerified(request.id, (_NOBODY,))
    return request.verification


def _issue(site: Site, authority: Authority, key: PrivateKey, request_id: int, by: str) -> Issued:
    settings = authority.settings
    serial = SerialFile(serial_path(authority))
    now = site.clock()
    with serial.lock(), site.registry.writing() as tx:
        request = pending(requests.get(tx, site.instance, request_id), request_id)
        number = _next_number(site, tx, authority, serial)
        certificate = _certify(tx, authority, key, request, number=number, now=now, by=by)
        requests.decide(tx, site.instance, request_id, state=RequestState.ISSUED, at=now, by=by, number=number)
        facts: Facts = {
            "number": str(number),
            "request": request_id,
            "root": request.root,
            "usage": str(certificate.usage),
            "sha256": certificate.fingerprint.sha256,
        }
        entry = journal.append(tx, site.instance, at=now, by=by, act="issued", facts=facts)
        mail = messages.issued(settings, certificate, request, site.token())
        outbox.put(tx, site.instance, [mail] if mail else [], now)
    site.note_head(authority, entry)
    return Issued(certificate=certificate, message=_told(certificate, request))


def _certify(
    tx: Transaction, authority: Authority, key: PrivateKey, request: Request, *, number: int, now: datetime, by: str
) -> IssuedCertificate:
    verification = _verification(request)
    certificate, shortened = issue.leaf(
        request.content,
        issuer=authority.certificate,
        issuer_key=key,
        serial=number,
        usage=verification.usage,
        path_length=verification.path_length,
        days=authority.settings.issued_days,
        now=now,
    )
    return certificates.add(
        tx,
        ca=authority.settings.instance,
        number=number,
        name=request.name,
        certificate=certificate,
        usage=verification.usage,
        issued_at=now,
        issued_by=by,
        request_id=request.id,
        shortened=shortened,
        counted=authority.settings.serials is Serials.COUNTER,
        renews=request.renews,
    )


def _next_number(site: Site, tx: Transaction, authority: Authority, serial: SerialFile) -> int:
    """Return a number that was never used: counted in the serial file, or random with 127 bits (RFC 5280 §4.1.2.2)."""
    instance = authority.settings.instance
    if authority.settings.serials is Serials.COUNTER:
        return serial.advance(above=certificates.highest_counted(tx, instance))
    number = int.from_bytes(site.entropy(16)) >> 1
    if not number or certificates.numbers_exist(tx, instance, number):
        raise NumberTaken(number)  # Chance does not do this twice in the age of the universe: its source is broken.
    return number


def _told(certificate: IssuedCertificate, request: Request) -> str:
    cut = (
        f" It is valid until {certificate.not_after:%Y-%m-%d %H:%M} UTC, less long than configured: "
        "no certificate outlives its issuer."
        if certificate.shortened
        else ""
    )
    return (
        f"Certificate number {certificate.number} was issued for {request.name}.{cut} "
        "Remove the medium with the CA's private key now, and lock it away."
    )
