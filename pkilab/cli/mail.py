"""`pkilab mail` and `pkilab inbox`."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import option
from pkilab.cli.service import NOTICE, end, log_to_stderr

if TYPE_CHECKING:
    from pkilab.mail.service import MailService
    from pkilab.model.message import ReceivedMessage

Port = Annotated[int, option("--port", "N", "The inbox's port; 0 takes a free one.", default=True)]
MailId = Annotated[
    str | None, typer.Argument(metavar="ID", help="Show this mail in full; its first letters do.", show_default=False)
]


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "mail")(mail)
    command(app, "inbox")(inbox)


def mail(call: Call, *, port: Port = 0) -> None:
    """Send the lab's mail, and have the lab's own inbox, until Ctrl-C.

    For training and tests, never for production.
    """
    from pkilab.model.names import check_port

    service = call.lab.mail_service(port=port and check_port(port))
    log_to_stderr(debug=call.debug)
    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(KeyboardInterrupt), service:
        _tell(call, service)
        service.wait()


def inbox(call: Call, *, id: MailId = None) -> Answer:  # noqa: A002 - it is called that in the model
    """Show the mail that the lab's own inbox received, the newest last; with --instance only what is for that one."""
    from pkilab.views import tables, text

    found = call.lab.inbox(call.instance)
    if id is None:
        return Answer(value=found, show=lambda: printing.table(tables.received(found)))
    one = _one(found, id)
    return Answer(value=one, show=lambda: printing.lines(text.received(one)))


def _tell(call: Call, service: MailService) -> None:
    address = service.address
    where = address and {"host": address.host, "port": address.port, "own": service.has_inbox}
    if call.json:
        printing.document({"lab": call.lab.path, "inbox": where, "notice": NOTICE})
        return
    printing.line(f"pkilab sends the mail of the lab {call.lab.path}. {NOTICE}")
    if address:
        whose = "The lab's own inbox listens" if service.has_inbox else "Another program has the lab's own inbox,"
        printing.line(f"  {whose} at {address.host}:{address.port}; `pkilab inbox` shows what it received.")
    printing.line("Ctrl-C ends it.")


def _one(found: tuple[ReceivedMessage, ...], wanted: str) -> ReceivedMessage:
    from pkilab.errors import InvalidField

    matching = [message for message in found if message.id.startswith(wanted.lower())]
    if len(matching) != 1 or not wanted:
        which = "several mails begin" if matching else "no mail begins"
        raise InvalidField("ID", f"{which} with this; `pkilab inbox` shows them all.")
    return matching[0]
