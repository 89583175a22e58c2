"""Requests that ask for what a certificate holds already, for its time runs out (X3)."""

from __future__ import annotations

from pkilab.model.certificate import Certificate
from pkilab.model.request import SigningRequest
from pkilab.x509 import certificate as certificates
from pkilab.x509 import csr, der, extensions, keys, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"


def renewal(key: PrivateKey, certificate: Certificate) -> SigningRequest:
    """Return a request, signed by `key`, for the subject and alternative names of a certificate, byte for byte."""
    names = certificates.alternative_names(certificate)
    attributes = b""
    if names:
        wanted = Extension(extensions.ALTERNATIVE_NAMES, critical=False, value=names)
        attributes = der.sequence(der.oid(_EXTENSION_REQUEST), der.element(der.SET, der.sequence(wanted.encoded)))
    to_be_signed = der.sequence(
        der.integer(0),
        certificate.subject_der,
        keys.public_info(key.public_key()),
        der.element(0xA0, attributes),
    )
    return csr.trusted(signature.sealed(to_be_signed, key))
