"""Certificates (RFC 5280 §4.1), from bytes to the noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from pkilab.errors import CertificateUnreadable
from pkilab.model.algorithm import PublicKey
from pkilab.model.certificate import Certificate
from pkilab.model.fingerprint import Fingerprint
from pkilab.x509 import der, dn, extensions, keys, pem, san, signature

_LABELS = {"CERTIFICATE", "X509 CERTIFICATE"}
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_NO_CA = der.sequence()
_Value = TypeVar("_Value")


def read(data: bytes, *, path: Path) -> Certificate:
    """Return the first certificate in `data`, PEM or DER. `path` is for errors.

    Raises:
        CertificateUnreadable: there is none, or it cannot be decoded.
    """
    return _decoded(_octets(data, path)[0], path)


def read_all(data: bytes, *, path: Path) -> tuple[Certificate, ...]:
    """Return all certificates in `data`, in their order; at least one. `path` is for errors.

    Raises:
        CertificateUnreadable: there is none, or one cannot be decoded.
    """
    return tuple(_decoded(octets, path) for octets in _octets(data, path))


def trusted(octets: bytes) -> Certificate:
    """Return the certificate in DER that was read before, or made here."""
    foreign = x509.load_der_x509_certificate(octets)
    algorithm, issuer, _, subject, spki, *optional = _fields(octets)
    found = _extensions(optional)
    constraints = found.get(extensions.BASIC_CONSTRAINTS, _NO_CA)
    ca, path_length = extensions.read_basic_constraints(constraints)
    return Certificate(
        serial=foreign.serial_number,
        subject=dn.decode(subject.raw),
        issuer=dn.decode(issuer.raw),
        names=_value(found, extensions.ALTERNATIVE_NAMES, san.decode, ()),
        key=_key(foreign, spki),
        not_before=foreign.not_valid_before_utc,
        not_after=foreign.not_valid_after_utc,
        ca=ca,
        path_length=path_length if ca else None,
        key_usage=_value(found, extensions.KEY_USAGE, extensions.read_key_usage, ()),
        extended_key_usage=_value(found, extensions.EXTENDED_KEY_USAGE, extensions.read_extended_key_usage, ()),
        subject_key_id=_value(found, extensions.SUBJECT_KEY_ID, extensions.read_subject_key_id, ""),
        authority_key_id=_value(found, extensions.AUTHORITY_KEY_ID, extensions.read_authority_key_id, ""),
        signature_algorithm=signature.name(algorithm),
        fingerprint=Fingerprint.of(octets),
        der=octets,
        subject_der=subject.raw,
        issuer_der=issuer.raw,
    )


def public_key_info(certificate: Certificate) -> bytes:
    """Return the certificate's SubjectPublicKeyInfo in DER, as it stands there."""
    return _fields(certificate.der)[4].raw


def alternative_names(certificate: Certificate) -> bytes:
    """Return the value of the certificate's subjectAltName in DER, as it stands there; empty if there is none."""
    return extension(certificate, extensions.ALTERNATIVE_NAMES) or b""


def extension(certificate: Certificate, oid: str) -> bytes | None:
    """Return the value of one of the certificate's extensions in DER, as it stands there; None if it has none."""
    return _extensions(_fields(certificate.der)[5:]).get(oid)


def _fields(octets: bytes) -> list[der.Element]:
    """Return the fields of the signed part from the signature algorithm on; version and serial number are left out."""
    fields = list(der.elements(der.members(octets)[0].content))
    return fields[2:] if fields[0].tag == _VERSION else fields[1:]


def _extensions(optional: list[der.Element]) -> dict[str, bytes]:
    """Return the extensions' values by OID; `optional` is what follows the public key."""
    found = next((field.content for field in optional if field.tag == _EXTENSIONS), None)
    return {} if found is None else {extension.oid: extension.value for extension in extensions.decode(found)}


def _value(found: Mapping[str, bytes], oid: str, read_value: Callable[[bytes], _Value], absent: _Value) -> _Value:
    return read_value(found[oid]) if oid in found else absent


def _key(foreign: x509.Certificate, spki: der.Element) -> PublicKey:
    key = keys.describe_info(spki.raw) or keys.describe(foreign.public_key())
    if key.family == "RSA" and keys.restricted_to_pss(spki.raw):
        return replace(key, family=keys.RSA_PSS, label=f"{keys.RSA_PSS}, {key.bits} bits")
    return key


def _octets(data: bytes, path: Path) -> list[bytes]:
    """Return the DER of each certificate in `data`."""
    try:
        return [der.one(data, der.SEQUENCE).raw]
    except ValueError:
        pass
    try:
        found = list(pem.blocks(data))
    except ValueError as error:
        raise CertificateUnreadable(path, str(error)) from None
    octets = [block.der for block in found if block.label in _LABELS]
    if not octets:
        held = ", ".join(list(dict.fromkeys(block.label for block in found))[:3])
        raise CertificateUnreadable(path, f"it holds {held}" if held else "it is neither PEM nor DER")
    return octets


def _decoded(octets: bytes, path: Path) -> Certificate:
    try:
        x509.load_der_x509_certificate(octets).public_key()  # a point that is not on its curve is refused here
        return trusted(octets)
    except UnsupportedAlgorithm:
        raise CertificateUnreadable(path, "its key is of an algorithm or curve that is not known here") from None
    except Exception:  # noqa: BLE001 - whatever a foreign decoder raises on a damaged file
        raise CertificateUnreadable(path, "it is damaged, or no X.509 certificate") from None
