"""What verifiers say of a certificate's chain, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pkilab.errors import InvalidField
from pkilab.errors.visible import visible
from pkilab.model.certificate import Certificate
from pkilab.model.dn import comma_form


class Purpose(StrEnum):
    """What a certificate is to be good for when it is verified."""

    TLS_SERVER = "tls-server"
    TLS_CLIENT = "tls-client"
    CODE_SIGNING = "code-signing"
    ANY = "any"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return _LABELS[self]

    @classmethod
    def parse(cls, name: str) -> Purpose:
        """Return the purpose called `name`.

        Raises:
            InvalidField: there is none; the sentence lists them.
        """
        try:
            return cls(name.strip().lower())
        except ValueError:
            raise InvalidField("Purpose", f"choose one of {', '.join(cls)}.") from None


_LABELS = {
    Purpose.TLS_SERVER: "a TLS server",
    Purpose.TLS_CLIENT: "a TLS client",
    Purpose.CODE_SIGNING: "code signing",
    Purpose.ANY: "any purpose",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one verifier says: `accepted` None where it cannot judge this. `reason` says why, in words."""

    judge: str
    version: str
    """Empty where the verifier is not there."""
    accepted: bool | None
    reason: str

    @property
    def word(self) -> str:
        """Return the verdict in one word or two."""
        return {True: "accepted", False: "refused", None: "cannot say"}[self.accepted]

    def __str__(self) -> str:
        """Return one line: who says what, and why."""
        return visible(f"{self.judge} {self.version}".rstrip() + f": {self.word} ({self.reason})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A certificate and the verdicts on it: for what, under which name (empty: not asked), at which time (UTC)."""

    record_also: ClassVar[tuple[str, ...]] = ("accepted", "message")

    certificate: Certificate
    purpose: Purpose
    name: str
    at: datetime
    verdicts: tuple[Verdict, ...]
    differences: tuple[str, ...]
    """Why the verdicts differ, where they do: a sentence each."""

    @property
    def accepted(self) -> bool:
        """Tell whether a verifier accepts it, and none refuses it."""
        return any(each.accepted for each in self.verdicts) and not any(e.accepted is False for e in self.verdicts)

    @property
    def message(self) -> str:
        """Return sentences: whether it is accepted, and why the verifiers differ."""
        found = {word: [e.judge for e in self.verdicts if e.word == word] for word in ("accepted", "refused")}
        who = comma_form(self.certificate.subject) or "The certificate"
        what = f"{who}, for {self.purpose.label}" + (f" as {self.name}" if self.name else "")
        told = [f"{word} by {', '.join(names)}" for word, names in found.items() if names]
        return " ".join((f"{what}: {'; '.join(told) or 'no verifier can say'}.", *self.differences))

    def __str__(self) -> str:
        """Return the message in one line."""
        return visible(self.message)
