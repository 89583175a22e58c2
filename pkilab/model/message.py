"""A mail to send, as it is stored with the act it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
