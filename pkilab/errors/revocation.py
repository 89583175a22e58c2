"""Errors of revoking and renewing certificates, and of taking over what was issued elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class AlreadyRevoked(PkilabError):
    """The certificate is revoked, or on hold and was to be held again. `at` is in UTC."""

    number: int
    reason: str
    by: str
    at: datetime

    says = "Certificate {number} was revoked already: by {by}, on {at:%Y-%m-%d at %H:%M} UTC, {reason}."


@dataclass(eq=False)
class NotHeld(PkilabError):
    """A hold was to be lifted where there is none; `reason` is why the certificate is revoked, empty if it is not."""

    number: int
    reason: str

    def sentence(self) -> str:
        """Return why there is nothing to lift."""
        if self.reason:
            return (
                f"Certificate {self.number} is revoked ({self.reason}), and that cannot be taken back; only a hold "
                "can be lifted. Issue a new certificate instead."
            )
        return f"Certificate {self.number} is not on hold; there is nothing to lift."


@dataclass(eq=False)
class CannotRevoke(PkilabError):
    """This certificate cannot be revoked here."""

    number: int
    why: str

    says = "Certificate {number} cannot be revoked here: {why}."


@dataclass(eq=False)
class CrlNumberBroken(PkilabError):
    """The CRL number file's content is not a number in hex, or the number cannot be used."""

    path: Path
    why: str

    says = "The CRL number file {path} has to be repaired: {why}. Write the next number to use into it, in hex."


@dataclass(eq=False)
class NoRevocationList(PkilabError):
    """The CA has signed no revocation list yet."""

    instance: str

    says = "{instance} has published no revocation list yet; its operator does that with `pkilab server publish-crl`."


@dataclass(eq=False)
class NotIssuedHere(PkilabError):
    """A certificate that was to be adopted is not this CA's; nothing was adopted."""

    path: Path
    subject: str
    why: str

    says = "{path.name}: the certificate of {subject} cannot be adopted: {why}. Nothing was adopted."


@dataclass(eq=False)
class NothingToRenew(PkilabError):
    """There is no certificate under this file root."""

    path: Path

    says = "There is no {path.name} to renew; get the certificate first, or submit a request for a new one."


@dataclass(eq=False)
class RootNotRenewed(PkilabError):
    """A root certificate that a client holds was to be renewed."""

    path: Path

    says = (
        "{path.name} is a root certificate, which nobody above it could renew. It is here to be trusted; when its CA "
        "has a new one, get the CA certificate again."
    )
