"""Errors of requests and certificates: who may, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class InvalidCSR(PkilabError):
    """A certificate signing request cannot be read, or its signature does not hold."""

    why: str

    says = "This is not a usable certificate signing request: {why}. Make it anew and send it again."


@dataclass(eq=False)
class WeakKey(PkilabError):
    """A key is too short, or of an algorithm that is not accepted."""

    why: str

    says = "The key is not accepted: {why}. Use RSA from 2048 bits, ECDSA on P-256, P-384 or P-521, Ed25519 or ML-DSA."


@dataclass(eq=False)
class UnknownRequest(PkilabError):
    """There is no request of this id, or of this ticket, at this CA."""

    request_id: int | str

    def sentence(self) -> str:
        """Return where to look; a ticket is what a sender has, an id what an operator has."""
        if isinstance(self.request_id, str):
            return "There is no request of this ticket here; use the ticket that the answer to the request named."
        return f"There is no request {self.request_id} here; list the pending requests to see what there is."


@dataclass(eq=False)
class NotPending(PkilabError):
    """Somebody issued or deleted the request already. `at` is in UTC."""

    request_id: int
    state: str
    by: str
    at: datetime | None = None
    number: int | None = None

    def sentence(self) -> str:
        """Return who did what, when."""
        when = f" on {self.at:%Y-%m-%d at %H:%M} UTC" if self.at else ""
        what = f"issued it as number {self.number}" if self.number is not None else f"{self.state} it"
        return f"Request {self.request_id} is no longer pending: {self.by} {what}{when}."


@dataclass(eq=False)
class NotVerified(PkilabError):
    """Parts of the verification are missing; `missing` names them in words."""

    request_id: int
    missing: tuple[str, ...]

    def sentence(self) -> str:
        """Return what is still to be done."""
        return f"Request {self.request_id} is not verified yet. Still to do: {'; '.join(self.missing)}."


@dataclass(eq=False)
class FingerprintMismatch(PkilabError):
    """The fingerprint that the contact read out is not the request's. The sentence never tells the right one."""

    request_id: int
    expected: str
    given: str

    says = (
        "The fingerprint does not match request {request_id}. Ask for it again; if it still differs, "
        "the request is not the contact's: delete it."
    )


@dataclass(eq=False)
class UsageNotOffered(PkilabError):
    """This CA cannot issue for this use."""

    usage: str
    why: str

    says = "This CA cannot issue for “{usage}”: {why}."


@dataclass(eq=False)
class CannotCertify(PkilabError):
    """The request's content cannot become a certificate under the chosen use."""

    why: str

    says = "No certificate can be made of this request: {why}."


@dataclass(eq=False)
class UnknownNumber(PkilabError):
    """The CA issued no certificate of this number."""

    number: str

    says = "This CA has issued no certificate with number {number}; list its certificates to see what there is."


@dataclass(eq=False)
class TooManyPending(PkilabError):
    """The queue is full."""

    limit: int

    says = "{limit} requests are waiting at this CA already; try again when its operator has worked on them."


@dataclass(eq=False)
class NumberTaken(PkilabError):
    """A certificate of this number is in the registry already."""

    number: int

    says = "Number {number} is already taken at this CA; a number is never used twice."
