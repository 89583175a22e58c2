"""Issuing many certificates by a CA of RSA-3072, against the signatures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from benchmarks import labs
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.model.algorithm import KeyAlgorithm

_OURS, _PEER = "pkilab issue_many", "cryptography in memory"
_BOTH = "cryptography in memory, two threads"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    contents = labs.signing_requests(sizes["certificates"])
    sent = labs.submissions(contents)
    known = [x509.load_der_x509_csr(content.der) for content in contents]
    key = rsa.generate_private_key(65537, 3072)
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Training CA")])

    def ours() -> float:
        return labs.issued_a_second(folder, sent, KeyAlgorithm.RSA_3072)

    def peer() -> float:
        began = perf_counter()
        _sign_all(known, key, authority)
        return len(known) / (perf_counter() - began)

    def both() -> float:
        halves = known[::2], known[1::2]
        with ThreadPoolExecutor(2) as threads:
            began = perf_counter()
            list(threads.map(lambda half: _sign_all(half, key, authority), halves))
            return len(known) / (perf_counter() - began)

    yield {_OURS: ours, _PEER: peer, _BOTH: both}


def _sign_all(requests: Sequence[x509.CertificateSigningRequest], key: rsa.RSAPrivateKey, authority: x509.Name) -> None:
    now = datetime.now(UTC)
    for at, request in enumerate(requests):
        _signed(request, key, authority, at + 1, now)


def _signed(
    request: x509.CertificateSigningRequest, key: rsa.RSAPrivateKey, authority: x509.Name, number: int, now: datetime
) -> bytes:
    """Return a certificate of the fields and extensions that pkilab's have."""
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    own, purposes = request.public_key(), [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    uses = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .serial_number(number)
        .issuer_name(authority)
        .subject_name(request.subject)
        .public_key(own)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **uses), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(names, critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


ROW = Row(
    name="bulk-rsa",
    title="Bulk issue, RSA-3072 CA, against signing in memory",
    unit="certificates a second",
    method=(
        "pkilab: as above, with a CA of RSA-3072; the signatures are made in as many threads as there are cores. "
        "cryptography: the same certificates by its builder and `sign` in one loop, from requests that are read "
        "beforehand, with a key that is open; nothing is stored. For comparison the same loop in two threads, which "
        "is all that two cores give."
    ),
    sizes={"certificates": 1500},
    quick={"certificates": 10},
    sides=_sides,
    comparisons=(
        Comparison(what="against one loop", ours=_OURS, peer=_PEER, bound=0.8, aim=0.95, at_least=True),
        Comparison(what="against the loop in two threads", ours=_OURS, peer=_BOTH, bound=None, at_least=True),
    ),
    versions=lambda: {"cryptography": version("cryptography")},
)
