"""Labs to measure in: with a CA, requests that nobody sent, and verifications."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pkilab.authority.server import CAServer
from pkilab.lab import Lab, utc_now
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Hash
from pkilab.model.names import RequestName
from pkilab.model.request import Receipt, RecordedVerification, SigningRequest, Submission
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.store import requests
from pkilab.x509 import csr, keys

CONTACT = Contact("Ana Rojas", phone="+56 2 5550 0142", email="ana@lab.test")
PASSWORD = secrets.token_urlsafe(12)
"""Of the CA's key. It lives as long as this process."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Bench:
    """A lab with one CA server, `MyCA`."""

    lab: Lab
    ca: CAServer

    def close(self) -> None:
        """Close the registry."""
        self.lab.registry.close()


def lab_with_ca(folder: Path, algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> Bench:
    """Return a new lab in `folder`; the CA's key is encrypted with `PASSWORD`, mail is on."""
    lab = Lab(folder, actor="bench")
    ca = lab.instance("MyCA", node="ca.lab.test").server
    ca.configure(
        root="MyCA",
        directory="ca",
        issued_days=365,
        subject=DN(common_name="Training CA"),
        ca_days=3650,
        key_algorithm=algorithm,
        password=PASSWORD,
        admin_email="admin@lab.test",
    )
    return Bench(lab, ca)


def signing_requests(count: int) -> list[SigningRequest]:
    """Return requests of P-256 keys of their own, each with a common name and the same as alternative name."""
    names = [f"host{at}.lab.test" for at in range(count)]
    return [
        csr.build(keys.generate(KeyAlgorithm.EC_P256), DN(common_name=name), [AlternativeName.parse(f"DNS:{name}")])
        for name in names
    ]


def submissions(contents: Sequence[SigningRequest]) -> list[Submission]:
    """Return what clients would send."""
    return [
        Submission(name=RequestName(f"host{at}", f"H{at}", f"Root{at}"), csr=content.pem, contact=CONTACT)
        for at, content in enumerate(contents)
    ]


def verified(bench: Bench, sent: Sequence[Submission]) -> list[int]:
    """Take submissions into the queue, record a verification of each, and return their ids."""
    ids: list[int] = []
    for at in range(0, len(sent), _AT_ONCE):
        taken = bench.ca.submit_many(sent[at : at + _AT_ONCE])
        waiting = [each.request for each in taken if isinstance(each, Receipt)]
        with bench.lab.registry.writing() as tx:
            for request in waiting:
                verification = RecordedVerification(
                    usage=Usage.TLS,
                    path_length=None,
                    compared=Hash.SHA256,
                    fingerprint=request.fingerprint.sha256,
                    by="bench",
                    at=utc_now(),
                )
                requests.record_verification(tx, bench.ca.instance, request.id, verification)
        ids += [request.id for request in waiting]
    if len(ids) != len(sent):
        raise RuntimeError(f"only {len(ids)} of {len(sent)} submissions were taken")
    return ids


def issued_a_second(folder: Path, sent: Sequence[Submission], algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> float:
    """Issue what was sent in one batch, in a new lab whose CA has such a key; return the certificates a second."""
    with TemporaryDirectory(dir=folder) as place:
        bench = lab_with_ca(Path(place) / "lab", algorithm)
        ids = verified(bench, sent)
        began = perf_counter()
        done = bench.ca.issue_many(ids, password=PASSWORD)
        seconds = perf_counter() - began
        bench.close()
    if len(done.issued) != len(sent):
        raise RuntimeError(f"{len(done.refused)} certificates were not issued")
    return len(sent) / seconds
