"""Why a certificate was revoked (RFC 5280 §5.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pkilab.errors import InvalidField


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

    @classmethod
    def parse(cls, name: str) -> RevocationReason:
        """Return the reason called `name`, whatever its letter case.

        Raises:
            InvalidField: there is none; the sentence lists them.
        """
        wanted = name.strip().lower()
        found = next((reason for reason in cls if reason.value.lower() == wanted), None)
        if found is None:
            raise InvalidField("Reason", f"choose one of {', '.join(cls)}.")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """That a certificate was revoked, when, why and by whom; a hold can be lifted, nothing else."""

    reason: RevocationReason
    at: datetime
    by: str
    invalid_since: datetime | None = None
    """Since when the key is known or feared to be in wrong hands (RFC 5280 §5.3.2), where that was said."""

    @property
    def held(self) -> bool:
        """Tell whether it is a hold."""
        return self.reason is RevocationReason.CERTIFICATE_HOLD


class Entry(NamedTuple):
    """A certificate that is revoked or on hold, as revocation lists tell of it (RFC 5280 §5.3)."""

    number: int
    at: datetime
    reason: RevocationReason
    invalid_since: datetime | None = None
