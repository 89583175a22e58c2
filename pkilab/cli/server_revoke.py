"""`pkilab server revoke` and its like: what becomes of certificates after they were issued (X2)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pkilab.cli import passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import Number, PasswordFile, option
from pkilab.cli.sending import send

Reason = Annotated[
    str,
    option(
        "--reason",
        "WHY",
        "unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, "
        "certificateHold (which can be lifted), privilegeWithdrawn or aACompromise.",
    ),
]
InvalidSince = Annotated[
    str | None,
    option("--invalid-since", "TIME", "Since when its key may be in wrong hands, such as 2026-11-20T08:00Z."),
]
Ahead = Annotated[
    int | None,
    option("--ahead", "N", "Sign N more that take over one after the other; else as many as are ahead now."),
]
Pem = Annotated[bool, option("--pem", None, "Print the one that counts now in PEM.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Certificates, in PEM (several in one too) or DER.")]
Host = Annotated[str, option("--host", "HOST", "The host that they are listed as coming from.")]
Origin = Annotated[str, option("--origin", "NAME", "The instance that they are listed as coming from.")]
PublicUrl = Annotated[
    str | None, option("--public-url", "URL", "Its web service as it is reached from outside; empty for none.")
]
CrlDays = Annotated[int | None, option("--crl-days", "N", "How long a revocation list is valid, in days.")]
ResponderDays = Annotated[
    int | None, option("--responder-days", "N", "How long the OCSP responder's certificate is valid, in days.")
]
RemindDays = Annotated[
    str | None, option("--remind-days", "N,N", "Remind so many days before a certificate expires; empty for never.")
]


def add(app: typer.Typer) -> None:
    """Add these commands to the group of the CA server's."""
    command(app, "revoke", then=send)(revoke)
    command(app, "lift", then=send)(lift)
    command(app, "publish-crl")(publish_crl)
    command(app, "crl")(crl)
    command(app, "renew-responder")(renew_responder)
    command(app, "adopt")(adopt)
    command(app, "settings")(settings)


def revoke(
    call: Call,
    *,
    number: Number,
    reason: Reason,
    invalid_since: InvalidSince = None,
    password_file: PasswordFile = None,
) -> Answer:
    """Revoke a certificate, and sign the revocation lists anew. Its contact is told by mail.

    Only a hold can be lifted again; what is revoked for another reason stays revoked.
    """
    from pkilab.model.names import check_number
    from pkilab.model.revocation import RevocationReason

    wanted, why, since = check_number(number), RevocationReason.parse(reason), _time(invalid_since)
    server = call.server
    done = passwords.opening(
        lambda password: server.revoke(wanted, reason=why, invalid_since=since, password=password), password_file
    )
    return Answer.card(done)


def lift(call: Call, *, number: Number, password_file: PasswordFile = None) -> Answer:
    """Lift the hold of a certificate, and sign the revocation lists anew. Its contact is told by mail."""
    from pkilab.model.names import check_number

    server, wanted = call.server, check_number(number)
    done = passwords.opening(lambda password: server.lift(wanted, password=password), password_file)
    return Answer.card(done)


def publish_crl(call: Call, *, ahead: Ahead = None, password_file: PasswordFile = None) -> Answer:
    """Sign the revocation list anew, and a series ahead of time if wanted, as CAs do whose key is locked away.

    A list takes over a tenth of its validity before the one before it runs out, without anybody's doing. A
    revocation withdraws those ahead and signs as many anew.
    """
    server = call.server
    done = passwords.opening(lambda password: server.publish_crl(ahead=ahead, password=password), password_file)
    return Answer.card(done)


def crl(call: Call, *, pem: Pem = False) -> Answer:
    """List the revocation lists that were published: the one that counts now, and those ahead of their time."""
    from pkilab.views import aftercare

    server = call.server
    if pem:
        current = server.crl()
        return Answer(value={"pem": current.pem}, show=lambda: printing.lines(current.pem.rstrip("\n")))
    found = server.crls()
    return Answer(value=found, show=lambda: printing.table(aftercare.lists(found, now=server.now())))


def renew_responder(call: Call, *, password_file: PasswordFile = None) -> Answer:
    """Give the OCSP responder a new key and a certificate for a short time, so that it can answer unattended.

    The CA's own key stays locked away: the responder's can do nothing but say what is revoked.
    """
    server = call.server
    done = passwords.opening(lambda password: server.renew_responder(password=password), password_file)
    return Answer.card(done)


def adopt(call: Call, *, files: Files, host: Host = "", origin: Origin = "") -> Answer:
    """Record certificates that this CA issued elsewhere, so that lists, numbers and revocation go on.

    Each has to be signed by this CA's key. The name of a file is the file root. Either all are recorded or none.
    """
    done = call.server.adopt(*files, host=host, origin=origin)
    return Answer.card(done)


def settings(
    call: Call,
    *,
    public_url: PublicUrl = None,
    crl_days: CrlDays = None,
    responder_days: ResponderDays = None,
    remind_days: RemindDays = None,
) -> Answer:
    """Show the settings that can be changed at any time, or change those that are given.

    Certificates that were issued before stay as they are.
    """
    from pkilab.views import aftercare, text

    server = call.server
    if all(given is None for given in (public_url, crl_days, responder_days, remind_days)):
        found = server.settings
        return Answer(value=found, show=lambda: printing.lines(text.sheet(aftercare.settings(found))))
    done = server.change(
        public_url=public_url, crl_days=crl_days, responder_days=responder_days, remind_days=_days(remind_days)
    )
    return Answer.card(done)


def _time(text: str | None) -> datetime | None:
    """Return a time of ISO 8601; one without a zone is in UTC.

    Raises:
        InvalidField: it is none.
    """
    from datetime import UTC

    from pkilab.errors import InvalidField

    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidField("Invalid since", "give a day or a time in UTC, such as 2026-11-20T08:00Z.") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _days(text: str | None) -> list[int] | None:
    """Return whole numbers that stand between commas.

    Raises:
        InvalidField: something else stands there.
    """
    from pkilab.errors import InvalidField

    if text is None:
        return None
    words = [word for word in text.replace(",", " ").split() if word]
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        raise InvalidField("Reminders", "give whole numbers of days, such as 30,7,1.")
    return [int(word) for word in words]
