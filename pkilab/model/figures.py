"""How much waits in a lab, and how much was done: what is watched from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a CA server has to do: requests that wait for its operator; and what it issued since it was configured.

    The times tell until when its revocation list and its OCSP responder can be relied on, None where there is none.
    """

    instance: str
    pending: int
    issued: int
    crl_until: datetime | None = None
    """nextUpdate of the list that counts now."""
    crls_until: datetime | None = None
    """nextUpdate of the last list that was signed: when the operator has to have published again."""
    responder_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All CA servers of a lab in the order of configuring, and how many mails wait to be sent."""

    workloads: tuple[Workload, ...] = ()
    mail_waiting: int = 0
