"""Answers to OCSP questions (RFC 6960), from what is remembered of the registry as long as nobody wrote to it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from pkilab.authority import responder
from pkilab.authority.site import Site
from pkilab.errors import CannotRead, CannotWrite, InvalidMessage, RegistryError
from pkilab.model.revocation import Revocation
from pkilab.store import revocations
from pkilab.store.authorities import Authority
from pkilab.x509 import ocsp
from pkilab.x509.ocsp import CertificateId, Failure, Signer, State

FRESH = timedelta(minutes=10)
"""How long an answer may be kept: so long after a revocation somebody may still hold the earlier one."""
_MOST = 50_000
"""Numbers whose states are remembered."""
_QUICK = (ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)
"""Keys that sign in less time than it takes to hand the work to a thread."""
_NAMES = {
    Failure.MALFORMED_REQUEST: "malformedRequest",
    Failure.INTERNAL_ERROR: "internalError",
    Failure.TRY_LATER: "tryLater",
    Failure.UNAUTHORIZED: "unauthorized",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspAnswer:
    """An answer in DER. `until` is when it stops to count; None where nobody may keep it (RFC 5019 §6)."""

    der: bytes
    outcome: str
    """`ok`, or the name of the failure as the RFC spells it."""
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the registry held at a revision."""

    revision: object
    authority: Authority
    states: dict[int, Revocation | None] = field(default_factory=dict)
    """Of the numbers that were asked for and that this CA gave."""
    foreign: set[int] = field(default_factory=set)
    """Those that were asked for, and that it did not give."""


class Answering:
    """Answers for one CA. Several threads may ask at once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: _Known | None = None

    def answer(self, question: bytes) -> OcspAnswer:
        """Return the answer to an OCSPRequest in DER; whatever is wrong is an answer too (RFC 6960 §4.2.1).

        Raises:
            NotConfigured: there is no CA server.
        """
        now = self.now()
        try:
            asked = ocsp.read(question)
        except InvalidMessage:
            return _failed(Failure.MALFORMED_REQUEST, now)
        try:
            known = self._read(asked.asked)
            signer = responder.signer(self._site, known.authority)
        except (RegistryError, CannotRead, CannotWrite) as error:
            _log.warning("OCSP requests cannot be answered now: %s", error)
            return _failed(Failure.TRY_LATER, now)
        return _answer(asked, known, signer, now)

    def at_once(self, question: bytes, revision: object | None) -> OcspAnswer | None:
        """Return the same where neither the registry has to be read nor a slow key has to sign, else None.

        Nothing is looked up: `revision` is the registry's, as whoever asks saw it.
        """
        known = self._known
        if known is None or revision is None or revision != known.revision:
            return None
        try:
            asked = ocsp.read(question)
            signer = responder.signer(self._site, known.authority)
        except (InvalidMessage, CannotRead):
            return None
        if signer is None or not isinstance(signer.key, _QUICK) or not _covers(known, asked.asked):
            return None
        return _answer(asked, known, signer, self.now())

    def now(self) -> datetime:
        """Return the time by which the CA lives, in whole seconds, as answers have it."""
        return self._site.clock().replace(microsecond=0)

    def revision(self) -> object | None:
        """Return something that differs once anything of the lab was written; None where that cannot be told."""
        return self._site.registry.revision()

    def _read(self, asked: Sequence[CertificateId]) -> _Known:
        """Return what there is to know for these certificates, from memory where nobody wrote since."""
        revision = self.revision()  # before the registry is read
        known = self._known
        if known is not None and revision is not None and revision == known.revision and _covers(known, asked):
            return known
        with self._site.registry.reading() as tx:
            authority = self._site.authority(tx)
            mine = [each.number for each in asked if ocsp.issued_by(each, authority.certificate)]
            found = revocations.states(tx, self._site.instance, mine)
        if known is None or revision is None or revision != known.revision or len(known.states) > _MOST:
            known = _Known(revision, authority)
        elif len(known.foreign) > _MOST:
            known.foreign.clear()
        known.states.update(found)
        known.foreign.update(number for number in mine if number not in found)
        self._known = known if revision is not None else None
        return known


def _covers(known: _Known, asked: Sequence[CertificateId]) -> bool:
    issuer = known.authority.certificate
    return all(
        each.number in known.states or each.number in known.foreign or not ocsp.issued_by(each, issuer)
        for each in asked
    )


def _answer(asked: ocsp.Request, known: _Known, signer: Signer | None, now: datetime) -> OcspAnswer:
    if signer is None:
        return _failed(Failure.UNAUTHORIZED, now)
    if not signer.certificate.not_before <= now < signer.certificate.not_after:
        return _failed(Failure.TRY_LATER, now)
    states = []
    for each in asked.asked:
        given = each.number in known.states and ocsp.issued_by(each, known.authority.certificate)
        states.append(State(each, known=given, revocation=known.states[each.number] if given else None))
    until = min(now + FRESH, signer.certificate.not_after)
    octets = ocsp.answer(states, signer, produced_at=now, next_update=until, nonce=asked.nonce)
    return OcspAnswer(der=octets, outcome="ok", at=now, until=None if asked.nonce else until)


def _failed(why: Failure, now: datetime) -> OcspAnswer:
    return OcspAnswer(der=ocsp.failure(why), outcome=_NAMES[why], at=now)
