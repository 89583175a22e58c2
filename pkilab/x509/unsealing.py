"""Octets that a password seals, opened: PKCS#5 (RFC 8018 §6), PKCS#12 (RFC 7292 appendix B), and old PEM.

`cryptography` opens keys and containers as a whole; this opens their octets, so that they can be looked at.
"""

from __future__ import annotations

import hashlib
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, RC2, TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pkilab.x509 import der

MAX_ROUNDS = 10_000_000
"""Rounds of hashing that are done at most: a hostile file could ask for days of them."""
MAX_MEMORY = 256 * 1024 * 1024

_PBES2, _PBKDF2, _SCRYPT = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "1.3.6.1.4.1.11591.4.11"
_HMACS: dict[str, hashes.HashAlgorithm] = {
    "1.2.840.113549.2.7": hashes.SHA1(),  # noqa: S303 - what PBKDF2 takes unless told; HMAC does not suffer
    "1.2.840.113549.2.8": hashes.SHA224(),
    "1.2.840.113549.2.9": hashes.SHA256(),
    "1.2.840.113549.2.10": hashes.SHA384(),
    "1.2.840.113549.2.11": hashes.SHA512(),
}
_CIPHERS: dict[str, tuple[type[BlockCipherAlgorithm], int]] = {
    "2.16.840.1.101.3.4.1.2": (AES, 16),
    "2.16.840.1.101.3.4.1.22": (AES, 24),
    "2.16.840.1.101.3.4.1.42": (AES, 32),
    "1.2.840.113549.3.7": (TripleDES, 24),
}
_OLD: dict[str, tuple[type[CipherAlgorithm], int]] = {
    "1.2.840.113549.1.12.1.1": (ARC4, 16),
    "1.2.840.113549.1.12.1.2": (ARC4, 5),
    "1.2.840.113549.1.12.1.3": (TripleDES, 24),
    "1.2.840.113549.1.12.1.4": (TripleDES, 16),
    "1.2.840.113549.1.12.1.5": (RC2, 16),
}
_PEM_CIPHERS: dict[str, tuple[type[BlockCipherAlgorithm], int]] = {
    "AES-128-CBC": (AES, 16),
    "AES-192-CBC": (AES, 24),
    "AES-256-CBC": (AES, 32),
    "DES-EDE3-CBC": (TripleDES, 24),
}
_DEK = re.compile(r"DEK-Info:\s*([A-Z0-9-]+)\s*,\s*([0-9A-Fa-f]{16,32})\s*")


class NotKnown(ValueError):
    """It is sealed in a way that cannot be opened here; the text says how."""


class NotOpened(ValueError):
    """The password does not open it."""


def unsealed(algorithm: bytes, sealed: bytes, password: str) -> bytes:
    """Return what `sealed` holds in DER; `algorithm` is the AlgorithmIdentifier in DER that says how it is sealed.

    Raises:
        NotKnown: its algorithm is not known here, or asks for more work than any honest file does.
        NotOpened: the password is another.
    """
    try:
        cipher, mode = _cipher(algorithm, password)
    except NotKnown:
        raise
    except (ValueError, IndexError, UnicodeEncodeError):
        raise NotKnown("what says how it is sealed is damaged") from None
    return _decrypted(cipher, mode, sealed)


def unsealed_pem(headers: tuple[str, ...], sealed: bytes, password: str) -> bytes:
    """Return the DER of a key whose PEM headers say how it is sealed (RFC 1421 §4.6.1.3, as OpenSSL does it).

    Raises:
        NotKnown: its algorithm is not known here.
        NotOpened: the password is another.
    """
    found = next((match for header in headers if (match := _DEK.fullmatch(header))), None)
    if found is None or found[1] not in _PEM_CIPHERS:
        raise NotKnown("its DEK-Info names a cipher that is not offered here")
    kind, size = _PEM_CIPHERS[found[1]]
    if len(found[2]) != (32 if kind is AES else 16):
        raise NotKnown("its DEK-Info is damaged: what comes before the first block is too short or too long")
    first_block, secret = bytes.fromhex(found[2]), password.encode(errors="surrogatepass")
    key, last = b"", b""
    while len(key) < size:
        last = hashlib.md5(last + secret + first_block[:8], usedforsecurity=False).digest()
        key += last
    return _decrypted(kind(key[:size]), CBC(first_block), sealed)  # type: ignore[call-arg]  # each takes its key


def _cipher(algorithm: bytes, password: str) -> tuple[CipherAlgorithm, CBC | None]:
    dotted, parameters = _identifier(algorithm)
    if dotted == _PBES2:
        return _pbes2(parameters, password.encode())
    if dotted in _OLD:
        return _pkcs12(dotted, parameters, password)
    raise NotKnown(f"it is sealed with {dotted}, which is not offered here")


def _identifier(algorithm: bytes) -> tuple[str, bytes]:
    kind, *parameters = der.members(algorithm)
    return der.oid_value(kind.content), parameters[0].raw if parameters else b""


def _pbes2(parameters: bytes, password: bytes) -> tuple[BlockCipherAlgorithm, CBC]:
    derivation, scheme = (each.raw for each in der.members(parameters))
    dotted, first_block = _identifier(scheme)
    if dotted not in _CIPHERS:
        raise NotKnown(f"its cipher is {dotted}, which is not offered here")
    kind, size = _CIPHERS[dotted]
    key = _derived(derivation, password, size)
    return kind(key), CBC(der.one(first_block, der.OCTET_STRING).content)  # type: ignore[call-arg]  # each takes its key


def _derived(derivation: bytes, password: bytes, size: int) -> bytes:
    dotted, parameters = _identifier(derivation)
    salt, *numbers = der.members(parameters)
    if dotted == _PBKDF2:
        rounds = _bounded(numbers[0])
        named = [each for each in numbers[1:] if each.tag == der.SEQUENCE]
        prf = _identifier(named[0].raw)[0] if named else "1.2.840.113549.2.7"
        if prf not in _HMACS:
            raise NotKnown(f"its hash is {prf}, which is not offered here")
        return PBKDF2HMAC(_HMACS[prf], length=size, salt=salt.content, iterations=rounds).derive(password)
    if dotted == _SCRYPT:
        cost, block, parallel = (der.integer_value(each.content) for each in numbers[:3])
        if min(cost, block, parallel) < 1 or 128 * cost * block > MAX_MEMORY or parallel > 64:
            raise NotKnown("it asks for more memory than is given here")
        return Scrypt(salt=salt.content, length=size, n=cost, r=block, p=parallel).derive(password)
    raise NotKnown(f"its key is derived with {dotted}, which is not offered here")


def _bounded(number: der.Element) -> int:
    rounds = der.integer_value(number.content)
    if not 1 <= rounds <= MAX_ROUNDS:
        raise NotKnown(f"it asks for {rounds:,} rounds of hashing")
    return rounds


def _pkcs12(dotted: str, parameters: bytes, password: str) -> tuple[CipherAlgorithm, CBC | None]:
    salt, number = der.members(parameters)
    rounds = _bounded(number)
    kind, size = _OLD[dotted]
    octets = password.encode("utf-16-be") + b"\0\0"
    key = _stretched(1, octets, salt.content, rounds, size)
    if kind is ARC4:
        return ARC4(key), None
    if size == 16 and kind is TripleDES:
        key += key[:8]
    return kind(key), CBC(_stretched(2, octets, salt.content, rounds, 8))  # type: ignore[call-arg]  # as above


def _stretched(purpose: int, password: bytes, salt: bytes, rounds: int, size: int) -> bytes:
    """Return octets made of a password as RFC 7292 §B.2 says, with SHA-1; `purpose` 1 for a key, 2 for a block."""
    if not salt:
        raise ValueError("no salt")
    width = 64
    mixed = _filled(salt, width) + _filled(password, width)
    diversifier = bytes((purpose,)) * width
    found = b""
    while len(found) < size:
        digest = hashlib.sha1(diversifier + mixed, usedforsecurity=False).digest()
        for _ in range(rounds - 1):
            digest = hashlib.sha1(digest, usedforsecurity=False).digest()
        found += digest
        added = int.from_bytes(_filled(digest, width), "big") + 1
        blocks = (int.from_bytes(mixed[at : at + width], "big") + added for at in range(0, len(mixed), width))
        mixed = b"".join((block % (1 << 8 * width)).to_bytes(width, "big") for block in blocks)
    return found[:size]


def _filled(octets: bytes, width: int) -> bytes:
    """Return octets repeated to a multiple of `width`."""
    size = width * -(-len(octets) // width)
    return (octets * -(-size // len(octets)))[:size]


def _decrypted(cipher: CipherAlgorithm, mode: CBC | None, sealed: bytes) -> bytes:
    """Return the octets, if they are one element of DER: behind a wrong password lies garbage."""
    try:
        decryptor = Cipher(cipher, mode).decryptor()
        octets = decryptor.update(sealed) + decryptor.finalize()
        if isinstance(cipher, BlockCipherAlgorithm):
            remover = padding.PKCS7(cipher.block_size).unpadder()
            octets = remover.update(octets) + remover.finalize()
        return der.one(octets, der.SEQUENCE).raw
    except UnsupportedAlgorithm:
        raise NotKnown("its cipher is not offered on this machine") from None
    except ValueError:
        raise NotOpened("another password") from None
