"""The verdict of cryptography's path verifier, which is made for the web's certificates (RFC 5280 §6, X5)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime

import cryptography
from cryptography import x509
from cryptography.x509 import verification

from pkilab.model.certificate import Certificate
from pkilab.model.verdict import Purpose, Verdict
from pkilab.x509 import chain

JUDGE = "pyca/cryptography"
"""What the verifier is called."""

_WORDS: tuple[tuple[str, str], ...] = (
    ("cert is not valid at validation time", "a certificate of the chain is not valid at that time"),
    ("leaf certificate has no matching subjectAltName", "the name is not one of the certificate's"),
    ("required EKU not found", "its extended key usage is for something else"),
    ("path length", "more CAs stand below one than its path length allows"),
    ("chain construction exceeds max depth", "more CAs stand below one than its path length allows"),
    ("basicConstraints.cA must be asserted", "an issuer in the chain is no CA: its certificate does not say so"),
    ("keyUsage.keyCertSign must be asserted", "an issuer's key usage lets it sign no certificates"),
    ("no permitted name constraints", "a name is outside of what a CA above it may issue for"),
    ("excluded name constraint", "a name is among those that a CA above it may not issue for"),
    ("signature does not match", "a signature in the chain does not hold"),
)
"""What the verifier says, and what that means."""
_UNKNOWN = "no trusted root leads to it"


def judge(
    certificate: Certificate,
    between: Sequence[Certificate],
    roots: Sequence[Certificate],
    *,
    purpose: Purpose,
    name: str,
    at: datetime,
    revocation: bool = False,
) -> Verdict:
    """Return what the verifier says at a time; `revocation` tells whether revocation lists are to be looked at."""
    accepted, reason = _judged(certificate, between, roots, purpose=purpose, name=name, at=at)
    if accepted and revocation:
        reason += "; it looks at no revocation list"
    return Verdict(judge=JUDGE, version=cryptography.__version__, accepted=accepted, reason=reason)


def _judged(
    certificate: Certificate,
    between: Sequence[Certificate],
    roots: Sequence[Certificate],
    *,
    purpose: Purpose,
    name: str,
    at: datetime,
) -> tuple[bool | None, str]:
    if purpose is Purpose.CODE_SIGNING:
        return None, "it knows TLS servers and clients, and has no purpose of code signing"
    if purpose is Purpose.TLS_SERVER and not name:
        return None, "it judges a server only together with the name that it is reached at; give one"
    found = chain.above(certificate, [*between, *roots]).certificates
    if any("Ed25519" in (each.key.family, each.signature_algorithm) for each in found):
        return None, "it does not accept Ed25519, which the rules of the web's CAs do not allow"
    builder = verification.PolicyBuilder().store(verification.Store([_foreign(root) for root in roots])).time(at)
    if purpose is Purpose.ANY:
        builder = builder.extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
    try:
        if purpose is Purpose.TLS_SERVER:
            server = builder.build_server_verifier(_name(name))
            server.verify(_foreign(certificate), [_foreign(each) for each in between])
        else:
            builder.build_client_verifier().verify(_foreign(certificate), [_foreign(each) for each in between])
    except verification.VerificationError as error:
        return False, _in_words(str(error))
    except ValueError as error:
        return None, f"it cannot read it: {str(error)[:200]}"
    return True, "a trusted root leads to it"


def _foreign(certificate: Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.der)


def _name(name: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _in_words(said: str) -> str:
    for pattern, words in _WORDS:
        if pattern in said:
            return words
    if re.search(r"candidates exhausted: all candidates exhausted with no interior errors", said):
        return _UNKNOWN
    plain = re.sub(r"\s*\(?(?:encountered processing )?<Certificate\(.*", "", said, flags=re.DOTALL)
    return f"it says: {plain[:300]}"
