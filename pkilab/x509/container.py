"""PKCS#12 files (RFC 7292): a key, its certificate, and those above it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from pkilab.errors import CertificateUnreadable, ContainerUnreadable, PasswordRequired, WrongPassword
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate, der, keys
from pkilab.x509.keys import PrivateKey


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
