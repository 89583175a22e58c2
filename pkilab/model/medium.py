"""Removable media of a lab, and where the private keys of its CA servers lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pkilab.errors.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A lab medium: a folder that is mounted and ejected as a stick would be.

    `path` is where it is while it is mounted, and not there else. `authorities` are the CA servers with keys on it.
    """

    record_also: ClassVar[tuple[str, ...]] = ("message",)

    name: str
    path: Path
    mounted: bool
    authorities: tuple[str, ...]

    @property
    def message(self) -> str:
        """Return a sentence: whether it is mounted, where, and what lies on it."""
        holds = f" The key of {', '.join(self.authorities)} lies on it." if self.authorities else ""
        where = f"mounted as {self.path}" if self.mounted else "ejected"
        return f"The medium {self.name} is {where}.{holds}"

    def __str__(self) -> str:
        """Return the message in one line."""
        return visible(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """Where a CA server's private key lies: whether it is there now, and whether on a medium that can be taken away.

    `medium` is the lab medium's name; empty for a real one, or none.
    """

    record_also: ClassVar[tuple[str, ...]] = ("advice",)

    instance: str
    path: Path
    there: bool
    removable: bool
    medium: str

    @property
    def advice(self) -> str:
        """Return what to do about it: mount it, eject it; empty where there is nothing to do."""
        called = f"the medium {self.medium}" if self.medium else f"the medium that holds {self.path}"
        if not self.there:
            return f"Mount {called}: nothing can be issued while the private key of {self.instance} is not there."
        if self.removable:
            return (
                f"{called[0].upper()}{called[1:]} is mounted. Eject it as soon as the work is done, and lock it away: "
                f"whoever has it can try passwords on the key of {self.instance}."
            )
        return ""

    def __str__(self) -> str:
        """Return one line."""
        return visible(self.advice or f"The private key of {self.instance} is {self.path}")
