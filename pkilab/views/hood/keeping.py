"""Deleting a request (S14) and starting over (S8) in four ways."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.acts import Reinitialized
from pkilab.model.request import Request
from pkilab.views.hood import python, shell
from pkilab.views.hood.way import Hood, told

_RECORDS = "Nothing: these records are pkilab's own, and openssl keeps none."


def delete(request: Request, *, lab: str | Path = "") -> Hood:
    """Return how a request was deleted; it is as it stands now, with the reason."""
    given = {"confirmed": "True"}
    if request.reason:
        given["reason"] = python.literal(request.reason)
    call = python.call("deleted = ca.delete", given, first=[str(request.id)])
    words = [f"server delete {request.id}", *shell.options([("--reason", request.reason)]), "--yes"]
    return told(
        python=python.script(python.SERVER, request.ca, [call, "print(deleted)"], lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(request.ca, str(lab), *words)),
        openssl=shell.lines(shell.remark(_RECORDS)),
        wire="Nothing: a request is deleted at the CA server, and never over the network.\n"
        "Its contact is told by mail, if they left an address.\n",
    )


def reinitialize(done: Reinitialized, *, lab: str | Path = "") -> Hood:
    """Return how a CA server started over."""
    act = ["done = ca.reinitialize(confirmed=True)", "print(done)"]
    kept = "Key, certificate and serial file stay as they are."
    return told(
        python=python.script(python.SERVER, done.instance, act, lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(done.instance, str(lab), "server reinitialize --yes")),
        openssl=shell.lines(shell.remark(_RECORDS, kept)),
        wire="Nothing: a CA server starts over where its records are, and never over the network.\n",
    )
