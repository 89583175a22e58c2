"""PKCS#12 files (RFC 7292), read and written: a key, its certificate, and those above it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12

from pkilab.errors import CannotDo, CertificateUnreadable, ContainerUnreadable, PasswordRequired, WrongPassword
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate, der, envelope, keys
from pkilab.x509.keys import PrivateKey

_NO_ML_DSA = mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey
_OLD_ROUNDS = 2048
"""Rounds of the old encryption: more would not help it, and what can read nothing newer is slow."""


def read(data: bytes, password: str | None, *, path: Path) -> tuple[PrivateKey, Certificate, tuple[Certificate, ...]]:
    """Return the key, its certificate, and the other certificates in the file. `path` is for errors.

    Raises:
        ContainerUnreadable: it is no PKCS#12, is damaged, lacks key or certificate, or they do not belong together.
        PasswordRequired: it needs a password, and none came.
        WrongPassword: the password does not open it.
        WeakKey: the key is of an algorithm or a size that is not accepted.
    """
    _check_outside(data, path)
    found = _open(data, password, path)
    if found.key is None:
        raise ContainerUnreadable(path, "there is no private key in it")
    keys.check_strength(found.key.public_key())
    if found.cert is None:
        raise ContainerUnreadable(path, "there is no certificate in it that belongs to its key")
    key = cast("PrivateKey", found.key)
    try:
        own, *others = (
            certificate.read(each.certificate.public_bytes(Encoding.DER), path=path)
            for each in (found.cert, *found.additional_certs)
        )
    except CertificateUnreadable as error:
        raise ContainerUnreadable(path, f"of a certificate in it, {error.why}") from None
    if not keys.same_public_key(key, own):
        raise ContainerUnreadable(path, "its key and its certificate do not belong together")
    return key, own, tuple(others)


def write(
    key: PrivateKey, own: Certificate, above: Sequence[Certificate], password: str, *, name: str, legacy: bool = False
) -> bytes:
    """Return a PKCS#12 file with a key, its certificate and those above it, under a password.

    AES-256 with PBKDF2 of 600,000 rounds and a MAC with SHA-256; with `legacy` 3DES and SHA-1, for programs that read
    nothing newer, such as Java before 8u301. `name` is what the entry is called.

    Raises:
        CannotDo: no program reads a PKCS#12 file with a key of this algorithm.
        InvalidField: the password is longer than 1023 octets, or no text.
    """
    if isinstance(key, _NO_ML_DSA):
        raise CannotDo(
            "A PKCS#12 file cannot hold an ML-DSA key: the programs that would read it know no such key.",
            "An RSA, ECDSA or Ed25519 key would do; the PEM chain and the key file work with ML-DSA too.",
        )
    build = PrivateFormat.PKCS12.encryption_builder()
    if legacy:
        build = build.kdf_rounds(_OLD_ROUNDS).key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        build = build.hmac_hash(hashes.SHA1())  # noqa: S303 - what old programs read
    else:
        build = build.kdf_rounds(envelope.ROUNDS).key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        build = build.hmac_hash(hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        x509.load_der_x509_certificate(own.der),
        [x509.load_der_x509_certificate(each.der) for each in above],
        build.build(keys.encode_password(password)),
    )


def _check_outside(data: bytes, path: Path) -> None:
    """Accept what looks like a whole PFX: SEQUENCE { 3, … } (RFC 7292 §4)."""
    try:
        version, *_ = der.members(data)
    except ValueError:
        raise ContainerUnreadable(path, "it is damaged, or no PKCS#12 file") from None
    if version.raw != der.integer(3):
        raise ContainerUnreadable(path, "it is no PKCS#12 file of version 3")


def _open(data: bytes, password: str | None, path: Path) -> pkcs12.PKCS12KeyAndCertificates:
    # Without a password, a file may be sealed with none or with the empty one; programs differ.
    tries = (keys.encode_password(password),) if password else (None, b"")
    for attempt in tries:
        try:
            return pkcs12.load_pkcs12(data, attempt)
        except (UnsupportedAlgorithm, TypeError):
            raise ContainerUnreadable(path, "it holds a key or an encryption that is not known here") from None
        except ValueError as error:
            if "password" not in str(error):
                raise ContainerUnreadable(path, "it is damaged") from None
    raise WrongPassword(path) if password else PasswordRequired(path)
