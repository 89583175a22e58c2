"""Extensions of certificates in DER (RFC 5280 §4.2.1): the ones that pkilab writes, and reads of others'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pkilab.x509 import der

SUBJECT_KEY_ID = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
ALTERNATIVE_NAMES = "2.5.29.17"
BASIC_CONSTRAINTS = "2.5.29.19"
CRL_NUMBER = "2.5.29.20"
REASON = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
NAME_CONSTRAINTS = "2.5.29.30"
DISTRIBUTION_POINTS = "2.5.29.31"
AUTHORITY_KEY_ID = "2.5.29.35"
EXTENDED_KEY_USAGE = "2.5.29.37"
AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1"
OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"

NAMES = {
    SUBJECT_KEY_ID: "subjectKeyIdentifier",
    KEY_USAGE: "keyUsage",
    "2.5.29.16": "privateKeyUsagePeriod",
    ALTERNATIVE_NAMES: "subjectAltName",
    "2.5.29.18": "issuerAltName",
    BASIC_CONSTRAINTS: "basicConstraints",
    NAME_CONSTRAINTS: "nameConstraints",
    CRL_NUMBER: "cRLNumber",
    REASON: "reasonCode",
    INVALIDITY_DATE: "invalidityDate",
    DISTRIBUTION_POINTS: "cRLDistributionPoints",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.33": "policyMappings",
    AUTHORITY_KEY_ID: "authorityKeyIdentifier",
    "2.5.29.36": "policyConstraints",
    EXTENDED_KEY_USAGE: "extKeyUsage",
    "2.5.29.46": "freshestCRL",
    "2.5.29.54": "inhibitAnyPolicy",
    AUTHORITY_INFO_ACCESS: "authorityInfoAccess",
    "1.3.6.1.5.5.7.1.3": "qcStatements",
    "1.3.6.1.5.5.7.1.11": "subjectInfoAccess",
    "1.3.6.1.5.5.7.1.24": "tlsFeature",
    OCSP_NONCE: "ocspNonce",
    OCSP_NO_CHECK: "ocspNoCheck",
    "1.3.6.1.4.1.311.20.2": "enrollCerttype",
    "1.3.6.1.4.1.311.21.7": "certificateTemplate",
    "2.16.840.1.113730.1.1": "netscapeCertType",
    "2.16.840.1.113730.1.13": "netscapeComment",
}

KEY_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
"""The bits of a key usage, the first being bit 0 (RFC 5280 §4.2.1.3)."""
_PURPOSES = {
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "codeSigning": "1.3.6.1.5.5.7.3.3",
    "emailProtection": "1.3.6.1.5.5.7.3.4",
    "timeStamping": "1.3.6.1.5.5.7.3.8",
    "OCSPSigning": "1.3.6.1.5.5.7.3.9",
    "anyExtendedKeyUsage": "2.5.29.37.0",
}
_PURPOSE_NAMES = {dotted: name for name, dotted in _PURPOSES.items()}


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension: its dotted OID, whether it is critical, its value in DER."""

    oid: str
    critical: bool
    value: bytes

    @property
    def encoded(self) -> bytes:
        """Return the Extension in DER; `critical` is left out when false, as DER wants of a default."""
        return _encoded(self)


@lru_cache(maxsize=256)  # most of a CA's certificates have the same ones
def _encoded(extension: Extension) -> bytes:
    flag = der.TRUE if extension.critical else b""
    return der.sequence(der.oid(extension.oid), flag, der.element(der.OCTET_STRING, extension.value))


def decode(extensions: bytes) -> tuple[Extension, ...]:
    """Return what a SEQUENCE of extensions holds.

    Raises:
        ValueError: it is no such sequence, or one extension stands there twice (RFC 5280 §4.2).
    """
    found = tuple(_extension(each) for each in der.members(extensions))
    if len({extension.oid for extension in found}) < len(found):
        raise ValueError("an extension stands there twice")
    return found


def _extension(extension: der.Element) -> Extension:
    kind, *flag, value = der.elements(extension.content)
    if extension.tag != der.SEQUENCE or kind.tag != der.OID or value.tag != der.OCTET_STRING or len(flag) > 1:
        raise ValueError("no extension")
    return Extension(der.oid_value(kind.content), bool(flag) and flag[0].content != b"\0", value.content)


def basic_constraints(path_length: int | None, *, ca: bool) -> Extension:
    """Return basicConstraints, critical (§4.2.1.9); `path_length` None: no limit, or no CA."""
    limit = b"" if path_length is None else der.integer(path_length)
    return Extension(BASIC_CONSTRAINTS, critical=True, value=der.sequence(der.TRUE, limit) if ca else der.sequence())


def in_order(usages: Sequence[str]) -> tuple[str, ...]:
    """Return key usages in the order of their bits, as `read_key_usage` does."""
    return tuple(sorted(usages, key=KEY_USAGES.index))


def key_usage(usages: Sequence[str]) -> Extension:
    """Return keyUsage, critical (§4.2.1.3), of usages by their names in the RFC."""
    bits = sorted(KEY_USAGES.index(usage) for usage in usages)
    octets = bytearray(bits[-1] // 8 + 1)
    for bit in bits:
        octets[bit // 8] |= 0x80 >> bit % 8
    return Extension(KEY_USAGE, critical=True, value=der.bit_string(bytes(octets), 7 - bits[-1] % 8))


def extended_key_usage(purposes: Sequence[str]) -> Extension:
    """Return extKeyUsage (§4.2.1.12)."""
    value = der.sequence(*(der.oid(_PURPOSES[purpose]) for purpose in purposes))
    return Extension(EXTENDED_KEY_USAGE, critical=False, value=value)


def subject_key_id(identifier: bytes) -> Extension:
    """Return subjectKeyIdentifier (§4.2.1.2)."""
    return Extension(SUBJECT_KEY_ID, critical=False, value=der.element(der.OCTET_STRING, identifier))


def authority_key_id(identifier: bytes) -> Extension:
    """Return authorityKeyIdentifier with the key identifier alone (§4.2.1.1)."""
    return Extension(AUTHORITY_KEY_ID, critical=False, value=der.sequence(der.element(0x80, identifier)))


def distribution_points(url: str) -> Extension:
    """Return cRLDistributionPoints with the address of the one full list, in ASCII (§4.2.1.13)."""
    full_name = der.element(0xA0, der.element(0xA0, _uri(url)))
    return Extension(DISTRIBUTION_POINTS, critical=False, value=der.sequence(der.sequence(full_name)))


def authority_info_access(*, ocsp: str, issuer: str) -> Extension:
    """Return authorityInfoAccess: where to ask for the state, and where the issuer's certificate lies (§4.2.2.1)."""
    places = (("1.3.6.1.5.5.7.48.1", ocsp), ("1.3.6.1.5.5.7.48.2", issuer))
    value = der.sequence(*(der.sequence(der.oid(method), _uri(url)) for method, url in places))
    return Extension(AUTHORITY_INFO_ACCESS, critical=False, value=value)


def _uri(url: str) -> bytes:
    return der.element(0x86, url.encode("ascii"))


def read_basic_constraints(value: bytes) -> tuple[bool, int | None]:
    """Return whether it is a CA, and its path length."""
    fields = {field.tag: field.content for field in der.members(value)}
    limit = fields.get(der.INTEGER)
    return fields.get(der.BOOLEAN, b"\0") != b"\0", None if limit is None else der.integer_value(limit)


def read_key_usage(value: bytes) -> tuple[str, ...]:
    """Return the names of the usages."""
    octets = der.one(value, der.BIT_STRING).content[1:]
    return tuple(n for bit, n in enumerate(KEY_USAGES) if octets[bit // 8 : bit // 8 + 1] and _set(octets, bit))


def _set(octets: bytes, bit: int) -> bool:
    return bool(octets[bit // 8] & 0x80 >> bit % 8)


def read_extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Return the names of the purposes, or their dotted OIDs."""
    dotted = (der.oid_value(each.content) for each in der.members(value))
    return tuple(_PURPOSE_NAMES.get(purpose, purpose) for purpose in dotted)


def read_subject_key_id(value: bytes) -> str:
    """Return the identifier in upper-case hex pairs with colons."""
    return der.one(value, der.OCTET_STRING).content.hex(":").upper()


def read_authority_key_id(value: bytes) -> str:
    """Return the key identifier in upper-case hex pairs with colons; "" when it names the issuer otherwise."""
    return next((field.content.hex(":").upper() for field in der.members(value) if field.tag == 0x80), "")
