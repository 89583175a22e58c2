"""What the API's answers hold; OpenAPI is made from these. Numbers are decimal strings: JSON's end at 2**53."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
class Row:
    """An issued certificate in a list."""

    number: str
    host: str
    instance: str
    root: str
    subject: str
    not_before: datetime
    not_after: datetime
    state: str


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
class Problem:
    """Why something was refused (RFC 9457); `code` is stable, `detail` a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
