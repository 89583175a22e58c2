"""What the acts of a CA server and a CA client give back, beside requests and certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pkilab.errors.visible import visible
from pkilab.model.certificate import Certificate, Chain, IssuedCertificate
from pkilab.model.dn import comma_form
from pkilab.model.exchange import Exchange
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.names import RequestName
from pkilab.model.request import SigningRequest
from pkilab.model.settings import CASettings, ClientSettings


class Act:
    """What an act gave back. Its `message` is for people, and is what it prints as."""

    __slots__ = ()
    message: str

    def __str__(self) -> str:
        """Return the message in one line, with what cannot be seen made visible."""
        return visible(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What step one of configuring a CA server found under a directory and a file root (S1)."""

    directory: Path
    root: str
    key: Path | None
    certificate: Path | None
    serial: Path | None
    key_encrypted: bool = False
    state: str = ""
    """A digest of what is there, by which a change after looking is noticed."""

    @property
    def existing(self) -> bool:
        """Tell whether key and certificate are both there, so that they are used (S3) and not made (S2)."""
        return self.key is not None and self.certificate is not None

    @property
    def reason(self) -> str:
        """Return one sentence: which of the two cases this is, and why."""
        where = f"in {self.directory}"
        if self.key and self.certificate:
            return f"{self.key.name} and {self.certificate.name} are both {where}, so this CA will use them."
        alone = self.key or self.certificate
        if alone:
            return (
                f"Only {alone.name} is {where}, so a new key and certificate will be made; "
                f"{alone.name} is kept aside under another name."
            )
        return f"Neither {self.root}.key nor {self.root}.cer is {where}, so a new key and certificate will be made."


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured(Act):
    """A CA server was configured: which files are used, and what to do next (S6)."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)

    settings: CASettings
    existing: bool
    certificate: Certificate
    key_path: Path
    certificate_path: Path
    serial_path: Path | None
    set_aside: tuple[Path, ...]
    warnings: tuple[str, ...]
    message: str

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the CA certificate."""
        return self.certificate.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Act):
    """A certificate was issued, and what to do next (S11)."""

    record_also: ClassVar[tuple[str, ...]] = ("number", "fingerprint", "subject")

    certificate: IssuedCertificate
    message: str

    @property
    def number(self) -> int:
        """Return the certificate's number."""
        return self.certificate.number

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate."""
        return self.certificate.fingerprint

    @property
    def subject(self) -> str:
        """Return the subject for people."""
        return self.certificate.subject

    @property
    def pem(self) -> str:
        """Return the certificate in PEM."""
        return self.certificate.pem


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one request of several was not issued."""

    request_id: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of several requests that were issued together; each stands for itself."""

    issued: tuple[Issued, ...]
    refused: tuple[Refusal, ...]

    def __str__(self) -> str:
        """Return a line for each."""
        lines = [str(one) for one in self.issued]
        return "\n".join(lines + [visible(refusal.sentence) for refusal in self.refused])


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEncrypted(Act):
    """A private key that lay open was encrypted in place."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Act):
    """A PKCS#12 file was laid out as key, certificate and chain, ready to be configured (S3)."""

    directory: Path
    root: str
    paths: tuple[Path, ...]
    set_aside: tuple[Path, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinitialized(Act):
    """A CA server's configuration and records were dropped; a copy lies in `archive` (S8)."""

    instance: str
    archive: Path
    requests: int
    certificates: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfigured(Act):
    """A CA client was configured, and what to do next (C1)."""

    settings: ClientSettings
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Act):
    """What a client's test of its connection reached (C1). `api` is empty at a server of the original.

    `shown` is the certificate that the server showed over HTTPS, None without.
    """

    url: str
    certificate: Certificate
    root: str
    instance: str
    host: str
    api: str
    message: str
    shown: Certificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """The certificate that a server shows over HTTPS, as it came: nobody has checked it yet (C1)."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)

    url: str
    certificate: Certificate

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate, to compare with those that the server's operator reads out."""
        return self.certificate.fingerprint

    @property
    def message(self) -> str:
        """Return sentences: what it shows, and what to do before it is trusted."""
        shown = self.certificate
        return (
            f"{self.url} shows a certificate of {comma_form(shown.subject) or 'no subject'}, by "
            f"{comma_form(shown.issuer)}, from {shown.not_before:%Y-%m-%d} until {shown.not_after:%Y-%m-%d}; "
            f"SHA-256 {shown.fingerprint.sha256}; SHA-1 {shown.fingerprint.sha1}. Ask the server's operator for the "
            "fingerprint, over another way, and configure the client with what they say."
        )

    def __str__(self) -> str:
        """Return the message in one line, with what cannot be seen made visible."""
        return visible(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Act):
    """A CSR was sent; `fingerprint` is what the CA's operator will ask for (C2)."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)
    record_without: ClassVar[tuple[str, ...]] = ("exchange",)

    name: RequestName
    content: SigningRequest
    answer: str
    """What the server said."""
    key_path: Path | None
    csr_path: Path
    set_aside: tuple[Path, ...]
    message: str
    exchange: Exchange | None = field(default=None, repr=False)
    """What went over the wire (X7)."""

    @property
    def root(self) -> str:
        """Return the file root."""
        return self.name.root

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the CSR."""
        return self.content.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Act):
    """A certificate was fetched and saved (C4, C5)."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)
    record_without: ClassVar[tuple[str, ...]] = ("exchange",)

    number: int
    root: str
    path: Path
    certificate: Certificate
    chain: Chain | None
    chain_path: Path | None
    set_aside: tuple[Path, ...]
    unchanged: bool
    key_path: Path | None
    """The private key in the manager directory that the certificate belongs to, if there is one."""
    warnings: tuple[str, ...]
    message: str
    exchange: Exchange | None = field(default=None, repr=False)
    """What went over the wire for the certificate itself (X7)."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate."""
        return self.certificate.fingerprint
