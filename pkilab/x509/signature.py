"""Signing what is to be signed: the algorithm follows from the key (RFC 4055, RFC 5758, RFC 8410, RFC 9881)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa

from pkilab.x509 import der
from pkilab.x509.keys import PrivateKey

_ECDSA = {
    "secp256r1": "1.2.840.10045.4.3.2",
    "secp384r1": "1.2.840.10045.4.3.3",
    "secp521r1": "1.2.840.10045.4.3.4",
}
_OTHERS: tuple[tuple[type, str], ...] = (
    (ed25519.Ed25519PrivateKey, "1.3.101.112"),
    (mldsa.MLDSA44PrivateKey, "2.16.840.1.101.3.4.3.17"),
    (mldsa.MLDSA65PrivateKey, "2.16.840.1.101.3.4.3.18"),
    (mldsa.MLDSA87PrivateKey, "2.16.840.1.101.3.4.3.19"),
)
NAMES = {
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
"""What signature algorithms are called; others are shown by their OID."""

_RSA_SHA256 = "1.2.840.113549.1.1.11"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


def name(algorithm: der.Element) -> str:
    """Return the name of the algorithm in an AlgorithmIdentifier.

    Raises:
        ValueError: it is none.
    """
    dotted = der.oid_value(next(der.elements(algorithm.content), der.Element(0, b"", b"")).content)
    return NAMES.get(dotted, dotted)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """What a kind of key signs with: the AlgorithmIdentifier, its name, and what its `sign` is called with."""

    identifier: bytes
    name: str
    arguments: tuple[Any, ...] = ()


def algorithm_identifier(key: PrivateKey) -> bytes:
    """Return the AlgorithmIdentifier of what `key` signs with. RSA has NULL parameters (RFC 4055 §5), others none."""
    return _scheme(key).identifier


def made_by(key: PrivateKey) -> str:
    """Return the name of the algorithm of what `key` signs with."""
    return _scheme(key).name


def sealed(to_be_signed: bytes, key: PrivateKey, *after: bytes) -> bytes:
    """Return SEQUENCE { what is signed, the algorithm, the signature, `after` }, as certificates and CSRs are."""
    return der.sequence(to_be_signed, algorithm_identifier(key), der.bit_string(_signature(to_be_signed, key)), *after)


def _signature(data: bytes, key: PrivateKey) -> bytes:
    sign: Any = key.sign
    made: bytes = sign(data, *_scheme(key).arguments)
    return made


def _scheme(key: PrivateKey) -> _Scheme:
    curve: ec.EllipticCurve | None = getattr(key, "curve", None)
    return _of(type(key), "" if curve is None else curve.name)


@lru_cache  # every certificate asks several times, and to ask for the class of a key takes long
def _of(kind: type, curve: str) -> _Scheme:
    if issubclass(kind, rsa.RSAPrivateKey):
        identifier = der.sequence(der.oid(_RSA_SHA256), der.NOTHING)
        return _Scheme(identifier, NAMES[_RSA_SHA256], (padding.PKCS1v15(), hashes.SHA256()))
    if issubclass(kind, ec.EllipticCurvePrivateKey):
        dotted = _ECDSA[curve]
        return _Scheme(der.sequence(der.oid(dotted)), NAMES[dotted], (ec.ECDSA(_HASHES[curve]),))
    dotted = next(dotted for other, dotted in _OTHERS if issubclass(kind, other))
    return _Scheme(der.sequence(der.oid(dotted)), NAMES[dotted])
