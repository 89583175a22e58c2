"""Certificate revocation lists (RFC 5280 §5): from entries to DER.

Put together by hand: a builder that takes entry by entry is slow where there are a hundred thousand of them, and a
series signed ahead of time holds the same entries again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509

from pkilab.errors import CannotDo
from pkilab.model.certificate import Certificate
from pkilab.model.revocation import Entry, RevocationReason
from pkilab.x509 import der, extensions, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.issue import Signer

CODES = {
    RevocationReason.UNSPECIFIED: 0,
    RevocationReason.KEY_COMPROMISE: 1,
    RevocationReason.CA_COMPROMISE: 2,
    RevocationReason.AFFILIATION_CHANGED: 3,
    RevocationReason.SUPERSEDED: 4,
    RevocationReason.CESSATION_OF_OPERATION: 5,
    RevocationReason.CERTIFICATE_HOLD: 6,
    RevocationReason.PRIVILEGE_WITHDRAWN: 9,
    RevocationReason.AA_COMPROMISE: 10,
}
"""The reasons' numbers (§5.3.1)."""

_V2 = der.integer(1)


def check_signer(certificate: Certificate) -> None:
    """Accept a CA whose certificate lets it sign revocation lists (§4.2.1.3).

    Raises:
        CannotDo: its key usage says otherwise.
    """
    if certificate.key_usage and "cRLSign" not in certificate.key_usage:
        raise CannotDo(
            "The CA certificate's key usage does not hold cRLSign, so verifiers would refuse its revocation lists.",
            "Use a CA whose certificate has it.",
        )


def encode(entries: Iterable[Entry]) -> tuple[bytes, ...]:
    """Return each entry in DER, in the order given, for `sign` (§5.1.2.6)."""
    return tuple([_entry(*each) for each in entries])


def sign(
    signer: Signer, revoked: Sequence[bytes], *, number: int, this_update: datetime, next_update: datetime
) -> bytes:
    """Return a full list in DER with a number (§5.2.3), of what `encode` made. Times in seconds.

    Raises:
        CannotDo: the CA may not sign lists.
    """
    check_signer(signer.certificate)
    found = (
        extensions.authority_key_id(signer.key_id),
        Extension(extensions.CRL_NUMBER, critical=False, value=der.integer(number)),
    )
    to_be_signed = der.sequence(
        _V2,
        signature.algorithm_identifier(signer.key),
        signer.certificate.subject_der,
        der.time(this_update),
        der.time(next_update),
        der.sequence(*revoked) if revoked else b"",  # where there are none, it is absent
        der.element(0xA0, der.sequence(*(extension.encoded for extension in found))),
    )
    return signature.sealed(to_be_signed, signer.key)


def entries(data: bytes) -> tuple[Entry, ...]:
    """Return the entries of a list of our own in DER, in their order: what `encode` was given.

    Raises:
        ValueError: it is none.
    """
    found = []
    for each in x509.load_der_x509_crl(data):
        reason, since = RevocationReason.UNSPECIFIED, None
        for extension in each.extensions:
            if isinstance(extension.value, x509.CRLReason):
                reason = RevocationReason(extension.value.reason.value)
            elif isinstance(extension.value, x509.InvalidityDate):
                since = extension.value.invalidity_date_utc
        found.append(Entry(each.serial_number, each.revocation_date_utc, reason, since))
    return tuple(found)


# A list holds a hundred thousand entries: these do what `der.sequence`, `der.integer` and `der.time` do, for most of
# them in a third of the time.
_OCTET = tuple(bytes((value,)) for value in range(0x80))
_DIGITS = tuple(b"%02d" % value for value in range(100))


def _entry(number: int, at: datetime, reason: RevocationReason, invalid_since: datetime | None) -> bytes:
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
    if len(octets) >= len(_OCTET):
        raise ValueError("a number of that many octets is no serial number")
    content = b"".join((b"\x02", _OCTET[len(octets)], octets, _time(at), _details(reason, invalid_since)))
    return b"\x30" + _OCTET[len(content)] + content if len(content) < len(_OCTET) else der.sequence(content)


def _time(at: datetime) -> bytes:
    two, year = _DIGITS, at.year
    if at.tzinfo is not UTC or not 2000 <= year < 2050:
        return der.time(at)
    parts = (b"\x17\x0d", two[year - 2000], two[at.month], two[at.day], two[at.hour], two[at.minute], two[at.second])
    return b"".join((*parts, b"Z"))


@lru_cache(maxsize=256)
def _details(reason: RevocationReason, invalid_since: datetime | None) -> bytes:
    """Return crlEntryExtensions; an unspecified reason is left out, as §5.3.1 wants."""
    found = []
    if reason is not RevocationReason.UNSPECIFIED:
        found.append(Extension(extensions.REASON, critical=False, value=der.enumerated(CODES[reason])))
    if invalid_since is not None:
        value = der.generalized_time(invalid_since)
        found.append(Extension(extensions.INVALIDITY_DATE, critical=False, value=value))
    return der.sequence(*(extension.encoded for extension in found)) if found else b""
