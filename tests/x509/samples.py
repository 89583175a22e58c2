"""Keys, requests and certificates that the tests share. Keys are made once: RSA takes its time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN, UPPER_BOUNDS
from pkilab.model.request import SigningRequest
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.x509 import csr, issue, keys
from pkilab.x509.keys import PrivateKey

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
START = NOW.replace(microsecond=0)
PATH = Path("Sample.key")
PASSWORD = "correct horse battery stäple"
WRONG = "wrong horse"
NAME = "santiago.lab.test"
CA_NAME = DN(country="CL", organization="Lab", common_name="Training CA")

DNS_NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,10}){1,3}", fullmatch=True)
ALTERNATIVE_NAMES = st.one_of(
    DNS_NAMES.map(lambda name: f"DNS:{name}"),
    DNS_NAMES.map(lambda name: f"DNS:*.{name}"),
    DNS_NAMES.map(lambda name: f"email:ana+x@{name}"),
    st.ip_addresses().map(lambda address: f"IP:{address}"),
    DNS_NAMES.map(lambda name: f"URI:https://{name}/a?b=c#d"),
).map(AlternativeName.parse)


def _valid_dn(values: dict[str, str]) -> DN | None:
    try:
        return DN(**values)
    except InvalidField:
        return None


SUBJECTS = (
    st.fixed_dictionaries(
        {},
        optional={field: st.text(max_size=bound) for field, bound in UPPER_BOUNDS.items() if field != "country"}
        | {"country": st.sampled_from(["CL", "BE", "DE"])},
    )
    .map(_valid_dn)
    .filter(lambda dn: dn is not None)
)


def key(algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256, which: int = 0) -> PrivateKey:
    """Return one of the key pairs of this algorithm."""
    return _key(algorithm, which)


@lru_cache
def _key(algorithm: KeyAlgorithm, which: int) -> PrivateKey:
    return keys.generate(algorithm)


def root(algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256, days: int = 3650) -> Certificate:
    """Return a root over `key(algorithm)`."""
    return _root(algorithm, days)


@lru_cache
def _root(algorithm: KeyAlgorithm, days: int) -> Certificate:
    return issue.root(key(algorithm), CA_NAME, days=days, serial=0x5EED, now=NOW)


def request(
    subject: DN | None = None, names: Sequence[str] = (f"DNS:{NAME}",), *, of: PrivateKey | None = None
) -> SigningRequest:
    """Return a request, of another P-256 key than the root's unless said; the same for the same arguments."""
    return _request(subject or DN(common_name=NAME), tuple(names), of or key(KeyAlgorithm.EC_P256, 1))


@lru_cache
def _request(subject: DN, names: tuple[str, ...], of: PrivateKey) -> SigningRequest:
    return csr.build(of, subject, [AlternativeName.parse(name) for name in names])


def issued(
    content: SigningRequest | None = None,
    usage: Usage = Usage.TLS,
    *,
    path_length: int | None = None,
    issuer: Certificate | None = None,
    issuer_key: PrivateKey | None = None,
    serial: int = 7,
    days: int = 365,
    now: datetime = NOW,
) -> Certificate:
    """Return a certificate for a request, by the P-256 root unless said; the same for the same arguments."""
    return _issued(
        content or request(),
        issuer=issuer or root(),
        issuer_key=issuer_key or key(),
        serial=serial,
        usage=usage,
        path_length=path_length,
        days=days,
        now=now,
    )


@lru_cache
def _issued(content: SigningRequest, **how: Any) -> Certificate:
    return issue.leaf(content, **how)[0]


def foreign(certificate: Certificate) -> x509.Certificate:
    """Return what `cryptography` makes of a certificate."""
    return x509.load_der_x509_certificate(certificate.der)
