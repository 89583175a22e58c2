"""Where an instance stands: what it is, what waits, which task is the next sensible one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pkilab.desk.tasks import Part

if TYPE_CHECKING:
    from pkilab.lab import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the desk says of its instance: in words, in counts by task, and the task to open."""

    about: str
    next_task: str
    counts: dict[str, int] = field(default_factory=dict)


def standing(instance: Instance, part: Part) -> Standing:
    """Return where an instance stands now.

    Raises:
        RegistryError, CannotRead: the lab cannot be read.
    """
    roles = []
    server = part is not Part.CLIENT and instance.server.configured
    client = part is not Part.OPERATOR and instance.client.configured
    if server:
        roles.append("CA server")
    if client:
        roles.append(f"CA client of {instance.client.settings.host}")
    about = f"on {instance.node} · {' and '.join(roles) or 'not configured yet'}"
    return Standing(about=about, next_task="configure_client")
