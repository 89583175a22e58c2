"""What of a lab runs, and what waits in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pkilab.errors.visible import visible
from pkilab.model.alert import Alert
from pkilab.model.medium import KeyPlace
from pkilab.model.message import OutgoingMessage


class PartState(StrEnum):
    """Where a part of a running lab stands."""

    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    """It is started again in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program of a running lab. `url` is empty until it answered; `restarts` counts how often it came back."""

    name: str
    label: str
    state: PartState
    url: str = ""
    pid: int | None = None
    restarts: int = 0
    log: Path

    def __str__(self) -> str:
        """Return one line: what, where, and how it is."""
        again = f", started again {self.restarts} times" if self.restarts else ""
        place = self.url if self.state is PartState.RUNNING else f"{self.state.value}; its log is {self.log}"
        return visible(f"{self.label}: {place}{again}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What `pkilab lab` or `pkilab dashboards` runs: the supervising process, the notebooks' folder, and the parts."""

    lab: Path
    pid: int
    started_at: datetime
    notebooks: Path
    parts: tuple[Part, ...] = ()

    @property
    def ready(self) -> bool:
        """Tell whether every part answers."""
        return bool(self.parts) and all(part.state is PartState.RUNNING for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A CA server of the lab: how many requests wait for its operator, and how much it issued.

    `directory` is where its key lies, or has to be mounted.
    """

    instance: str
    main: bool
    directory: Path
    pending: int
    certificates: int
    revoked: int = 0
    alerts: tuple[Alert, ...] = ()
    """What its operator has to see to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What runs of a lab (None: `pkilab lab` does not), what waits in its queues, and what waits in its outbox."""

    lab: Path
    running: Running | None = None
    dashboards: Running | None = None
    queues: tuple[Queue, ...] = ()
    outbox: tuple[OutgoingMessage, ...] = ()
    keys: tuple[KeyPlace, ...] = ()
    """Where the CA servers' private keys lie, and whether they are there."""
