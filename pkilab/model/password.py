"""The rule for passwords that a person chooses for a private key or a mail server."""

from __future__ import annotations

from pkilab.errors import InvalidField, PasswordsDiffer

MAX_PASSWORD = 1000
"""Characters."""


def agreed(password: str, confirmation: str | None, *, label: str = "Password") -> str:
    """Return a password if it agrees with its confirmation (None: there was no second field).

    Raises:
        PasswordsDiffer: the two differ.
        InvalidField: too long, or with characters that no keyboard types.
    """
    if confirmation is not None and password != confirmation:
        raise PasswordsDiffer(label)
    if len(password) > MAX_PASSWORD or any(_untypable(character) for character in password):
        raise InvalidField(label, f"at most {MAX_PASSWORD} characters, and no control characters, can be used.")
    return password


def _untypable(character: str) -> bool:
    return ord(character) < 32 or ord(character) == 127 or "\ud800" <= character <= "\udfff"
