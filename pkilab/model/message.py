"""Mail: as it is stored with the act it tells of, as it was delivered, and as the lab's own inbox shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pkilab.errors.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A plain mail. `message_id` stays the same over repeats, with angle brackets (RFC 5322 §3.6.4)."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A mail in the outbox, with what became of it. Times in UTC; `instance` is whose mail settings are used."""

    id: int
    instance: str
    message: Message
    created_at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""

    def __str__(self) -> str:
        """Return one line: to whom, about what, and what became of it."""
        return visible(f"{self.message.subject} (to {self.message.recipient}): {self.state}")

    @property
    def state(self) -> str:
        """Return a sentence: that it was sent, or that it waits, and why."""
        if self.sent_at is not None:
            return f"sent {self.sent_at:%Y-%m-%d %H:%M} UTC."
        if not self.error:
            return "waits to be sent."
        next_at = f" The next try is due {self.next_at:%Y-%m-%d %H:%M:%S} UTC." if self.next_at else ""
        tries = "1 try" if self.attempts == 1 else f"{self.attempts} tries"
        return f"waits after {tries}. {self.error}{next_at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one round of delivery did: what was sent, and all that waits now, the oldest first.

    `elsewhere` tells that another program was delivering, so that this round did nothing.
    """

    sent: tuple[OutgoingMessage, ...] = ()
    waiting: tuple[OutgoingMessage, ...] = ()
    elsewhere: bool = False

    @property
    def message(self) -> str:
        """Return sentences for people: how much was sent, how much waits, and why."""
        parts = [f"{_mails(len(self.sent))} sent."] if self.sent else []
        if self.elsewhere:
            parts.append("Another program is sending this lab's mail right now.")
        if self.waiting:
            reasons = dict.fromkeys(waits.error for waits in self.waiting if waits.error)
            parts.append(" ".join([f"{_mails(len(self.waiting))} waiting.", *reasons]))
        return " ".join(parts) or "No mail waits."

    def __str__(self) -> str:
        """Return the message."""
        return visible(self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAddress:
    """Where the lab's own inbox listens. `token` stands in its greeting, so that no stranger is taken for it."""

    host: str
    port: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """A mail in the lab's own inbox. All text comes from outside; `recipients` are those that this copy is for."""

    id: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    message_id: str

    def __str__(self) -> str:
        """Return one line: when, to whom, about what."""
        return visible(f"{self.received_at:%Y-%m-%d %H:%M} to {', '.join(self.recipients)}: {self.subject}")


def _mails(count: int) -> str:
    return "1 mail is" if count == 1 else f"{count} mails are"
