"""Certificate signing requests (PKCS#10, RFC 2986): made, and read with mistrust."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from pkilab.errors import InvalidCSR, PkilabError, WeakKey
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.request import RequestedExtension, SigningRequest
from pkilab.model.san import AlternativeName
from pkilab.x509 import der, dn, extensions, keys, pem, san, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"  # RFC 2985 §5.4.2
_REQUESTS = {_EXTENSION_REQUEST, "1.3.6.1.4.1.311.2.1.14"}  # the second is Microsoft's, of the same form
_LABELS = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}
_ATTRIBUTES = 0xA0
_Parts = tuple[der.Element, der.Element, der.Element, bytes]


def build(key: PrivateKey, subject: DN, names: Sequence[AlternativeName]) -> SigningRequest:
    """Return a request for `subject` and alternative `names`, signed by `key`."""
    attributes = b""
    if names:
        wanted = Extension(extensions.ALTERNATIVE_NAMES, critical=False, value=san.encode(names))
        attributes = der.sequence(der.oid(_EXTENSION_REQUEST), der.element(der.SET, der.sequence(wanted.encoded)))
    return trusted(
        signature.sealed(
            der.sequence(
                der.integer(0),
                dn.encode(subject),
                keys.public_info(key.public_key()),
                der.element(_ATTRIBUTES, attributes),
            ),
            key,
        )
    )


def read(data: bytes | str) -> SigningRequest:
    """Return the request in `data`: PEM, with any white space round and in it, or DER.

    Raises:
        InvalidCSR: it cannot be decoded, or its signature was not made with its own key (proof of possession).
        WeakKey: its key is too short or of an algorithm that is not accepted.
    """
    octets = _octets(data)
    try:
        return _checked(octets)
    except PkilabError:
        raise
    except der.Refused as error:
        raise InvalidCSR(str(error)) from None
    except Exception:  # noqa: BLE001 - whatever a foreign decoder raises on hostile bytes
        raise InvalidCSR("it cannot be decoded") from None


def trusted(octets: bytes) -> SigningRequest:
    """Return the request in DER that was read before, or made here; nothing is checked."""
    return _content(octets, _parts(octets), strict=False)


def public_key_info(request: SigningRequest) -> bytes:
    """Return the request's SubjectPublicKeyInfo in DER, in the one encoding that equal keys have."""
    if hashlib.sha256(request.key_der).hexdigest() == request.key.sha256:
        return request.key_der
    return keys.public_info(x509.load_der_x509_csr(request.der).public_key())


def alternative_names(request: SigningRequest) -> bytes:
    """Return the value of the subjectAltName extension that was asked for, as it stands there; empty if none was."""
    return request.names_der if request.names else b""


def _octets(data: bytes | str) -> bytes:
    if isinstance(data, bytes):
        try:
            return der.one(data, der.SEQUENCE).raw
        except ValueError:
            pass
    try:
        found = list(pem.blocks(data))
    except ValueError as error:
        raise InvalidCSR(str(error)) from None
    for block in found:
        if block.label in _LABELS:
            return block.der
    held = ", ".join(list(dict.fromkeys(block.label for block in found))[:3])
    raise InvalidCSR(f"what came holds {held}" if held else "there is no BEGIN CERTIFICATE REQUEST in it")


def _checked(octets: bytes) -> SigningRequest:
    foreign = x509.load_der_x509_csr(octets)
    parts = _parts(octets)
    if not keys.is_strong_as_it_stands(parts[2].raw):
        try:
            keys.check_strength(foreign.public_key())
        except UnsupportedAlgorithm:
            raise WeakKey("its algorithm or curve is not known here") from None
        if keys.restricted_to_pss(parts[2].raw):
            raise WeakKey("its RSA key is restricted to PSS signatures")
    if not _is_proven(foreign):
        raise InvalidCSR("its signature was not made with the key in it")
    return _content(octets, parts, strict=True)


def _is_proven(foreign: x509.CertificateSigningRequest) -> bool:
    """Tell whether the signature was made with the key in the request.

    SHA-1 is taken, as older clients sign with it: whoever finds a collision still cannot sign without the key.

    Raises:
        InvalidCSR: the signature is of an algorithm that is not accepted.
    """
    try:
        hashing = foreign.signature_hash_algorithm
        if isinstance(hashing, hashes.SHA1):  # cryptography says False of these, whatever the signature
            return _is_proven_by_sha1(foreign, foreign.public_key())
        if not isinstance(hashing, hashes.MD5):
            return foreign.is_signature_valid
    except UnsupportedAlgorithm:
        pass
    raise InvalidCSR("its signature is of an algorithm that is not accepted")


def _is_proven_by_sha1(foreign: x509.CertificateSigningRequest, public_key: CertificatePublicKeyTypes) -> bool:
    signed, signature_of_it = foreign.tbs_certrequest_bytes, foreign.signature
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature_of_it, signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - see above
        elif isinstance(public_key, ec.EllipticCurvePublicKey):
            public_key.verify(signature_of_it, signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - see above
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _parts(octets: bytes) -> _Parts:
    """Return signature algorithm, subject, SubjectPublicKeyInfo, and the content of the attributes."""
    info, algorithm, _ = der.members(octets)
    _, subject, spki, *attributes = der.elements(info.content)
    return algorithm, subject, spki, attributes[0].content if attributes else b""


def _requested(attributes: bytes) -> tuple[Extension, ...]:
    """Return the extensions that the attributes ask for."""
    found: list[Extension] = []
    for attribute in der.elements(attributes):
        kind, values = der.elements(attribute.content)
        if der.oid_value(kind.content) in _REQUESTS:
            (value,) = der.elements(values.content)
            if found:
                raise ValueError("extensions are asked for twice")
            found.extend(extensions.decode(value.raw))
    return tuple(found)


def _content(octets: bytes, parts: _Parts, *, strict: bool) -> SigningRequest:
    algorithm, subject, spki, attributes = parts
    wanted = _requested(attributes)
    alternatives = next((e.value for e in wanted if e.oid == extensions.ALTERNATIVE_NAMES), None)
    return SigningRequest(
        subject=dn.decode(subject.raw, strict=strict),
        names=() if alternatives is None else san.decode(alternatives, strict=strict),
        key=keys.describe_info(spki.raw) or keys.describe(x509.load_der_x509_csr(octets).public_key()),
        extensions=tuple(_described(extension) for extension in wanted),
        signature_algorithm=signature.name(algorithm),
        fingerprint=Fingerprint.of(octets),
        der=octets,
        subject_der=subject.raw,
        key_der=spki.raw,
        names_der=alternatives or b"",
    )


def _described(extension: Extension) -> RequestedExtension:
    name = extensions.NAMES.get(extension.oid, extension.oid)
    return RequestedExtension(oid=extension.oid, name=name, honoured=extension.oid == extensions.ALTERNATIVE_NAMES)
