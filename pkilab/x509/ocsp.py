"""OCSP (RFC 6960, RFC 9654, RFC 5019): requests read, answers made.

Own codec, as `cryptography` reads no request for several certificates, and answers none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from pkilab.errors import InvalidMessage
from pkilab.model.certificate import Certificate
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.x509 import certificate as certificates
from pkilab.x509 import der, extensions, signature
from pkilab.x509.crl import CODES
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

MOST_ASKED = 100
"""Certificates in one request."""

_BASIC = der.oid("1.3.6.1.5.5.7.48.1.1")
_SUCCESSFUL = der.enumerated(0)
_GOOD, _UNKNOWN = der.element(0x80), der.element(0x82)
_REQUESTOR, _SIGNATURE, _REQUEST_EXTENSIONS, _VERSION = 0xA1, 0xA0, 0xA2, 0xA0
_NONCES = range(1, 129)  # octets, RFC 9654 §2.1
_KNOWN = frozenset(
    {
        extensions.OCSP_NONCE,
        "1.3.6.1.5.5.7.48.1.4",  # acceptable response types: all know the basic one (§4.4.3)
        "1.3.6.1.5.5.7.48.1.8",  # preferred signature algorithms: the responder has one key (§4.4.7)
    }
)
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class Failure(IntEnum):
    """Why there is no answer (RFC 6960 §4.2.1)."""

    MALFORMED_REQUEST = 1
    INTERNAL_ERROR = 2
    TRY_LATER = 3
    UNAUTHORIZED = 6


class CertificateId(NamedTuple):
    """Which certificate is asked for: hashes of its issuer's name and key, and its number; `raw` is all of it."""

    algorithm: str
    name_hash: bytes
    key_hash: bytes
    number: int
    raw: bytes


class Request(NamedTuple):
    """What is asked; `nonce` is the whole extension, to be returned as it came, empty where there was none."""

    asked: tuple[CertificateId, ...]
    nonce: bytes


class State(NamedTuple):
    """What is answered for one certificate. Not known: the CA never gave this number, or it is another CA's."""

    asked: CertificateId
    known: bool
    revocation: Revocation | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """A delegated responder: its certificate, and the private key that belongs to it."""

    certificate: Certificate
    key: PrivateKey = field(repr=False)


def read(data: bytes) -> Request:
    """Return what an OCSPRequest in DER asks (RFC 6960 §4.1.1). A signature on it is not looked at.

    Raises:
        InvalidMessage: it is none, asks for nothing or too much, or holds something critical that is not known here.
    """
    try:
        return _request(data)
    except InvalidMessage:
        raise
    except (ValueError, IndexError, StopIteration):
        raise InvalidMessage("it is no OCSP request in DER (RFC 6960 §4.1.1)") from None


def issued_by(asked: CertificateId, issuer: Certificate) -> bool:
    """Tell whether the hashes are those of `issuer`'s name and key; not for a hash that is not known here."""
    return (asked.name_hash, asked.key_hash) == _hashes(issuer.subject_der, issuer.der, asked.algorithm)


def answer(
    states: Sequence[State], signer: Signer, *, produced_at: datetime, next_update: datetime, nonce: bytes = b""
) -> bytes:
    """Return a signed answer in DER (§4.2.1) to all that was asked; the states are those at `produced_at`."""
    span = der.generalized_time(produced_at) + der.element(0xA0, der.generalized_time(next_update))
    name, chain = _names(signer.certificate.der)
    data = der.sequence(
        name,
        der.generalized_time(produced_at),
        der.sequence(*(der.sequence(state.asked.raw, _status(state), span) for state in states)),
        der.element(0xA1, der.sequence(nonce)) if nonce else b"",
    )
    basic = signature.sealed(data, signer.key, chain)
    return der.sequence(_SUCCESSFUL, der.element(0xA0, der.sequence(_BASIC, der.element(der.OCTET_STRING, basic))))


def failure(why: Failure) -> bytes:
    """Return an answer that tells only why there is none; it is not signed (§4.2.1)."""
    return der.sequence(der.enumerated(why))


def _request(data: bytes) -> Request:
    to_be_signed, *optional = der.members(data)
    if to_be_signed.tag != der.SEQUENCE or [each.tag for each in optional] not in ([], [_SIGNATURE]):
        raise ValueError("no OCSPRequest")
    fields = list(der.elements(to_be_signed.content))
    if fields[0].tag == _VERSION and der.integer_value(der.one(fields.pop(0).content, der.INTEGER).content) != 0:
        raise InvalidMessage("its version is not 1")
    if fields[0].tag == _REQUESTOR:
        fields.pop(0)
    listed, *rest = fields
    if listed.tag != der.SEQUENCE or [each.tag for each in rest] not in ([], [_REQUEST_EXTENSIONS]):
        raise ValueError("no requestList")
    asked = tuple(_single(each) for each in der.elements(listed.content))
    if not 1 <= len(asked) <= MOST_ASKED:
        raise InvalidMessage(f"it asks for {len(asked)} certificates; ask for 1 to {MOST_ASKED}")
    return Request(asked, _nonce(_checked(rest[0].content)) if rest else b"")


def _single(element: der.Element) -> CertificateId:
    identifier, *rest = der.elements(element.content)
    if element.tag != der.SEQUENCE or [each.tag for each in rest] not in ([], [_SIGNATURE]):
        raise ValueError("no Request")
    for each in rest:
        _checked(each.content)
    algorithm, name_hash, key_hash, number = der.members(identifier.raw)
    if (algorithm.tag, name_hash.tag, key_hash.tag, number.tag) != (
        der.SEQUENCE,
        der.OCTET_STRING,
        der.OCTET_STRING,
        der.INTEGER,
    ):
        raise ValueError("no CertID")
    return CertificateId(
        der.oid_value(next(der.elements(algorithm.content)).content),
        name_hash.content,
        key_hash.content,
        der.integer_value(number.content),
        identifier.raw,
    )


def _checked(encoded: bytes) -> tuple[Extension, ...]:
    found = extensions.decode(encoded)
    unknown = [extension.oid for extension in found if extension.critical and extension.oid not in _KNOWN]
    if unknown:
        raise InvalidMessage(f"it holds a critical extension that is not known here, {unknown[0]}")
    return found


def _nonce(found: tuple[Extension, ...]) -> bytes:
    for extension in found:
        if extension.oid == extensions.OCSP_NONCE:
            # Older clients leave out the OCTET STRING that RFC 9654 has around the octets.
            inner = extension.value[2:] if extension.value[:1] == bytes((der.OCTET_STRING,)) else extension.value
            if len(inner) not in _NONCES:
                raise InvalidMessage("its nonce has not 1 to 128 octets (RFC 9654 §2.1)")
            return extension.encoded
    return b""


def _status(state: State) -> bytes:
    if not state.known:
        return _UNKNOWN
    if state.revocation is None:
        return _GOOD
    reason = state.revocation.reason
    told = reason is not RevocationReason.UNSPECIFIED
    return der.element(
        0xA1,
        der.generalized_time(state.revocation.at),
        der.element(0xA0, der.enumerated(CODES[reason])) if told else b"",
    )


@lru_cache(maxsize=64)
def _names(responder: bytes) -> tuple[bytes, bytes]:
    """Return what names a responder in its answers, by the hash of its key (§4.2.2.3), and its certificate for them."""
    spki = certificates.public_key_info(certificates.trusted(responder))
    by_key = der.element(0xA2, der.element(der.OCTET_STRING, _bits_hash(spki, "sha1")))
    return by_key, der.element(0xA0, der.sequence(responder))


@lru_cache(maxsize=64)
def _hashes(subject: bytes, issuer: bytes, algorithm: str) -> tuple[bytes, bytes] | None:
    name = _HASHES.get(algorithm)
    if name is None:
        return None
    spki = certificates.public_key_info(certificates.trusted(issuer))
    return hashlib.new(name, subject, usedforsecurity=False).digest(), _bits_hash(spki, name)


@lru_cache(maxsize=64)
def _bits_hash(spki: bytes, name: str) -> bytes:
    """Return the hash over a public key's bits, without the octet that counts unused ones (§4.1.1)."""
    bits = der.members(spki)[1].content[1:]
    return hashlib.new(name, bits, usedforsecurity=False).digest()
