"""Key pairs: made, judged, read from any tool's file, written encrypted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from pkilab.errors import InvalidField, KeyUnreadable, PasswordRequired, WeakKey, WrongPassword
from pkilab.model.algorithm import KeyAlgorithm, PublicKey
from pkilab.model.certificate import Certificate
from pkilab.x509 import der, envelope, pem

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mldsa.MLDSA87PrivateKey
)
"""A private key of one of the accepted algorithms."""

MAX_PASSWORD = 1023
"""Octets of a password in UTF-8; `openssl` and `cryptography` take no more."""

RSA_PSS = "RSA-PSS"
"""The family of RSA keys that may only sign with PSS padding; certificates of others can hold one."""

_RSASSA_PSS = der.oid("1.2.840.113549.1.1.10")
_EXPONENT = 65537
_MAKE: dict[KeyAlgorithm, Callable[[], PrivateKey]] = {
    KeyAlgorithm.RSA_2048: lambda: rsa.generate_private_key(_EXPONENT, 2048),
    KeyAlgorithm.RSA_3072: lambda: rsa.generate_private_key(_EXPONENT, 3072),
    KeyAlgorithm.RSA_4096: lambda: rsa.generate_private_key(_EXPONENT, 4096),
    KeyAlgorithm.EC_P256: lambda: ec.generate_private_key(ec.SECP256R1()),
    KeyAlgorithm.EC_P384: lambda: ec.generate_private_key(ec.SECP384R1()),
    KeyAlgorithm.EC_P521: lambda: ec.generate_private_key(ec.SECP521R1()),
    KeyAlgorithm.ED25519: ed25519.Ed25519PrivateKey.generate,
    KeyAlgorithm.ML_DSA_44: mldsa.MLDSA44PrivateKey.generate,
    KeyAlgorithm.ML_DSA_65: mldsa.MLDSA65PrivateKey.generate,
    KeyAlgorithm.ML_DSA_87: mldsa.MLDSA87PrivateKey.generate,
}
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_BEFORE_THE_PASSWORD = ("unknown", "Unknown", "DEK-Info", "Proc-Type")
_FIXED: tuple[tuple[type, str, str, int], ...] = (
    (ed25519.Ed25519PublicKey, "Ed25519", "Ed25519", 256),
    (mldsa.MLDSA44PublicKey, "ML-DSA", "ML-DSA-44", 1312 * 8),
    (mldsa.MLDSA65PublicKey, "ML-DSA", "ML-DSA-65", 1952 * 8),
    (mldsa.MLDSA87PublicKey, "ML-DSA", "ML-DSA-87", 2592 * 8),
    (ed448.Ed448PublicKey, "Ed448", "Ed448", 456),
    (x25519.X25519PublicKey, "X25519", "X25519", 255),
    (x448.X448PublicKey, "X448", "X448", 448),
)
"""Algorithms whose keys have one size: type, family, label, bits."""

_RSA_ENCRYPTION = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.NOTHING)
_ENCODED: tuple[tuple[bytes, int, str, str, int], ...] = (
    (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), 91, "EC", "ECDSA, P-256", 256),
    (bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"), 120, "EC", "ECDSA, P-384", 384),
    (bytes.fromhex("30819b301006072a8648ce3d020106052b810400230381860004"), 158, "EC", "ECDSA, P-521", 521),
    (bytes.fromhex("302a300506032b6570032100"), 44, "Ed25519", "Ed25519", 256),
)
"""How a SubjectPublicKeyInfo of `public_info` begins, its size, and what `_kind` says of it; points uncompressed."""


def generate(algorithm: KeyAlgorithm) -> PrivateKey:
    """Return a new key pair."""
    return _MAKE[algorithm]()


def describe(public_key: PublicKeyTypes) -> PublicKey:
    """Return what is said of a public key, also of one that is not accepted (see `check_strength`)."""
    family, label, bits = _kind(public_key)
    return _described(family, label, bits, public_info(public_key))


def describe_info(spki: bytes) -> PublicKey | None:
    """Return what `describe` says of the key in a SubjectPublicKeyInfo, without loading it.

    None: it is not in the encoding of `public_info`, or of a rarer algorithm.
    """
    for begin, size, family, label, bits in _ENCODED:
        if len(spki) == size and spki.startswith(begin):
            return _described(family, label, bits, spki)
    if not spki.startswith(_RSA_ENCRYPTION, 4):
        return None
    try:
        modulus, exponent = (der.integer_value(n.content) for n in der.members(der.members(spki)[1].content[1:]))
    except ValueError:
        return None
    encoded = der.sequence(der.integer(abs(modulus)), der.integer(abs(exponent)))
    if der.sequence(_RSA_ENCRYPTION, der.bit_string(encoded)) != spki:
        return None
    bits = modulus.bit_length()
    return _described("RSA", f"RSA, {bits} bits", bits, spki)


def _described(family: str, label: str, bits: int, spki: bytes) -> PublicKey:
    return PublicKey(family=family, label=label, bits=bits, sha256=hashlib.sha256(spki).hexdigest())


def public_info(public_key: PublicKeyTypes) -> bytes:
    """Return the SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), in one encoding for equal keys."""
    return public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def check_strength(public_key: PublicKeyTypes) -> None:
    """Accept a public key that a certificate may hold or be signed with.

    Raises:
        WeakKey: RSA under 2048 bits or with an unusable modulus or exponent; another curve or algorithm.
    """
    family, label, bits = _kind(public_key)
    if isinstance(public_key, rsa.RSAPublicKey):
        numbers = public_key.public_numbers()
        if bits < 2048:
            raise WeakKey(f"RSA with {bits} bits is too short")
        if numbers.e < 3 or numbers.e % 2 == 0 or numbers.n % 2 == 0:
            raise WeakKey("its RSA modulus and exponent have to be odd, and the exponent at least 3")
    elif isinstance(public_key, ec.EllipticCurvePublicKey):
        if public_key.curve.name not in _CURVES:
            raise WeakKey(f"the curve {public_key.curve.name} is not one of ours")
    elif family not in {"Ed25519", "ML-DSA"}:
        raise WeakKey(f"{label} is not one of our algorithms")


def _kind(public_key: PublicKeyTypes) -> tuple[str, str, int]:
    """Return family, label and size in bits."""
    if isinstance(public_key, rsa.RSAPublicKey):
        return "RSA", f"RSA, {public_key.key_size} bits", public_key.key_size
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        curve = public_key.curve
        return "EC", f"ECDSA, {_CURVES.get(curve.name, curve.name)}", curve.key_size
    if isinstance(public_key, dsa.DSAPublicKey):
        return "DSA", f"DSA, {public_key.key_size} bits", public_key.key_size
    found = (fixed[1:] for fixed in _FIXED if isinstance(public_key, fixed[0]))
    return next(found, ("unknown", type(public_key).__name__, 0))


def is_strong_as_it_stands(spki: bytes) -> bool:
    """Tell from the octets alone that `check_strength` accepts the key in a SubjectPublicKeyInfo, if it is one at all.

    False: it is of an algorithm or in an encoding of which that is not sure.
    """
    return any(len(spki) == size and spki.startswith(begin) for begin, size, *_ in _ENCODED)


def restricted_to_pss(spki: bytes) -> bool:
    """Tell whether a SubjectPublicKeyInfo is id-RSASSA-PSS (RFC 4055 §1.2), whose key may not sign as we do."""
    return _RSASSA_PSS in der.members(spki)[0].content


def signs_slowly(key: PrivateKey) -> bool:
    """Tell whether a signature takes so long (about a millisecond) that two of them should be made at once."""
    return not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey)


def is_encrypted(data: bytes) -> bool:
    """Tell whether a key file needs a password: PKCS#8 (PEM or DER) or old PEM headers. False when it is no key."""
    try:
        block = _find(data)
    except ValueError:
        return False
    return block.encrypted or envelope.is_sealed(block.der)


def load(data: bytes, password: str | None, *, path: Path) -> PrivateKey:
    """Return the private key in `data`: PEM or DER; PKCS#8, PKCS#1 or SEC1; encrypted or not.

    An empty password counts as none; a password for a key that is not encrypted is ignored. `path` is for errors.

    Raises:
        KeyUnreadable: no private key, a damaged one, or an encryption that is not known here.
        PasswordRequired: it is encrypted, and no password came.
        WrongPassword: the password does not open it.
        WeakKey: of an algorithm or a size that is not accepted.
    """
    try:
        block = _find(data)
    except ValueError as error:
        raise KeyUnreadable(path, str(error)) from None
    if not (block.encrypted or envelope.is_sealed(block.der)):
        key = _open(block, None, path)
    elif password:
        key = _open(block, encode_password(password), path)
    else:
        raise PasswordRequired(path)
    check_strength(key.public_key())
    return key


def dump(key: PrivateKey, password: str | None) -> bytes:
    """Return the key in PEM, PKCS#8; with a password encrypted (see `envelope`), with None or "" not.

    Raises:
        InvalidField: the password is longer than 1023 octets.
    """
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    octets = key.private_bytes(serialization.Encoding.DER, form, none)
    if not password:
        return pem.write("PRIVATE KEY", octets).encode("ascii")
    return pem.write("ENCRYPTED PRIVATE KEY", envelope.sealed(octets, encode_password(password))).encode("ascii")


def same_public_key(key: PrivateKey, certificate: Certificate) -> bool:
    """Tell whether `certificate` is about the public half of `key`."""
    return describe(key.public_key()).sha256 == certificate.key.sha256


def encode_password(password: str) -> bytes:
    """Return a password as it enters key derivation: UTF-8, octets that a terminal could not decode as they were.

    Raises:
        InvalidField: it is longer than 1023 octets, or no text.
    """
    try:
        octets = password.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise InvalidField("Password", "it holds characters that are no text; choose another.") from None
    if len(octets) > MAX_PASSWORD:
        raise InvalidField("Password", f"at most {MAX_PASSWORD} octets are allowed; choose a shorter one.")
    return octets


def _find(data: bytes) -> pem.Block:
    """Return the first private key in `data`; DER as a block with the label that fits.

    Raises:
        ValueError: there is none; the text says what there is instead.
    """
    if not data.strip():
        raise ValueError("it is empty")
    try:
        inside = der.members(data)
    except ValueError:
        inside = []
    if inside and (inside[0].tag == der.INTEGER or envelope.is_sealed(data)):
        return pem.Block(label="", headers=(), der=data)
    labels = []
    for block in pem.blocks(data):
        if block.label.endswith("PRIVATE KEY"):
            if block.label.startswith("OPENSSH"):
                raise ValueError("it is in the format of OpenSSH; convert it with `ssh-keygen -p -m PKCS8`")
            return block
        labels.append(block.label)
    held = f"it holds {', '.join(list(dict.fromkeys(labels))[:3])}" if labels else "it is neither PEM nor DER"
    raise ValueError(f"{held}, not a private key")


def _open(block: pem.Block, password: bytes | None, path: Path) -> PrivateKey:
    """Return the key, of whatever algorithm; the type is only right after `check_strength`."""
    try:
        if block.encrypted:
            found = serialization.load_pem_private_key(block.text, password)
        else:
            found = serialization.load_der_private_key(block.der, password)
    except UnsupportedAlgorithm:
        raise KeyUnreadable(path, "its algorithm or curve is not known here") from None
    except Exception as error:  # noqa: BLE001 - whatever a foreign decoder raises on a damaged file
        if password is None:
            raise KeyUnreadable(path, "it is damaged, or of a kind that is not known here") from None
        # Behind a wrong password lies garbage, which one time in 256 looks like padding and fails later, in any way.
        # What fails before the password matters is told apart by what the decoder says.
        if any(words in str(error) for words in _BEFORE_THE_PASSWORD):
            raise KeyUnreadable(path, "it is encrypted in a way that is not known here") from None
        raise WrongPassword(path) from None
    return cast("PrivateKey", found)
