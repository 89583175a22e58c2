"""Certificate revocation lists, as a CA signed them (RFC 5280 §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pkilab.errors.visible import visible
from pkilab.model.request import pem


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """A CRL: what it says of itself. Times in UTC; `revoked` counts its entries."""

    record_without: ClassVar[tuple[str, ...]] = ("der",)

    ca: str
    number: int
    this_update: datetime
    next_update: datetime
    revoked: int
    der: bytes

    @property
    def pem(self) -> str:
        """Return the list in PEM (RFC 7468), ending with a newline."""
        return pem("X509 CRL", self.der)

    def __str__(self) -> str:
        """Return one line: number, entries, from when until when."""
        entries = "1 entry" if self.revoked == 1 else f"{self.revoked} entries"
        span = f"from {self.this_update:%Y-%m-%d %H:%M} until {self.next_update:%Y-%m-%d %H:%M} UTC"
        return visible(f"CRL {self.number} of {self.ca}: {entries}, {span}")
