"""What the API's answers hold; OpenAPI is made from these. Numbers are decimal strings: JSON's end at 2**53."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from pkilab.model.revocation import RevocationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """Hashes over the DER bytes, upper-case hex pairs with colons."""

    sha1: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where to go on, as paths of this service."""

    soap: str
    certificate: str
    chain: str
    certificates: str
    requests: str
    crl: str
    ocsp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """A CA: who it is and where its certificate lies. Times in UTC."""

    instance: str
    node: str
    root: str
    subject: str
    fingerprint: Fingerprints
    not_before: datetime
    not_after: datetime
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationShown:
    """Why and since when a certificate is revoked; `certificateHold` may be lifted. Time in UTC."""

    reason: RevocationReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An issued certificate in a list; `revocation` is null unless it is revoked or on hold.

    `renews` is the number of the certificate that it renews, `renewed_by` that of the newest that renews it.
    """

    number: str
    host: str
    instance: str
    root: str
    subject: str
    not_before: datetime
    not_after: datetime
    state: str
    revocation: RevocationShown | None
    renews: str | None
    renewed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of issued certificates in the order of issue; `after` asks for the next one, null at the end."""

    certificates: list[Row]
    total: int
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCertificate(Row):
    """An issued certificate with its content."""

    names: list[str]
    fingerprint: Fingerprints
    pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLinks:
    """Where to ask for the request's state again, and where its certificate lies once it was issued."""

    state: str
    certificate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShown:
    """A request as its sender may see it. `ticket` is unguessable: who has it may ask for the state."""

    ticket: str
    state: Literal["pending", "issued", "deleted"]
    message: str
    host: str
    instance: str
    root: str
    subject: str
    names: list[str]
    fingerprint: Fingerprints
    received_at: datetime
    decided_at: datetime | None
    number: str | None
    reason: str
    links: RequestLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something was refused (RFC 9457); `code` is stable, `detail` a sentence for people.

    `field` names the member or parameter that an `InvalidField` is about, and is absent otherwise.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str = ""


_WHY = {
    400: "The body cannot be read",
    404: "There is no such CA, certificate, request or revocation list",
    413: "The body is too large",
    415: "The body is of a media type that is not read here",
    422: "A value breaks its rule",
    429: "Too many submissions came from this address; wait a minute",
    500: "Something went wrong that nobody foresaw",
    503: "The registry does not answer, or too many requests wait already",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI tells of these refusals, and of the two that may always come."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": f"{HTTPStatus(status).phrase}: {_WHY[status]}", "content": content}
        for status in sorted({*statuses, 500, 503})
    }
