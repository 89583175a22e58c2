"""`pkilab status`: what runs of a lab, and what waits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.service import NO_MAIN

if TYPE_CHECKING:
    from pkilab.model.running import Queue, Running, Status


def add(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "status")(status)


def status(call: Call) -> Answer:
    """Show what runs, on which address, and what waits: requests for an operator, mail to be sent, and why."""
    found = call.lab.status()
    return Answer(value=found, show=lambda: _show(found))


def _show(found: Status) -> None:
    printing.line(f"Lab: {found.lab}")
    if found.running is None and found.dashboards is None:
        printing.line("Nothing runs here; `pkilab lab` starts web service, mail and JupyterLab.")
    if found.running is not None:
        _runs(found.running, "The lab runs")
        printing.line("  `pkilab lab` shows JupyterLab's address with its token.")
    if found.dashboards is not None:
        _runs(found.dashboards, "The dashboards run")
        printing.line("  `pkilab dashboards` shows both pages' addresses with their tokens.")
    if not found.queues:
        printing.line("No CA server is configured.")
    for queue in found.queues:
        printing.line(_queue(queue))
        places = [place.advice for place in found.keys if place.instance == queue.instance and place.advice]
        for sentence in (*map(str, queue.alerts), *places):
            printing.line(f"  ! {sentence}")
    if found.queues and not any(queue.main for queue in found.queues):
        printing.line(NO_MAIN)
    if not found.outbox:
        printing.line("No mail waits.")
    for message in found.outbox:
        printing.line(f"Mail waits ({message.instance}): {message}")


def _runs(about: Running, what: str) -> None:
    printing.line(
        f"{what} since {about.started_at:%Y-%m-%d %H:%M} UTC (process {about.pid}), notebooks in {about.notebooks}."
    )
    for part in about.parts:
        printing.line(f"  {part}")


def _queue(queue: Queue) -> str:
    requests = "1 request waits" if queue.pending == 1 else f"{queue.pending or 'no'} requests wait"
    issued = "1 certificate" if queue.certificates == 1 else f"{queue.certificates} certificates"
    revoked = f", {queue.revoked} revoked" if queue.revoked else ""
    return f"CA server {queue.instance}{' (main)' if queue.main else ''}: {requests}, {issued} issued{revoked}."
