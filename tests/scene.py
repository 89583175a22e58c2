"""A lab with a CA, a clock that tests set, and requests that come from nowhere: what many tests begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pkilab.authority.server import CAServer
from pkilab.lab import Lab
from pkilab.model.acts import Configured, Issued
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import Request, SigningRequest, Submission, Verification
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.x509 import csr, keys

CA_PASSWORD = "correct horse of the CA"
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

ANA = Contact("Ana Rojas", phone="+56 2 5550 0142", email="ana@lab.test")


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def settings(**changes: Any) -> dict[str, Any]:
    """Return the arguments that configure a new CA, with changes; None leaves one out."""
    wish: dict[str, Any] = {
        "root": "MyCA",
        "directory": "ca",
        "password": CA_PASSWORD,
        "subject": DN(common_name="Training CA"),
        "ca_days": 3650,
        "issued_days": 365,
        "key_algorithm": KeyAlgorithm.EC_P256,
    }
    wish |= changes
    return {name: value for name, value in wish.items() if value is not None}


@dataclass
class Scene:
    """A lab in a folder, with the instance MyCA as its CA server."""

    path: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.lab = Lab(self.path, clock=self.clock, actor="opal")
        self.ca: CAServer = self.lab.instance("MyCA", node="ca.lab.test").server

    @property
    def manager(self) -> Path:
        return self.path / "instances" / "MyCA" / "mgr"

    @property
    def directory(self) -> Path:
        return self.manager / "ca"

    def configure(self, **changes: Any) -> Configured:
        return self.ca.configure(**settings(**changes))

    def submit(self, root: str = "SantiagoDev", *, contact: Contact = ANA, claimed: str = "", **about: Any) -> Request:
        """Send a request of a new key and return it as it waits."""
        return self.send(signing_request(root, **about), root, contact=contact, claimed=claimed)

    def send(self, content: SigningRequest, root: str, *, contact: Contact = ANA, claimed: str = "") -> Request:
        name = RequestName("santiago", "SANTIAGO", root)
        return self.ca.submit(Submission(name=name, csr=content.pem, contact=contact, subject=claimed)).request

    def issue(self, request: Request, usage: Usage = Usage.TLS, **more: Any) -> Issued:
        return self.ca.issue(request.id, usage=usage, password=CA_PASSWORD, verified=verified(request), **more)

    def outbox(self) -> list[Any]:
        """Return the messages that wait, the oldest first."""
        from pkilab.store import outbox

        with self.lab.registry.reading() as tx:
            return [waiting.message for waiting in outbox.waiting(tx)]


def signing_request(
    name: str = "SantiagoDev", *, subject: DN | None = None, sans: tuple[str, ...] | None = None, key: Any = None
) -> SigningRequest:
    """Return a CSR of a new P-256 key (or the one given) for `<name>.lab.test`."""
    dns = f"{name.lower()}.lab.test"
    names = [AlternativeName.parse(text) for text in ((f"DNS:{dns}",) if sans is None else sans)]
    return csr.build(key or keys.generate(KeyAlgorithm.EC_P256), subject or DN(common_name=dns), names)


def verified(request: Request, **changes: Any) -> Verification:
    """Return a verification in which everything holds, but for the changes."""
    points: dict[str, Any] = {
        "identity": True,
        "authority": True,
        "purpose": True,
        "fingerprint": request.fingerprint.sha256,
    }
    return Verification(**points | changes)
