"""Publishing a revocation list of many entries, against the builder of `cryptography` alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import insert, select

from benchmarks import filled, labs
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.authority.server import CAServer
from pkilab.lab import Lab, utc_now
from pkilab.model.revocation import Entry, RevocationReason
from pkilab.store import revocations
from pkilab.store.schema import CERTIFICATES, REVOCATIONS

_OURS, _PEER, _CALLS = "pkilab publish_crl", "cryptography's builder", "cryptography, entry by entry"
_REASONS = (RevocationReason.KEY_COMPROMISE, RevocationReason.SUPERSEDED, RevocationReason.UNSPECIFIED)


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    place = folder / "lab"
    shutil.copytree(filled.lab_with(folder.parent / "shared", sizes["entries"]), place)
    lab = Lab(place, actor="bench")
    ca = lab.instance("MyCA", node="ca.lab.test").server
    _revoke_all(lab)
    with lab.registry.reading() as tx:
        listed = tuple(revocations.of(tx, "MyCA"))
    key = ec.generate_private_key(ec.SECP256R1())

    def ours() -> float:
        began = perf_counter()
        (made,) = ca.publish_crl(password=labs.PASSWORD, ahead=0).lists
        seconds = perf_counter() - began
        if made.revoked != sizes["entries"]:
            raise RuntimeError(f"the list has {made.revoked} entries")
        return seconds

    def peer() -> float:
        began = perf_counter()
        made = _start(ca, [_entry(each) for each in listed]).sign(key, hashes.SHA256())
        seconds = perf_counter() - began
        if len(made) != sizes["entries"]:
            raise RuntimeError(f"the list has {len(made)} entries")
        return seconds

    def calls() -> float:
        """Add a hundredth of the entries by its verb, which copies all that were added before each time."""
        began = perf_counter()
        builder = _start(ca, [])
        for each in listed[: max(1, len(listed) // 100)]:
            builder = builder.add_revoked_certificate(_entry(each))
        builder.sign(key, hashes.SHA256())
        return perf_counter() - began

    yield {_OURS: ours, _PEER: peer, _CALLS: calls}
    lab.registry.close()


def _revoke_all(lab: Lab) -> None:
    now = utc_now().replace(microsecond=0)
    with lab.registry.writing() as tx:
        rows = [
            {
                "certificate_id": found,
                "reason": _REASONS[at % len(_REASONS)].value,
                "revoked_at": now - timedelta(minutes=at % 5000),
                "revoked_by": "bench",
            }
            for at, found in enumerate(tx.connection.scalars(select(CERTIFICATES.c.id)))
        ]
        tx.connection.execute(insert(REVOCATIONS), rows)


def _start(ca: CAServer, entries: list[x509.RevokedCertificate]) -> x509.CertificateRevocationListBuilder:
    now = utc_now()
    own = x509.load_der_x509_certificate(ca.ca_certificate().certificate.der)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key())  # type: ignore[arg-type]
    return (
        x509.CertificateRevocationListBuilder(own.subject, now, now + timedelta(days=30), revoked_certificates=entries)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(identifier, critical=False)
    )


def _entry(revoked: Entry) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(revoked.number, revoked.at)
    if revoked.reason is not RevocationReason.UNSPECIFIED:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(revoked.reason.value)), critical=False)
    return builder.build()


ROW = Row(
    name="crl",
    title="A revocation list of 100,000 entries, against cryptography's builder",
    unit="seconds",
    method=(
        "pkilab: `publish_crl`, from the call to its return: opening the encrypted key, the number, reading 100,000 "
        "revocations from the registry, encoding, signing, and storing list, journal entry and mail durably. "
        "cryptography: entries are built from what was read before, handed to the builder's constructor all at once, "
        "and signed with a key in memory; nothing is stored. Its own verb `add_revoked_certificate` copies all earlier "
        "entries each time, so that it takes as long for a hundredth of them as the last line tells."
    ),
    sizes={"entries": 100_000},
    quick={"entries": 100},
    sides=_sides,
    comparisons=(
        Comparison(what="the whole act", ours=_OURS, peer=_PEER, bound=1.3, aim=1, at_least=False),
        Comparison(what="a hundredth, entry by entry", ours=_OURS, peer=_CALLS, bound=None, at_least=False),
    ),
    versions=lambda: {"cryptography": version("cryptography")},
    tried=(
        "At first all entries were in memory at once, and half of the time went into Python's looking for garbage "
        "among them. Now they stream from the registry into DER. A fifth of the rest is the key's password."
    ),
)
