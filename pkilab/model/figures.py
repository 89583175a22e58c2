"""How much waits in a lab, and how much was done: what is watched from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a CA server has to do: requests that wait for its operator; and what it issued since it was configured."""

    instance: str
    pending: int
    issued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All CA servers of a lab in the order of configuring, and how many mails wait to be sent."""

    workloads: tuple[Workload, ...] = ()
    mail_waiting: int = 0
