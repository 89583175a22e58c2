"""A CA with requests and certificates to record, and what is on a disk."""

import contextlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate, IssuedCertificate
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Hash
from pkilab.model.names import RequestName
from pkilab.model.request import RecordedVerification, Request, SigningRequest, Submission
from pkilab.model.san import AlternativeName
from pkilab.model.settings import CASettings, MailSettings, Serials
from pkilab.model.usage import Usage
from pkilab.store import authorities, certificates, requests
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.x509 import csr, issue, keys
from pkilab.x509.keys import PrivateKey

DATABASE_PASSWORD = "correct horse of the database"
SANTIAGO = RequestName("santiago.lab.test", "Santiago", "SantiagoDev")
NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything under `folder` by its path, hidden lock files left out; None for a folder."""
    found = (path for path in sorted(folder.rglob("*")) if not path.name.endswith(".lock"))
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in found}


def fill_up(folder: Path) -> Path:
    """Leave no room on the disk that `folder` lies on; return the file that takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(bytes(512))
    return ballast


@cache
def authority_key() -> PrivateKey:
    return keys.generate(KeyAlgorithm.EC_P256)


@cache
def root_certificate() -> Certificate:
    return issue.root(authority_key(), DN(common_name="Training CA"), days=3650, serial=0xABCDEF, now=NOON)


@cache
def signing_request(common_name: str) -> SigningRequest:
    names = [AlternativeName.parse(f"DNS:{common_name}")]
    return csr.build(keys.generate(KeyAlgorithm.EC_P256), DN(common_name=common_name), names)


@cache
def leaf(common_name: str, serial: int) -> Certificate:
    certificate, _ = issue.leaf(
        signing_request(common_name),
        issuer=root_certificate(),
        issuer_key=authority_key(),
        serial=serial,
        usage=Usage.TLS,
        path_length=None,
        days=30,
        now=NOON,
    )
    return certificate


def ca_settings(instance: str = "MyCA", serials: Serials = Serials.COUNTER) -> CASettings:
    return CASettings(
        instance=instance,
        node="ca.lab.test",
        root="MyCA",
        directory=str(Path("/media/ca")),
        issued_days=365,
        serials=serials,
        mail=MailSettings(administrator="ca-admin@lab.test"),
        configured_at=NOON,
        configured_by="opal",
    )


def authority(instance: str = "MyCA", serials: Serials = Serials.COUNTER) -> Authority:
    return Authority(settings=ca_settings(instance, serials), certificate=root_certificate())


@dataclass
class Records:
    """Writes into the transaction what a CA server would."""

    tx: Transaction
    ca: str = "MyCA"
    serials: Serials = Serials.COUNTER
    at: datetime = NOON
    name: RequestName = SANTIAGO

    def __post_init__(self) -> None:
        if authorities.get(self.tx, self.ca) is None:
            authorities.add(self.tx, authority(self.ca, self.serials))

    def request(self, common_name: str = "santiago.lab.test", name: RequestName | None = None) -> Request:
        content = signing_request(common_name)
        contact = Contact("Ana Rojas", "+56 2 5550 0142", "ana@lab.test")
        submission = Submission(name=name or self.name, csr=content.pem, contact=contact, subject="/CN=claimed")
        self.at += timedelta(seconds=1)
        return requests.add(
            self.tx,
            ca=self.ca,
            ticket=secrets.token_hex(8),
            submission=submission,
            content=content,
            contact=contact,
            received_at=self.at,
        )

    def issued(
        self,
        number: int,
        common_name: str = "santiago.lab.test",
        name: RequestName | None = None,
        *,
        counted: bool | None = None,
        renews: int | None = None,
    ) -> IssuedCertificate:
        self.at += timedelta(seconds=1)
        return certificates.add(
            self.tx,
            ca=self.ca,
            number=number,
            name=name or self.name,
            certificate=leaf(common_name, number),
            usage=Usage.TLS,
            issued_at=self.at,
            issued_by="opal",
            request_id=None,
            shortened=False,
            counted=counted,
            renews=renews,
        )


def verification(request: Request, by: str = "opal", at: datetime = NOON) -> RecordedVerification:
    return RecordedVerification(
        usage=Usage.TLS,
        path_length=None,
        compared=Hash.SHA256,
        fingerprint=request.fingerprint.sha256,
        by=by,
        at=at,
    )
