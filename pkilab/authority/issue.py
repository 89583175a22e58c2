"""Issuing: from a verified request to a certificate in the registry (S11, S12, S15).

The number is durable in the serial file before the certificate exists; certificate, request state, journal entry and
mail are one transaction. A crash in between skips a number and leaves the request pending.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from pkilab.authority.site import Site, certificate_path, key_path, serial_path
from pkilab.authority.takeover import mismatch
from pkilab.authority.verify import pending
from pkilab.errors import (
    CannotCertify,
    KeyMismatch,
    KeyMissing,
    NotVerified,
    PasswordRequired,
    PkilabError,
    WrongPassword,
)
from pkilab.mail import messages
from pkilab.model.acts import Batch, Issued, Refusal
from pkilab.model.certificate import IssuedCertificate
from pkilab.model.journal import Facts, JournalEntry
from pkilab.model.request import RecordedVerification, Request
from pkilab.model.settings import Serials
from pkilab.model.times import moment
from pkilab.model.usage import Usage
from pkilab.store import certificates, files, journal, outbox, requests
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.store.serial import SerialFile
from pkilab.x509 import chain, constraints, issue, keys
from pkilab.x509.issue import Signer
from pkilab.x509.keys import PrivateKey

_AT_ONCE, _AT_ONCE_SLOWLY = 400, 150
"""Requests that are issued in one transaction: others wait for it, so it stays well under half a second."""
_MOST_THREADS = 8
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
        CannotCertify: no certificate can be made of it.
    """
    authority, (request,) = _ready(site, [request_id])
    if usage is not None:
        length = issue.check_usage(authority.certificate, usage, path_length)
        verification = _verification(request)
        if (verification.usage, verification.path_length) != (usage, length):
            raise NotVerified(request_id, (_PURPOSE,))
    signer = _signer(authority, password)
    (done,) = _issue(site, authority, signer, [request], by=site.acting(by))
    if isinstance(done, PkilabError):
        raise done
    return done


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Python's collector rest: what is made here stays in use, and to look through it over and over takes long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_undisturbed()
def issue_many(
    site: Site,
    request_ids: Sequence[int],
    *,
    password: str | None,
    by: str,
    told: Callable[[int, int], None] | None = None,
) -> Batch:
    """Issue several requests that were each verified by themselves, opening the key once.

    `told` is called after each part with how many requests of how many are done.

    Raises as `issue_one` does before anything is issued; a request that somebody decides on meanwhile, or that no
    certificate can be made of, is told in the result and does not stop the others.
    """
    ids = list(dict.fromkeys(request_ids))
    if not ids:
        return Batch(issued=(), refused=())
    authority, waiting = _ready(site, ids)
    signer = _signer(authority, password)
    at_once = _AT_ONCE_SLOWLY if keys.signs_slowly(signer.key) else _AT_ONCE
    issued, refused = [], []
    with _threads(signer.key, len(waiting)) as threads:
        for at in range(0, len(waiting), at_once):
            some = waiting[at : at + at_once]
            made = _issue(site, authority, signer, some, by=site.acting(by), threads=threads)
            for request, done in zip(some, made, strict=True):
                if isinstance(done, PkilabError):
                    refused.append(Refusal(request_id=request.id, code=done.code, sentence=str(done)))
                else:
                    issued.append(done)
            if told is not None:
                told(at + len(some), len(waiting))
    return Batch(issued=tuple(issued), refused=tuple(refused))


def _signer(authority: Authority, password: str | None) -> issue.Signer:
    """Open the key for requests that are verified; where that fails, say that they stay so."""
    try:
        return issue.signer(authority.certificate, open_key(authority, password), authority.settings.addresses)
    except (KeyMissing, PasswordRequired, WrongPassword) as error:
        error.add_note("The verification is recorded: only the key and its password are needed now.")
        raise


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


def _threads(key: PrivateKey, count: int) -> AbstractContextManager[Executor | None]:
    """Return threads that sign at the same time, where that is worth it: signing lets other threads run."""
    threads = min(os.cpu_count() or 1, count, _MOST_THREADS)
    if threads < 2 or not keys.signs_slowly(key):
        return nullcontext()
    return ThreadPoolExecutor(threads, thread_name_prefix="pkilab-sign")


def _ready(site: Site, ids: Sequence[int]) -> tuple[Authority, list[Request]]:
    """Check all that can be checked before the key is touched."""
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        found = requests.get_many(tx, site.instance, ids)
    waiting = [pending(found.get(request_id), request_id) for request_id in ids]
    chain.check_ca(authority.certificate, now=site.clock(), path=certificate_path(authority))
    for request in waiting:
        _verification(request)
    return authority, waiting


def _verification(request: Request) -> RecordedVerification:
    if request.verification is None:
        raise NotVerified(request.id, (_NOBODY,))
    return request.verification


def _issue(
    site: Site,
    authority: Authority,
    signer: Signer,
    waiting: Sequence[Request],
    *,
    by: str,
    threads: Executor | None = None,
) -> list[Issued | PkilabError]:
    """Issue what is still pending, in one transaction; return for each what became of it, in order."""
    now = site.clock()
    with SerialFile(serial_path(authority)).lock(), site.registry.writing() as tx:
        made: dict[int, IssuedCertificate | PkilabError] = {}
        made |= requests.decided(tx, site.instance, [request.id for request in waiting])
        open_ = [request for request in waiting if request.id not in made]
        numbers = _numbers(site, tx, authority, len(open_)) if open_ else ()

        def certify(request: Request, number: int) -> IssuedCertificate | CannotCertify:
            return _certify(authority, signer, request, number=number, now=now, by=by)

        certified = (threads.map if threads else map)(certify, open_, numbers)
        made |= {request.id: each for request, each in zip(open_, certified, strict=True)}
        done = {id_: each for id_, each in made.items() if isinstance(each, IssuedCertificate)}
        entry = _record(site, tx, authority, waiting, done, now=now, by=by)
    if entry is not None:
        site.note_head(authority, entry)
    return [
        Issued(certificate=each, message=_told(each)) if isinstance(each, IssuedCertificate) else each
        for each in (made[request.id] for request in waiting)
    ]


def _record(
    site: Site,
    tx: Transaction,
    authority: Authority,
    waiting: Sequence[Request],
    done: Mapping[int, IssuedCertificate],
    *,
    now: datetime,
    by: str,
) -> JournalEntry | None:
    """Record certificates, what became of their requests (by id), journal, mails; return the last entry."""
    settings = authority.settings
    certificates.add_many(tx, site.instance, list(done.values()), counted=settings.serials is Serials.COUNTER)
    numbers = {request_id: each.number for request_id, each in done.items()}
    requests.issued(tx, site.instance, numbers, at=now, by=by)
    mails = [
        messages.issued(settings, done[request.id], request, site.token()) for request in waiting if request.id in done
    ]
    outbox.put(tx, site.instance, [mail for mail in mails if mail], now)
    facts = [_facts(each) for each in done.values()]
    entries = journal.append_many(tx, site.instance, at=now, by=by, act="issued", facts=facts)
    return entries[-1] if entries else None


def _facts(issued: IssuedCertificate) -> Facts:
    renews = {} if issued.renews is None else {"renews": str(issued.renews)}
    return {
        "number": str(issued.number),
        "request": issued.request_id,
        "root": issued.root,
        "usage": str(issued.usage),
        "sha256": issued.fingerprint.sha256,
        **renews,
    }


def _certify(
    authority: Authority, signer: Signer, request: Request, *, number: int, now: datetime, by: str
) -> IssuedCertificate | CannotCertify:
    verification = _verification(request)
    try:
        constraints.check(request.content, verification.usage, (authority.certificate, *authority.chain))
        certificate, shortened = issue.certify(
            request.content,
            signer,
            serial=number,
            usage=verification.usage,
            path_length=verification.path_length,
            days=authority.settings.issued_days,
            now=now,
        )
    except CannotCertify as error:
        return error
    return IssuedCertificate(
        number=number,
        ca=authority.settings.instance,
        name=request.name,
        certificate=certificate,
        usage=verification.usage,
        issued_at=now,
        issued_by=by,
        request_id=request.id,
        shortened=shortened,
        renews=request.renews,
    )


def _numbers(site: Site, tx: Transaction, authority: Authority, count: int) -> Iterable[int]:
    """Return numbers that were never used: counted in the serial file, or random with 127 bits (RFC 5280 §4.1.2.2)."""
    if authority.settings.serials is Serials.RANDOM:
        return [int.from_bytes(site.entropy(16)) >> 1 or 1 for _ in range(count)]
    above = certificates.highest_counted(tx, authority.settings.instance)
    return SerialFile(serial_path(authority)).take(count, above=above)


def _told(certificate: IssuedCertificate) -> str:
    cut = (
        f" It is valid until {moment(certificate.not_after)}, less long than configured: "
        "no certificate outlives its issuer."
        if certificate.shortened
        else ""
    )
    return (
        f"Certificate number {certificate.number} was issued for {certificate.name}.{cut} "
        "Remove the medium with the CA's private key now, and lock it away."
    )
