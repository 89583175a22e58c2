"""A server's certificate that vouches for itself: whoever trusts it has compared its fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.x509 import csr, issue
from pkilab.x509.keys import PrivateKey


def self_signed(
    key: PrivateKey, subject: DN, names: Sequence[AlternativeName], *, days: int, serial: int, now: datetime
) -> Certificate:
    """Return an end entity's TLS certificate whose issuer is its own subject; it can issue nothing.

    Raises:
        InvalidField: the days are out of range.
    """
    itself = issue.root(key, subject, days=days, serial=serial, now=now)
    made, _ = issue.leaf(
        csr.build(key, subject, names),
        issuer=itself,
        issuer_key=key,
        serial=serial,
        usage=Usage.TLS,
        path_length=None,
        days=days,
        now=now,
    )
    return made
