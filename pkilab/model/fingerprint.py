"""Fingerprints: hashes over the DER bytes of a CSR or certificate."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest

MOST_DIGITS = 64
"""Hex digits of a SHA-256 fingerprint, the longer one."""

_BEFORE = ("sha256fingerprint=", "sha1fingerprint=", "fingerprint=")
_OURS = re.compile(r"(?:[0-9A-F]{2}:)+[0-9A-F]{2}", re.ASCII)


class Hash(StrEnum):
    """The hashes that fingerprints are shown in."""

    SHA1 = "SHA-1"
    SHA256 = "SHA-256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Both fingerprints of the same bytes, upper-case hex pairs with colons."""

    sha1: str
    sha256: str

    @classmethod
    def of(cls, der: bytes) -> Fingerprint:
        """Return the fingerprints of `der`. SHA-1 is what older clients and procedures compare."""
        return cls(
            sha1=hashlib.sha1(der, usedforsecurity=False).digest().hex(":").upper(),
            sha256=hashlib.sha256(der).digest().hex(":").upper(),
        )

    def matching(self, given: str) -> Hash | None:
        """Return which of the two `given` is, in any letter case, with or without colons and blanks; else None."""
        digits = bare_hex(given)
        if compare_digest(digits, bare_hex(self.sha256)):
            return Hash.SHA256
        return Hash.SHA1 if compare_digest(digits, bare_hex(self.sha1)) else None


def bare_hex(given: str) -> str:
    """Return a fingerprint's digits alone, in upper case; "" when there is anything else in it.

    Blanks, colons, full stops, dashes and the invisible characters that come along when text is pasted do not
    count, nor does what tools write before it: `SHA1 Fingerprint=`, `SHA-256:`.
    """
    if _OURS.fullmatch(given):
        return given.replace(":", "")
    digits = _without_marks(given)
    digits = re.sub(r"^(?:sha(?:1|256))?(?:fingerprint)?=?", "", digits, flags=re.IGNORECASE)
    return digits.upper() if re.fullmatch(r"[0-9A-Fa-f]*", digits) else ""


def has_stray(given: str) -> bool:
    """Tell whether something stands in `given` that no fingerprint has, nor what tools write before it."""
    rest = _without_marks(given).lower()
    return bool(rest) and not bare_hex(given) and not any(before.startswith(rest) for before in _BEFORE)


def _without_marks(given: str) -> str:
    return "".join(c for c in given if not (c.isspace() or c in ":." or unicodedata.category(c) in {"Cf", "Pd"}))


def is_complete(given: str) -> bool:
    """Tell whether `given` has as many digits as a SHA-1 or SHA-256 fingerprint has."""
    return len(bare_hex(given)) in {40, 64}
