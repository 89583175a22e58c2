"""XML signatures, enveloped in the document that they are over (XML Signature 1.1), by RSA and ECDSA keys."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml.etree import _Element as Element
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import InvalidSignature, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from pkilab.documents import tree
from pkilab.documents.tree import DS
from pkilab.errors import CannotDo, CertificateUnreadable, DocumentUnreadable, PkilabError, SignatureRefused
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate as certificates
from pkilab.x509.keys import PrivateKey

_C14N = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_ENVELOPED = f"{DS}enveloped-signature"
_TRANSFORMS = {_ENVELOPED, *(method.value for method in CanonicalizationMethod)}
_CHANGED = "Digest mismatch"
"""How signxml says that a signature holds, but over another document."""
_CURVES = {
    "secp256r1": (SignatureMethod.ECDSA_SHA256, DigestAlgorithm.SHA256),
    "secp384r1": (SignatureMethod.ECDSA_SHA384, DigestAlgorithm.SHA384),
    "secp521r1": (SignatureMethod.ECDSA_SHA512, DigestAlgorithm.SHA512),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """A document whose signature holds: by which certificate, what came along, and what is signed.

    Whether the certificate is to be trusted is not judged.
    """

    certificate: Certificate
    others: tuple[Certificate, ...]
    content: bytes
    """The document without its signature, canonical: exactly what was signed."""


def sign(data: bytes, key: PrivateKey, own: Certificate, above: tuple[Certificate, ...], *, path: Path) -> bytes:
    """Return a document with a signature over all of it as its last element, and the certificates in that.

    Raises:
        DocumentUnreadable: it is no document, or is signed already.
        CannotDo: signatures are made with RSA and ECDSA keys alone.
    """
    method, digest = _method(key)
    root = tree.read(data, path=path)
    if root.find(f".//{{{DS}}}Signature") is not None:
        raise DocumentUnreadable(path, "it is signed already; sign the document as it was before")
    signer = XMLSigner(SignatureConstructionMethod.enveloped, method, digest, _C14N)
    chain = [x509.load_der_x509_certificate(each.der) for each in (own, *above)]
    if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        root = signer.sign(root, key=key, cert=chain)
    return tree.write(root)


def verify(data: bytes, *, path: Path) -> SignedDocument:
    """Return what a document's signature holds over; it has to be over the whole document.

    Raises:
        DocumentUnreadable: it is no document, or is not signed.
        SignatureRefused: the signature does not hold, or does not cover all of the document.
    """
    root = tree.read(data, path=path)
    try:
        signature = _only_signature(root, path)
        found = _certificates(signature, path)
        return _by_one_of(root, found)
    except SignXMLException as error:
        raise SignatureRefused(path, _words(error)) from None
    except PkilabError:
        raise
    except Exception:  # noqa: BLE001 - whatever a strange signature makes signxml, lxml and the decoders raise
        raise SignatureRefused(path, "it is damaged, or made in a way that is not known here") from None


def _method(key: PrivateKey) -> tuple[SignatureMethod, DigestAlgorithm]:
    if isinstance(key, rsa.RSAPrivateKey):
        return SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _CURVES[key.curve.name]
    kind = "Ed25519" if "25519" in type(key).__name__ else "ML-DSA"
    raise CannotDo(
        f"An {kind} key cannot sign XML here: what checks such signatures (`xmlsec1`) does not know it.",
        "An RSA or ECDSA key would do.",
    )


def _only_signature(root: Element, path: Path) -> Element:
    """Return the signature, if it is the only one, and is over all of the document that it stands in.

    That leaves no room for wrapping: content that is signed elsewhere in the document, and other content where a
    reader looks.
    """
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if not signatures:
        raise DocumentUnreadable(path, "it is not signed")
    if len(signatures) > 1 or signatures[0].getparent() is not root:
        raise SignatureRefused(path, "it does not stand alone at the top of the document")
    references = signatures[0].findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")
    if len(references) != 1 or references[0].get("URI") != "":
        raise SignatureRefused(path, "it is not over the whole document")
    named = [each.get("Algorithm") for each in references[0].iter(f"{{{DS}}}Transform")]
    if _ENVELOPED not in named or not {*named} <= _TRANSFORMS:
        raise SignatureRefused(path, "it is over a changed form of the document")
    return signatures[0]


def _certificates(signature: Element, path: Path) -> tuple[Certificate, ...]:
    texts = [
        each.text or "" for each in signature.iterfind(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    ]
    if not texts:
        raise SignatureRefused(path, "it brings no certificate of who signed")
    try:
        return tuple(certificates.read(base64.b64decode(text), path=path) for text in texts)
    except (ValueError, CertificateUnreadable):
        raise SignatureRefused(path, "a certificate in it cannot be read") from None


def _by_one_of(root: Element, found: tuple[Certificate, ...]) -> SignedDocument:
    """Return what the signature covers, by the one of its certificates whose key made it."""
    refusal: SignXMLException | None = None
    for candidate in sorted(found, key=lambda each: each.ca):
        expected = SignatureConfiguration(
            location="./",
            # The chain is judged with its dates elsewhere: here a certificate is no more than a key.
            verification_time=candidate.not_before,
        )
        foreign = x509.load_der_x509_certificate(candidate.der)
        try:
            result = XMLVerifier().verify(root, x509_cert=foreign, expect_config=expected)
        except SignXMLException as error:
            if _CHANGED in str(error):  # the key made the signature, and it is over something else
                raise
            refusal = refusal or error
            continue
        content = result[0].signed_data if isinstance(result, list) else result.signed_data
        others = tuple(each for each in found if each != candidate)
        return SignedDocument(certificate=candidate, others=others, content=content)
    raise refusal or InvalidSignature


def _words(error: SignXMLException) -> str:
    said = str(error)
    if _CHANGED in said:
        return "the document was changed after it was signed"
    if "Signature verification failed" in said or "mismatch" in said.lower():
        return "it does not hold; the signature was changed, or is by another key"
    if "forbidden" in said.lower() or "algorithm" in said.lower():
        return "it was made with an algorithm that is not accepted here (RSA and ECDSA with SHA-2 are)"
    return "it is damaged, or made in a way that is not known here"
