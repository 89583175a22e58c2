"""The encrypted envelope of a private key: PKCS#8 with PBES2 (RFC 5958 §3, RFC 8018 §6.2)."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from pkilab.x509 import der

ROUNDS = 600_000
"""Rounds of PBKDF2; `cryptography` would take 2,048."""

_PBES2 = der.oid("1.2.840.113549.1.5.13")
_PBKDF2 = der.oid("1.2.840.113549.1.5.12")
_HMAC_SHA256 = der.oid("1.2.840.113549.2.9")
_AES256_CBC = der.oid("2.16.840.1.101.3.4.1.42")


def sealed(private_key_info: bytes, password: bytes) -> bytes:
    """Return EncryptedPrivateKeyInfo in DER: PBKDF2-HMAC-SHA-256 of 600,000 rounds, AES-256-CBC, fresh salt and IV."""
    salt, iv = os.urandom(16), os.urandom(16)
    secret = PBKDF2HMAC(hashes.SHA256(), length=32, salt=salt, iterations=ROUNDS).derive(password)
    padder = padding.PKCS7(AES256.block_size).padder()
    encryptor = Cipher(AES256(secret), CBC(iv)).encryptor()
    padded = padder.update(private_key_info) + padder.finalize()
    encrypted = encryptor.update(padded) + encryptor.finalize()
    octets = der.OCTET_STRING
    derivation = der.sequence(
        _PBKDF2,
        der.sequence(der.element(octets, salt), der.integer(ROUNDS), der.sequence(_HMAC_SHA256, der.NOTHING)),
    )
    cipher = der.sequence(_AES256_CBC, der.element(octets, iv))
    return der.sequence(der.sequence(_PBES2, der.sequence(derivation, cipher)), der.element(octets, encrypted))


def is_sealed(data: bytes) -> bool:
    """Tell whether `data` is an EncryptedPrivateKeyInfo in DER: an algorithm, then octets; complete."""
    try:
        algorithm, encrypted = der.members(data)
        scheme = next(der.elements(algorithm.content))
    except (ValueError, StopIteration):
        return False
    return (algorithm.tag, scheme.tag, encrypted.tag) == (der.SEQUENCE, der.OID, der.OCTET_STRING)
