"""How a command sends the mail that its act left, where no service does (M2)."""

from __future__ import annotations

import contextlib

from pkilab.cli import printing
from pkilab.cli.call import Call


def send(call: Call) -> None:
    """Try for a moment to send what is due, and tell people what waits, and why. It never fails."""
    told = send_quietly(call)
    if told and not call.json:
        printing.line(told)


def send_quietly(call: Call) -> str:
    """Try for a moment to send what is due, and return what waits, and why. It never fails."""
    with contextlib.suppress(Exception):  # the act is done, and the mail is stored: nothing here is worth an error
        waits = call.lab.deliver_briefly()
        if any(message.error for message in waits.waiting):
            return str(waits)
    return ""
