"""`pkilab verify`: verifiers' verdicts on a chain, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import option

if TYPE_CHECKING:
    from datetime import datetime

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="The certificate, then those that came with it, in PEM or DER."),
]
Purpose = Annotated[
    str, option("--purpose", "USE", "What for: tls-server, tls-client, code-signing or any.", default=True)
]
Name = Annotated[str, option("--name", "NAME", "The DNS name or address that the server is reached at.")]
At = Annotated[str | None, option("--at", "TIME", "As of this time, such as 2027-01-31 or 2027-01-31T12:00Z; UTC.")]
Trust = Annotated[
    list[Path] | None,
    option("--trust", "FILE", "Roots to trust, in PEM or DER; the lab's own unless told. Repeat it for more."),
]
Crl = Annotated[list[Path] | None, option("--crl", "FILE", "A revocation list, PEM or DER. Repeat it for more.")]


def add(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "verify")(verify)


def verify(
    call: Call,
    *,
    files: Files,
    purpose: Purpose = "any",
    name: Name = "",
    at: At = None,
    trust: Trust = None,
    crl: Crl = None,
) -> Answer:
    """Ask several verifiers whether a certificate is good, and say why they differ where they do.

    Exit code 1 unless one accepts it and none refuses.
    """
    judged = call.lab.verify(
        *files, trust=trust or (), purpose=purpose, name=name, at=None if at is None else _time(at), crls=crl or ()
    )
    return Answer.card(judged, code=0 if judged.accepted else 1)


def _time(text: str) -> datetime:
    """Return a time that was given in ISO 8601; without a zone it is UTC.

    Raises:
        InvalidField: it is none.
    """
    from datetime import UTC, datetime

    from pkilab.errors import InvalidField

    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidField("At", "give a time such as 2027-01-31 or 2027-01-31T12:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
