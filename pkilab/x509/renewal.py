"""Requests that ask for what a certificate holds already, for its time runs out (X3)."""

from __future__ import annotations

from pkilab.model.certificate import Certificate
from pkilab.model.request import SigningRequest
from pkilab.x509 import certificate as certificates
from pkilab.x509 import csr, der, extensions, keys, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"  # RFC 2985 §5.4.2
_UNSTRUCTURED_NAME = "1.2.840.113549.1.9.2"  # RFC 2985 §5.4.1, which leaves its meaning to whoever writes it


def renewal(key: PrivateKey, certificate: Certificate) -> SigningRequest:
    """Return a request, signed by `key`, for the subject and alternative names of a certificate, byte for byte.

    It names the certificate by its fingerprint: so it differs from the request that led to it also where the same
    key signs the same names to the same octets, and a CA does not take it for that one sent again.
    """
    renewed = f"renews {certificate.fingerprint.sha256}".encode("ascii")
    attributes = [_attribute(_UNSTRUCTURED_NAME, der.element(der.UTF8_STRING, renewed))]
    names = certificates.alternative_names(certificate)
    if names:
        wanted = Extension(extensions.ALTERNATIVE_NAMES, critical=False, value=names)
        attributes.append(_attribute(_EXTENSION_REQUEST, der.sequence(wanted.encoded)))
    to_be_signed = der.sequence(
        der.integer(0),
        certificate.subject_der,
        keys.public_info(key.public_key()),
        der.element(0xA0, *sorted(attributes)),  # in the order of their octets, as DER wants of a SET OF
    )
    return csr.trusted(signature.sealed(to_be_signed, key))


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.element(der.SET, value))
