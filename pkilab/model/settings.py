"""What CA servers, CA clients and mail are configured with. No secret is ever a part of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pkilab.errors import InvalidField
from pkilab.model.addresses import Addresses, addresses
from pkilab.model.contact import Contact
from pkilab.model.text import check_line

DEFAULT_PORT = 52773
DEFAULT_PATH = "/isc/pki/PKI.CAServer.cls"
MAX_PENDING = 10_000
SUBMISSIONS_A_MINUTE = 600
CRL_DAYS = 30
RESPONDER_DAYS = 30
REMIND_DAYS = (30, 7, 1)


class Serials(StrEnum):
    """How a CA numbers what it issues: counted up, or random with at least 64 bits of entropy."""

    COUNTER = "counter"
    RANDOM = "random"


class MailSecurity(StrEnum):
    """How the connection to the SMTP server is secured."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Where mail goes. An empty host means the lab's own inbox. The password is kept apart, see `store.secrets`.

    `trust` names a PEM file, absolute, of what to trust over TLS; empty means what the system trusts.
    """

    administrator: str
    host: str = ""
    port: int = 25
    username: str = ""
    security: MailSecurity = MailSecurity.NONE
    trust: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CASettings:
    """A configured CA server. `directory` is absolute; `issued_days` in days of 24 hours."""

    instance: str
    node: str
    root: str
    directory: str
    issued_days: int
    serials: Serials
    mail: MailSettings
    configured_at: datetime
    configured_by: str
    public_url: str = ""
    max_pending: int = MAX_PENDING
    crl_days: int = CRL_DAYS
    """How long a revocation list is valid, in days of 24 hours."""
    responder_days: int = RESPONDER_DAYS
    """How long the certificate of the OCSP responder is valid, in days of 24 hours."""
    remind_days: tuple[int, ...] = REMIND_DAYS
    """So many days before a certificate expires its contact is told, the longest first."""

    @property
    def addresses(self) -> Addresses | None:
        """Return where what the CA issues can be looked up; None while the public address is not known."""
        return addresses(self.public_url, self.instance) if self.public_url.isascii() and self.public_url else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """A configured CA client. `trust` names a PEM file, absolute, of what to trust over HTTPS.

    With `trust_fingerprint` (SHA-256) only the certificate of that fingerprint is, which a person compared.
    """

    host: str
    port: int
    path: str
    contact: Contact
    https: bool = False
    trust: str = ""
    trust_fingerprint: str = ""

    @property
    def url(self) -> str:
        """Return the address of the SOAP service."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.https else 'http'}://{host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSettings:
    """What an instance is apart from its roles."""

    name: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Bounds of the web service. The rate is for each address, not counting loopback."""

    submissions_a_minute: int = SUBMISSIONS_A_MINUTE
    max_body: int = 256 * 1024
    """Octets of a request's body."""
    exempt: tuple[str, ...] = field(default=("127.0.0.0/8", "::1/128"))


def default_administrator(instance: str) -> str:
    """Return the address that the lab's own inbox answers for where no administrator is named (S5)."""
    label = instance.lower().replace("_", "-").strip("-")[:63].strip("-") or "ca"
    return f"ca-admin@{label}.lab.test"


def check_days(label: str, days: int, *, latest: int) -> int:
    """Return a validity in days, from 1 to `latest`.

    Raises:
        InvalidField: it is no whole number, or out of range.
    """
    if type(days) is not int or not 1 <= days <= latest:
        raise InvalidField(label, f"a whole number of days from 1 to {latest} is needed.")
    return days


def check_path(path: str) -> str:
    """Return the path of a SOAP service: it begins with `/` and has no blanks, query or fragment."""
    text = check_line("Path", path, upper_bound=500, required=True)
    if not text.startswith("/") or any(c in "?#\\" or c.isspace() for c in text) or not text.isascii():
        raise InvalidField("Path", f"it begins with / and has no blanks, such as {DEFAULT_PATH}.")
    return text
