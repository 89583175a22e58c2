"""Options that several commands share, and how their values become the model's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pkilab.model.dn import DN

PASSWORDS = "Passwords"
_SUBJECT = "Subject"
PAGE = 50
"""Entries of a list that are shown unless told."""
ALL = 500
"""Entries that are fetched at a time when all of them are wanted."""


def option(name: str, metavar: str | None, help_text: str, panel: str | None = None, *, default: bool = False) -> Any:
    """Return an option; `panel` is the heading that it stands under, `default` whether to show its default."""
    return typer.Option(name, metavar=metavar, help=help_text, rich_help_panel=panel, show_default=default)


Country = Annotated[str, option("--c", "CC", "Country, two letters of ISO 3166 such as BE or CL.", _SUBJECT)]
State = Annotated[str, option("--st", "TEXT", "State or province, written out.", _SUBJECT)]
Locality = Annotated[str, option("--l", "TEXT", "City or place.", _SUBJECT)]
Organization = Annotated[str, option("--o", "TEXT", "Organization, its full name.", _SUBJECT)]
Unit = Annotated[str, option("--ou", "TEXT", "Organizational unit.", _SUBJECT)]
CommonName = Annotated[
    str, option("--cn", "TEXT", "Common name: a server's DNS name, a person, the CA's own name.", _SUBJECT)
]

Node = Annotated[
    str, option("--node", "HOST", "The host name that the instance goes by; else the one it has, else this machine's.")
]
Root = Annotated[str, option("--root", "ROOT", "File root: ROOT.key, ROOT.cer and so on.")]
OtherRoot = Annotated[str | None, option("--root", "ROOT", "Save under this file root, not under the server's.")]
PasswordFile = Annotated[
    Path | None,
    option(
        "--password-file",
        "FILE",
        "The private key's password is the first line of FILE; else PKILAB_PASSWORD, else a prompt.",
        PASSWORDS,
    ),
]
Search = Annotated[str, option("--search", "TEXT", "Only those that hold this text.")]
After = Annotated[int, option("--after", "N", "Begin after here, as the page before said.")]
Limit = Annotated[int | None, option("--limit", "N", f"At most so many; {PAGE} unless told, all of them with --json.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The certificate's number, in decimal.")]
RequestId = Annotated[int, typer.Argument(metavar="ID", help="The request's number in the list of pending ones.")]


def subject_of(*, c: str, st: str, l: str, o: str, ou: str, cn: str) -> DN | None:  # noqa: E741 - as the options
    """Return the distinguished name that the options say; None where none of them was given.

    Raises:
        InvalidField: a value breaks its rule.
    """
    from pkilab.model.dn import DN

    if not any((c, st, l, o, ou, cn)):
        return None
    return DN(country=c, state=st, locality=l, organization=o, organizational_unit=ou, common_name=cn)


def serial_of(text: str | None) -> int | None:
    """Return a serial number that was given in hex, as the serial file and `openssl` show it.

    Raises:
        InvalidField: it is no number in hex.
    """
    if text is None:
        return None
    from pkilab.model.names import parse_serial

    return parse_serial(text)
