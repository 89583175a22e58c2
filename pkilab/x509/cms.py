"""Detached signatures of files in the Cryptographic Message Syntax (RFC 5652), made and checked.

Only a digest of the file comes here, so that files of any size can be signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from pkilab.errors import CannotDo, CertificateUnreadable, SignatureRefused, SignatureUnreadable
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate as certificates
from pkilab.x509 import der, pem
from pkilab.x509.keys import PrivateKey

DIGESTS = ("sha256", "sha384", "sha512")
"""The hashes that a signature may use, as `hashlib` calls them."""

_CONTEXT_0, _CONTEXT_1, _KEY_ID = 0xA0, 0xA1, 0x80
_DATA = der.oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_TIME = der.oid("1.2.840.113549.1.9.5")
_RSA = der.oid("1.2.840.113549.1.1.1")
_PSS = der.oid("1.2.840.113549.1.1.10")
_HASHES: dict[str, tuple[bytes, hashes.HashAlgorithm]] = {
    "sha256": (der.oid("2.16.840.1.101.3.4.2.1"), hashes.SHA256()),
    "sha384": (der.oid("2.16.840.1.101.3.4.2.2"), hashes.SHA384()),
    "sha512": (der.oid("2.16.840.1.101.3.4.2.3"), hashes.SHA512()),
}
_ECDSA = {
    "sha256": der.oid("1.2.840.10045.4.3.2"),
    "sha384": der.oid("1.2.840.10045.4.3.3"),
    "sha512": der.oid("1.2.840.10045.4.3.4"),
}
_RSA_WITH = {
    "sha256": der.oid("1.2.840.113549.1.1.11"),
    "sha384": der.oid("1.2.840.113549.1.1.12"),
    "sha512": der.oid("1.2.840.113549.1.1.13"),
}
_CURVE_DIGEST = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
_LABELS = {"CMS", "PKCS7"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One signature: by which certificate, over which attributes (DER, as they are signed; None: over the file)."""

    certificate: Certificate
    digest: str
    attributes: bytes | None
    algorithm: der.Element
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A detached signature as it was read; nothing is checked yet. At least one signer."""

    signers: tuple[Signer, ...]
    certificates: tuple[Certificate, ...]


def digest_for(key: PrivateKey) -> str:
    """Return the hash that a signature with this key uses, as `hashlib` calls it.

    Raises:
        CannotDo: signatures of files are made with RSA and ECDSA keys alone.
    """
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _CURVE_DIGEST[key.curve.name]
    if isinstance(key, rsa.RSAPrivateKey):
        return "sha256"
    kind = "Ed25519" if "25519" in type(key).__name__ else "ML-DSA"
    raise CannotDo(
        f"An {kind} key cannot sign files here: what checks such signatures (`openssl cms`) does not know it.",
        "An RSA or ECDSA key would do.",
    )


def sign(digest: bytes, key: PrivateKey, own: Certificate, above: Sequence[Certificate], *, now: datetime) -> bytes:
    """Return a detached SignedData in DER over a file's digest, made with the hash of `digest_for`.

    It holds the certificate, those `above` it, and `now` as the signing time, which is the signer's word alone.

    Raises:
        CannotDo: see `digest_for`.
    """
    name = digest_for(key)
    algorithm = der.sequence(_HASHES[name][0])
    attributes = _set(
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_SIGNING_TIME, der.time(now)),
        _attribute(_MESSAGE_DIGEST, der.element(der.OCTET_STRING, digest)),
    )
    if isinstance(key, rsa.RSAPrivateKey):
        signed_with = der.sequence(_RSA, der.NOTHING)
        signature = key.sign(attributes, padding.PKCS1v15(), _HASHES[name][1])
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        signed_with = der.sequence(_ECDSA[name])
        signature = key.sign(attributes, ec.ECDSA(_HASHES[name][1]))
    else:  # pragma: no cover - refused by `digest_for`
        raise TypeError(type(key).__name__)
    signer = der.sequence(
        der.integer(1),
        der.sequence(own.issuer_der, der.integer(own.serial)),
        algorithm,
        der.element(_CONTEXT_0, der.one(attributes, der.SET).content),
        signed_with,
        der.element(der.OCTET_STRING, signature),
    )
    included = der.element(_CONTEXT_0, *sorted(each.der for each in (own, *above)))
    data = der.sequence(der.integer(1), _set(algorithm), der.sequence(_DATA), included, _set(signer))
    return der.sequence(_SIGNED_DATA, der.element(_CONTEXT_0, data))


def read(data: bytes, *, path: Path, known: Sequence[Certificate] = ()) -> Signed:
    """Return the detached signature in `data`, DER or PEM. `known`: certificates of signers that are not in it.

    Raises:
        SignatureUnreadable: there is none, it is damaged, of a kind that is not known here, or its signer is unknown.
    """
    try:
        return _signed(_signed_data(_octets(data)), tuple(known), path)
    except der.Refused as error:
        raise SignatureUnreadable(path, str(error)) from None
    except (ValueError, IndexError, CertificateUnreadable):
        raise SignatureUnreadable(path, "it is damaged, or no detached CMS signature in DER or PEM") from None


def check(signed: Signed, digests: Mapping[str, bytes], *, path: Path) -> None:
    """Return if every signature holds over the file with these digests (by their names in `DIGESTS`).

    Who signed is not judged: see the certificate's chain. `path` is the file's, for errors.

    Raises:
        SignatureRefused: one does not hold.
    """
    for signer in signed.signers:
        try:
            _check(signer, digests[signer.digest])
        except InvalidSignature:
            raise SignatureRefused(path, "it does not hold; the signature was changed, or is by another key") from None
        except der.Refused as error:
            raise SignatureRefused(path, str(error)) from None
        except (ValueError, TypeError):
            raise SignatureRefused(path, "its algorithm does not go with the signer's key") from None


def _octets(data: bytes) -> bytes:
    if data[:1] == bytes((der.SEQUENCE,)):
        return data
    block = next((block for block in pem.blocks(data) if block.label in _LABELS), None)
    if block is None:
        raise der.Refused("it is neither DER nor PEM; `openssl cms` writes that with -outform DER")
    return block.der


def _signed_data(octets: bytes) -> der.Element:
    """Return the SignedData in a ContentInfo (RFC 5652 §3, §5.1)."""
    content_type, content = der.members(octets)
    if content_type.raw != _SIGNED_DATA:
        raise der.Refused("it is another kind of message than a signature")
    return der.one(content.content, der.SEQUENCE)


def _signed(element: der.Element, known: tuple[Certificate, ...], path: Path) -> Signed:
    _, _, encapsulated, *rest = der.elements(element.content)
    if len(list(der.elements(encapsulated.content))) > 1:
        raise der.Refused("the file itself is in it; a detached signature is needed")
    held = next((each.content for each in rest if each.tag == _CONTEXT_0), b"")
    inside = tuple(certificates.read(each.raw, path=path) for each in der.elements(held) if each.tag == der.SEQUENCE)
    found = tuple(_signer(each, (*inside, *known)) for each in der.elements(rest[-1].content))
    if not found or rest[-1].tag != der.SET:
        raise der.Refused("nobody has signed it")
    return Signed(signers=found, certificates=inside)


def _signer(element: der.Element, known: tuple[Certificate, ...]) -> Signer:
    _, who, hashed_with, *rest = der.elements(element.content)
    attributes = None
    if rest[0].tag == _CONTEXT_0:
        attributes = der.element(der.SET, rest.pop(0).content)
    digest = next((name for name, (oid, _) in _HASHES.items() if hashed_with.content.startswith(oid)), None)
    if digest is None:
        raise der.Refused(f"its hash is none of {', '.join(DIGESTS)}")
    certificate = next((each for each in known if _is(each, who)), None)
    if certificate is None:
        raise der.Refused("the signer's certificate is not in it; name a file that holds it")
    return Signer(
        certificate=certificate, digest=digest, attributes=attributes, algorithm=rest[0], signature=rest[1].content
    )


def _is(certificate: Certificate, who: der.Element) -> bool:
    """Tell whether a SignerIdentifier means this certificate (RFC 5652 §5.3)."""
    if who.tag == _KEY_ID:
        return certificate.subject_key_id == who.content.hex(":").upper()
    return who.raw == der.sequence(certificate.issuer_der, der.integer(certificate.serial))


def _check(signer: Signer, digest: bytes) -> None:
    algorithm = _HASHES[signer.digest][1]
    if signer.attributes is not None:
        _check_attributes(signer.attributes, digest)
        hashed = hashes.Hash(algorithm)
        hashed.update(signer.attributes)
        digest = hashed.finalize()
    public = x509.load_der_x509_certificate(signer.certificate.der).public_key()
    oid, *parameters = der.elements(signer.algorithm.content)
    if isinstance(public, rsa.RSAPublicKey):
        how = _padding(oid.raw, parameters, signer.digest)
        public.verify(signer.signature, digest, how, Prehashed(algorithm))
    elif isinstance(public, ec.EllipticCurvePublicKey) and oid.raw == _ECDSA[signer.digest]:
        public.verify(signer.signature, digest, ec.ECDSA(Prehashed(algorithm)))
    else:
        raise der.Refused("it was made with an algorithm that is not known here; RSA and ECDSA are")


def _padding(oid: bytes, parameters: list[der.Element], digest: str) -> padding.AsymmetricPadding:
    if oid in {_RSA, _RSA_WITH[digest]}:
        return padding.PKCS1v15()
    if oid != _PSS or not parameters:
        raise der.Refused("it was made with an algorithm that is not known here; RSA and ECDSA are")
    # RFC 4055 §3.1; what is left out would mean SHA-1.
    given = {each.tag: each.content for each in der.elements(parameters[0].content)}
    hash_oid, mask_oid = _HASHES[digest][0], der.oid("1.2.840.113549.1.1.8")
    if not given.get(_CONTEXT_0, b"")[2:].startswith(hash_oid) or hash_oid not in given.get(_CONTEXT_1, b""):
        raise der.Refused("its RSA-PSS uses two different hashes, or SHA-1")
    if mask_oid not in given[_CONTEXT_1]:
        raise der.Refused("its RSA-PSS uses a mask that is not known here")
    salt = der.integer_value(der.one(given[0xA2], der.INTEGER).content) if 0xA2 in given else 20
    return padding.PSS(padding.MGF1(_HASHES[digest][1]), salt)


def _check_attributes(attributes: bytes, digest: bytes) -> None:
    """Accept signed attributes that are about this file (RFC 5652 §5.4 and §11)."""
    found: dict[bytes, list[bytes]] = {}
    for attribute in der.members(attributes, der.SET):
        kind, values = der.elements(attribute.content)
        found.setdefault(kind.raw, []).extend(value.raw for value in der.elements(values.content))
    if found.get(_CONTENT_TYPE) != [_DATA]:
        raise der.Refused("it does not say that it is about a file's content")
    if found.get(_MESSAGE_DIGEST) != [der.element(der.OCTET_STRING, digest)]:
        raise der.Refused("the file was changed after it was signed, or is another one")


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.sequence(kind, der.element(der.SET, value))


def _set(*parts: bytes) -> bytes:
    """Return a SET OF in DER: sorted (X.690 §11.6)."""
    return der.element(der.SET, *sorted(parts))
