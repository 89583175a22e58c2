"""A chain for each way in which one can be wrong, valid now: made with cryptography's builder, which asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pkilab.model.certificate import Certificate
from pkilab.model.verdict import Purpose
from pkilab.x509 import certificate as certificates

HOST = "www.lab.test"
DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
KEYS = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("Root", "Middle", "Lower", "leaf", "Other Root")}


def now() -> datetime:
    """The present, as `certtool` judges it."""
    return datetime.now(UTC)


def made(
    name: str,
    by: str,
    *,
    ca: bool = False,
    path_length: int | None = None,
    start: datetime = NOW - DAY,
    end: datetime = NOW + 30 * DAY,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.SERVER_AUTH,),
    constraints: x509.NameConstraints | None = None,
    signed_with: str = "",
    signs: bool = True,
) -> Certificate:
    """A certificate called `name`, issued by `by`. A CA's key usage lets it sign certificates if it `signs`."""
    own = KEYS[name].public_key()
    issuer = KEYS[by].public_key()
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage |= {"digital_signature": True, "key_cert_sign": ca and signs, "crl_sign": ca}
    key_id = x509.SubjectKeyIdentifier.from_public_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(own)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(key_id(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id(issuer)), critical=False)
    )
    if name == "leaf":
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    if constraints is not None:
        builder = builder.add_extension(constraints, critical=True)
    foreign = builder.sign(KEYS[signed_with or by], hashes.SHA256())
    return certificates.trusted(foreign.public_bytes(serialization.Encoding.DER))


def revoked(*serials: int, by: str = "Middle") -> bytes:
    """A revocation list in DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(KEYS[by].public_key()), critical=False)
    )
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - DAY).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(KEYS[by], hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class Case:
    """What is handed to the verifiers."""

    leaf: Certificate
    between: tuple[Certificate, ...]
    roots: tuple[Certificate, ...]
    name: str = HOST
    purpose: Purpose = Purpose.TLS_SERVER
    crls: tuple[bytes, ...] = field(default=())


ROOT = made("Root", "Root", ca=True)
MIDDLE = made("Middle", "Root", ca=True, path_length=0)
LEAF = made("leaf", "Middle")
GOOD = Case(LEAF, (MIDDLE,), (ROOT,))


def _bad_signature() -> Case:
    octets = bytearray(LEAF.der)
    octets[-1] ^= 1
    return replace(GOOD, leaf=certificates.trusted(bytes(octets)))


def _too_long() -> Case:
    lower = made("Lower", "Middle", ca=True)
    return replace(GOOD, leaf=made("leaf", "Lower"), between=(lower, MIDDLE))


def _constrained() -> Case:
    only = x509.NameConstraints([x509.DNSName("other.test")], None)
    middle = made("Middle", "Root", ca=True, path_length=0, constraints=only)
    return replace(GOOD, between=(middle,))


CASES: dict[str, Callable[[], Case]] = {
    "good": lambda: GOOD,
    "expired": lambda: replace(GOOD, leaf=made("leaf", "Middle", start=NOW - 20 * DAY, end=NOW - DAY)),
    "not yet valid": lambda: replace(GOOD, leaf=made("leaf", "Middle", start=NOW + DAY)),
    "wrong name": lambda: replace(GOOD, name="mail.lab.test"),
    "wrong usage": lambda: replace(GOOD, leaf=made("leaf", "Middle", usages=(ExtendedKeyUsageOID.CODE_SIGNING,))),
    "path length exceeded": _too_long,
    "missing CA flag": lambda: replace(GOOD, between=(made("Middle", "Root", ca=False),)),
    "unknown root": lambda: replace(GOOD, roots=(made("Other Root", "Other Root", ca=True),)),
    "revoked": lambda: replace(GOOD, crls=(revoked(LEAF.serial), revoked(by="Root"))),
    "bad signature": _bad_signature,
    "name constraints broken": _constrained,
}
