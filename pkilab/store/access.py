"""The access code of an instance that a visitor of the dashboards made: its hash, and how guesses are slowed down."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pkilab.store import settings

NAME = "access.json"
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for one another."""
_LETTERS = 12
_LONGEST = timedelta(minutes=5)
_FREE = 3
"""Wrong guesses before one has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is kept of an access code. `refused` counts wrong guesses in a row; before `again_at` none is looked at."""

    salt: str = field(repr=False)
    digest: str = field(repr=False)
    made_at: datetime
    refused: int = 0
    again_at: datetime | None = None

    def matches(self, code: str) -> bool:
        """Tell whether this is the code; letter case, blanks and hyphens do not count."""
        return hmac.compare_digest(_digest(_bare(code), bytes.fromhex(self.salt)), self.digest)

    def seal(self, words: str) -> str:
        """Return a seal on words, which only the lab can make and which ends with this code."""
        return hmac.new(bytes.fromhex(self.digest), words.encode(), "sha256").hexdigest()

    def wait(self, now: datetime) -> int:
        """Return the seconds for which no guess is looked at."""
        left = (self.again_at - now).total_seconds() if self.again_at else 0.0
        return max(0, int(left) + (left > int(left)))

    def after_refusal(self, now: datetime) -> Access:
        """Return what is kept after one more wrong guess: each doubles the wait, up to five minutes."""
        refused = self.refused + 1
        doubled = min(refused - _FREE, 20)
        pause = min(timedelta(seconds=2**doubled), _LONGEST) if doubled >= 0 else timedelta()
        return replace(self, refused=refused, again_at=now + pause if pause else None)

    def after_entry(self) -> Access:
        """Return what is kept after the right code was given."""
        return replace(self, refused=0, again_at=None)


def new(entropy: bytes, now: datetime) -> tuple[Access, str]:
    """Return a new access code of 59 bits and what to keep of it; `entropy` are at least 32 random octets."""
    number = int.from_bytes(entropy[:16])
    letters = []
    for _ in range(_LETTERS):
        number, at = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[at])
    code = "".join(letters)
    salt = entropy[16:32]
    parts = (code[at : at + 4] for at in range(0, _LETTERS, 4))
    return Access(salt=salt.hex(), digest=_digest(code, salt), made_at=now), "-".join(parts)


def save(folder: Path, access: Access) -> None:
    """Keep it in an instance's folder, for its owner's eyes only.

    Raises:
        CannotWrite: the system refused; what was there before still is.
    """
    settings.save(access, folder / NAME, field="Access code")


def load(folder: Path) -> Access | None:
    """Return what is kept in an instance's folder; None where no visitor made it.

    Raises:
        CannotRead: the file is there and cannot be read.
    """
    path = folder / NAME
    return settings.load(Access, path) if path.exists() else None


def _bare(code: str) -> str:
    return "".join(character for character in code.upper() if character.isalnum())[:64]


def _digest(code: str, salt: bytes) -> str:
    return hashlib.scrypt(code.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32).hex()
