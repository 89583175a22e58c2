"""What may be a private key, though it is damaged, or nobody can tell what it is: its octets are shown to nobody.

A key that was cut off, or of which one bit fell over, is often taken for something else. So whatever is not whole is
looked at here, by its octets, before any of them is shown.
"""

from __future__ import annotations

import re

_LITTLE = 8
"""Octets in which no secret worth the name can lie."""
_OBJECTS = (
    rb"\x2a\x86\x48\x86\xf7\x0d\x01\x01[\x01\x07\x0a]",  # RSA (RFC 8017)
    rb"\x2a\x86\x48\xce\x3d\x02\x01",  # elliptic curves (RFC 5480)
    rb"\x2a\x86\x48\xce\x38\x04\x01",  # DSA (RFC 3279)
    rb"\x2b\x65[\x6e-\x71]",  # X25519, X448, Ed25519, Ed448 (RFC 8410)
    rb"\x60\x86\x48\x01\x65\x03\x04\x03.",  # ML-DSA (RFC 9881) and others
)
_KEYS = re.compile(
    # In a PKCS #8 key the algorithm is followed by an OCTET STRING; in a public key by a BIT STRING.
    rb"(?:" + b"|".join(_OBJECTS) + rb")(?:\x05\x00|\x06\x05.{5}|\x06\x08.{8}|\x06\x09.{9})?\x04"
    # ECPrivateKey (RFC 5915): version 1, and the number in as many octets as the curve has.
    rb"|\x02\x01\x01\x04[\x14-\x42]"
    # The start of PKCS #8 (RFC 5958) and of an RSA key (RFC 8017): a SEQUENCE, in it a version, and then it goes on so.
    rb"|\A\x30(?:[\x00-\x7f]|\x80|\x81.|\x82..|\x83...)\x02\x01[\x00\x01](?:\x30.{1,2}\x06|\x02[\x20-\x84]|\x04[\x10-\x84])"
    # KeyBag and PKCS8ShroudedKeyBag (RFC 7292).
    rb"|\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01[\x01\x02]",
    re.DOTALL,
)
_PUBLIC = re.compile(
    # Attributes of names and extensions of certificates (X.520, X.509), and what PKIX has numbered (RFC 5280, 6960).
    rb"\x06\x03\x55[\x04\x1d]|\x06[\x07-\x0a]\x2b\x06\x01\x05\x05\x07"
)
_WORDS = re.compile(r"[A-Za-z ,.;:!?'()-]*")
_SHORT = 24
_RUN = re.compile(rb"[A-Za-z0-9+/=_-]{24}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[\s:,-]*){12}")
_LABELS = re.compile(rb"-----BEGIN ?([^-\r\n]*)")
_HARMLESS = re.compile(
    rb"(?:X509 |TRUSTED |NEW )?CERTIFICATE(?: REQUEST)?|(?:X509 )?CRL|PUBLIC KEY|RSA PUBLIC KEY|OCSP \w+"
)


def may_be_key(data: bytes) -> bool:
    """Tell whether DER that is not whole, or of no known kind, may be or hold a private key: rather yes than no."""
    if len(data) < _LITTLE:
        return False
    return _KEYS.search(data) is not None or _PUBLIC.search(data) is None


def looks_like_key(data: bytes) -> bool:
    """Tell whether there is a sign of a private key in DER that is whole."""
    return _KEYS.search(data) is not None


def sure(data: bytes) -> bool:
    """Tell whether octets are those of a public object, so that damage to it hides nothing."""
    return _PUBLIC.search(data) is not None and _KEYS.search(data) is None


def may_be_key_as_text(data: bytes) -> bool:
    """Tell whether what is no DER may be a private key in PEM, base64 or hex that cannot be read any more."""
    labels = _LABELS.findall(data)
    if labels and all(_HARMLESS.fullmatch(label.strip()) for label in labels):
        return False
    if labels or not _is_text(data):
        return bool(labels) or may_be_key(data)
    return _RUN.search(data) is not None or _HEX.search(data) is not None


def _is_text(data: bytes) -> bool:
    """Tell whether octets are what people read; a few octets of chance can look like it, words cannot."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    plain = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return plain.isprintable() and (len(plain) >= _SHORT or _WORDS.fullmatch(plain) is not None)
