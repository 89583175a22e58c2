"""What cannot be read at all: what it looks like instead, told without any of it, and what would be read."""

from __future__ import annotations

import re

READ = (
    "What is read: PEM, from its line -----BEGIN … to its line -----END …; the base64 between these lines alone; "
    "and DER, as a file or in hex."
)
"""What can be given instead, in a sentence."""

_HEX = re.compile(r"(?:0x)?(?:[0-9A-Fa-f]{2}[\s:,-]*){4,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]{16,}={0,2}\s*")
_BEGINNING = 100_000


def looks(data: bytes) -> str:
    """Return what octets look like that are neither PEM nor DER, in a sentence; "" where there is none."""
    if not data:
        return ""
    try:
        text = data[:_BEGINNING].decode("utf-8", "strict" if len(data) <= _BEGINNING else "ignore").strip()
    except UnicodeDecodeError:
        return "It looks like a binary file of another kind, or a damaged one."
    if not all(letter.isprintable() or letter in "\r\n\t" for letter in text):
        return "It looks like a binary file of another kind, or a damaged one."
    if _HEX.fullmatch(text):
        return "It looks like hexadecimal digits, but what they say is no DER, or its begin is missing."
    if _BASE64.fullmatch(text) and (len(text) > 60 or not text.isalpha()) and " " not in text:
        return "It looks like base64, but what it says is no DER, or a part of it is missing."
    return "It looks like text."


def remark(data: bytes) -> str:
    """Return what octets look like that cannot be read, and what can be."""
    return f"{looks(data)} {READ}".strip()
