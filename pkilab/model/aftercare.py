"""What the acts on certificates that were issued give back: revoking, publishing, taking over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pkilab.model.acts import Act
from pkilab.model.certificate import Certificate, IssuedCertificate
from pkilab.model.crl import RevocationList
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.settings import CASettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked(Act):
    """A certificate was revoked or put on hold, or a hold was lifted; `lists` were signed to tell it.

    The first list counts from now on, the others were signed ahead of their time.
    """

    record_also: ClassVar[tuple[str, ...]] = ("number",)

    certificate: IssuedCertificate
    lists: tuple[RevocationList, ...]
    message: str

    @property
    def number(self) -> int:
        """Return the certificate's number."""
        return self.certificate.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Act):
    """Revocation lists were signed: the first counts from now on, the others take over by themselves."""

    lists: tuple[RevocationList, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderRenewed(Act):
    """The OCSP responder has a new key, and a certificate of the CA for it; both lie in `path`."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)

    certificate: Certificate
    path: Path
    message: str

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the responder's certificate."""
        return self.certificate.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted(Act):
    """Certificates that this CA issued elsewhere are on record now; `known` are those that were before, by number."""

    certificates: tuple[IssuedCertificate, ...]
    known: tuple[int, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Act):
    """Settings of a CA server were changed."""

    settings: CASettings
    message: str
