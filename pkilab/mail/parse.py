"""Mail that came in, octets to nouns. Pure, and tolerant: whatever the octets are, something can be shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from pkilab.model.message import ReceivedMessage
from pkilab.model.text import one_line

_RECEIVED = "X-Pkilab-Received"
_ID = re.compile(r"<[^<>\s]+>")
_TROUBLE = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What Python's mail parser raises at odd mail (UnicodeError is a ValueError)."""


def message_id(content: bytes) -> str:
    """Return the Message-ID of a mail, with angle brackets where it has them; empty if there is none."""
    return _message_id(BytesHeaderParser().parsebytes(content))


def stamp(content: bytes, *, sender: str, recipient: str, at: datetime) -> bytes:
    """Return a mail as a mailbox keeps it: lines ending with a line feed, and above it whose copy it is and since when.

    `sender` and `recipient` are addresses that were checked, `at` has a zone.
    """
    stamped = f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n{_RECEIVED}: {at.astimezone(UTC).isoformat()}\n"
    return stamped.encode("utf-8", "surrogateescape") + content.replace(b"\r\n", b"\n")


def received(data: bytes, *, id: str, otherwise: datetime) -> ReceivedMessage:  # noqa: A002 - it is called that there
    """Return what a file of a mailbox says; `otherwise` is when it came if it does not say that itself."""
    try:
        mail = message_from_bytes(data)
    except RecursionError:  # parts within parts within parts: the headers have to do
        mail = BytesHeaderParser().parsebytes(data)
    return ReceivedMessage(
        id=id,
        received_at=_when(mail, otherwise),
        sender=_text(mail, "From") or _text(mail, "Return-Path"),
        recipients=_recipients(mail),
        subject=_text(mail, "Subject"),
        body=_body(mail),
        message_id=_message_id(mail),
    )


def _message_id(mail: Message) -> str:
    text = _text(mail, "Message-ID")
    found = _ID.search(text)
    return found[0] if found else text


def _text(mail: Message, name: str) -> str:
    """Return the first header of this name on one line, encoded words decoded where they can be."""
    try:
        raw = next((value for key, value in mail.items() if key.lower() == name.lower()), "")
    except _TROUBLE:
        return ""
    try:
        text = str(make_header(decode_header(raw)))
    except _TROUBLE:
        text = str(raw)
    return one_line(text)


def _recipients(mail: Message) -> tuple[str, ...]:
    delivered = _text(mail, "Delivered-To")
    if delivered:
        return (delivered,)
    try:
        pairs = getaddresses([_text(mail, "To"), _text(mail, "Cc")])
    except _TROUBLE:
        return ()
    return tuple(dict.fromkeys(address for _, address in pairs if address))


def _when(mail: Message, otherwise: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(_text(mail, _RECEIVED))
    except ValueError:
        try:
            found = parsedate_to_datetime(_text(mail, "Date"))
        except _TROUBLE:
            return otherwise
    try:
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return otherwise


def _body(mail: Message) -> str:
    """Return the first part that is plain text, else the first text of any kind."""
    try:
        parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
        plain = [part for part in parts if part.get_content_subtype() == "plain"]
        chosen = next(iter(plain or parts), None)
        return _decoded(chosen) if chosen is not None else ""
    except _TROUBLE:
        return ""


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    try:
        text = octets.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = octets.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
