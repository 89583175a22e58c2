"""Chains: who signed whom, and who may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from pkilab.errors import Expired, NotACA, NotYetValid
from pkilab.model.certificate import Certificate, Chain
from pkilab.model.dn import comma_form
from pkilab.x509 import keys


def check_ca(certificate: Certificate, *, now: datetime, path: Path) -> None:
    """Accept a certificate that may issue others at `now`. `path` is for errors.

    Raises:
        NotACA: basicConstraints do not say CA (§4.2.1.9), keyUsage is there without keyCertSign (§4.2.1.3),
            it has no subject (§4.1.2.6), or its RSA key is restricted to PSS.
        WeakKey: its key is too short or of an algorithm that is not accepted.
        Expired: its time is over.
        NotYetValid: its time has not come.
    """
    if not certificate.ca:
        raise NotACA(path, "its basicConstraints do not say CA:TRUE")
    # Without the extension a key is not restricted (§4.2.1.3); `openssl req -x509` leaves it out by default.
    if certificate.key_usage and "keyCertSign" not in certificate.key_usage:
        raise NotACA(path, "its keyUsage does not hold keyCertSign")
    if not certificate.subject:
        raise NotACA(path, "its subject is empty")
    if certificate.key.family == keys.RSA_PSS:
        raise NotACA(path, "its RSA key is restricted to PSS signatures, which pkilab does not make")
    keys.check_strength(_foreign(certificate).public_key())
    if now > certificate.not_after:
        raise Expired(comma_form(certificate.subject), certificate.not_after)
    if now < certificate.not_before:
        raise NotYetValid(comma_form(certificate.subject), certificate.not_before)


def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Tell whether `issuer`'s key made the signature, under the very name that `certificate` calls its issuer."""
    if certificate.issuer_der != issuer.subject_der:
        return False
    try:
        _foreign(certificate).verify_directly_issued_by(_foreign(issuer))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def above(certificate: Certificate, candidates: Iterable[Certificate]) -> Chain:
    """Return `certificate`, its issuer, and so on up to the root, as far as `candidates` lead.

    Candidates that do not belong are ignored. Where several signed, the one that is valid longest is taken.
    """
    left = {candidate.fingerprint.sha256: candidate for candidate in candidates}
    found = [certificate]
    while not signed_by(found[-1], found[-1]):
        left.pop(found[-1].fingerprint.sha256, None)
        issuers = [candidate for candidate in left.values() if signed_by(found[-1], candidate)]
        if not issuers:
            break
        found.append(max(issuers, key=lambda issuer: issuer.not_after))
    return Chain(certificates=tuple(found))


def _foreign(certificate: Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.der)
