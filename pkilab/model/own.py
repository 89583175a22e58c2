"""What lies in a CA client's manager directory under one file root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pkilab.errors.visible import visible
from pkilab.model.certificate import Certificate, CertificateState
from pkilab.model.request import SigningRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What the CA server told a client of a certificate. `state` None: it is not known, and `why` is a sentence."""

    state: CertificateState | None = None
    revoked_at: datetime | None = None
    """Since when it is revoked or on hold, where it is."""
    revoked_for: str = ""
    """The reason, by its name in RFC 5280."""
    why: str = ""

    @property
    def revoked(self) -> bool:
        """Tell whether whoever asks the CA refuses it: it is revoked, or on hold."""
        return self.state in {CertificateState.REVOKED, CertificateState.HELD}

    @property
    def status(self) -> str:
        """Return it in a few words, such as `revoked since 2027-11-23, keyCompromise`."""
        if self.state is None:
            return "not known whether revoked"
        since = f" since {self.revoked_at:%Y-%m-%d}" if self.revoked_at else ""
        reason = f", {self.revoked_for}" if self.revoked_for and self.state is CertificateState.REVOKED else ""
        return f"{self.state.value}{since}{reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFiles:
    """A client's files under a file root, each None or False where it is not there.

    `key_encrypted` tells nothing without a `key`. `belongs` tells whether the certificate is about the key; None where
    one of the two is missing, or where an encrypted key has no request beside it that would tell.
    """

    record_also: ClassVar[tuple[str, ...]] = ("waiting",)

    root: str
    key: bool
    key_encrypted: bool
    request: SigningRequest | None
    certificate: Certificate | None
    chain: bool
    belongs: bool | None
    renewal: SigningRequest | None
    """The request of a renewal that was begun and whose certificate was not fetched yet."""
    troubles: tuple[str, ...] = ()
    """A sentence for each file that cannot be read."""
    reported: Reported | None = None
    """What the CA server told of the certificate; None where there is none, or where it was not asked."""

    @property
    def waiting(self) -> bool:
        """Tell whether a request was made whose certificate is not here yet."""
        return self.renewal is not None or (self.request is not None and self.certificate is None)

    def __str__(self) -> str:
        """Return one line: the root, and what is there."""
        there = [
            ("an encrypted key" if self.key_encrypted else "a key that lies open") if self.key else "",
            "a request" if self.request else "",
            f"a certificate until {self.certificate.not_after:%Y-%m-%d}" if self.certificate else "",
            self.reported.status if self.reported else "",
            "a renewal that was begun" if self.renewal else "",
        ]
        return visible(f"{self.root}: {', '.join(filter(None, there)) or 'nothing that can be read'}")
