"""The technical contact of a CA client, and addresses of electronic mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from pkilab.errors import InvalidField
from pkilab.model.text import check_line, one_line

MAX_CONTACT = 200
"""Characters of a contact's name, phone or mail address."""

# Dot-atom (RFC 5322 §3.2.3); quoted strings and comments are legal there, rare, and a way to smuggle.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_USER = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_DOMAIN_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", re.ASCII)


def check_address(value: str, field: str = "E-mail") -> str:
    """Return a full mail address, user and domain; the domain in A-labels (RFC 5321 §4.1.2, RFC 5890).

    Raises:
        InvalidField: it is no such address.
    """
    text = check_line(field, value, upper_bound=254, required=True)
    wrong = InvalidField(field, "this is no mail address; give user and domain, such as ana@lab.test.")
    user, _, domain = text.rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise wrong from None
    if not _USER.fullmatch(user) or len(user) > 64 or len(user) + 1 + len(domain) > 254:
        raise wrong
    if not all(_DOMAIN_LABEL.fullmatch(label) for label in domain.split(".")):
        raise wrong
    return f"{user}@{domain.lower()}"


@lru_cache(maxsize=1024)  # most contacts are asked about many times
def is_address(value: str) -> bool:
    """Tell whether mail can be sent to `value`."""
    try:
        check_address(value)
    except InvalidField:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for a CA client. What comes over the wire is free text: see `Contact.received`."""

    name: str
    phone: str = ""
    email: str = ""

    @classmethod
    def entered(cls, contact: Contact) -> Contact:
        """Return a contact as a person enters it at a client: the name required, the address well formed if given.

        Raises:
            InvalidField: a value breaks its rule.
        """
        return cls(
            name=check_line("Contact name", contact.name, upper_bound=MAX_CONTACT, required=True),
            phone=check_line("Contact phone", contact.phone, upper_bound=MAX_CONTACT),
            email=check_address(contact.email, "Contact e-mail") if contact.email.strip() else "",
        )

    @classmethod
    def received(cls, name: str, phone: str, email: str) -> Contact:
        """Return a contact as a request carries it: free text, folded to one line each.

        Raises:
            InvalidField: longer than the bounds.
        """
        values = {
            "ContactName": one_line(name),
            "ContactPhone": one_line(phone),
            "ContactEmail": one_line(email),
        }
        checked = [check_line(field, value, upper_bound=MAX_CONTACT) for field, value in values.items()]
        return cls(*checked)
