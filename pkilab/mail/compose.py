"""A message as the octets that go over the wire. Pure.

Nothing that a name, a subject or an address holds becomes a header of its own, or a line that no reader sees.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from pkilab.errors import InvalidField, MailNotSent
from pkilab.errors.visible import visible
from pkilab.model.contact import check_address
from pkilab.model.message import Message
from pkilab.model.text import one_line

MAX_SUBJECT = 200
"""Characters of a subject; the rest is cut."""
_LINE = 998
"""Octets of a line (RFC 5322 §2.1.1)."""
_ID = re.compile(r"<[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*>", re.ASCII)


def compose(message: Message, at: datetime) -> bytes:
    """Return `message` as RFC 5322 writes it, lines ending with CRLF; the same whenever it is sent again.

    Subject and body are UTF-8 (RFC 2047, quoted-printable) where ASCII does not do. `at` is when it was written.

    Raises:
        MailNotSent: sender or recipient is no mail address.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = at
    mail["Message-ID"] = _message_id(message.message_id)
    mail["From"] = Address(addr_spec=address(message.sender))
    mail["To"] = Address(addr_spec=address(message.recipient))
    mail["Subject"] = _subject(message.subject)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody's absence notice answers it
    body = _body(message.body)
    plain = body.isascii() and all(len(line) <= _LINE for line in body.split("\n"))
    mail.set_content(body, charset="utf-8", cte="7bit" if plain else "quoted-printable")
    return mail.as_bytes()


def address(text: str) -> str:
    """Return an address as it goes over the wire, its domain in A-labels.

    Raises:
        MailNotSent: it is none.
    """
    try:
        return check_address(text)
    except InvalidField:
        raise MailNotSent("The mail server", f"{one_line(text)} is no mail address", permanent=True) from None


def _message_id(text: str) -> str:
    """Return a Message-ID as it is, or one made of it where it breaks the rule of RFC 5322 §3.6.4."""
    if _ID.fullmatch(text):
        return text
    return f"<{hashlib.sha256(_encodable(text).encode()).hexdigest()}@pkilab.lab.test>"


def _subject(text: str) -> str:
    return visible(one_line(_encodable(text))[:MAX_SUBJECT]) or "(no subject)"


def _body(text: str) -> str:
    """Return the body with lines that end alike and no control characters but tabs; it ends with a line's end."""
    lines = _encodable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = (
        "".join(c if c == "\t" or (ord(c) >= 32 and ord(c) != 127) else visible(c) for c in line) for line in lines
    )
    return "\n".join(shown).rstrip("\n") + "\n"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
