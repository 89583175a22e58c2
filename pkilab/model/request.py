"""Certificate signing requests, as content and as they wait at a CA; and their verification."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pkilab.errors.visible import visible
from pkilab.model.algorithm import PublicKey
from pkilab.model.contact import Contact
from pkilab.model.dn import Name, comma_form
from pkilab.model.explained import Explained
from pkilab.model.fingerprint import Fingerprint, Hash
from pkilab.model.names import RequestName
from pkilab.model.usage import Usage


class RequestState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    ISSUED = "issued"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedExtension:
    """An extension that a CSR asks for. Only alternative names are honoured; the rest is the operator's choice."""

    oid: str
    name: str
    honoured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRequest(Explained):
    """The content of a PKCS#10 request (RFC 2986) whose signature was found valid. `names` as `DNS:…` and so on."""

    record_without: ClassVar[tuple[str, ...]] = ("der", "subject_der", "key_der", "names_der")
    record_text: ClassVar[tuple[str, ...]] = ("subject",)
    record_also: ClassVar[tuple[str, ...]] = ("pem",)

    subject: Name
    names: tuple[str, ...]
    key: PublicKey
    extensions: tuple[RequestedExtension, ...]
    signature_algorithm: str
    fingerprint: Fingerprint
    der: bytes
    subject_der: bytes
    key_der: bytes
    """The SubjectPublicKeyInfo as it stands there."""
    names_der: bytes
    """The value of the subjectAltName extension that is asked for; empty if none is."""

    @property
    def pem(self) -> str:
        """Return the request in PEM (RFC 7468), ending with a newline."""
        return pem("CERTIFICATE REQUEST", self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What an operator found out about a request, by a means that an impostor cannot use.

    `fingerprint` is what the contact read out, as typed; `by` names the operator, else the lab's user is taken.
    """

    identity: bool = False
    authority: bool = False
    purpose: bool = False
    fingerprint: str = ""
    by: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return in words what is still to be done; empty when each point was acknowledged."""
        points = (
            (self.identity is True, "make sure that the person is who they say"),
            (self.authority is True, "make sure that they may hold a certificate with exactly these names"),
            (self.purpose is True, "make sure that it is for this purpose"),
            (bool(self.fingerprint.strip()), "have the contact read out the fingerprint, and type it in"),
        )
        return tuple(words for done, words in points if not done)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVerification:
    """A verification that held, as it stands in the registry. It is for this usage and path length alone."""

    usage: Usage
    path_length: int | None
    compared: Hash
    fingerprint: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request at a CA, with its envelope; draws itself in a notebook."""

    record_also: ClassVar[tuple[str, ...]] = ("subject", "names", "fingerprint")

    id: int
    ca: str
    ticket: str
    """An unguessable name, by which its sender can ask for its state."""
    name: RequestName
    claimed_subject: str
    """What the envelope says; only a claim, and often empty."""
    contact: Contact
    content: SigningRequest
    received_at: datetime
    state: RequestState = RequestState.PENDING
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    number: int | None = None
    verification: RecordedVerification | None = None
    renews: int | None = None
    """The number of the earlier certificate that the sender wants to replace."""

    @property
    def root(self) -> str:
        """Return the file root, which is what people see of the name."""
        return self.name.root

    @property
    def subject(self) -> str:
        """Return the subject that is in the CSR, for people."""
        return comma_form(self.content.subject)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the alternative names that the CSR asks for."""
        return self.content.names

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the CSR."""
        return self.content.fingerprint

    def __str__(self) -> str:
        """Return one line: number, file root, subject, origin, state."""
        origin = f"{self.name.instance} on {self.name.host}"
        return visible(f"Request {self.id}: {self.root} ({self.subject or 'no subject'}), from {origin}, {self.state}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """A page of pending requests. `after` asks for the next page in the same order; None at the end."""

    requests: tuple[Request, ...]
    total: int
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a client sends to a CA (wire.md: SubmitCSR). `csr` in PEM; `subject` in slash form, only a claim."""

    name: RequestName
    csr: str
    contact: Contact
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the CA answers to a submission: the request as it stands now, and whether it is a new one."""

    request: Request
    new: bool
    message: str


def pem(label: str, der: bytes) -> str:
    """Return `der` in PEM (RFC 7468): 64 characters a line, ending with a newline."""
    text = base64.b64encode(der).decode("ascii")
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"
