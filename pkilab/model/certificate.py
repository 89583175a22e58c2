"""Certificates, as content and as a CA issued them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pkilab.errors.visible import visible
from pkilab.model.algorithm import PublicKey
from pkilab.model.dn import Name, comma_form
from pkilab.model.explained import Explained
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.names import RequestName
from pkilab.model.request import pem
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.model.usage import Usage

MAX_SERIAL = (1 << 159) - 1
"""The largest positive number of 20 octets (RFC 5280 §4.1.2.2)."""


class CertificateState(StrEnum):
    """What a certificate is worth at a given time."""

    NOT_YET_VALID = "not yet valid"
    VALID = "valid"
    EXPIRED = "expired"
    HELD = "on hold"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Explained):
    """The content of an X.509 certificate (RFC 5280 §4.1). Times in UTC; `path_length` None: no limit."""

    record_without: ClassVar[tuple[str, ...]] = ("der", "subject_der", "issuer_der")
    record_text: ClassVar[tuple[str, ...]] = ("subject", "issuer")
    record_also: ClassVar[tuple[str, ...]] = ("pem",)

    serial: int
    subject: Name
    issuer: Name
    names: tuple[str, ...]
    key: PublicKey
    not_before: datetime
    not_after: datetime
    ca: bool
    path_length: int | None
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...]
    subject_key_id: str
    authority_key_id: str
    """Both in upper-case hex pairs with colons; empty where the extension is absent."""
    signature_algorithm: str
    fingerprint: Fingerprint
    der: bytes
    subject_der: bytes
    issuer_der: bytes

    @property
    def pem(self) -> str:
        """Return the certificate in PEM (RFC 7468), ending with a newline."""
        return pem("CERTIFICATE", self.der)

    @property
    def self_issued(self) -> bool:
        """Tell whether subject and issuer are the same name (RFC 5280 §3.2)."""
        return self.subject_der == self.issuer_der

    def __str__(self) -> str:
        """Return one line: subject, issuer, validity."""
        until = f"{self.not_after:%Y-%m-%d}"
        subject = comma_form(self.subject) or "no subject"
        return visible(f"Certificate of {subject}, by {comma_form(self.issuer)}, until {until}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    """A certificate in a CA's registry; number 0 is the CA's own. Draws itself in a notebook."""

    record_also: ClassVar[tuple[str, ...]] = (
        "subject",
        "names",
        "fingerprint",
        "not_before",
        "not_after",
        "pem",
    )

    number: int
    ca: str
    name: RequestName
    certificate: Certificate
    usage: Usage | None
    """None for the CA's own certificate."""
    issued_at: datetime
    issued_by: str
    state: CertificateState = CertificateState.VALID
    request_id: int | None = None
    shortened: bool = False
    """Whether the wished validity was cut so as not to outlive the issuer."""
    revocation: Revocation | None = None
    renews: int | None = None
    renewed_by: int | None = None
    """The newest certificate that renews it."""

    def explain(self) -> Any:
        """Return what every octet of the certificate says; see `Certificate.explain`."""
        return self.certificate.explain()

    @property
    def status(self) -> str:
        """Return its state in words, with what renewed it, or what it renews."""
        return self.state.value + _renewal(self.renews, self.renewed_by)

    @property
    def root(self) -> str:
        """Return the file root under which the certificate was requested."""
        return self.name.root

    @property
    def subject(self) -> str:
        """Return the subject for people."""
        return comma_form(self.certificate.subject)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the alternative names."""
        return self.certificate.names

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate."""
        return self.certificate.fingerprint

    @property
    def not_before(self) -> datetime:
        """Return when it begins to be valid."""
        return self.certificate.not_before

    @property
    def not_after(self) -> datetime:
        """Return when it ends to be valid."""
        return self.certificate.not_after

    @property
    def pem(self) -> str:
        """Return the certificate in PEM."""
        return self.certificate.pem

    def __str__(self) -> str:
        """Return one line: number, file root, subject, validity, state."""
        what = f"{self.root} ({self.subject or 'no subject'})"
        return visible(f"Certificate {self.number}: {what}, until {self.not_after:%Y-%m-%d}, {self.state}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a certificate is worth at a given time, and since when and why where it is revoked or on hold."""

    state: CertificateState
    since: datetime | None = None
    reason: str = ""
    """By its name in RFC 5280."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A certificate and those above it, the root (if known) last. Draws itself in a notebook."""

    record_without: ClassVar[tuple[str, ...]] = ("worth",)

    certificates: tuple[Certificate, ...]
    worth: tuple[Worth | None, ...] = ()
    """What each of them is worth, as far as whoever gives the chain knows; empty where that was not looked at."""

    @property
    def pem(self) -> str:
        """Return all of them in PEM, one after the other."""
        return "".join(certificate.pem for certificate in self.certificates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of issued certificates in the order of issue. `after` asks for the next page; None at the end."""

    certificates: tuple[IssuedCertificate, ...]
    total: int
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCertificate:
    """A certificate as a client sees it in a list; against a server of the original only the first four are known."""

    number: int
    host: str
    instance: str
    root: str
    subject: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    state: str = ""
    revoked_at: datetime | None = None
    """Since when it is revoked or on hold, where it is and the server tells."""
    revoked_for: str = ""
    """The reason, by its name in RFC 5280."""
    renews: int | None = None
    renewed_by: int | None = None
    """The newest certificate that renews it, where the server tells."""

    @property
    def status(self) -> str:
        """Return its state in words, with a revocation's day and reason, and what renewed it; empty if not known."""
        since = f" since {self.revoked_at:%Y-%m-%d}" if self.revoked_at else ""
        held = self.state == CertificateState.HELD.value
        why = f", {self.revoked_for}" if self.revoked_for and not held else ""
        return self.state + since + why + _renewal(self.renews, self.renewed_by)

    def __str__(self) -> str:
        """Return one line: number, file root, origin."""
        return visible(f"Certificate {self.number}: {self.root}, from {self.instance} on {self.host}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page of the list as a client sees it, in the order of issue. `total` counts all pages' certificates."""

    certificates: tuple[ListedCertificate, ...]
    total: int
    after: int | None = None


def _renewal(renews: int | None, renewed_by: int | None) -> str:
    """Return what follows a certificate's state in words: what renewed it, or what it renews."""
    if renewed_by is not None:
        return f", renewed by {renewed_by}"
    return "" if renews is None else f", renews {renews}"


def worth_of(issued: IssuedCertificate) -> Worth:
    """Return what a certificate in a CA's registry is worth."""
    found = issued.revocation
    return Worth(state=issued.state, since=found.at if found else None, reason=found.reason.value if found else "")


def state_at(now: datetime, certificate: Certificate, revocation: Revocation | None) -> CertificateState:
    """Return what `certificate` is worth at `now`; a revocation weighs more than the dates."""
    if revocation is not None:
        held = revocation.reason is RevocationReason.CERTIFICATE_HOLD
        return CertificateState.HELD if held else CertificateState.REVOKED
    if now < certificate.not_before:
        return CertificateState.NOT_YET_VALID
    return CertificateState.EXPIRED if now > certificate.not_after else CertificateState.VALID
