"""What an operator has to see to before it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pkilab.errors.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something of a CA server that runs out soon, is over, or is missing. `until` None: it never was there."""

    ca: str
    about: str
    """`crl`, `responder` or `ca`."""
    until: datetime | None
    over: bool
    sentence: str
    command: str = ""
    """The command of `pkilab` that mends it, if one does; on pages a button does the same."""

    def __str__(self) -> str:
        """Return the sentence in one line, and the command that mends it."""
        return visible(f"{self.sentence} In a shell: `{self.command}`." if self.command else self.sentence)
