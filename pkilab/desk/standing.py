"""Where an instance stands: what it is in one line, and what waits at its tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pkilab.desk.tasks import Part
from pkilab.forms.overview import Stand, ca_of, stand

if TYPE_CHECKING:
    from pkilab.lab import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the desk says of its instance: in words, in counts by task, and the next sensible task."""

    about: str
    next_task: str
    counts: dict[str, int] = field(default_factory=dict)


def standing(instance: Instance, part: Part) -> Standing:
    """Return where an instance stands now.

    Raises:
        RegistryError, CannotRead: the lab cannot be read.
    """
    found = of(instance, part)
    roles = []
    if found.queue is not None:
        roles.append("CA server")
    if found.client is not None:
        roles.append(f"CA client of {ca_of(found.client)}")
    next_step = found.next_step
    return Standing(
        about=f"on {instance.node} · {' and '.join(roles) or 'not configured yet'}",
        next_task=next_step.task if next_step else "overview",
        counts={
            "pending": found.queue.pending if found.queue else 0,
            "inbox": len(instance.lab.inbox(instance.name)),
        },
    )


def of(instance: Instance, part: Part) -> Stand:
    """Return where the parts of an instance stand that a desk has; raises as `standing` does."""
    return stand(
        instance.server if part is not Part.CLIENT else None,
        instance.client if part is not Part.OPERATOR else None,
        ca_elsewhere=lambda: instance.lab.main_ca is not None,
    )
