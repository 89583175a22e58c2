"""Verifying a request: each acknowledgement by itself, and the fingerprint as the contact reads it (S10)."""

from __future__ import annotations

from pkilab.authority.site import Site
from pkilab.errors import FingerprintMismatch, InvalidField, NotPending, NotVerified, UnknownRequest
from pkilab.model.fingerprint import Hash, is_complete
from pkilab.model.journal import Facts
from pkilab.model.request import RecordedVerification, Request, RequestState, Verification
from pkilab.model.text import one_line
from pkilab.model.usage import Usage
from pkilab.store import journal, requests
from pkilab.x509 import constraints
from pkilab.x509 import issue as profiles


def verify(site: Site, request_id: int, *, usage: Usage, path_length: int | None, verified: Verification) -> Request:
    """Record that a request was verified for a usage, so that issuing can follow, now or later.

    Raises:
        UnknownRequest, NotPending: it is not there, or somebody decided on it.
        FingerprintMismatch: the fingerprint is complete and not this request's; that is journalled, whatever else
            was acknowledged.
        NotVerified: a point was not acknowledged, or no fingerprint was given.
        InvalidField: the fingerprint is not complete.
        UsageNotOffered: this CA cannot issue for that use.
        CannotCertify: this CA may not certify a name of the request.
    """
    by = site.acting(verified.by)
    now = site.clock()
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        request = pending(requests.get(tx, site.instance, request_id), request_id)
    compared = _compare(site, request, verified.fingerprint, by)
    length = profiles.check_usage(authority.certificate, usage, path_length)
    constraints.check(request.content, usage, (authority.certificate, *authority.chain))
    if verified.missing:
        raise NotVerified(request_id, verified.missing)
    if compared is None:
        raise InvalidField(
            "Fingerprint",
            "this is not a whole fingerprint: SHA-256 has 64 digits of hex, SHA-1 has 40. Ask for it again.",
        )
    record = RecordedVerification(
        usage=usage,
        path_length=length,
        compared=compared,
        fingerprint=request.fingerprint.sha256 if compared is Hash.SHA256 else request.fingerprint.sha1,
        by=by,
        at=now,
    )
    with site.registry.writing() as tx:
        pending(requests.get(tx, site.instance, request_id), request_id)
        requests.record_verification(tx, site.instance, request_id, record)
        facts: Facts = {"request": request_id, "root": request.root, "usage": str(usage), "compared": str(compared)}
        entry = journal.append(tx, site.instance, at=now, by=by, act="verified", facts=facts)
        done = pending(requests.get(tx, site.instance, request_id), request_id)
    site.note_head(authority, entry)
    return done


def pending(request: Request | None, request_id: int) -> Request:
    """Return a request if it still waits.

    Raises:
        UnknownRequest, NotPending: it does not; the second tells who decided, when, and the number.
    """
    if request is None:
        raise UnknownRequest(request_id)
    if request.state is not RequestState.PENDING:
        raise NotPending(request_id, str(request.state), request.decided_by, request.decided_at, request.number)
    return request


def _compare(site: Site, request: Request, given: str, by: str) -> Hash | None:
    """Return which fingerprint was given, None if it is not complete; journal a complete one that is another's."""
    if not is_complete(given):
        return None
    compared = request.fingerprint.matching(given)
    if compared is not None:
        return compared
    facts: Facts = {"request": request.id, "root": request.root, "given": one_line(given)[:120]}
    with site.registry.writing() as tx:
        authority = site.authority(tx)
        entry = journal.append(tx, site.instance, at=site.clock(), by=by, act="fingerprint did not match", facts=facts)
    site.note_head(authority, entry)
    raise FingerprintMismatch(request.id, request.fingerprint.sha256, given)
