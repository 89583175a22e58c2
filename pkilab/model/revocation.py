"""Why a certificate was revoked (RFC 5280 §5.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RevocationReason(StrEnum):
    """The reasons of RFC 5280 that an issuer can give, by their names there."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    CERTIFICATE_HOLD = "certificateHold"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"
    AA_COMPROMISE = "aACompromise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """That a certificate was revoked, when, why and by whom."""

    reason: RevocationReason
    at: datetime
    by: str
